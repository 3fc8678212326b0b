//! Books and their numbers: opening, lease, paper ranges, voids, and the one way a number is given.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use super::Acting;
use super::lease::{self, must_keep};
use super::restored::{self, OnPaper};
use super::words::{LINE_CHARS_MAX, SUBJECT_CHARS_MAX, few, needed, one};
use crate::book::{
    Book, Direction, Holder, Lease, LeaseClaim, Opening, PLACEHOLDERS_MAX, Placeholders, YearCount,
};
use crate::command::Act;
use crate::id::{BookId, DocumentId};
use crate::picture::{Change, Key, No, NumberUse, State};
use crate::refusal::{Refusal, Where};
use crate::rights::{Right, has};
use crate::trail::Deed;

/// Kinds one book may name.
const BOOK_KINDS_MAX: u32 = 100;
/// Highest number of a year; a commune has some 13,000 documents.
pub(super) const NUMBER_MAX: u32 = 9_999_999;

/// Acts on books themselves.
#[expect(clippy::wildcard_enum_match_arm, reason = "dispatch sends only the acts named here")]
pub(super) fn keep(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::OpenBook { book, name, direction, kinds, opening } => {
            open(acting, *book, name, *direction, kinds, *opening)
        }
        Act::SetBook { book, name, kinds, open } => {
            must_open_books(acting)?;
            needed(Where::Name, name, LINE_CHARS_MAX)?;
            few(Where::Kind, kinds.len(), BOOK_KINDS_MAX)?;
            let mut changed = acting.picture.book(*book)?.clone();
            let before = changed.name.clone();
            changed.name = name.clone();
            changed.kinds = kinds.clone();
            changed.open = *open;
            let altered = one("name", &before, name);
            Ok(acting.altered(State::Book(Box::new(changed)), Deed::Set, altered, ""))
        }
        Act::TakeLease { book } => lease::take(acting, *book),
        Act::ReleaseLease { book, epoch } => lease::release(acting, *book, *epoch),
        Act::HandOverLease { book, epoch, to } => lease::hand_over(acting, *book, *epoch, *to),
        Act::ConfirmLast { book, year, last_number } => {
            lease::confirm(acting, *book, *year, *last_number)
        }
        Act::ForceLease(forced) => lease::force(acting, forced),
        Act::FreezeBook { book } => lease::freeze(acting, *book),
        Act::PaperRange { book, year, to, last_date, reason } => {
            paper_range(acting, *book, *year, *to, *last_date, reason)
        }
        Act::VoidNumber { book, year, number, reason } => {
            void_number(acting, *book, *year, *number, reason)
        }
        _ => Err(Refusal::Malformed.into()),
    }
}

pub(super) fn must_open_books(acting: &Acting<'_>) -> Result<(), No> {
    if has(acting.actor, Right::Administer) { Ok(()) } else { acting.must(Right::OpenBooks) }
}

fn open(
    acting: &Acting<'_>,
    id: BookId,
    name: &str,
    direction: Direction,
    kinds: &[String],
    opening: Option<Opening>,
) -> Result<Change, No> {
    must_open_books(acting)?;
    needed(Where::Name, name, LINE_CHARS_MAX)?;
    few(Where::Kind, kinds.len(), BOOK_KINDS_MAX)?;
    if acting.picture.state(Key::Book(id))?.is_some() {
        return Err(Refusal::Exists { what: Key::Book(id) }.into());
    }
    let mut years = BTreeMap::new();
    if let Some(opening) = opening {
        if opening.last_date > acting.today {
            return Err(Refusal::DateInFuture { today: acting.today }.into());
        }
        if opening.last_number >= NUMBER_MAX {
            return Err(Refusal::BadRange.into());
        }
        years.insert(opening.last_date.year(), YearCount::after(opening));
    }
    let book = Book {
        id,
        name: name.to_string(),
        direction,
        kinds: kinds.to_vec(),
        years,
        lease: Lease { holder: Holder::Server, epoch: 0, floor: 0 },
        open: true,
        confirmed: None,
        strays: Vec::new(),
    };
    Ok(acting.change(State::Book(Box::new(book)), Deed::BookOpened, name))
}

/// Numbers `next..=to` were used on paper; their lines wait to be re-entered.
fn paper_range(
    acting: &Acting<'_>,
    id: BookId,
    year: i16,
    to: u32,
    last_date: Date,
    reason: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let book = acting.picture.book(id)?;
    // Where another party goes on counting, `next` here is not where the paper went on.
    lease::must_hold(acting, book, book.lease.epoch)?;
    may_date(acting, book, year, last_date)?;
    let mut count = may_go_on(book, year, last_date)?;
    let from = count.next;
    if to < from || to - from >= PLACEHOLDERS_MAX || to > NUMBER_MAX {
        return Err(Refusal::BadRange.into());
    }
    let epoch = book.lease.epoch;
    count.placeholders.push(Placeholders {
        from,
        to,
        epoch_from: epoch,
        epoch_to: epoch,
        reason: reason.to_string(),
        after: count.last_date,
        until: last_date,
    });
    count.next = to + 1;
    count.last_date = Some(last_date);
    let mut book = book.clone();
    book.years.insert(year, count);
    let altered = one("range", "", &format!("{from}-{to}"));
    Ok(acting.altered(State::Book(Box::new(book)), Deed::PaperRangeStated, altered, reason))
}

/// A number used on paper that no document will fill: its line is printed with the reason.
fn void_number(
    acting: &Acting<'_>,
    id: BookId,
    year: i16,
    number: u32,
    reason: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let book = acting.picture.book(id)?;
    must_keep(acting, book)?;
    let mut count = book.year(year);
    if count.placeholder(number).is_none() {
        return Err(Refusal::BadRange.into());
    }
    count.fill(number, None);
    count.voids.insert(number, reason.to_string());
    let mut book = book.clone();
    book.years.insert(year, count);
    let altered = one("number", "", &number.to_string());
    Ok(acting.altered(State::Book(Box::new(book)), Deed::NumberVoided, altered, reason))
}

/// Refuses a closed book and a date that no number of the year can have.
fn may_date(acting: &Acting<'_>, book: &Book, year: i16, on: Date) -> Result<(), No> {
    if !book.open {
        return Err(Refusal::WrongBook { book: book.id }.into());
    }
    if on.year() != year {
        return Err(Refusal::WrongYear.into());
    }
    if on > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    Ok(())
}

/// The count of the year, once the date is one that may come next in the book.
pub(super) fn may_go_on(book: &Book, year: i16, on: Date) -> Result<YearCount, No> {
    // SYNC 2.5: after the first number of a year, no number of the year before.
    if let Some(later) = book.latest_year().filter(|later| *later > year) {
        return Err(Refusal::YearOver { later }.into());
    }
    let count = book.year(year);
    match count.last_date.filter(|last| on < *last) {
        Some(last) => Err(Refusal::DateBeforeLast { last }.into()),
        None => Ok(count),
    }
}

/// Whether a claim of this epoch may fill a paper range (SYNC R3).
fn may_fill(acting: &Acting<'_>, range: &Placeholders, book: &Book, claim: LeaseClaim) -> bool {
    let keeps = lease::must_keep(acting, book).is_ok();
    let of_then = range.epoch_from <= claim.epoch && claim.epoch <= range.epoch_to;
    acting.by_officer()
        && ((of_then && (keeps || acting.is_late())) || (claim.epoch == book.lease.epoch && keeps))
}

/// A number used on paper was given then: the year may be over, but its date lies between those of
/// its neighbours.
pub(super) fn may_refill(range: &Placeholders, on: Date) -> Result<(), No> {
    if let Some(last) = range.after.filter(|after| on < *after) {
        return Err(Refusal::DateBeforeLast { last }.into());
    }
    if on > range.until {
        return Err(Refusal::NotAllowed { field: Where::Date }.into());
    }
    Ok(())
}

/// Gives a document its number: the next one of the year, on a date that does not go back, or one
/// used on paper before (NĐ 30/2020 Đ15.1, Đ22.2). The only way a number is ever given.
pub(super) fn give(
    acting: &Acting<'_>,
    direction: Direction,
    claim: LeaseClaim,
    on: Date,
    document: DocumentId,
) -> Result<Book, No> {
    let book = acting.picture.book(claim.book)?;
    if book.direction != direction {
        return Err(Refusal::WrongBook { book: book.id }.into());
    }
    may_date(acting, book, claim.year, on)?;
    if restored::is_of_lost_life(acting, book, claim.epoch) {
        let (book, no) = (claim.book, claim.number);
        return restored::placed(acting.picture, OnPaper { book, no, on, document });
    }
    let mut count = book.year(claim.year);
    let refill = match count.placeholder(claim.number) {
        // Late work of a PC that held the book then, or re-entry from paper by who keeps it now.
        Some(range) if may_fill(acting, range, book, claim) => {
            may_refill(range, on)?;
            true
        }
        Some(_) | None => {
            lease::must_hold(acting, book, claim.epoch)?;
            count = may_go_on(book, claim.year, on)?;
            if claim.number != count.next || claim.number > NUMBER_MAX {
                return Err(Refusal::NotNext { next: count.next }.into());
            }
            false
        }
    };
    match acting.picture.number(claim.book, claim.year, claim.number)? {
        Some(NumberUse::Document(by)) if by != document => {
            return Err(Refusal::NumberTaken { by }.into());
        }
        Some(NumberUse::Document(_)) => return Err(Refusal::HasNumber.into()),
        None => {}
    }
    if refill {
        count.fill(claim.number, Some(on));
    } else {
        count.next = claim.number + 1;
        count.last_date = Some(on);
    }
    let mut book = book.clone();
    book.years.insert(claim.year, count);
    Ok(book)
}

/// The date of a number that is given to a document which waited: its own, unless the book has gone
/// on since; over New Year it is the first day of the year whose number it gets.
pub(super) fn day_of_number(book: &Book, claim: LeaseClaim, own: Date) -> Date {
    let first = Date::new(claim.year, 1, 1).unwrap_or(own);
    let before = book.year(claim.year).date_before(claim.number);
    before.map_or(own, |before| before.max(own)).max(first)
}

/// The value of a number in history.
pub(super) fn number_altered(claim: LeaseClaim) -> Vec<crate::trail::Altered> {
    one("number", "", &format!("{}/{}", claim.number, claim.year))
}
