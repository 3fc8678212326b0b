//! Who may give the numbers of a book: taken, released, handed over, forced (SYNC 2.5).
//!
//! A lease never ends by the clock: a holder without a line may be stamping paper. It is given up
//! by its holder, or taken over by a named person who read the last number off the paper.
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;

use super::Acting;
use super::book::{NUMBER_MAX, may_go_on, must_open_books};
use super::restored::frozen;
use super::words::{SUBJECT_CHARS_MAX, needed, one};
use crate::book::{
    Book, CONFIRMED_PLACEHOLDERS_MAX, Confirmed, FORCE_STRIDE, Holder, Lease, PLACEHOLDERS_MAX,
    Placeholders, YearCount,
};
use crate::command::LeaseForced;
use crate::id::{BookId, DeviceId};
use crate::picture::{Change, No, State};
use crate::refusal::Refusal;
use crate::rights::{Right, has};
use crate::trail::Deed;

/// A PC takes a book that no PC holds: from then on it alone gives the numbers.
pub(super) fn take(acting: &Acting<'_>, id: BookId) -> Result<Change, No> {
    if !has(acting.actor, Right::KeepBooks) {
        must_open_books(acting)?;
    }
    let book = acting.picture.book(id)?;
    match book.lease.holder {
        Holder::Server => {}
        holder @ (Holder::Device(_) | Holder::Frozen) => {
            return Err(Refusal::NotHolder { book: id, holder }.into());
        }
    }
    Ok(passed_to(acting, book, Holder::Device(acting.command.dev), Deed::LeaseTaken))
}

/// The holder gives the book back to the server.
pub(super) fn release(acting: &Acting<'_>, id: BookId, epoch: u32) -> Result<Change, No> {
    let book = held_under(acting, id, epoch)?;
    Ok(passed_to(acting, book, Holder::Server, Deed::LeaseReleased))
}

/// The holder gives the book to another PC, which may be beside it without a line.
pub(super) fn hand_over(
    acting: &Acting<'_>,
    id: BookId,
    epoch: u32,
    to: DeviceId,
) -> Result<Change, No> {
    let book = held_under(acting, id, epoch)?;
    let holder = match must_be_trusted(acting, to) {
        Ok(()) => Holder::Device(to),
        Err(No::Needs(ask)) => return Err(No::Needs(ask)),
        // The book left its holder's hands, and the receiver was shut out meanwhile: either may
        // have stamped paper, so nobody goes on until the paper was read.
        Err(No::Refused(_)) if acting.is_late() => Holder::Frozen,
        Err(no) => return Err(no),
    };
    Ok(passed_to(acting, book, holder, Deed::LeaseHandedOver))
}

fn held_under<'a>(acting: &Acting<'a>, id: BookId, epoch: u32) -> Result<&'a Book, No> {
    if !has(acting.actor, Right::KeepBooks) {
        must_open_books(acting)?;
    }
    let book = acting.picture.book(id)?;
    let ours = book.lease.holder == Holder::Device(acting.command.dev) && book.lease.epoch == epoch;
    if ours {
        return Ok(book);
    }
    Err(Refusal::NotHolder { book: id, holder: book.lease.holder }.into())
}

/// A PC that was shut out or destroyed gives no numbers.
fn must_be_trusted(acting: &Acting<'_>, to: DeviceId) -> Result<(), No> {
    let device = acting.picture.device(to)?;
    if device.revoked.is_some() || device.retired.is_some() {
        return Err(Refusal::DeviceRevoked.into());
    }
    Ok(())
}

fn passed_to(acting: &Acting<'_>, book: &Book, holder: Holder, deed: Deed) -> Change {
    let mut book = book.clone();
    book.lease = Lease { holder, epoch: book.lease.epoch.saturating_add(1), ..book.lease };
    let epoch = book.lease.epoch.to_string();
    acting.altered(State::Book(Box::new(book)), deed, one("epoch", "", &epoch), "")
}

/// A second person states what he read as the last number in the paper register.
pub(super) fn confirm(
    acting: &Acting<'_>,
    id: BookId,
    year: i16,
    last_number: u32,
) -> Result<Change, No> {
    must_take_over(acting)?;
    let mut book = acting.picture.book(id)?.clone();
    book.confirmed = Some(Confirmed { by: acting.actor.id, year, last_number });
    let altered = one("last", "", &format!("{last_number}/{year}"));
    Ok(acting.altered(State::Book(Box::new(book)), Deed::LastNumberConfirmed, altered, ""))
}

fn must_take_over(acting: &Acting<'_>) -> Result<(), No> {
    if has(acting.actor, Right::Administer) { Ok(()) } else { acting.must(Right::TakeOver) }
}

/// Takes a book over, with the last number of the paper register: unknown numbers up to it become
/// placeholders, which late work of the old holder or re-entry from paper fills.
pub(super) fn force(acting: &Acting<'_>, forced: &LeaseForced) -> Result<Change, No> {
    must_take_over(acting)?;
    needed(crate::refusal::Where::Reason, &forced.reason, SUBJECT_CHARS_MAX)?;
    let book = acting.picture.book(forced.book)?;
    if book.lease.holder == Holder::Server {
        return Err(Refusal::WrongStage.into());
    }
    // A take-over from before the server was set back says nothing of the papers since.
    if book.lease.holder == Holder::Frozen && forced.epoch != Some(book.lease.epoch) {
        return Err(Refusal::NotHolder { book: book.id, holder: Holder::Frozen }.into());
    }
    if let Some(to) = forced.to {
        must_be_trusted(acting, to)?;
    }
    let mut count = counted_to(acting, book, forced)?;
    let covered = (forced.last_number + 1).saturating_sub(count.next);
    must_be_confirmed(acting, book, forced, covered)?;
    let Lease { epoch, floor, .. } = book.lease;
    let raised = epoch.saturating_add(FORCE_STRIDE);
    let last = count.last_date.map_or(forced.last_date, |last| last.max(forced.last_date));
    if covered > 0 {
        count.placeholders.push(Placeholders {
            from: count.next,
            to: forced.last_number,
            epoch_from: floor,
            epoch_to: raised - 1,
            reason: forced.reason.clone(),
            after: count.last_date,
            until: last,
        });
        count.next = forced.last_number + 1;
        count.last_date = Some(last);
    }
    let holder = forced.to.map_or(Holder::Server, Holder::Device);
    let mut book = book.clone();
    book.years.insert(forced.year, count);
    book.lease = Lease { holder, epoch: raised, floor: raised };
    book.confirmed = None;
    let altered = one("last", "", &format!("{}/{}", forced.last_number, forced.year));
    Ok(acting.altered(State::Book(Box::new(book)), Deed::LeaseForced, altered, &forced.reason))
}

/// The count of the year the paper goes on in; it may have begun on paper only.
fn counted_to(acting: &Acting<'_>, book: &Book, forced: &LeaseForced) -> Result<YearCount, No> {
    if forced.last_date.year() != forced.year {
        return Err(Refusal::WrongYear.into());
    }
    if forced.last_date > acting.today {
        return Err(Refusal::DateInFuture { today: acting.today }.into());
    }
    if forced.last_number > NUMBER_MAX {
        return Err(Refusal::BadRange.into());
    }
    let known = book.year(forced.year);
    if forced.last_number < known.next {
        // Nothing beyond what is known here: the date of the paper does not matter.
        return Ok(known);
    }
    may_go_on(book, forced.year, forced.last_date)
}

/// The administrator alone, and anybody for many numbers, needs a second named person.
fn must_be_confirmed(
    acting: &Acting<'_>,
    book: &Book,
    forced: &LeaseForced,
    covered: u32,
) -> Result<(), No> {
    if covered > CONFIRMED_PLACEHOLDERS_MAX {
        return Err(Refusal::BadRange.into());
    }
    let alone = has(acting.actor, Right::TakeOver) && covered <= PLACEHOLDERS_MAX;
    if alone {
        return Ok(());
    }
    let confirmed = book.confirmed.filter(|stated| {
        stated.by != acting.actor.id
            && stated.year == forced.year
            && stated.last_number == forced.last_number
    });
    let Some(stated) = confirmed else { return Err(Refusal::NotConfirmed.into()) };
    let second = acting.picture.officer(stated.by)?;
    if has(second, Right::TakeOver) || has(acting.actor, Right::TakeOver) {
        return Ok(());
    }
    Err(Refusal::NotConfirmed.into())
}

/// After the server was set back from a copy nobody gives numbers until the paper was read.
pub(super) fn freeze(acting: &Acting<'_>, id: BookId) -> Result<Change, No> {
    acting.must_be_server()?;
    let mut book = acting.picture.book(id)?.clone();
    book.lease = frozen(book.lease, acting.command.at);
    Ok(acting.change(State::Book(Box::new(book)), Deed::BookFrozen, ""))
}

/// Refuses numbering by a party that does not hold the book under the epoch it claims.
pub(super) fn must_hold(acting: &Acting<'_>, book: &Book, epoch: u32) -> Result<(), No> {
    let holds = match book.lease.holder {
        Holder::Device(device) => acting.by_officer() && device == acting.command.dev,
        Holder::Server => !acting.by_officer(),
        Holder::Frozen => false,
    };
    if holds && epoch == book.lease.epoch {
        return Ok(());
    }
    Err(Refusal::NotHolder { book: book.id, holder: book.lease.holder }.into())
}

/// Refuses to fill or void a paper range by a PC that does not keep the book; while the server
/// holds it, every clerk keeps it.
pub(super) fn must_keep(acting: &Acting<'_>, book: &Book) -> Result<(), No> {
    match book.lease.holder {
        Holder::Device(device) if device == acting.command.dev => Ok(()),
        Holder::Server => Ok(()),
        holder @ (Holder::Device(_) | Holder::Frozen) => {
            Err(Refusal::NotHolder { book: book.id, holder }.into())
        }
    }
}
