//! The agency comes to a server, new PCs come to the agency, and lost ones go.
use std::sync::Arc;

use contract::{
    AdoptForm, CodeForm, CodeShown, Done, EnrolForm, Failure, LineSaver, LineState, LineSwitch,
    OneId, Reasoned, Session, Topic,
};
use ed25519_dalek::{Signer as _, SigningKey};
use register::{Act, DeviceId, OfficerId, Right, Role};
use store::{Met, Store, View};
use sync::wire::{
    AdoptAsked, Beside, ChallengeAsked, CodeAsked, CodeGiven, EnrolAsked, Enrolled, Hex,
    OfficerKey, adopt_bytes, beside_bytes, enrol_bytes,
};

use super::done;
use super::rejoin::is_again;
use crate::desk::{Desk, Opened, REGISTER_FILE};
use crate::faults::{fault, log, of_store};
use crate::keyring::{Keyring, Person, Purpose};
use crate::line::{Caller, Saver, Signs, TalkFault, Talker, keep_saver, of_call, open_session};
use crate::session::AtDesk;
use crate::views::{is_key, key_in_groups};
use crate::words::{at_field, failure, refusal};

/// Letters of what an office calls a PC.
const PC_NAME_CHARS_MAX: usize = 40;
/// Times the first page is asked for.
const FIRST_PAGE_TRIES: u32 = 5;
/// Letters and digits of a code that stand together on paper.
const GROUP: usize = 4;

fn must_administer(at: &AtDesk) -> Result<(), Failure> {
    if at.may(Right::Administer) {
        return Ok(());
    }
    Err(refusal(&register::Refusal::Forbidden { needs: Role::Administrator }))
}

/// A code as it was printed, without its groups.
fn plain_code(typed: &str) -> String {
    typed.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect::<String>().to_uppercase()
}

fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

fn pc_name(typed: &str) -> Result<String, Failure> {
    let name = text::clean_line(typed);
    if name.is_empty() || name.chars().count() > PC_NAME_CHARS_MAX {
        return Err(at_field("pc_name", "Máy này cần một tên ngắn.", "Ghi tên, ví dụ VT-01."));
    }
    Ok(name)
}

fn must_be_the_printed_server(typed: &str, server: &[u8; 32]) -> Result<(), Failure> {
    if is_key(typed, server) {
        return Ok(());
    }
    Err(at_field(
        "server_key",
        "Khoá của máy chủ ở địa chỉ này khác khoá in trên giấy.",
        "Xem lại từng nhóm ký tự và địa chỉ; nếu vẫn khác, đừng nối, báo quản trị.",
    ))
}

impl Desk {
    /// Brings the agency that lives on this PC alone to a server: all it did goes up from the first
    /// command on.
    pub(crate) fn bring_to_server(&self, form: &AdoptForm) -> Result<LineState, Failure> {
        let at = self.at_desk()?;
        must_administer(&at)?;
        if at.directory.linked {
            return Err(failure(
                "linked_already",
                "Cơ quan đã có máy chủ.",
                "Xem trạng thái ở màn Đồng bộ.",
            ));
        }
        let name = pc_name(&form.pc_name)?;
        let caller = Caller::to(&form.address).map_err(|call| of_call(&call))?;
        let (org, dev) = (at.opened.agency, at.opened.store.device());
        let code = plain_code(&form.code);
        let mine = Hex(at.signing.verifying_key().to_bytes());
        let mut keys = vec![OfficerKey { officer: at.officer.id, public: mine }];
        let known = self.look(&at.opened, |view: &View<'_>| view.all_officer_keys())?;
        let others =
            known.into_iter().map(|(officer, public)| OfficerKey { officer, public: Hex(public) });
        keys.extend(others.filter(|key| key.public != mine));
        let sig = Hex(at.signing.sign(&adopt_bytes(org, dev, &code)).to_bytes());
        let asked = AdoptAsked { code, org, dev, name, keys, sig };
        let given: Enrolled =
            caller.post("/v1/adopt", None, &asked).map_err(|call| of_call(&call))?;
        must_be_the_printed_server(&form.server_key, &given.server.0)?;
        let met = Met {
            agency: org,
            address: form.address.trim(),
            server: given.server.0,
            epoch: given.epoch,
        };
        at.opened.store.begin_adoption(&met).map_err(|error| of_store(&error))?;
        self.forget_directory();
        self.start_line(caller)?;
        self.tell(&[Topic::Line, Topic::Books, Topic::Documents, Topic::Session]);
        self.line_now()
    }

    /// Joins an agency on a new PC, with a code from paper; returns when its people and books are
    /// here. The rest comes behind.
    pub(crate) fn join_agency(&self, form: EnrolForm) -> Result<Session, Failure> {
        if self.keyring().is_some() {
            return Err(failure(
                "founded_already",
                "Trên máy này đã có sổ của một cơ quan.",
                "Mở khoá bằng mã PIN để vào.",
            ));
        }
        let (joining, caller) = self.asked_to_join(&form)?;
        if let Err(said) = self.set_up_joined(&joining, &form.pin, caller) {
            crate::folder::take_down_failed_founding(&self.profile);
            return Err(said);
        }
        self.session_now()
    }

    /// Asks the server to let this PC in under a new name and key; nothing is kept here yet.
    pub(super) fn asked_to_join(&self, form: &EnrolForm) -> Result<(Joining, Caller), Failure> {
        let name = pc_name(&form.pc_name)?;
        crate::pin::check_pin(&form.pin).map_err(|error| self.keyring_failure(&error))?;
        let caller = Caller::to(&form.address).map_err(|call| of_call(&call))?;
        let seed = crate::durable::random().map_err(|error| {
            log("making a key", &error);
            fault("randomness", "Máy này chưa tạo được khoá.", "Chưa có gì thay đổi.", "Thử lại.")
        })?;
        let signing = SigningKey::from_bytes(&seed);
        let dev = DeviceId(self.source.id());
        let code = plain_code(&form.code);
        let sig = Hex(signing.sign(&enrol_bytes(dev, &code)).to_bytes());
        let public = Hex(signing.verifying_key().to_bytes());
        let asked = EnrolAsked { code, dev, name, public, sig, beside: None };
        let given: Enrolled =
            caller.post("/v1/enrol", None, &asked).map_err(|call| of_call(&call))?;
        must_be_the_printed_server(&form.server_key, &given.server.0)?;
        let address = form.address.trim().to_owned();
        Ok((Joining { dev, signing, address, given }, caller))
    }

    pub(super) fn set_up_joined(
        &self,
        joining: &Joining,
        pin: &str,
        caller: Caller,
    ) -> Result<(), Failure> {
        let Joining { dev, signing, address, given } = joining;
        // His name comes with the first page; the door shows the agency's until then.
        let person =
            Person { id: given.officer, name: given.name.clone(), position: String::new() };
        let ring = (self.purpose, self.cost());
        let made = Keyring::join(&self.profile, ring, &person, pin, signing)
            .map_err(|error| self.keyring_failure(&error))?;
        let key = store::FileKey(*made.unlocked.file_key.bytes());
        let path = self.profile.join(REGISTER_FILE);
        let store =
            Store::create(&path, &key, *dev, &self.options).map_err(|error| of_store(&error))?;
        let met = Met { agency: given.org, address, server: given.server.0, epoch: given.epoch };
        store.join(&met).map_err(|error| of_store(&error))?;
        store
            .keep_officer_key(given.officer, &signing.verifying_key())
            .map_err(|error| of_store(&error))?;
        let opened = self.with_files(store, given.org, &made.unlocked)?;
        let signs = Signs { officer: given.officer, key: Arc::new(signing.clone()) };
        self.first_page(&opened, &signs, caller)?;
        self.put_to_use(&opened, &made.unlocked);
        self.sit_down(made.unlocked)?;
        let at = self.at_desk()?;
        if let Some(keyring) = self.keyring() {
            let person = crate::session::person(&at.officer);
            keyring.describe(&person).map_err(|error| self.keyring_failure(&error))?;
        }
        match self.purpose {
            Purpose::Office => self.owe_recovery(&made.recovery),
            Purpose::Demo => Ok(()),
        }
    }

    /// Reads until the agency and the officer are here; a line that drops is tried again.
    fn first_page(
        &self,
        opened: &Arc<Opened>,
        signs: &Signs,
        caller: Caller,
    ) -> Result<(), Failure> {
        let mut talker = Talker::new(Arc::clone(opened), self.source(), caller);
        let is_here = || {
            let known = opened.store.read(|view: &View<'_>| {
                Ok::<_, store::StoreError>(
                    view.agency()?.is_some() && view.officer(signs.officer)?.is_some(),
                )
            });
            known.unwrap_or(false)
        };
        let mut last = None;
        for _ in 0..FIRST_PAGE_TRIES {
            let met = talker.meet(Some(signs), &mut |_, _| !is_here());
            if is_here() {
                return Ok(());
            }
            last = met.err();
        }
        Err(last.map_or_else(|| failed(&TalkFault::Nobody), |fault| failed(&fault)))
    }

    /// Makes a code with which an officer comes to a new PC.
    pub(crate) fn code_for(&self, form: &CodeForm) -> Result<CodeShown, Failure> {
        let at = self.at_desk()?;
        must_administer(&at)?;
        let officer = OfficerId::parse(&form.officer)
            .map_err(|_| failure("unknown", "Không thấy cán bộ này.", "Chọn lại tên."))?;
        let given = self.ask_for_code(&at, officer)?;
        let line = self.look(&at.opened, |view| view.line())?.ok_or_else(alone)?;
        Ok(CodeShown {
            code: in_groups(&plain_code(&given.code)),
            officer: at.directory.name(officer),
            until: given.until.0,
            address: line.address,
            server_key: key_in_groups(&line.server),
        })
    }

    /// Tells the server the key of a further officer on this PC: who sits here lets him in.
    pub(crate) fn make_key_known(
        &self,
        at: &AtDesk,
        officer: OfficerId,
        pin: &str,
    ) -> Result<(), Failure> {
        let keyring = self.keyring().ok_or_else(alone)?;
        let unlocked =
            keyring.unlock(officer, pin).map_err(|error| self.keyring_failure(&error))?;
        let given = self.ask_for_code(at, officer)?;
        let line = self.look(&at.opened, |view| view.line())?.ok_or_else(alone)?;
        let caller = Caller::to(&line.address).map_err(|call| of_call(&call))?;
        let dev = at.opened.store.device();
        let (code, name) = (plain_code(&given.code), at.directory.pc_name(dev));
        let public = unlocked.signing.verifying_key().to_bytes();
        let sig = Hex(unlocked.signing.sign(&enrol_bytes(dev, &code)).to_bytes());
        let lets_in = at.signing.sign(&beside_bytes(dev, &public, &code));
        let beside = Beside { officer: at.officer.id, sig: Hex(lets_in.to_bytes()) };
        let public = Hex(public);
        let asked = EnrolAsked { code, dev, name, public, sig, beside: Some(beside) };
        let _: Enrolled = caller.post("/v1/enrol", None, &asked).map_err(|call| of_call(&call))?;
        self.wake_line();
        Ok(())
    }

    /// A PIN that came to nothing is taken back.
    pub(crate) fn take_pin_back(&self, officer: OfficerId) {
        let by = self.seat.lock().ok();
        let by = by.and_then(|seat| seat.as_ref().map(|seat| seat.unlocked.clone()));
        let (Some(keyring), Some(by)) = (self.keyring(), by) else { return };
        if let Err(error) = keyring.withdraw(&by, officer) {
            log("taking a PIN back", &error);
        }
    }

    fn ask_for_code(&self, at: &AtDesk, officer: OfficerId) -> Result<CodeGiven, Failure> {
        let line = self.look(&at.opened, |view| view.line())?.ok_or_else(alone)?;
        let caller = Caller::to(&line.address).map_err(|call| of_call(&call))?;
        let of = ChallengeAsked {
            org: line.agency,
            dev: at.opened.store.device(),
            officer: at.officer.id,
        };
        let session =
            open_session(&caller, of, &at.signing, line.server).map_err(|call| of_call(&call))?;
        caller
            .post("/v1/code", Some(&session.token), &CodeAsked { officer })
            .map_err(|call| of_call(&call))
    }

    pub(crate) fn shut_pc_out(&self, form: Reasoned) -> Result<Done, Failure> {
        let device = pc_id(&form.id)?;
        let act = |reason| Act::RevokeDevice { device, reason };
        self.say_of_pc(form, device, act, "pc_revoked")
    }

    pub(crate) fn declare_pc_destroyed(&self, form: Reasoned) -> Result<Done, Failure> {
        let device = pc_id(&form.id)?;
        let act = |reason| Act::RetireDevice { device, reason };
        self.say_of_pc(form, device, act, "pc_retired")
    }

    fn say_of_pc(
        &self,
        form: Reasoned,
        device: DeviceId,
        act: impl FnOnce(String) -> Act,
        said: &str,
    ) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let reason = at.reader().text("reason", &form.reason)?;
        self.plain_act(&at, act(reason))?;
        let name = at.directory.pc_name(device);
        Ok(done(form.id, said, vec![name], &[Topic::Line, Topic::Books]))
    }

    pub(crate) fn turn_line(&self, form: &LineSwitch) -> Result<LineState, Failure> {
        self.at_desk()?;
        if !self.is_for_show() {
            return Err(failure(
                "not_a_demo",
                "Chỉ sổ dùng thử mới ngắt được mạng từ cửa sổ.",
                "Rút dây mạng nếu cần thử trên máy thật.",
            ));
        }
        self.with_background(|background| background.turn_line(form.off))?;
        self.line_now()
    }

    /// From now on large files come when somebody opens them, or all by themselves.
    pub(crate) fn turn_saver(&self, form: &LineSaver) -> Result<LineState, Failure> {
        let at = self.at_desk()?;
        let saver = if form.on { Saver::On } else { Saver::Off };
        keep_saver(&at.opened.store, saver).map_err(|error| of_store(&error))?;
        self.wake_line();
        self.line_now()
    }

    pub(crate) fn meet_now(&self) -> Result<LineState, Failure> {
        self.at_desk()?;
        let meeting = self.with_background(crate::background::Background::line_meets)?;
        if let Some(meeting) = meeting {
            meeting.wait();
        }
        self.line_now()
    }

    pub(crate) fn let_act_go(&self, form: &OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if is_again(&form.id) {
            return self.not_again(&at, &form.id);
        }
        let seq = sending_id(&form.id)?;
        at.opened.store.let_go(seq).map_err(|error| of_store(&error))?;
        Ok(done(form.id.clone(), "act_let_go", vec![], &[Topic::Line]))
    }

    /// Does an act again that was not taken, as a new one, by what is known now.
    pub(crate) fn redo_act(&self, form: &OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if is_again(&form.id) {
            return self.perform_again(&at, &form.id);
        }
        let seq = sending_id(&form.id)?;
        let rows = self.look(&at.opened, |view| view.returned(store::SENDING_ROWS_MAX))?;
        let row = rows.into_iter().find(|row| row.seq == seq).ok_or_else(gone)?;
        if row.command.actor != at.officer.id {
            return Err(failure(
                "not_author",
                "Việc này của người khác.",
                "Người đã làm mở khoá máy này rồi làm lại.",
            ));
        }
        if row.command.lease.is_some() {
            return Err(failure(
                "numbered",
                "Việc này đã mang một số trên giấy nên không tự làm lại được.",
                "Mở văn bản để quyết định về số.",
            ));
        }
        self.plain_act(&at, row.command.act)?;
        at.opened.store.let_go(seq).map_err(|error| of_store(&error))?;
        let touched = [Topic::Line, Topic::Documents, Topic::Document, Topic::Tasks, Topic::Books];
        Ok(done(form.id.clone(), "act_redone", vec![], &touched))
    }
}

/// What a new PC knows after the server let it in.
pub(super) struct Joining {
    dev: DeviceId,
    signing: SigningKey,
    address: String,
    given: Enrolled,
}

fn failed(fault: &TalkFault) -> Failure {
    log("reading the first page", fault);
    match fault {
        TalkFault::Call(call) => of_call(call),
        TalkFault::Store(error) => of_store(error),
        TalkFault::Nobody
        | TalkFault::HeadNotSigned
        | TalkFault::NotKnown
        | TalkFault::ActsLost
        | TalkFault::Nowhere
        | TalkFault::Differs(_)
        | TalkFault::Stopped => failure(
            "no_first_page",
            "Máy chủ đã nhận máy này nhưng chưa gửi được sổ về.",
            "Kiểm tra mạng, xin quản trị mã mới rồi làm lại.",
        ),
    }
}

fn alone() -> Failure {
    failure("alone", "Cơ quan chưa có máy chủ.", "Đưa sổ lên máy chủ trước, ở màn Đồng bộ.")
}

fn gone() -> Failure {
    failure("unknown", "Việc này không còn trong danh sách.", "Xem lại danh sách.")
}

fn sending_id(text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| gone())
}

/// Reads the id of a PC.
pub(super) fn pc_id(text: &str) -> Result<DeviceId, Failure> {
    DeviceId::parse(text)
        .map_err(|_| failure("unknown", "Không thấy máy này.", "Chọn lại trong danh sách máy."))
}
