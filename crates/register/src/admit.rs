//! The word that is final: what becomes of a command in the one log of an agency (SYNC 2.2).
//!
//! `decide` answers a person who can still do otherwise. `admit` answers for something that has
//! been signed, perhaps weeks ago on a PC without a line: it is accepted, refused for ever, or kept
//! for a person to look at. Whatever it says is recorded, and the log goes on.
mod again;
mod stray;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::book::{Holder, LeaseClaim};
use crate::command::{Act, Command, ReadTo};
use crate::decide::restored::number_of;
use crate::decide::{Author, decide_by, one};
use crate::held::HeldNumber;
use crate::id::{BookId, DocumentId};
use crate::moment::Moment;
use crate::picture::{Answer, Ask, Change, Key, No, Picture, State};
use crate::refusal::Refusal;
use crate::trail::{Deed, TrailLine};

pub use again::{foresee_again, readmit};

/// What the log says of one command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "why")]
pub enum Outcome {
    /// It stands as it was done.
    Ok,
    /// The rules say no; its author sees it until he lets it go.
    Rejected(Refusal),
    /// It happened, and clashes with what others did: a person decides.
    Held(Refusal),
}

impl Outcome {
    /// The word that goes into the chain.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Rejected(_) => "rejected",
            Outcome::Held(_) => "held",
        }
    }

    /// Why not.
    pub fn why(&self) -> Option<&Refusal> {
        match self {
            Outcome::Ok => None,
            Outcome::Rejected(why) | Outcome::Held(why) => Some(why),
        }
    }
}

/// What the log said of a command in a life of the server that was lost (SYNC 2.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The life, and the entry in it.
    #[serde(flatten)]
    pub at: ReadTo,
    /// Accepted, refused for ever, or waiting for a person.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The number it ended with, if it numbers a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<u32>,
    /// The date of that number in the book, which says the year too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// What becomes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// What the log says.
    pub outcome: Outcome,
    /// The number the document has after it, for a command that numbers one.
    pub number: Option<u32>,
    /// The date of that number in the book.
    pub on: Option<Date>,
    /// What changes; a held command may change something too: the document shows that it waits.
    pub change: Change,
}

/// Who stands behind a command that is to be admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    /// An officer, on a PC of the agency.
    Officer,
    /// The server itself: numbers it gives, PCs it takes in, books it freezes.
    Server,
}

/// Says what becomes of a command that is taken in at this moment, by the clock of the log. Total:
/// every command of every shape gets an outcome.
///
/// # Errors
/// The next thing to look up, as with [`crate::decide`]: learn it and call again.
pub fn admit(
    picture: &Picture,
    command: &Command,
    signer: Signer,
    taken_at: Moment,
) -> Result<Admitted, Ask> {
    let judged = match signer {
        Signer::Officer => match standing(picture, command) {
            Ok(Standing::Trusted) => judge(picture, command, taken_at),
            // Honest work of a PC that was lost is not thrown away: the administrator looks at it.
            Ok(Standing::ShutOut) => return Ok(shut_out(command)),
            Err(no) => Err(no),
        },
        Signer::Server => {
            let decided = decide_by(picture, command, Author::Server);
            decided.and_then(|change| stray::joined(picture, change)).map(whole)
        }
    };
    match judged {
        Ok(admitted) => Ok(dated(admitted)),
        Err(No::Needs(ask)) => Err(ask),
        // What the server states is no paper in anybody's hand: it is not done, and that is all.
        Err(No::Refused(why)) if signer == Signer::Server => {
            Ok(Admitted { outcome: Outcome::Rejected(why), ..whole(Change::default()) })
        }
        Err(No::Refused(why)) => refused(picture, command, why),
    }
}

/// Says what will most likely become of a command in the log, from what one PC knows: as [`admit`],
/// but no number is given that only the server may give, and what the PC cannot know is not asked.
///
/// # Errors
/// As [`admit`].
pub fn foresee(picture: &Picture, command: &Command) -> Result<Admitted, Ask> {
    let judged = match registered_already(picture, command) {
        Ok(Some(number)) => Ok(Admitted { number, ..whole(Change::default()) }),
        Ok(None) => decide_by(picture, command, Author::Late)
            .and_then(|change| stray::joined(picture, change))
            .map(|change| Admitted {
                number: command.lease.map(|claim| claim.number),
                ..whole(change)
            }),
        Err(no) => Err(no),
    };
    match judged {
        Ok(admitted) => Ok(admitted),
        Err(No::Needs(ask)) => Err(ask),
        Err(No::Refused(why)) => refused(picture, command, why),
    }
}

fn whole(change: Change) -> Admitted {
    Admitted { outcome: Outcome::Ok, number: None, on: None, change }
}

/// What becomes of a command of a PC that was shut out.
fn shut_out(command: &Command) -> Admitted {
    Admitted {
        outcome: Outcome::Held(Refusal::DeviceRevoked),
        number: command.lease.map(|claim| claim.number),
        on: None,
        change: Change::default(),
    }
}

/// Says with a number that was given which date it has in the book: a later life of the server asks
/// for both (SYNC R6).
fn dated(admitted: Admitted) -> Admitted {
    let on = admitted.number.and_then(|number| {
        let mut given = admitted.change.states.iter().filter_map(number_of);
        given.find(|seen| seen.no == number).map(|seen| seen.on)
    });
    Admitted { on, ..admitted }
}

/// Whether the PC of a command is still trusted.
enum Standing {
    Trusted,
    ShutOut,
}

/// A PC that was shut out, and a command whose cause was refused, come no further.
fn standing(picture: &Picture, command: &Command) -> Result<Standing, No> {
    if let Some(State::Device(device)) = picture.state(Key::Device(command.dev))?
        && device.revoked.is_some()
    {
        return Ok(Standing::ShutOut);
    }
    for need in &command.need {
        if !picture.accepted(*need)? {
            return Err(Refusal::NeedsFailed { need: *need }.into());
        }
    }
    Ok(Standing::Trusted)
}

fn judge(picture: &Picture, command: &Command, taken_at: Moment) -> Result<Admitted, No> {
    if let Some(number) = registered_already(picture, command)? {
        return Ok(Admitted { number, ..whole(Change::default()) });
    }
    let change = stray::joined(picture, decide_by(picture, command, Author::Late)?)?;
    must_not_run_ahead(picture, &change, taken_at)?;
    let claimed = command.lease.map(|claim| claim.number);
    match waiting_in(command) {
        Some((book, document)) if claimed.is_none() => {
            number_by_server(picture, command, (book, document, taken_at), change)
        }
        Some(_) | None => Ok(Admitted { number: claimed, ..whole(change) }),
    }
}

/// Dates of a book do not go back, so one number dated by a clock that runs ahead would stop the
/// book for everybody until that day (SYNC F17).
fn must_not_run_ahead(picture: &Picture, change: &Change, taken_at: Moment) -> Result<(), No> {
    let today = taken_at.date();
    let latest = Some(today.tomorrow().unwrap_or(today));
    let books = change.states.iter().filter_map(|state| match state {
        State::Book(book) => Some(book),
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Incoming(_)
        | State::Outgoing(_)
        | State::Task(_)
        | State::Year(_) => None,
    });
    for book in books {
        let mut ahead = book.years.iter().filter(|(_, count)| count.last_date > latest).peekable();
        if ahead.peek().is_none() {
            continue;
        }
        let before = match picture.state(Key::Book(book.id))? {
            Some(State::Book(before)) => Some(before),
            Some(_) | None => None,
        };
        let stood = |year| before.is_some_and(|before| before.year(year).last_date > latest);
        if ahead.any(|(year, _)| !stood(*year)) {
            return Err(Refusal::DateInFuture { today }.into());
        }
    }
    Ok(())
}

/// Numbering is done once for each document: a second command for it, or the same number once more,
/// changes nothing (SYNC R2, R9).
#[expect(clippy::wildcard_enum_match_arm, reason = "only three acts give a number")]
fn registered_already(picture: &Picture, command: &Command) -> Result<Option<Option<u32>>, No> {
    let key = match &command.act {
        Act::RegisterIncoming(registered) => Key::Incoming(registered.document),
        Act::RegisterOutgoing { document, .. } if command.lease.is_some() => {
            Key::Outgoing(*document)
        }
        Act::GiveNumber { document, outgoing: false } => Key::Incoming(*document),
        Act::GiveNumber { document, outgoing: true } => Key::Outgoing(*document),
        _ => return Ok(None),
    };
    let Some(state) = picture.state(key)? else { return Ok(None) };
    let has = number_of(state);
    let same = match command.lease {
        None => matches!(command.act, Act::RegisterIncoming(_)),
        Some(claim) => has.is_some_and(|has| {
            (has.book, has.on.year(), has.no) == (claim.book, claim.year, claim.number)
        }),
    };
    Ok(same.then_some(has.map(|has| has.no)))
}

/// The document that this command leaves waiting for a number, and its book.
#[expect(clippy::wildcard_enum_match_arm, reason = "only two acts leave a document waiting")]
fn waiting_in(command: &Command) -> Option<(BookId, DocumentId)> {
    match &command.act {
        Act::RegisterIncoming(registered) => Some((registered.book, registered.document)),
        Act::RegisterOutgoing { document, book, .. } => Some((*book, *document)),
        _ => None,
    }
}

/// Where the server holds the book, the number is given in the same entry.
fn number_by_server(
    picture: &Picture,
    command: &Command,
    waiting: (BookId, DocumentId, Moment),
    change: Change,
) -> Result<Admitted, No> {
    let (book, document, taken_at) = waiting;
    let waits = whole(change);
    let holding = picture.book(book)?;
    if holding.lease.holder != Holder::Server {
        return Ok(waits);
    }
    // A PC whose clock runs ahead must not end the year for everybody.
    let year = taken_at.date().year().max(holding.latest_year().unwrap_or(i16::MIN));
    let claim =
        LeaseClaim { book, epoch: holding.lease.epoch, year, number: holding.year(year).next };
    let outgoing = matches!(command.act, Act::RegisterOutgoing { .. });
    let give = Command {
        lease: Some(claim),
        act: Act::GiveNumber { document, outgoing },
        ..command.clone()
    };
    let mut after = picture.clone();
    for state in &waits.change.states {
        after.learn(Ask::State(state.key()), Answer::State(Some(state.clone())));
    }
    let given = decide_by(&after, &give, Author::Server).and_then(|given| {
        must_not_run_ahead(picture, &given, taken_at)?;
        Ok(given)
    });
    match given {
        Ok(given) => {
            let number = Some(claim.number);
            Ok(Admitted { number, ..whole(joined(waits.change, given)) })
        }
        Err(No::Needs(ask)) => Err(No::Needs(ask)),
        // It stays in the list of those that wait, where a person sees it.
        Err(No::Refused(_)) => Ok(waits),
    }
}

/// Two changes as one: the later value of a state counts.
fn joined(first: Change, second: Change) -> Change {
    let mut states = first.states;
    for state in second.states {
        match states.iter_mut().find(|before| before.key() == state.key()) {
            Some(before) => *before = state,
            None => states.push(state),
        }
    }
    let trail = first.trail.into_iter().chain(second.trail).collect();
    Change { states, trail }
}

/// What is said when the rules say no: facts of officers who may state them are never lost.
fn refused(picture: &Picture, command: &Command, why: Refusal) -> Result<Admitted, Ask> {
    let shut_out = matches!(
        why,
        Refusal::Forbidden { .. } | Refusal::NotActive | Refusal::Secret | Refusal::FoundedAlready
    );
    if shut_out || !command.act.is_fact() {
        let outcome = Outcome::Rejected(why);
        return Ok(Admitted { outcome, ..whole(Change::default()) });
    }
    let change = shown_as_held(picture, command, &why)?;
    let number = command.lease.map(|claim| claim.number);
    Ok(Admitted { outcome: Outcome::Held(why), number, ..whole(change) })
}

/// A claim that cannot stand, as its document shows it.
fn held_number(command: &Command, claim: LeaseClaim, why: &Refusal) -> HeldNumber {
    HeldNumber {
        number: claim.number,
        year: claim.year,
        epoch: claim.epoch,
        why: why.clone(),
        command: command.id,
        at: command.at,
        suffix: None,
    }
}

/// A stamped number that cannot stand: the document is entered without it and says so.
fn shown_as_held(picture: &Picture, command: &Command, why: &Refusal) -> Result<Change, Ask> {
    let Some(claim) = command.lease else { return Ok(Change::default()) };
    let held = held_number(command, claim, why);
    let entered = entered_without_number(picture, command).and_then(|mut change| {
        change.trail = mark(&mut change.states, command, &held);
        stray::joined(picture, change)
    });
    match entered {
        Ok(change) => Ok(change),
        Err(No::Needs(ask)) => Err(ask),
        Err(No::Refused(_)) => stray::kept(picture, command, held),
    }
}

/// Stands where a document that waits has its printed slip, and is taken away again.
fn no_slip(command: &Command) -> String {
    command.id.hex()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only three acts give a number")]
fn entered_without_number(picture: &Picture, command: &Command) -> Result<Change, No> {
    let slip = Some(no_slip(command));
    let mut without = Command { lease: None, ..command.clone() };
    let key = match &mut without.act {
        Act::RegisterIncoming(registered) => {
            registered.slip = slip;
            Key::Incoming(registered.document)
        }
        Act::RegisterOutgoing { document, slip: printed, .. } => {
            *printed = slip;
            Key::Outgoing(*document)
        }
        Act::GiveNumber { document, outgoing: false } => Key::Incoming(*document),
        Act::GiveNumber { document, outgoing: true } => Key::Outgoing(*document),
        _ => return Ok(Change::default()),
    };
    let there = picture.state(key)?.filter(|state| state.place().is_some());
    match there {
        Some(state) => Ok(Change { states: Vec::from([state.clone()]), trail: Vec::new() }),
        None => decide_by(picture, &without, Author::Late),
    }
}

/// Shows the clash on its document, and tells it in the history; a printed slip stays.
fn mark(states: &mut [State], command: &Command, held: &HeldNumber) -> Vec<TrailLine> {
    let mut trail = Vec::new();
    let stands_in = |slip: &mut String| *slip == no_slip(command);
    for state in states {
        match state {
            State::Incoming(document) => {
                document.held.push(held.clone());
                document.slip.take_if(stands_in);
            }
            State::Outgoing(document) => {
                document.held.push(held.clone());
                if let Some(given) = &mut document.given {
                    given.slip.take_if(stands_in);
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
            | State::Year(_) => continue,
        }
        let number = format!("{}/{}", held.number, held.year);
        trail.push(TrailLine {
            of: state.key(),
            by_command: command.id,
            by: command.actor,
            at: command.at,
            deed: Deed::NumberHeld,
            altered: one("number", "", &number),
            words: String::new(),
        });
    }
    trail
}
