//! What is being typed, where the window stood, dates as typed, and the check of the file.
use contract::{
    DateRead, DraftSaved, DraftStored, Drafts, Failure, Nothing, TypedDate, Verified, WindowPlace,
};
use register::{Key, State, render_number};
use store::{Finding, FormDraft, View};

use crate::dates::{Digits, read};
use crate::desk::Desk;
use crate::faults::of_store;
use crate::line::totals;
use crate::session::AtDesk;
use crate::words::failure;

/// Bytes one form may keep.
const FORM_BYTES_MAX: usize = 256 << 10;
/// Bytes of the window's place.
const PLACE_BYTES_MAX: usize = 64 << 10;
/// Bytes of a form's name.
const NAME_BYTES_MAX: usize = 200;

impl Desk {
    /// Keeps a form as it is typed: it survives a kill of the program.
    pub(crate) fn keep_typing(&self, form: DraftSaved) -> Result<Nothing, Failure> {
        let DraftSaved { form, content } = form;
        let at = self.at_desk()?;
        if form.len() > NAME_BYTES_MAX || content.len() > FORM_BYTES_MAX {
            return Err(failure(
                "too_long",
                "Biểu mẫu đang gõ quá dài để tự lưu.",
                "Chuyển phần dài vào tệp đính kèm.",
            ));
        }
        let store = &at.opened.store;
        let kept = if content.is_empty() {
            store.forget_form(at.officer.id, &form)
        } else {
            let draft = FormDraft { form, content, at: self.source.now() };
            store.keep_form(at.officer.id, &draft)
        };
        kept.map_err(|error| of_store(&error))?;
        Ok(Nothing {})
    }

    pub(crate) fn typing(&self) -> Result<Drafts, Failure> {
        let at = self.at_desk()?;
        let drafts = at.opened.store.forms(at.officer.id).map_err(|error| of_store(&error))?;
        let stored = |FormDraft { form, content, at }| DraftStored { form, content, at: at.0 };
        Ok(Drafts { drafts: drafts.into_iter().map(stored).collect() })
    }

    pub(crate) fn keep_place(&self, form: &WindowPlace) -> Result<Nothing, Failure> {
        let at = self.at_desk()?;
        if form.place.len() <= PLACE_BYTES_MAX {
            let name = format!("place/{}", at.officer.id);
            let place = form.place.as_bytes();
            at.opened.store.keep_local(&name, place).map_err(|error| of_store(&error))?;
        }
        Ok(Nothing {})
    }

    pub(crate) fn window_place(&self) -> Result<WindowPlace, Failure> {
        let at = self.at_desk()?;
        let name = format!("place/{}", at.officer.id);
        let kept = at.opened.store.local(&name).map_err(|error| of_store(&error))?;
        let place = kept.and_then(|kept| String::from_utf8(kept).ok()).unwrap_or_default();
        Ok(WindowPlace { place })
    }

    /// Reads a date as typed, and counts it as a deadline.
    pub(crate) fn read_date(&self, asked: &TypedDate) -> Result<DateRead, Failure> {
        let at = self.at_desk()?;
        let digits = if asked.deadline { Digits::WorkingDays } else { Digits::DayOfMonth };
        Ok(match read(&asked.text, at.today, digits, &at.directory.calendar) {
            Ok(date) => DateRead {
                date: Some(date.to_string()),
                deadline: Some(at.directory.deadline(date, at.today, None)),
                reason: String::new(),
            },
            Err(no) => DateRead { date: None, deadline: None, reason: no.words(&asked.text) },
        })
    }

    /// Checks every invariant of the register's file.
    pub(crate) fn check_register(&self) -> Result<Verified, Failure> {
        let at = self.at_desk()?;
        let store = &at.opened.store;
        let report = store.verify(&mut |_| ()).map_err(|error| of_store(&error))?;
        totals::look_again(store).map_err(|error| of_store(&error))?;
        self.wake_line();
        Ok(Verified {
            commands: report.commands,
            documents: report.numbers,
            findings: report.findings.iter().map(|one| finding(&at, one)).collect(),
        })
    }
}

/// What is wrong, in words.
fn finding(at: &AtDesk, finding: &Finding) -> String {
    match finding {
        Finding::Page { said } => format!("Một trang của tệp sổ bị hỏng: {said}."),
        Finding::ChainBroken { seq } => format!("Việc thứ {seq} không nối tiếp việc trước."),
        Finding::CommandNumber { seq } => format!("Việc thứ {seq} không đúng thứ tự của máy."),
        Finding::CommandTime { seq } => format!("Giờ của việc thứ {seq} trước giờ việc trước."),
        Finding::Signature { seq } => format!("Chữ ký của việc thứ {seq} không đúng người."),
        Finding::Columns { seq } => format!("Dòng ghi việc thứ {seq} khác với bản đã ký."),
        Finding::Unreadable { seq } => format!("Việc thứ {seq} không đọc được."),
        Finding::Refused { seq, why } => format!("Việc thứ {seq} trái quy tắc: {why}."),
        Finding::Differs { table, of: Some(key), .. } => {
            format!("{} khác với những gì các việc tạo ra (bảng {table}).", thing(at, *key))
        }
        Finding::Differs { table, of: None, row } => {
            format!("Bảng {table} khác với những gì các việc tạo ra, ở {row}.")
        }
        Finding::Number { year, number, .. } => {
            format!("Số {number} năm {year} thiếu hoặc có hơn một dòng.")
        }
        Finding::DateBack { year, number, .. } => {
            format!("Ngày của số {number} năm {year} trước ngày của số liền trước.")
        }
    }
}

/// A thing as people know it: a document by its number, or by what it is about. What whoever sits
/// here may not see is told by its name in the file.
fn thing(at: &AtDesk, key: Key) -> String {
    let shown = at.opened.store.read(|view: &View<'_>| view.state(key)).ok().flatten();
    let shown = shown.filter(|state| at.lens.sees(state));
    let numbered = |what: &str, number: Option<u32>, year: i16, subject: &str| match number {
        Some(number) => format!("{what} số {}/{year} “{subject}”", render_number(number)),
        None => format!("{what} “{subject}”"),
    };
    match shown {
        Some(State::Incoming(of)) => {
            numbered("Văn bản đến", of.number, of.year, &of.fields.subject)
        }
        Some(State::Outgoing(of)) => {
            let given = of.given.as_ref();
            let (number, year) = (given.and_then(|given| given.number), given.map(|at| at.year));
            numbered("Văn bản đi", number, year.unwrap_or_default(), &of.fields.subject)
        }
        Some(State::Task(of)) => format!("Việc “{}”", of.content),
        Some(State::Book(of)) => format!("Sổ “{}”", of.name),
        Some(State::Officer(of)) => format!("Người “{}”", of.name),
        Some(State::Unit(of)) => format!("Đơn vị “{}”", of.name),
        Some(State::Agency(of)) => format!("Cơ quan “{}”", of.name),
        Some(State::Year(_)) => "Lịch làm việc".to_owned(),
        Some(State::Device(of)) => format!("Máy “{}”", of.name),
        Some(State::Parcel(of)) => format!("Lượt gửi tới “{}”", of.to.name),
        Some(State::Arrival(of)) => format!("Văn bản gửi đến “{}”", of.letter.subject),
        None => format!("Mục {key:?}"),
    }
}
