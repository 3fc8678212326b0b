//! A stamped number that clashes: what a person may decide about it (SYNC 2.5, I6).
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use super::Acting;
use super::words::{SUBJECT_CHARS_MAX, needed, one};
use crate::held::{HeldNumber, HeldVerdict};
use crate::id::CommandId;
use crate::incoming::Void;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::Right;
use crate::trail::Deed;

/// Letters behind one number.
const SUFFIXES_MAX: u8 = 26;

/// Decides about one stamped number of a document.
pub(super) fn resolve(
    acting: &Acting<'_>,
    (key, given_by): (Key, CommandId),
    verdict: HeldVerdict,
    reason: &str,
) -> Result<Change, No> {
    acting.must(Right::KeepBooks)?;
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let state = acting.picture.state(key)?.ok_or(Refusal::Unknown { what: key })?.clone();
    let held = state.held().iter().find(|held| held.command == given_by && held.is_open());
    let held = held.ok_or(Refusal::NothingWaits)?.clone();
    if is_void(&state) && verdict != HeldVerdict::Void {
        return Err(Refusal::Voided.into());
    }
    match verdict {
        HeldVerdict::Suffix => suffix(acting, state, &held, reason),
        HeldVerdict::Void => Ok(voided(acting, state, &held, reason)),
        HeldVerdict::Renumber => Ok(waiting_again(acting, state, &held, reason)),
    }
}

fn is_void(state: &State) -> bool {
    match state {
        State::Incoming(document) => document.void.is_some(),
        State::Outgoing(document) => document.void.is_some(),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => false,
    }
}

/// 57 stays on the paper as 57a; the next clash at 57 gets b.
fn suffix(
    acting: &Acting<'_>,
    mut state: State,
    held: &HeldNumber,
    reason: &str,
) -> Result<Change, No> {
    let (_, id) = state.place().ok_or(Refusal::NoNumber)?;
    let mut book = acting.picture.book(id)?.clone();
    let mut count = book.year(held.year);
    let letters = count.suffixes.entry(held.number).or_insert(0);
    if *letters >= SUFFIXES_MAX {
        return Err(Refusal::BadRange.into());
    }
    let letter = String::from(char::from(b'a' + *letters));
    *letters += 1;
    book.years.insert(held.year, count);
    let decided = HeldNumber { suffix: Some(letter.clone()), ..held.clone() };
    put(&mut state, held, Some(decided));
    let altered = one("number", &held.number.to_string(), &format!("{}{letter}", held.number));
    let mut change = acting.altered(state, Deed::HeldResolved, altered, reason);
    change.states.push(State::Book(Box::new(book)));
    Ok(change)
}

fn voided(acting: &Acting<'_>, mut state: State, held: &HeldNumber, reason: &str) -> Change {
    put(&mut state, held, None);
    let void = Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at };
    // A document that has another number in the book keeps it: only the stamped one was a mistake.
    match &mut state {
        State::Incoming(document) if document.number.is_none() => {
            document.void.get_or_insert(void);
        }
        State::Outgoing(document)
            if document.given.as_ref().is_none_or(|given| given.number.is_none()) =>
        {
            document.void.get_or_insert(void);
        }
        State::Incoming(_)
        | State::Outgoing(_)
        | State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => {}
    }
    acting.change(state, Deed::HeldResolved, reason)
}

/// It waits for a number like any other; a document that has another number keeps that one.
fn waiting_again(acting: &Acting<'_>, mut state: State, held: &HeldNumber, reason: &str) -> Change {
    put(&mut state, held, None);
    let slip = Some(format!("{}/{}", held.number, held.year));
    match &mut state {
        State::Incoming(document) if document.number.is_none() => {
            document.slip = document.slip.take().or(slip);
        }
        State::Outgoing(document) => {
            if let Some(given) = document.given.as_mut().filter(|given| given.number.is_none()) {
                given.slip = given.slip.take().or(slip);
            }
        }
        State::Incoming(_)
        | State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => {}
    }
    let altered = one("number", &held.number.to_string(), "");
    acting.altered(state, Deed::HeldResolved, altered, reason)
}

/// Puts what was decided in the place of the clash, or takes it away.
fn put(state: &mut State, held: &HeldNumber, decided: Option<HeldNumber>) {
    let Some(all) = state.held_mut() else { return };
    if let Some(at) = all.iter().position(|one| one == held) {
        all.remove(at);
        all.extend(decided);
    }
}

/// Refuses to give a number to a document whose stamped one waits for a person.
pub(super) fn must_be_clear(held: &[HeldNumber]) -> Result<(), No> {
    if !held.is_empty() { Err(Refusal::NumberHeld.into()) } else { Ok(()) }
}
