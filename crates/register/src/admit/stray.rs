//! Numbers stamped on documents that the log does not have yet (SYNC R24).
//!
//! Two PCs may be heard in another order than they acted in: who carries a command of another one,
//! or a server that was set back, hears of the number before it hears of the document. The number
//! waits in its book and stands on the document, held, as soon as that comes.
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::book::{Book, Stray};
use crate::command::{Act, Command};
use crate::decide::one;
use crate::decide::restored::number_of;
use crate::held::HeldNumber;
use crate::id::{BookId, DocumentId};
use crate::picture::{Ask, Change, Key, No, Picture, State};
use crate::trail::{Deed, TrailLine};

/// Numbers of one book that may wait so; more is no office.
const STRAYS_MAX: usize = 1000;

/// Keeps a stamped number in its book, where its document is not in the log yet.
pub(super) fn kept(picture: &Picture, command: &Command, held: HeldNumber) -> Result<Change, Ask> {
    match keep(picture, command, held) {
        Ok(change) => Ok(change),
        Err(No::Needs(ask)) => Err(ask),
        // No such book. As above the limit, the command itself stays held in the log, and its
        // author finds it in his list of what to look at: nothing is lost, only its place.
        Err(No::Refused(_)) => Ok(Change::default()),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "these two give a number to what is there")]
fn keep(picture: &Picture, command: &Command, held: HeldNumber) -> Result<Change, No> {
    let (document, key) = match &command.act {
        Act::GiveNumber { document, outgoing: false } => (*document, Key::Incoming(*document)),
        Act::GiveNumber { document, outgoing: true } | Act::RegisterOutgoing { document, .. } => {
            (*document, Key::Outgoing(*document))
        }
        _ => return Ok(Change::default()),
    };
    let Some(claim) = command.lease else { return Ok(Change::default()) };
    if picture.state(key)?.and_then(State::place).is_some() {
        return Ok(Change::default());
    }
    let mut book = picture.book(claim.book)?.clone();
    let same = |stray: &Stray| {
        let of = (stray.document, stray.held.number, stray.held.year);
        of == (document, held.number, held.year)
    };
    if book.strays.len() >= STRAYS_MAX || book.strays.iter().any(same) {
        return Ok(Change::default());
    }
    book.strays.push(Stray { document, by: command.actor, held });
    Ok(Change { states: Vec::from([State::Book(Box::new(book))]), trail: Vec::new() })
}

/// Puts the numbers that came before it on a document that comes into the log now.
pub(super) fn joined(picture: &Picture, mut change: Change) -> Result<Change, No> {
    let entered: Vec<(DocumentId, BookId)> =
        change.states.iter().filter_map(State::place).collect();
    for (document, book) in entered {
        let key = change.states.iter().map(State::key).find(|key| names(*key, document));
        let Some(key) = key else { continue };
        if picture.state(key)?.and_then(State::place).is_some() {
            continue;
        }
        let Some(mut book) = book_after(picture, &change, book)? else { continue };
        let (mine, others): (Vec<Stray>, Vec<Stray>) =
            book.strays.drain(..).partition(|stray| stray.document == document);
        if mine.is_empty() {
            continue;
        }
        book.strays = others;
        put(&mut change.states, State::Book(Box::new(book)));
        let Some(state) = change.states.iter_mut().find(|state| state.key() == key) else {
            continue;
        };
        let lines: Vec<TrailLine> = mine.into_iter().filter_map(|one| show(state, one)).collect();
        change.trail.extend(lines);
    }
    Ok(change)
}

fn names(key: Key, document: DocumentId) -> bool {
    key == Key::Incoming(document) || key == Key::Outgoing(document)
}

/// The book as the change leaves it.
fn book_after(picture: &Picture, change: &Change, id: BookId) -> Result<Option<Book>, No> {
    let made = change.states.iter().find(|state| state.key() == Key::Book(id));
    let state = match made {
        Some(state) => Some(state),
        None => picture.state(Key::Book(id))?,
    };
    Ok(match state {
        Some(State::Book(book)) => Some((**book).clone()),
        Some(_) | None => None,
    })
}

fn put(states: &mut Vec<State>, state: State) {
    match states.iter_mut().find(|known| known.key() == state.key()) {
        Some(known) => *known = state,
        None => states.push(state),
    }
}

/// Shows the number on its document, unless it stands there already.
fn show(state: &mut State, stray: Stray) -> Option<TrailLine> {
    let Stray { by, held, .. } = stray;
    let has = number_of(state).map(|seen| (seen.no, seen.on.year()));
    if has == Some((held.number, held.year)) {
        return None;
    }
    let of = state.key();
    let number = format!("{}/{}", held.number, held.year);
    let line = TrailLine {
        of,
        by_command: held.command,
        by,
        at: held.at,
        deed: Deed::NumberHeld,
        altered: one("number", "", &number),
        words: String::new(),
    };
    state.shows_held(held).then_some(line)
}
