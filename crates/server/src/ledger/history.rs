//! The log read again: a range of it, or the history of one thing, as far as a session may see it.
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use register::{Key, Right, TrailLine, has};
use sync::wire::{EntrySent, Hex, LogAnswer, Pushed, Trouble};

use super::{Ledger, standing};
use crate::fault::{CallError, StorageFault};
use crate::states::{ADMINISTRATORS, meets};
use crate::storage::{Entry, Reading, Session};

/// Entries one reading of the log may return, and bytes of their commands.
const LOG_ENTRIES_MAX: usize = 1000;
const LOG_BYTES_MAX: usize = 2 << 20;
/// Entries looked at for one answer, so that who may see little does not hold a reader long.
const LOOKED_AT_MAX: usize = 20_000;

/// What has gathered so far.
struct Gathering {
    scopes: BTreeSet<String>,
    to: u64,
    bytes: usize,
    looked_at: usize,
    answer: LogAnswer,
}

impl Gathering {
    fn look_at(&mut self, entry: Entry, trail: Vec<TrailLine>) -> ControlFlow<()> {
        let full = self.answer.entries.len() >= LOG_ENTRIES_MAX
            || self.bytes >= LOG_BYTES_MAX
            || self.looked_at >= LOOKED_AT_MAX;
        if entry.seq > self.to || full {
            return ControlFlow::Break(());
        }
        self.looked_at += 1;
        self.answer.to = entry.seq;
        if meets(&entry.aud, &self.scopes)
            && let Ok(command) = Pushed::of(&entry.envelope)
        {
            self.bytes += command.raw.len();
            self.answer.entries.push(EntrySent {
                seq: entry.seq,
                at: entry.at,
                outcome: entry.eff,
                command,
                id: entry.id,
                hash: Hex(entry.hash),
                trail,
            });
        }
        ControlFlow::Continue(())
    }
}

fn gathering(
    reading: &dyn Reading,
    session: &Session,
    (from, to): (u64, u64),
) -> Result<Gathering, CallError> {
    let standing = standing(reading, session)?;
    if standing.shut_out {
        return Err(Trouble::Revoked.into());
    }
    let mut scopes = standing.scopes;
    if standing.officer.is_some_and(|officer| has(&officer, Right::Administer)) {
        scopes.insert(ADMINISTRATORS.to_owned());
    }
    let answer = LogAnswer { to: from.saturating_sub(1), entries: Vec::new() };
    Ok(Gathering { scopes, to, bytes: 0, looked_at: 0, answer })
}

impl Ledger {
    /// Entries from one number to another that the session may read.
    ///
    /// # Errors
    /// [`Trouble::Revoked`] for who was shut out; faults.
    pub fn log(&self, session: &Session, from: u64, to: u64) -> Result<LogAnswer, CallError> {
        self.read(|reading| {
            let mut gathered = gathering(reading, session, (from, to))?;
            reading.entries(session.org, from, &mut |entry| gathered.look_at(entry, Vec::new()))?;
            Ok(gathered.answer)
        })
    }

    /// Entries that touched one thing, as [`Ledger::log`]; a thing that is not there has none.
    ///
    /// # Errors
    /// As [`Ledger::log`].
    pub fn log_of(
        &self,
        session: &Session,
        key: Key,
        (from, to): (u64, u64),
    ) -> Result<LogAnswer, CallError> {
        self.read(|reading| {
            let mut gathered = gathering(reading, session, (from, to))?;
            let mut broken = None;
            reading.entries_of(session.org, key, from, &mut |entry, trail| {
                match serde_json::from_str(trail) {
                    Ok(lines) => gathered.look_at(entry, lines),
                    Err(source) => {
                        broken = Some(StorageFault::Body { what: "history", source });
                        ControlFlow::Break(())
                    }
                }
            })?;
            broken.map_or(Ok(gathered.answer), |fault| Err(fault.into()))
        })
    }
}
