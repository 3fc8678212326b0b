//! The next question, on its way while the answer before it is being taken in: the server works
//! while this PC writes.
//!
//! It is asked for the place where this PC will stand. What it brings counts only where this PC has
//! come to stand there; otherwise it is an answer that was lost on the way, which the server gives
//! again as often as it is asked (SYNC F1).
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use register::{OfficerId, State};
use store::Outbox;
use sync::replica::Placed;
use sync::wire::{Below, SyncAnswer, SyncAsked};

use crate::line::caller::{CallFault, Caller};

/// Bytes of states that may come with a page while the one before it is taken in; the first of a
/// meeting is smaller, and so is each on a line that breaks.
const PAGE_BYTES: u32 = 2 << 20;

/// An answer, with the question it belongs to.
pub(crate) struct Heard {
    pub asked: SyncAsked,
    pub answer: SyncAnswer,
    /// The states in it, read.
    pub states: Vec<Placed>,
    /// How long it took to come.
    pub took: Duration,
}

/// Asks, and reads what comes back.
pub(crate) fn hear(caller: &Caller, token: &str, asked: SyncAsked) -> Result<Heard, CallFault> {
    let began = Instant::now();
    let answer: SyncAnswer = caller.post("/v1/sync", Some(token), &asked)?;
    let states = states_in(&answer)?;
    Ok(Heard { asked, answer, states, took: began.elapsed() })
}

fn states_in(answer: &SyncAnswer) -> Result<Vec<Placed>, CallFault> {
    let read = |sent: &sync::wire::StateSent| {
        let state = serde_json::from_str::<State>(sent.state.get()).map_err(|fault| {
            tracing::warn!(%fault, ver = sent.ver, "a state that cannot be read");
            CallFault::Strange("state")
        })?;
        Ok(Placed { ver: sent.ver, state })
    };
    answer.states.iter().map(read).collect()
}

/// A question that is on its way.
pub(crate) struct Ahead {
    officer: OfficerId,
    place: Place,
    comes: Receiver<Result<Heard, CallFault>>,
}

/// Where a PC stands with reading, in one life of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    epoch: u32,
    cursor: u64,
    below: Option<Below>,
}

fn place_of(asked: &SyncAsked) -> Place {
    Place { epoch: asked.epoch, cursor: asked.cursor, below: asked.below }
}

impl Ahead {
    /// Sends a question; none is on its way when the system gives no thread.
    pub(crate) fn asks(
        (caller, token): (&Caller, &str),
        officer: OfficerId,
        asked: SyncAsked,
    ) -> Option<Ahead> {
        let place = place_of(&asked);
        let (tells, comes) = sync_channel(1);
        let (caller, token) = (caller.clone(), token.to_owned());
        let asks = move || {
            // Nobody waits for an answer that does not fit any more.
            drop(tells.send(hear(&caller, &token, asked)));
        };
        let thread = thread::Builder::new().name("line-ahead".to_owned()).spawn(asks);
        thread.is_ok().then_some(Ahead { officer, place, comes })
    }

    /// The answer, if it is one to the question that this officer would ask now.
    pub(crate) fn heard(
        self,
        officer: OfficerId,
        asked: &SyncAsked,
    ) -> Option<Result<Heard, CallFault>> {
        let fits = self.officer == officer && self.place == place_of(asked);
        // One who has seen less than he offers, or who compares, asks for himself.
        if !fits || asked.offer.is_some() {
            return None;
        }
        self.comes.recv().ok()
    }
}

/// What will be asked once an answer is taken in; nothing when all is said with it, or when it
/// takes a look at what became of it first. `outbox` begins with what this question sent.
pub(crate) fn asked_next(heard: &Heard, outbox: Outbox) -> Option<SyncAsked> {
    let Heard { asked, answer, .. } = heard;
    let all_answered = answer.acks.len() >= asked.push.len() + asked.relay.len();
    let is_plain = asked.offer.is_none() && answer.stuck.is_none();
    if !is_plain || !all_answered || answer.epoch != asked.epoch || answer.from != asked.cursor {
        return None;
    }
    let sent: BTreeSet<_> = asked.push.iter().chain(&asked.relay).map(|one| one.sig.0).collect();
    let rest = |all: Vec<sync::wire::Pushed>| -> Vec<_> {
        all.into_iter().filter(|one| !sent.contains(&one.sig.0)).collect()
    };
    let (push, relay) = (rest(outbox.own), rest(outbox.carried));
    if push.is_empty() && relay.is_empty() && !answer.more {
        return None;
    }
    // Who brings a whole register reads nothing before it is there.
    let adopts = asked.max == 0;
    let cursor = if adopts { asked.cursor } else { answer.to };
    let begins = Below { from_head: 0, below: 0 };
    let below = (cursor == 0 && !adopts).then(|| answer.below.unwrap_or(begins));
    let last = (answer.head.head.seq > 0).then_some(answer.head.head);
    let max = if adopts { 0 } else { PAGE_BYTES };
    Some(SyncAsked { last, push, relay, cursor, below, max, ..asked.clone() })
}

#[cfg(test)]
#[path = "ahead_tests.rs"]
mod tests;
