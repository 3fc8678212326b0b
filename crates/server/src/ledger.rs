//! The ledger of every agency: takes signed commands in, hands states out, keeps one order.
//!
//! It knows nothing of HTTP, reads no clock and throws no dice: time and chance are arguments.
mod codes;
mod pull;
mod restored;
mod sessions;
mod taking;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use register::{
    AgencyId, Command, DeviceId, Key, Moment, Officer, Recorded, Right, State, has, scopes_of,
};
use sync::wire::{
    Ack, EntrySent, Gone, Head, Hex, LogAnswer, PUSHED_MAX, Pushed, STATE_FORM, SyncAnswer,
    SyncAsked, Trouble,
};
use sync::{CommandFault, Envelope, VerifyingKey, decode, verify};

use crate::fault::{CallError, StorageFault, malformed};
use crate::heads::Heads;
use crate::identity::Identity;
use crate::states::{ADMINISTRATORS, meets, names_of, state_from};
use crate::storage::{
    DeviceKey, Found, Org, Reading, Session, Storage, Writing, looked_up, written,
};

pub use self::codes::CODE_BYTES;
pub(crate) use self::taking::Taking;

/// The oldest program that can read the states of this server.
const APP_MIN: &str = "0.1.0";
/// Entries one reading of the log may return, and bytes of their commands.
const LOG_ENTRIES_MAX: usize = 1000;
const LOG_BYTES_MAX: usize = 2 << 20;

/// The ledger of all agencies of one server.
pub struct Ledger {
    storage: Arc<dyn Storage>,
    identity: Arc<Identity>,
    /// Who waits for news.
    pub heads: Heads,
    /// Makes challenges that only this process can have made.
    challenger: [u8; 32],
    /// Challenges that were answered, until they are too old to be answered again.
    answered: Mutex<BTreeMap<[u8; 32], Moment>>,
}

/// A command whose bytes were read and whose signature was checked.
pub(crate) struct Signed {
    pub command: Command,
    pub envelope: Envelope,
    /// What was said of it in a life of the server that was lost.
    pub before: Option<Box<Recorded>>,
}

/// What a session may see now.
pub(crate) struct Standing {
    /// The officer, once he stands in the log.
    pub officer: Option<Officer>,
    /// The circles he belongs to, by name.
    pub scopes: BTreeSet<String>,
    /// The PC or the officer was shut out.
    pub shut_out: bool,
}

/// A state, read and understood.
pub(crate) fn state_of(reading: &dyn Reading, org: AgencyId, key: Key) -> Found<Option<State>> {
    let mut read = None;
    reading.state(org, key, &mut |kept| {
        read = Some(state_from(kept.body));
        std::ops::ControlFlow::Break(())
    })?;
    read.transpose()
}

pub(crate) fn standing(reading: &dyn Reading, session: &Session) -> Found<Standing> {
    let officer = match state_of(reading, session.org, Key::Officer(session.officer))? {
        Some(State::Officer(officer)) => Some(officer),
        Some(_) | None => None,
    };
    let device_shut_out = match state_of(reading, session.org, Key::Device(session.dev))? {
        Some(State::Device(device)) => device.revoked.is_some() || device.retired.is_some(),
        Some(_) | None => false,
    };
    let has_left = officer.as_ref().is_some_and(|officer| !officer.active);
    let shut_out = device_shut_out || has_left;
    let scopes = match &officer {
        Some(officer) if !shut_out => names_of(&scopes_of(officer)),
        Some(_) | None => BTreeSet::new(),
    };
    Ok(Standing { officer, scopes, shut_out })
}

pub(crate) fn org_of(reading: &dyn Reading, org: AgencyId) -> Result<Org, CallError> {
    reading.org(org)?.ok_or(CallError::Trouble(Trouble::NoSession))
}

impl Ledger {
    /// A ledger over a storage. `challenger` is random and belongs to this process alone.
    pub fn new(storage: Arc<dyn Storage>, identity: Identity, challenger: [u8; 32]) -> Ledger {
        Ledger {
            storage,
            identity: Arc::new(identity),
            heads: Heads::default(),
            challenger,
            answered: Mutex::default(),
        }
    }

    /// Who the server is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    fn read<T>(
        &self,
        job: impl FnOnce(&dyn Reading) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        looked_up(&*self.storage, job)
    }

    fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn Writing) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        written(&*self.storage, job)
    }

    /// Takes commands in, then hands out what the session may see (SYNC 2.3).
    ///
    /// # Errors
    /// Troubles the caller is told. After [`Trouble::Revoked`] and [`Trouble::TooOld`] the commands
    /// were taken all the same; after every other nothing was done.
    pub fn sync(
        &self,
        asked: &SyncAsked,
        session: &Session,
        now: Moment,
    ) -> Result<SyncAnswer, CallError> {
        if asked.org != session.org || asked.dev != session.dev {
            return Err(malformed("another agency or PC than that of the session"));
        }
        if asked.push.len() + asked.relay.len() > PUSHED_MAX {
            return Err(malformed("more commands than one call may carry"));
        }
        let keys = self.read(|reading| {
            must_know_us(reading, asked)?;
            keys_of(reading, asked)
        })?;
        let refused = self.take_offer(asked, session, now)?;
        let own = read_own(asked, &keys)?;
        let relayed = read_relayed(asked, &keys);
        let acks = if own.is_empty() && relayed.is_empty() {
            Vec::new()
        } else {
            self.take(asked.org, own, relayed, now)?
        };
        let [lowest, highest] = asked.forms;
        self.read(|reading| {
            let org = org_of(reading, asked.org)?;
            let standing = standing(reading, session)?;
            if standing.shut_out {
                return Err(Trouble::Revoked.into());
            }
            if STATE_FORM < lowest || STATE_FORM > highest {
                return Err(Trouble::TooOld { min_app: APP_MIN.to_owned() }.into());
            }
            let page = pull::page(reading, &org, &standing.scopes, asked)?;
            let mut gone = page.gone;
            gone.extend(refused.iter().map(|of| Gone { of: *of, ver: org.head }));
            Ok(SyncAnswer {
                offer_taken: asked.offer.is_some(),
                epoch: org.epoch,
                head: self.identity.sign_head(&org),
                durable: org.durable,
                now,
                acks,
                from: asked.cursor,
                to: page.to,
                more: page.more,
                below: page.below,
                states: page.states,
                gone,
                scopes: standing.scopes.into_iter().collect(),
            })
        })
    }

    fn take(
        &self,
        org: AgencyId,
        own: Vec<Signed>,
        relayed: Vec<Signed>,
        now: Moment,
    ) -> Result<Vec<Ack>, CallError> {
        let identity = Arc::clone(&self.identity);
        let (acks, head) = self.write(move |writing| {
            let mut taking = Taking::begin(writing, &identity, org, now)?;
            let mut acks = taking.take_relayed(relayed)?;
            acks.extend(taking.take_own(own)?);
            Ok((acks, taking.finish()?))
        })?;
        self.heads.grew(org, head);
        Ok(acks)
    }

    /// Looks whether the storage answers.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn is_well(&self) -> Result<(), CallError> {
        self.read(|reading| Ok(reading.orgs().map(|_| ())?))
    }

    /// The end of the log of a session's agency.
    ///
    /// # Errors
    /// [`Trouble::Revoked`] for who was shut out; faults.
    pub fn head(&self, session: &Session) -> Result<u64, CallError> {
        self.read(|reading| {
            if standing(reading, session)?.shut_out {
                return Err(Trouble::Revoked.into());
            }
            Ok(org_of(reading, session.org)?.head)
        })
    }

    /// Entries from one number to another that the session may read.
    ///
    /// # Errors
    /// [`Trouble::Revoked`] for who was shut out; faults.
    pub fn log(&self, session: &Session, from: u64, to: u64) -> Result<LogAnswer, CallError> {
        self.read(|reading| {
            let standing = standing(reading, session)?;
            if standing.shut_out {
                return Err(Trouble::Revoked.into());
            }
            let mut scopes = standing.scopes;
            if standing.officer.is_some_and(|officer| has(&officer, Right::Administer)) {
                scopes.insert(ADMINISTRATORS.to_owned());
            }
            let mut answer = LogAnswer { to: from.saturating_sub(1), entries: Vec::new() };
            let mut bytes = 0;
            reading.entries(session.org, from, &mut |entry| {
                let full = answer.entries.len() >= LOG_ENTRIES_MAX || bytes >= LOG_BYTES_MAX;
                if entry.seq > to || full {
                    return std::ops::ControlFlow::Break(());
                }
                answer.to = entry.seq;
                if meets(&entry.aud, &scopes)
                    && let Ok(command) = Pushed::of(&entry.envelope)
                {
                    bytes += command.raw.len();
                    answer.entries.push(EntrySent {
                        seq: entry.seq,
                        at: entry.at,
                        outcome: entry.eff,
                        command,
                        id: entry.id,
                        hash: Hex(entry.hash),
                    });
                }
                std::ops::ControlFlow::Continue(())
            })?;
            Ok(answer)
        })
    }
}

/// The server this PC knows must be this server in this life, with the log it has seen.
fn must_know_us(reading: &dyn Reading, asked: &SyncAsked) -> Result<(), CallError> {
    let org = org_of(reading, asked.org)?;
    if asked.epoch != org.epoch {
        return Err(Trouble::OtherEpoch { epoch: org.epoch, head0: org.head0 }.into());
    }
    let Some(Head { seq, hash }) = asked.last.filter(|last| last.seq > 0) else { return Ok(()) };
    let mut ours = None;
    reading.entries(asked.org, seq, &mut |entry| {
        ours = (entry.seq == seq).then_some(entry.hash);
        std::ops::ControlFlow::Break(())
    })?;
    if ours == Some(hash.0) { Ok(()) } else { Err(Trouble::OtherLog { seq }.into()) }
}

type Keys = BTreeMap<DeviceId, Vec<DeviceKey>>;

/// The keys of every PC whose commands are in the call.
fn keys_of(reading: &dyn Reading, asked: &SyncAsked) -> Result<Keys, CallError> {
    let mut keys = BTreeMap::from([(asked.dev, reading.keys(asked.org, asked.dev)?)]);
    for pushed in &asked.relay {
        // What cannot be read has no PC; it is dropped where it is taken.
        let Ok(command) = decode(pushed.raw.as_bytes()) else { continue };
        if let std::collections::btree_map::Entry::Vacant(free) = keys.entry(command.dev) {
            free.insert(reading.keys(asked.org, command.dev)?);
        }
    }
    Ok(keys)
}

fn read_signed(pushed: &Pushed, org: AgencyId, keys: &Keys) -> Result<Signed, CallError> {
    let envelope = pushed.envelope();
    let command = decode(&envelope.raw).map_err(|fault| match fault {
        CommandFault::TooLarge => malformed("a command over its limit"),
        CommandFault::Unreadable | CommandFault::BadSignature => malformed("not a command"),
    })?;
    if command.org != org {
        return Err(malformed("a command of another agency"));
    }
    let of_device = keys.get(&command.dev).map_or(&[][..], Vec::as_slice);
    let signed = of_device.iter().filter(|key| key.officer == command.actor).any(|key| {
        VerifyingKey::from_bytes(&key.public.0).is_ok_and(|key| verify(&envelope, &key).is_ok())
    });
    if !signed {
        return Err(Trouble::BadSignature.into());
    }
    Ok(Signed { command, envelope, before: pushed.before.clone() })
}

fn read_own(asked: &SyncAsked, keys: &Keys) -> Result<Vec<Signed>, CallError> {
    let mut own = Vec::with_capacity(asked.push.len());
    for pushed in &asked.push {
        let signed = read_signed(pushed, asked.org, keys)?;
        if signed.command.dev != asked.dev {
            return Err(malformed("a command of another PC among one's own"));
        }
        own.push(signed);
    }
    Ok(own)
}

/// Carried commands that can be trusted. One that cannot does not stop who carries it; those of the
/// same PC behind it then wait for the gap to close.
fn read_relayed(asked: &SyncAsked, keys: &Keys) -> Vec<Signed> {
    let mut relayed = Vec::with_capacity(asked.relay.len());
    for pushed in &asked.relay {
        match read_signed(pushed, asked.org, keys) {
            Ok(signed) => relayed.push(signed),
            Err(fault) => tracing::warn!(org = %asked.org, %fault, "a carried command was dropped"),
        }
    }
    relayed
}

/// A stamp as the text in the chain.
pub(crate) fn eff_of(stamp: &sync::wire::Stamp) -> Found<String> {
    serde_json::to_string(stamp).map_err(|source| StorageFault::Body { what: "stamp", source })
}

/// The stamp behind the text in the chain.
pub(crate) fn stamp_of(eff: &str) -> Found<sync::wire::Stamp> {
    serde_json::from_str(eff).map_err(|source| StorageFault::Body { what: "stamp", source })
}
