//! After the server was set back from a copy: what PCs have seen comes back (SYNC 2.9).
//!
//! A number that was seen is on paper. It is put where it stood, with the numbers before it as
//! placeholders for those who bring them; where it cannot stand, its document shows it.
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use super::book::{NUMBER_MAX, may_refill};
use super::words::one;
use super::{Acting, Author};
use crate::book::{
    Book, CONFIRMED_PLACEHOLDERS_MAX, Holder, Lease, Placeholders, RESTORE_STRIDE, YearCount,
};
use crate::command::{Command, NumberSeen, Witnessed};
use crate::held::HeldNumber;
use crate::id::{BookId, DocumentId};
use crate::moment::Moment;
use crate::number::{reference, render_number};
use crate::picture::{Change, Key, No, NumberUse, Picture, State};
use crate::refusal::Refusal;
use crate::trail::Deed;

/// From when the clock of the log is counted for epochs: 1 January 2026 UTC.
const RESTORE_CLOCK_FROM: i64 = 1_767_225_600_000;
const MINUTE_MS: i64 = 60_000;
/// Epochs between two restores a minute apart: a take-over (1000) every four minutes would have to
/// lie between them to reach further. They last until 2057; then only the stride counts.
const RESTORE_EPOCHS_A_MINUTE: i64 = 256;
/// A lease that nobody holds, above every epoch of any life that was lost: one copy may take the
/// place of the server twice, so the clock of the log counts too.
pub(crate) fn frozen(lease: Lease, at: Moment) -> Lease {
    let minutes = at.0.saturating_sub(RESTORE_CLOCK_FROM) / MINUTE_MS;
    let by_clock = u32::try_from(minutes.saturating_mul(RESTORE_EPOCHS_A_MINUTE)).unwrap_or(0);
    let raised = lease.epoch.saturating_add(RESTORE_STRIDE);
    Lease { holder: Holder::Frozen, epoch: raised.max(by_clock), floor: lease.floor }
}

/// A number that is on paper already.
#[derive(Clone, Copy)]
pub(crate) struct OnPaper {
    pub book: BookId,
    pub no: u32,
    pub on: Date,
    pub document: DocumentId,
}

impl OnPaper {
    pub fn year(&self) -> i16 {
        self.on.year()
    }
}

/// Puts a number where it stood. A book that nobody counts on in takes what comes; a book that
/// goes on takes only what its paper ranges wait for.
pub(crate) fn placed(picture: &Picture, number: OnPaper) -> Result<Book, No> {
    let OnPaper { book, no, on, document } = number;
    let year = number.year();
    let mut book = picture.book(book)?.clone();
    let mut count = book.year(year);
    match picture.number(book.id, year, no)? {
        Some(NumberUse::Document(by)) if by != document => {
            return Err(Refusal::NumberTaken { by }.into());
        }
        Some(NumberUse::Document(_)) => return Err(Refusal::HasNumber.into()),
        None => {}
    }
    if let Some(range) = count.placeholder(no) {
        may_refill(range, on)?;
        count.fill(no, Some(on));
    } else if no < count.next {
        return Err(Refusal::NotNext { next: count.next }.into());
    } else if book.lease.holder == Holder::Frozen {
        reach(&mut count, &book.lease, no, on)?;
        count.next = no + 1;
        count.last_date = Some(on);
    } else {
        return Err(Refusal::NotHolder { book: book.id, holder: book.lease.holder }.into());
    }
    book.years.insert(year, count);
    Ok(book)
}

/// The numbers before `no` that nobody has brought yet wait as used on paper.
fn reach(count: &mut YearCount, lease: &Lease, no: u32, on: Date) -> Result<(), No> {
    if let Some(last) = count.last_date.filter(|last| on < *last) {
        return Err(Refusal::DateBeforeLast { last }.into());
    }
    let missing = no.saturating_sub(count.next);
    if missing > CONFIRMED_PLACEHOLDERS_MAX || no > NUMBER_MAX {
        return Err(Refusal::BadRange.into());
    }
    if missing > 0 {
        count.placeholders.push(Placeholders {
            from: count.next,
            to: no - 1,
            epoch_from: lease.floor,
            epoch_to: lease.epoch,
            reason: String::new(),
            after: count.last_date,
            until: on,
        });
    }
    Ok(())
}

/// The server enters what a PC has seen.
pub(super) fn witness(acting: &Acting<'_>, seen: &Witnessed) -> Result<Change, No> {
    acting.must_be_server()?;
    let known = acting.picture.state(seen.of)?.cloned();
    let words = seen.device.to_string();
    match (known, &seen.state) {
        (Some(state), _) => {
            let number = seen.number.ok_or(Refusal::Exists { what: seen.of })?;
            numbered(acting, state, number)
        }
        (None, Some(state)) if state.key() == seen.of => {
            let (mut state, number) = without_number(state);
            mark_brought_back(&mut state, seen)?;
            let line = acting.line(seen.of, Deed::BroughtBack, Vec::new(), &words);
            let mut change = match number {
                None => Change { states: Vec::from([state]), trail: Vec::new() },
                Some(number) => numbered(acting, state, number)?,
            };
            change.trail.insert(0, line);
            Ok(change)
        }
        (None, Some(_) | None) => Err(Refusal::Unknown { what: seen.of }.into()),
    }
}

/// Only documents and tasks come back by what a PC shows; people, PCs and books do not.
fn mark_brought_back(state: &mut State, seen: &Witnessed) -> Result<(), No> {
    let mark = match state {
        State::Incoming(document) => &mut document.brought_back,
        State::Outgoing(document) => &mut document.brought_back,
        State::Task(task) => &mut task.brought_back,
        State::Parcel(parcel) => &mut parcel.brought_back,
        State::Arrival(arrival) => &mut arrival.brought_back,
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Book(_)
        | State::Year(_) => return Err(Refusal::Unknown { what: seen.of }.into()),
    };
    *mark = Some(seen.read_to);
    Ok(())
}

/// The state without its number, and the number.
fn without_number(state: &State) -> (State, Option<NumberSeen>) {
    let mut state = state.clone();
    let number = number_of(&state);
    match &mut state {
        State::Incoming(document) => {
            (document.number, document.numbered_on) = (None, None);
        }
        State::Outgoing(document) => {
            if let Some(given) = &mut document.given {
                given.number = None;
            }
        }
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => {}
    }
    (state, number)
}

/// The number of a document, with its place.
pub(crate) fn number_of(state: &State) -> Option<NumberSeen> {
    match state {
        State::Incoming(document) => {
            let (no, on) = (document.number?, document.numbered_on?);
            Some(NumberSeen { book: document.book, no, on, held: false })
        }
        State::Outgoing(document) => {
            let given = document.given.as_ref()?;
            Some(NumberSeen { book: given.book, no: given.number?, on: given.on, held: false })
        }
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    }
}

/// Every number that is to be seen on a document: its own, and those that wait for a person. Of the
/// latter only the year counts.
pub fn numbers_seen(state: &State) -> Vec<NumberSeen> {
    let mut seen: Vec<NumberSeen> = number_of(state).into_iter().collect();
    let Some((_, book)) = state.place() else { return seen };
    for one in state.held() {
        if let Ok(on) = Date::new(one.year, 1, 1) {
            seen.push(NumberSeen { book, no: one.number, on, held: true });
        }
    }
    seen
}

/// The document with the number that was seen on it, or with the clash for all to see.
fn numbered(acting: &Acting<'_>, state: State, seen: NumberSeen) -> Result<Change, No> {
    let key = state.key();
    let (Key::Incoming(document) | Key::Outgoing(document)) = key else {
        return Err(Refusal::NoNumber.into());
    };
    let number = OnPaper { book: seen.book, no: seen.no, on: seen.on, document };
    let why = if seen.held {
        Refusal::NumberHeld
    } else {
        match stands(acting.picture, &state, number) {
            Ok((state, book)) => {
                let altered = one("number", "", &format!("{}/{}", seen.no, number.year()));
                let line = acting.line(key, Deed::NumberGiven, altered, "");
                let states = Vec::from([state, State::Book(Box::new(book))]);
                return Ok(Change { states, trail: Vec::from([line]) });
            }
            Err(No::Refused(Refusal::HasNumber)) => return Err(Refusal::HasNumber.into()),
            Err(No::Refused(why)) => why,
            Err(No::Needs(ask)) => return Err(No::Needs(ask)),
        }
    };
    let mut state = state;
    if !show(&mut state, acting.command, number, &why) {
        return Err(Refusal::Exists { what: key }.into());
    }
    let altered = one("number", "", &format!("{}/{}", seen.no, number.year()));
    Ok(acting.altered(state, Deed::NumberHeld, altered, ""))
}

/// The document with its number, and its book, where both can be.
///
/// # Errors
/// [`Refusal::HasNumber`] when it is so already; why it cannot be, else.
pub(crate) fn stands(
    picture: &Picture,
    state: &State,
    number: OnPaper,
) -> Result<(State, Book), No> {
    if let Some(has) = number_of(state) {
        let same = (has.book, has.no, has.on.year()) == (number.book, number.no, number.year());
        let why = if same { Refusal::HasNumber } else { Refusal::NumberHeld };
        return Err(why.into());
    }
    let book = placed(picture, number)?;
    let mut state = state.clone();
    let is_this = |held: &HeldNumber| held.number == number.no && held.year == number.year();
    match &mut state {
        State::Incoming(document) => {
            document.held.retain(|held| !is_this(held) || !held.is_open());
            document.number = Some(number.no);
            document.numbered_on = Some(number.on);
            document.year = number.year();
        }
        State::Outgoing(document) => {
            let given = document.given.as_mut().ok_or(Refusal::WrongStage)?;
            let text = reference(&render_number(number.no), &given.symbol);
            match picture.reference(number.year(), text.clone())? {
                Some(by) if by != document.id => {
                    return Err(Refusal::ReferenceTaken { reference: text, by }.into());
                }
                Some(_) | None => {}
            }
            document.held.retain(|held| !is_this(held) || !held.is_open());
            (given.number, given.on, given.year) = (Some(number.no), number.on, number.year());
        }
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => return Err(Refusal::NoNumber.into()),
    }
    Ok((state, book))
}

/// Shows a clash on its document; false when it is to be seen there already.
pub(crate) fn show(state: &mut State, command: &Command, number: OnPaper, why: &Refusal) -> bool {
    state.shows_held(HeldNumber {
        number: number.no,
        year: number.year(),
        epoch: command.lease.map_or(0, |claim| claim.epoch),
        why: why.clone(),
        command: command.id,
        at: command.at,
        suffix: None,
    })
}

/// What a range on paper, stated in a life that was lost, makes of a book nobody counts on in.
pub(crate) fn range_again(
    picture: &Picture,
    (id, year, to): (BookId, i16, u32),
    last_date: Date,
) -> Result<Change, No> {
    let mut book = picture.book(id)?.clone();
    let mut count = book.year(year);
    if to < count.next || book.lease.holder != Holder::Frozen {
        return Ok(Change::default());
    }
    reach(&mut count, &book.lease, to.saturating_add(1), last_date)?;
    count.next = to.saturating_add(1);
    count.last_date = Some(last_date);
    book.years.insert(year, count);
    Ok(Change { states: Vec::from([State::Book(Box::new(book))]), trail: Vec::new() })
}

/// A line that was voided without a document, in a life that was lost.
pub(crate) fn void_again(
    picture: &Picture,
    (id, year, number): (BookId, i16, u32),
    reason: &str,
) -> Result<Change, No> {
    let mut book = picture.book(id)?.clone();
    let mut count = book.year(year);
    if count.voids.contains_key(&number) {
        return Ok(Change::default());
    }
    if count.placeholder(number).is_none() {
        let last = count.last_date.filter(|_| book.lease.holder == Holder::Frozen);
        let (true, Some(last)) = (number >= count.next, last) else {
            return Err(Refusal::BadRange.into());
        };
        reach(&mut count, &book.lease, number, last)?;
        count.next = number.saturating_add(1);
    }
    count.fill(number, None);
    count.voids.insert(number, String::from(reason));
    book.years.insert(year, count);
    Ok(Change { states: Vec::from([State::Book(Box::new(book))]), trail: Vec::new() })
}

/// Whether the claim was made under an epoch of the life that was lost, by a PC that did not know.
pub(super) fn is_of_lost_life(acting: &Acting<'_>, book: &Book, epoch: u32) -> bool {
    let Lease { holder, epoch: now, floor } = book.lease;
    acting.author == Author::Late && holder == Holder::Frozen && (floor..now).contains(&epoch)
}
