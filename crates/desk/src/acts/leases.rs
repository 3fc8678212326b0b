//! Who gives the numbers of a book: asked for, given back, handed over, taken over; and what a
//! clerk decides about a stamped number that clashes (SYNC 2.5).
use std::path::{Path, PathBuf};

use contract::{
    ConfirmLastForm, Done, Failure, ForceForm, HandOverForm, HeldDecided, MirrorForm, OneId,
    TakeOverFile, Topic,
};
use register::{Act, Book, BookId, CommandId, DeviceId, HeldVerdict, Holder, LeaseForced, Right};
use store::View;

use super::line::pc_id;
use super::{book_id, document_id, done};
use crate::desk::Desk;
use crate::faults::{fault, log, of_store};
use crate::keyring::Keyring;
use crate::keys::RecoveryCode;
use crate::line::{Bundle, BundleFault, FILE_END};
use crate::mirror::read_to_carry;
use crate::session::AtDesk;
use crate::words::{at_field, failure, refusal};

const TOUCHED: &[Topic] = &[Topic::Books, Topic::Line];

impl Desk {
    /// Asks for a book that the server holds; with a server it is here when the log has said so.
    pub(crate) fn ask_for_book(&self, form: &OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let book = self.shown_book(&at, &form.id)?;
        self.plain_act(&at, Act::TakeLease { book: book.id })?;
        let said = if at.directory.linked { "book_asked" } else { "book_taken" };
        Ok(done(form.id.clone(), said, vec![book.name], TOUCHED))
    }

    pub(crate) fn give_book_back(&self, form: &OneId) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let book = self.shown_book(&at, &form.id)?;
        let epoch = book.lease.epoch;
        self.plain_act(&at, Act::ReleaseLease { book: book.id, epoch })?;
        Ok(done(form.id.clone(), "book_released", vec![book.name], TOUCHED))
    }

    /// Hands a book over; with a folder, also as a file for a PC without a line.
    pub(crate) fn hand_book_over(&self, form: &HandOverForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let book = self.shown_book(&at, &form.book)?;
        let to = pc_id(&form.to)?;
        let folder = form.folder.trim();
        if !folder.is_empty() && !Path::new(folder).is_dir() {
            return Err(at_field(
                "folder",
                format!("Không thấy thư mục {folder}."),
                "Cắm USB rồi chọn lại thư mục.",
            ));
        }
        // The first half of the file is written before the book leaves: a stick that takes nothing
        // must not cost the book.
        let probe = (!folder.is_empty()).then(|| Bundle::probe(Path::new(folder)));
        if let Some(Err(error)) = probe {
            return Err(not_written(&error));
        }
        let epoch = book.lease.epoch;
        if book.lease.holder != Holder::Device(to) {
            self.plain_act(&at, Act::HandOverLease { book: book.id, epoch, to })?;
        }
        let name = at.directory.pc_name(to);
        if folder.is_empty() {
            return Ok(done(form.book.clone(), "book_handed_over", vec![book.name, name], TOUCHED));
        }
        let path = self.write_bundle(&at, book.id, to, Path::new(folder))?;
        let with = vec![book.name, name, path.display().to_string()];
        Ok(done(form.book.clone(), "book_on_stick", with, TOUCHED))
    }

    fn write_bundle(
        &self,
        at: &AtDesk,
        book: BookId,
        to: DeviceId,
        folder: &Path,
    ) -> Result<PathBuf, Failure> {
        let from = at.opened.store.device();
        let receiver = at.directory.devices.get(&to).cloned();
        let receiver = receiver.ok_or_else(|| refusal(&unknown_pc(to)))?;
        let made = self.look(&at.opened, |view: &View<'_>| {
            let book = view.book(book)?;
            Ok((book, view.unsent()?))
        })?;
        let (Some(book), commands) = made else { return Err(gone()) };
        let bundle = Bundle { agency: at.opened.agency, from, to, book: *book, commands };
        let name = format!("ban-giao-so-{}.{FILE_END}", at.today);
        let path = folder.join(name);
        bundle
            .write(&path, &receiver, (at.officer.id, &at.signing))
            .map_err(|error| not_written(&error))?;
        Ok(path)
    }

    /// Takes a book over from the file that the other PC wrote.
    pub(crate) fn take_book_from_file(&self, form: &TakeOverFile) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let path = Path::new(form.path.trim());
        let giver = |id: DeviceId| at.directory.devices.get(&id).cloned();
        let mut bundle =
            Bundle::read(path, &at.signing, &giver).map_err(|error| not_read(&error))?;
        let here = at.opened.store.device();
        if bundle.to != here || bundle.agency != at.opened.agency {
            return Err(not_read(&BundleFault::NotForUs));
        }
        self.look(&at.opened, |view| view.book(bundle.book.id))?.ok_or_else(gone)?;
        if bundle.book.lease.holder != Holder::Device(here) {
            return Err(not_read(&BundleFault::NotForUs));
        }
        let name = bundle.book.name.clone();
        let carried = bundle.carried().map_err(|error| not_read(&error))?;
        at.opened.store.carry(&carried).map_err(|error| of_store(&error))?;
        let received = at
            .opened
            .store
            .receive_book(at.officer.id, &bundle.book)
            .map_err(|error| of_store(&error))?;
        self.forget_directory();
        if !received {
            let id = bundle.book.id.hex();
            return Ok(done(id, "book_here_already", vec![name], TOUCHED));
        }
        self.wake_line();
        let next = bundle.book.year(at.today.year()).next;
        let with = vec![name, next.to_string()];
        Ok(done(bundle.book.id.hex(), "book_received", with, TOUCHED))
    }

    /// Carries what a PC did that is gone, from its mirror: what the server knows it passes over.
    pub(crate) fn carry_from_mirror(&self, form: &MirrorForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        if !at.may(Right::KeepBooks) && !at.may(Right::Administer) {
            let needs = register::Role::Clerk;
            return Err(refusal(&register::Refusal::Forbidden { needs }));
        }
        let wrong_code = || {
            at_field(
                "recovery_code",
                "Mã khôi phục không mở được bản ghi song song này.",
                "Xem lại từng nhóm ký tự trên giấy của máy đã hỏng.",
            )
        };
        let folder = Path::new(form.folder.trim());
        let code = RecoveryCode::parse(&form.recovery_code).ok_or_else(wrong_code)?;
        let key = Keyring::recover(folder, &code).map_err(|error| {
            log("opening a mirror", &error);
            wrong_code()
        })?;
        let carried = read_to_carry(folder, &key, &at.opened.blobs).map_err(|error| {
            log("reading a mirror", &error);
            fault(
                "mirror",
                "Không đọc được bản ghi song song trong thư mục này.",
                "Sổ trên máy này chưa thay đổi.",
                "Cắm đúng USB của máy đã hỏng rồi làm lại.",
            )
        })?;
        at.opened.store.carry(&carried.commands).map_err(|error| of_store(&error))?;
        at.opened.store.carry_files(&carried.blobs).map_err(|error| of_store(&error))?;
        self.wake_line();
        let with = vec![carried.commands.len().to_string()];
        Ok(done(String::new(), "mirror_carried", with, TOUCHED))
    }

    pub(crate) fn take_book_by_force(&self, form: ForceForm) -> Result<Done, Failure> {
        let ForceForm { book, to, last_number, last_date, reason } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let known = self.shown_book(&at, &book)?;
        let to = if to.trim().is_empty() { None } else { Some(pc_id(&to)?) };
        let last_date = reader.date("last_date", &last_date)?.ok_or_else(|| {
            at_field("last_date", "Cần ngày của số cuối cùng trên sổ giấy.", "Ghi ngày đó.")
        })?;
        let reason = reader.text("reason", &reason)?;
        let forced = LeaseForced {
            book: known.id,
            to,
            year: last_date.year(),
            last_number,
            last_date,
            reason,
            epoch: Some(known.lease.epoch),
        };
        self.plain_act(&at, Act::ForceLease(forced))?;
        Ok(done(book, "book_forced", vec![known.name, last_number.to_string()], TOUCHED))
    }

    pub(crate) fn confirm_last_number(&self, form: &ConfirmLastForm) -> Result<Done, Failure> {
        let at = self.at_desk()?;
        let book = self.shown_book(&at, &form.book)?;
        let (year, last_number) = (form.year, form.last_number);
        self.plain_act(&at, Act::ConfirmLast { book: book.id, year, last_number })?;
        let with = vec![book.name, last_number.to_string()];
        Ok(done(form.book.clone(), "last_confirmed", with, TOUCHED))
    }

    pub(crate) fn decide_about_clash(&self, form: HeldDecided) -> Result<Done, Failure> {
        let HeldDecided { id, direction, given_by, verdict, reason } = form;
        let at = self.at_desk()?;
        let document = document_id(&id)?;
        let given_by = CommandId::parse(&given_by).map_err(|_| gone())?;
        let verdict = match verdict.as_str() {
            "suffix" => HeldVerdict::Suffix,
            "void" => HeldVerdict::Void,
            "renumber" => HeldVerdict::Renumber,
            _ => {
                return Err(failure("unknown", "Chưa chọn cách xử lý.", "Chọn một trong ba cách."));
            }
        };
        let outgoing = direction == contract::Direction::Outgoing;
        let reason = at.reader().text("reason", &reason)?;
        let act = Act::ResolveHeld { document, outgoing, given_by, verdict, reason };
        self.plain_act(&at, act)?;
        let touched = [Topic::Line, Topic::Documents, Topic::Document, Topic::Books];
        Ok(done(id, "clash_decided", vec![], &touched))
    }

    fn shown_book(&self, at: &AtDesk, id: &str) -> Result<Book, Failure> {
        let id = book_id(id)?;
        at.directory.books.get(&id).cloned().ok_or_else(gone)
    }
}

fn gone() -> Failure {
    failure("unknown", "Không thấy sổ này trên máy.", "Chọn sổ khác.")
}

fn unknown_pc(id: DeviceId) -> register::Refusal {
    register::Refusal::Unknown { what: register::Key::Device(id) }
}

fn not_written(error: &BundleFault) -> Failure {
    log("writing a hand-over file", error);
    fault(
        "not_written",
        "Chưa ghi được tệp bàn giao vào thư mục đã chọn.",
        "Nếu sổ đã bàn giao thì máy này thôi cấp số; các việc đã làm vẫn lưu ở đây.",
        "Cắm USB khác rồi bàn giao lại; làm lại bao nhiêu lần cũng được.",
    )
}

fn not_read(error: &BundleFault) -> Failure {
    log("reading a hand-over file", error);
    let what = match error {
        BundleFault::NotForUs => "Tệp bàn giao này cho máy khác, hoặc của cơ quan khác.",
        BundleFault::NotSigned => "Tệp bàn giao không có chữ ký của máy nào mà máy này biết.",
        BundleFault::Broken | BundleFault::TooLarge => "Tệp bàn giao bị hỏng hoặc không đầy đủ.",
        BundleFault::Disk(_) => "Không đọc được tệp bàn giao.",
    };
    fault("bundle", what, "Sổ trên máy này chưa thay đổi.", "Xin máy giao ghi lại tệp bàn giao.")
}
