//! A command that comes again after the server was set back from a copy (SYNC 2.9).
//!
//! What the log said in the life that was lost is kept: refused stays refused, held stays held, and
//! a number that was accepted stands before anything else is given. A person sees what cannot be
//! made again.
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use jiff::civil::Date;

use super::{
    Admitted, Outcome, Recorded, Standing, entered_without_number, held_number, no_slip,
    registered_already, shut_out, standing, stray, whole,
};
use crate::command::{Act, Command, ReadTo};
use crate::decide::restored::{OnPaper, frozen, range_again, show, stands, void_again};
use crate::decide::{Author, decide_by, one};
use crate::id::{BookId, DocumentId};
use crate::moment::Moment;
use crate::picture::{Ask, Change, Key, No, Picture, State};
use crate::refusal::Refusal;
use crate::trail::{Deed, TrailLine};

/// Says what becomes of a command that a PC sends again, with what was said of it before. Total, as
/// [`super::admit`].
///
/// # Errors
/// As [`super::admit`].
pub fn readmit(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
    taken_at: Moment,
) -> Result<Admitted, Ask> {
    match standing(picture, command) {
        Ok(Standing::ShutOut) => return Ok(shut_out(command)),
        Err(No::Needs(Ask::State(key))) => return Err(Ask::State(key)),
        // Its causes were accepted then; they come again before it or with another PC.
        Ok(Standing::Trusted) | Err(_) => {}
    }
    judged_again(picture, command, recorded, taken_at)
}

/// The same as one PC can know it.
///
/// # Errors
/// As [`super::admit`].
pub fn foresee_again(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
) -> Result<Admitted, Ask> {
    judged_again(picture, command, recorded, command.at)
}

fn judged_again(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
    taken_at: Moment,
) -> Result<Admitted, Ask> {
    match again(picture, command, recorded, taken_at) {
        Ok(admitted) => Ok(admitted),
        Err(No::Needs(ask)) => Err(ask),
        Err(No::Refused(why)) => held(picture, command, recorded, why),
    }
}

fn stays(recorded: &Recorded, change: Change) -> Admitted {
    let (outcome, number, on) = (recorded.outcome.clone(), recorded.no, recorded.on);
    Admitted { outcome, number, on, change }
}

fn again(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
    taken_at: Moment,
) -> Result<Admitted, No> {
    match &recorded.outcome {
        Outcome::Rejected(_) => return Ok(stays(recorded, Change::default())),
        Outcome::Held(why) => return Err(No::Refused(why.clone())),
        Outcome::Ok => {}
    }
    if is_included(picture, command, recorded.at)? {
        return Ok(stays(recorded, Change::default()));
    }
    let change = match done_again(picture, command, recorded, taken_at) {
        Ok(change) => change,
        // What is so already was brought back before.
        Err(No::Refused(Refusal::Exists { .. } | Refusal::HasNumber)) => Change::default(),
        Err(no) => return Err(no),
    };
    Ok(stays(recorded, stray::joined(picture, change)?))
}

/// Whether the thing was brought back by a PC that had seen this command's effect on it.
fn is_included(picture: &Picture, command: &Command, at: ReadTo) -> Result<bool, No> {
    let Some(key) = command.act.target() else { return Ok(false) };
    let brought_back = match picture.state(key)? {
        Some(State::Incoming(document)) => document.brought_back,
        Some(State::Outgoing(document)) => document.brought_back,
        Some(State::Task(task)) => task.brought_back,
        Some(State::Parcel(parcel)) => parcel.brought_back,
        Some(State::Arrival(arrival)) => arrival.brought_back,
        Some(
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Book(_)
            | State::Year(_),
        )
        | None => None,
    };
    Ok(brought_back.is_some_and(|to| to.epoch == at.epoch && at.seq <= to.seq))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these do otherwise than the first time")]
fn done_again(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
    taken_at: Moment,
) -> Result<Change, No> {
    match &command.act {
        // The book is frozen under a higher epoch: who held it then matters no more.
        Act::TakeLease { .. }
        | Act::ReleaseLease { .. }
        | Act::HandOverLease { .. }
        | Act::ForceLease(_)
        | Act::ConfirmLast { .. } => Ok(Change::default()),
        Act::OpenBook { .. } => {
            let mut change = decide_by(picture, command, Author::Late)?;
            for state in &mut change.states {
                if let State::Book(book) = state {
                    book.lease = frozen(book.lease, taken_at);
                }
            }
            Ok(change)
        }
        Act::PaperRange { book, year, to, last_date, .. } => {
            range_again(picture, (*book, *year, *to), *last_date)
        }
        Act::VoidNumber { book, year, number, reason } => {
            void_again(picture, (*book, *year, *number), reason)
        }
        Act::RegisterIncoming(_) | Act::RegisterOutgoing { .. } | Act::GiveNumber { .. } => {
            match numbered_then(picture, command, recorded)? {
                Some(number) => number_again(picture, command, number),
                None if registered_already(picture, command)?.is_some() => Ok(Change::default()),
                None => decide_by(picture, command, Author::Late),
            }
        }
        _ => decide_by(picture, command, Author::Late),
    }
}

/// The number it had then.
#[expect(clippy::wildcard_enum_match_arm, reason = "only three acts give a number")]
fn numbered_then(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
) -> Result<Option<OnPaper>, No> {
    let claim = command.lease;
    let (book, document, own): (BookId, DocumentId, Date) = match &command.act {
        Act::RegisterIncoming(registered) => {
            (registered.book, registered.document, registered.arrived_on)
        }
        Act::RegisterOutgoing { document, book, on, .. } => (*book, *document, *on),
        Act::GiveNumber { document, .. } => {
            let Some(claim) = claim else { return Ok(None) };
            (claim.book, *document, command.at.date())
        }
        _ => return Ok(None),
    };
    picture.book(book)?;
    let no = recorded.no.or(claim.map(|claim| claim.number));
    Ok(no.map(|no| OnPaper { book, no, on: recorded.on.unwrap_or(own), document }))
}

/// The document as it was entered, with the number it had.
fn number_again(picture: &Picture, command: &Command, number: OnPaper) -> Result<Change, No> {
    let (state, mut trail) = entered(picture, command)?;
    let (state, book) = stands(picture, &state, number)?;
    let altered = one("number", "", &format!("{}/{}", number.no, number.year()));
    trail.push(line(command, &state, Deed::NumberGiven, altered));
    Ok(Change { states: Vec::from([state, State::Book(Box::new(book))]), trail })
}

fn line(
    command: &Command,
    state: &State,
    deed: Deed,
    altered: Vec<crate::trail::Altered>,
) -> TrailLine {
    TrailLine {
        of: state.key(),
        by_command: command.id,
        by: command.actor,
        at: command.at,
        deed,
        altered,
        words: alloc::string::String::new(),
    }
}

/// The document as it stands, or as this command enters it without a number.
fn entered(picture: &Picture, command: &Command) -> Result<(State, Vec<TrailLine>), No> {
    let key = command.act.target().ok_or(Refusal::Malformed)?;
    if let Some(state) = picture.state(key)?.filter(|state| state.place().is_some()) {
        return Ok((state.clone(), Vec::new()));
    }
    let change = if command.lease.is_some() {
        entered_without_number(picture, command)?
    } else {
        decide_by(picture, command, Author::Late)?
    };
    let mut states = change.states;
    let at = states.iter().position(|state| state.key() == key);
    let mut state = at.map(|at| states.swap_remove(at)).ok_or(Refusal::Unknown { what: key })?;
    let slip = match &mut state {
        State::Incoming(document) => Some(&mut document.slip),
        State::Outgoing(document) => document.given.as_mut().map(|given| &mut given.slip),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => None,
    };
    if let Some(slip) = slip {
        slip.take_if(|slip| *slip == no_slip(command));
    }
    Ok((state, change.trail))
}

/// It was held, or what was accepted cannot be made again: a person sees it.
fn held(
    picture: &Picture,
    command: &Command,
    recorded: &Recorded,
    why: Refusal,
) -> Result<Admitted, Ask> {
    let (number, on) = (recorded.no, recorded.on);
    let nothing =
        Admitted { outcome: Outcome::Held(why.clone()), number, on, ..whole(Change::default()) };
    let shown = numbered_then(picture, command, recorded).and_then(|number| match number {
        None => Ok(None),
        Some(number) => entered(picture, command).map(|entered| Some((number, entered))),
    });
    match shown {
        Err(No::Needs(ask)) => Err(ask),
        Err(No::Refused(_)) => strayed(picture, command, nothing),
        Ok(None) => Ok(nothing),
        Ok(Some((number, (mut state, mut trail)))) => {
            let known = picture.state(state.key()).is_ok_and(|there| there == Some(&state));
            if !show(&mut state, command, number, &why) && known {
                return Ok(nothing);
            }
            let altered = one("number", "", &format!("{}/{}", number.no, number.year()));
            trail.push(line(command, &state, Deed::NumberHeld, altered));
            let change = Change { states: Vec::from([state]), trail };
            match stray::joined(picture, change) {
                Ok(change) => Ok(Admitted { change, ..nothing }),
                Err(No::Needs(ask)) => Err(ask),
                Err(No::Refused(_)) => Ok(nothing),
            }
        }
    }
}

/// The number is on a paper whose document the log does not have yet.
fn strayed(picture: &Picture, command: &Command, nothing: Admitted) -> Result<Admitted, Ask> {
    let (Some(claim), Outcome::Held(why)) = (command.lease, &nothing.outcome) else {
        return Ok(nothing);
    };
    let held = held_number(command, claim, why);
    Ok(Admitted { change: stray::kept(picture, command, held)?, ..nothing })
}

fn of(document: &DocumentId, outgoing: bool) -> Option<Key> {
    Some(if outgoing { Key::Outgoing(*document) } else { Key::Incoming(*document) })
}

impl Act {
    /// The document or task it is about, if it is about one.
    pub(crate) fn target(&self) -> Option<Key> {
        match self {
            Act::RegisterIncoming(registered) => of(&registered.document, false),
            Act::Direct(given) => of(&given.document, false),
            Act::Send(sending) => of(&sending.document, true),
            Act::Witness(seen) => Some(seen.of),
            Act::EditIncoming { document, .. }
            | Act::SubmitIncoming { document, .. }
            | Act::UndoDirective { document, .. }
            | Act::RecallDirective { document, .. }
            | Act::CloseIncoming { document, .. }
            | Act::ReopenIncoming { document, .. } => of(document, false),
            Act::Draft { document, .. }
            | Act::EditOutgoing { document, .. }
            | Act::SubmitDraft { document, .. }
            | Act::UndoSubmitDraft { document }
            | Act::ApproveDraft { document, .. }
            | Act::ReturnDraft { document, .. }
            | Act::RegisterOutgoing { document, .. } => of(document, true),
            Act::ResolveHeld { document, outgoing, .. }
            | Act::GiveNumber { document, outgoing }
            | Act::Attach { document, outgoing, .. }
            | Act::Detach { document, outgoing, .. }
            | Act::Void { document, outgoing, .. }
            | Act::Seen { document, outgoing } => of(document, *outgoing),
            Act::Issue(issued) => of(&issued.document, true),
            Act::Recall { document, .. } => of(document, true),
            Act::Chase { parcels, .. } => parcels.first().map(|parcel| Key::Parcel(*parcel)),
            Act::RefuseArrival { arrival, .. } | Act::AnswerRecall { arrival, .. } => {
                Some(Key::Arrival(*arrival))
            }
            Act::Come(delivery) => Some(Key::Arrival(delivery.parcel)),
            Act::Chased(chased) => Some(Key::Arrival(chased.parcel)),
            Act::RecallAsked(asked) => Some(Key::Arrival(asked.parcel)),
            Act::Receive(receipt) => Some(Key::Parcel(receipt.parcel)),
            Act::CreateTask { set, .. } => Some(Key::Task(set.task)),
            Act::SeenTask { task }
            | Act::Progress { task, .. }
            | Act::Report { task, .. }
            | Act::UndoReport { task }
            | Act::AskExtension { task, .. }
            | Act::DecideExtension { task, .. }
            | Act::AcceptResult { task, .. }
            | Act::ReturnResult { task, .. }
            | Act::Transfer { task, .. }
            | Act::Remind { task, .. }
            | Act::WithdrawTask { task, .. } => Some(Key::Task(*task)),
            Act::Found(_)
            | Act::SetAgency { .. }
            | Act::SetGroup { .. }
            | Act::SetUnit { .. }
            | Act::SetOfficer { .. }
            | Act::SetYear { .. }
            | Act::OpenBook { .. }
            | Act::SetBook { .. }
            | Act::TakeLease { .. }
            | Act::ReleaseLease { .. }
            | Act::HandOverLease { .. }
            | Act::ConfirmLast { .. }
            | Act::ForceLease(_)
            | Act::FreezeBook { .. }
            | Act::EnrolDevice { .. }
            | Act::RevokeDevice { .. }
            | Act::RetireDevice { .. }
            | Act::PaperRange { .. }
            | Act::VoidNumber { .. } => None,
        }
    }
}
