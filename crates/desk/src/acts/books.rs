//! Books: open, change, take the lease, numbers used on paper.
use contract::{BookForm, BookOpening, Done, Failure, NumberVoid, PaperRange, Topic};
use register::{Act, BookId, Holder, Opening};

use super::{book_id, done};
use crate::desk::Desk;
use crate::forms::Reader;
use crate::session::AtDesk;
use crate::words::at_field;

const TOUCHED: &[Topic] = &[Topic::Books, Topic::Administration];

/// Reads where an old book stopped.
pub(super) fn read_opening(
    reader: &Reader<'_>,
    opening: Option<BookOpening>,
) -> Result<Option<Opening>, Failure> {
    let Some(BookOpening { last_number, last_date }) = opening else { return Ok(None) };
    let last_date = reader.date("last_date", &last_date)?.ok_or_else(|| {
        at_field("last_date", "Cần ngày của số cuối cùng trong sổ cũ.", "Ghi ngày đó.")
    })?;
    Ok(Some(Opening { last_number, last_date }))
}

impl Desk {
    /// Opens a book, and takes its lease for this PC; or changes one.
    pub(crate) fn keep_book(&self, form: BookForm) -> Result<Done, Failure> {
        let BookForm { id, name, direction, kinds, opening, open } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let name = reader.line("name", &name)?;
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let book = book_id(&id)?;
            self.plain_act(&at, Act::SetBook { book, name: name.clone(), kinds, open })?;
            self.take_if_free(&at, book)?;
            return Ok(done(id, "book_set", vec![name], TOUCHED));
        }
        let book = BookId(self.source.id());
        let opening = read_opening(&reader, opening)?;
        let direction = match direction {
            contract::Direction::Incoming => register::Direction::Incoming,
            contract::Direction::Outgoing => register::Direction::Outgoing,
        };
        let opened = Act::OpenBook { book, name: name.clone(), direction, kinds, opening };
        self.plain_act(&at, opened)?;
        self.plain_act(&at, Act::TakeLease { book })?;
        Ok(done(book.hex(), "book_opened", vec![name], TOUCHED))
    }

    fn take_if_free(&self, at: &AtDesk, book: BookId) -> Result<(), Failure> {
        let holder = at.directory.books.get(&book).map(|book| book.lease.holder);
        match holder {
            Some(Holder::Server) => self.plain_act(at, Act::TakeLease { book }).map(|_| ()),
            Some(Holder::Device(_) | Holder::Frozen) | None => Ok(()),
        }
    }

    pub(crate) fn state_paper_range(&self, form: PaperRange) -> Result<Done, Failure> {
        let PaperRange { book, to, last_date, reason } = form;
        let at = self.at_desk()?;
        let reader = at.reader();
        let id = book_id(&book)?;
        let last_date = reader.date("last_date", &last_date)?.unwrap_or(at.today);
        let reason = reader.text("reason", &reason)?;
        let year = last_date.year();
        self.plain_act(&at, Act::PaperRange { book: id, year, to, last_date, reason })?;
        Ok(done(book, "paper_range", vec![to.to_string()], TOUCHED))
    }

    pub(crate) fn void_paper_number(&self, form: NumberVoid) -> Result<Done, Failure> {
        let NumberVoid { book, year, number, reason } = form;
        let at = self.at_desk()?;
        let id = book_id(&book)?;
        let reason = at.reader().text("reason", &reason)?;
        self.plain_act(&at, Act::VoidNumber { book: id, year, number, reason })?;
        Ok(done(book, "number_voided", vec![number.to_string()], TOUCHED))
    }
}
