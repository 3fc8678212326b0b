//! A PC whose register was an older copy, and in which something was done: it joins its agency
//! again as a new PC, and what the log does not take from the old one is kept to be done again.
use std::path::Path;

use contract::{Done, EnrolForm, Failure, Session, Topic};
use register::{Act, Command, OfficerId};
use store::{FormDraft, StoreError, UNSENT_MAX, View};

use super::done;
use crate::acting::{Allotted, Numbering};
use crate::aside::Aside;
use crate::blobs::{BlobError, Blobs};
use crate::desk::{BLOBS_FOLDER, Desk};
use crate::faults::{fault, log, of_store};
use crate::keyring::Unlocked;
use crate::keys::BlobKey;
use crate::session::AtDesk;
use crate::words::failure;

/// Begins the local names of acts that are to be done again.
const AGAIN: &str = "again/";
/// Files of one act are copied up to this size, as they could be added.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// What an old register hands to the new one.
struct ComesAlong {
    /// Acts that no log took, as they were signed, the oldest first.
    acts: Vec<Vec<u8>>,
    /// What somebody was typing.
    typed: Vec<(OfficerId, FormDraft)>,
    /// Opens the old files.
    blob_key: BlobKey,
}

impl Desk {
    /// Joins the agency again with a code from paper. What this PC did and the log does not take is
    /// told in the new register, to be done again one by one; the old one is kept aside.
    pub(crate) fn join_again(&self, form: &EnrolForm) -> Result<Session, Failure> {
        let at = self.at_desk()?;
        self.must_be_a_twin()?;
        let comes_along = self.comes_along(&at)?;
        let (joining, caller) = self.asked_to_join(form)?;
        drop(at);
        self.close_register();
        let aside = Aside::of(&self.profile).map_err(|error| {
            log("setting a register aside", &error);
            not_aside()
        })?;
        let joined = self
            .set_up_joined(&joining, &form.pin, caller)
            .and_then(|()| self.bring_along(aside.folder(), &comes_along));
        if let Err(said) = joined {
            self.close_register();
            aside.comes_back();
            return Err(said);
        }
        aside.stays().unwrap_or_else(|error| log("joining again", &error));
        self.tell(&[Topic::Session, Topic::Line]);
        self.session_now()
    }

    fn comes_along(&self, at: &AtDesk) -> Result<ComesAlong, Failure> {
        let before = self.unlocked_here().ok_or_else(crate::session::locked)?;
        let unsent =
            self.look(&at.opened, |view: &View<'_>| view.unanswered_after(0, UNSENT_MAX))?;
        let read = || -> Result<ComesAlong, StoreError> {
            let store = &at.opened.store;
            // Of a register before this one, when it joins again for the second time.
            let kept = store.locals(AGAIN)?.into_iter().map(|(_, raw)| raw);
            let own = unsent.iter().map(|(_, pushed)| pushed.envelope().raw);
            let acts = kept.chain(own).collect();
            let mut typed = Vec::new();
            for officer in at.directory.officers.keys() {
                typed.extend(store.forms(*officer)?.into_iter().map(|form| (*officer, form)));
            }
            Ok(ComesAlong { acts, typed, blob_key: before.blob_key.clone() })
        };
        read().map_err(|error| of_store(&error))
    }

    fn must_be_a_twin(&self) -> Result<(), Failure> {
        let asked = |background: &crate::background::Background| background.line_standing();
        let standing = self.with_background(asked)?;
        if standing.and_then(|standing| standing.trouble).is_some_and(|said| is_a_twin(&said)) {
            return Ok(());
        }
        Err(failure(
            "no_twin",
            "Máy này vẫn gửi việc lên máy chủ được, không cần gia nhập lại.",
            "Xem trạng thái ở màn hình Đồng bộ.",
        ))
    }

    fn unlocked_here(&self) -> Option<Unlocked> {
        let seat = self.seat.lock().ok()?;
        seat.as_ref().map(|seat| seat.unlocked.clone())
    }

    fn bring_along(&self, aside: &Path, comes: &ComesAlong) -> Result<(), Failure> {
        let at = self.at_desk()?;
        let store = &at.opened.store;
        for (place, raw) in (0u64..).zip(&comes.acts) {
            let kept = store.keep_local(&format!("{AGAIN}{place:08}"), raw);
            kept.map_err(|error| of_store(&error))?;
        }
        for (officer, form) in &comes.typed {
            store.keep_form(*officer, form).map_err(|error| of_store(&error))?;
        }
        if let Err(error) = copy_files(&aside.join(BLOBS_FOLDER), comes, &at) {
            // The old folder still has them.
            log("bringing files of the old register along", &error);
        }
        Ok(())
    }

    /// Does an act of the old register again, as a new one; a number is given anew.
    pub(crate) fn perform_again(&self, at: &AtDesk, id: &str) -> Result<Done, Failure> {
        let command = again(at, id)?.ok_or_else(gone)?;
        if command.actor != at.officer.id {
            return Err(failure(
                "not_author",
                "Việc này của người khác.",
                "Người đã làm mở khoá máy này rồi làm lại.",
            ));
        }
        let Some(numbering) = numbering_of(&command) else {
            return Err(failure(
                "numbered",
                "Việc này đã mang một số trên giấy nên không tự làm lại được.",
                "Mở văn bản, xem số trên giấy rồi cấp số ở đó.",
            ));
        };
        let Command { act, blobs, .. } = command;
        self.act(at, numbering, blobs, |Allotted { slip, .. }| with_slip(act, slip))?;
        at.opened.store.forget_local(id).map_err(|error| of_store(&error))?;
        let touched = [Topic::Line, Topic::Documents, Topic::Document, Topic::Tasks, Topic::Books];
        Ok(done(id.to_owned(), "act_redone", vec![], &touched))
    }

    /// Its author has seen it, and does it no more.
    pub(crate) fn not_again(&self, at: &AtDesk, id: &str) -> Result<Done, Failure> {
        again(at, id)?.ok_or_else(gone)?;
        at.opened.store.forget_local(id).map_err(|error| of_store(&error))?;
        Ok(done(id.to_owned(), "act_let_go", vec![], &[Topic::Line]))
    }
}

/// Whether the server has said that another copy of this PC was there before.
pub(crate) fn is_a_twin(trouble: &Failure) -> bool {
    ["device_fork", "acts_lost"].contains(&trouble.code.as_str())
}

/// Whether an id names an act of an old register.
pub(crate) fn is_again(id: &str) -> bool {
    id.starts_with(AGAIN)
}

/// Acts of an old register that wait to be done again, the oldest first.
pub(crate) fn all_again(at: &AtDesk) -> Result<Vec<(String, Command)>, Failure> {
    let kept = at.opened.store.locals(AGAIN).map_err(|error| of_store(&error))?;
    let read = kept.into_iter().filter_map(|(name, raw)| Some((name, sync::decode(&raw).ok()?)));
    Ok(read.collect())
}

/// Which number an act gets when it is done again; none where a person has to look first.
pub(crate) fn numbering_of(command: &Command) -> Option<Numbering> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are numbered by hand")]
    match &command.act {
        Act::RegisterIncoming(registered) => {
            Some(Numbering::InBook { book: registered.book, on: registered.arrived_on })
        }
        Act::RegisterOutgoing { book, on, .. } => Some(Numbering::InBook { book: *book, on: *on }),
        _ => command.lease.is_none().then_some(Numbering::None),
    }
}

/// The slip of the old PC names a command that no log has.
fn with_slip(act: Act, slip: Option<String>) -> Act {
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other act carries a slip")]
    match act {
        Act::RegisterIncoming(registered) => {
            Act::RegisterIncoming(register::IncomingRegistered { slip, ..registered })
        }
        Act::RegisterOutgoing { document, book, on, symbol, slip: _, signed_on_paper } => {
            Act::RegisterOutgoing { document, book, on, symbol, slip, signed_on_paper }
        }
        act => act,
    }
}

fn again(at: &AtDesk, id: &str) -> Result<Option<Command>, Failure> {
    let raw = at.opened.store.local(id).map_err(|error| of_store(&error))?;
    Ok(raw.and_then(|raw| sync::decode(&raw).ok()))
}

fn copy_files(folder: &Path, comes: &ComesAlong, at: &AtDesk) -> Result<(), BlobError> {
    let before = Blobs::open(folder, &comes.blob_key)?;
    for command in comes.acts.iter().filter_map(|raw| sync::decode(raw).ok()) {
        for blob in command.blobs.iter().filter(|blob| before.holds(**blob)) {
            at.opened.blobs.put(&mut before.open_read(*blob)?, FILE_BYTES_MAX)?;
        }
    }
    Ok(())
}

fn gone() -> Failure {
    failure("unknown", "Việc này không còn trong danh sách.", "Xem lại danh sách.")
}

fn not_aside() -> Failure {
    fault(
        "not_aside",
        "Chưa cất được sổ cũ của máy này sang một bên.",
        "Sổ cũ vẫn nguyên trên máy, chưa gửi gì.",
        "Đóng chương trình, mở lại, xin mã mới rồi làm lại.",
    )
}
