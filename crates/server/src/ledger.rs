//! The ledger of every agency: takes signed commands in, hands states out, keeps one order.
//!
//! It knows nothing of HTTP, reads no clock and throws no dice: time and chance are arguments.
mod bags;
mod blobs;
mod carrying;
mod codes;
mod directory;
mod evidence;
mod history;
mod keepers;
mod measure;
mod packing;
mod peers;
mod posting;
mod pull;
mod quiet;
mod releases;
mod restored;
mod sessions;
mod soon;
mod taking;
mod told_again;
mod unnamed;
mod watching;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::{Arc, Mutex, RwLock};
use std::thread;

use register::{
    AgencyId, Command, DeviceId, Key, Moment, Officer, OfficerId, Recorded, Scope, State, scopes_of,
};
use sync::release::Version;
use sync::wire::{
    Ack, Gone, Head, PUSHED_MAX, Pushed, STATE_FORM, Stuck, StuckWhy, SyncAnswer, SyncAsked,
    Trouble,
};
use sync::{CommandFault, Envelope, VerifyingKey, decode, verify};

use crate::blobs::Blobs;
use crate::fault::{CallError, StorageFault, malformed};
use crate::heads::Heads;
use crate::identity::Identity;
use crate::states::{names_of, state_from};
use crate::storage::{
    Commits, DeviceKey, Found, Fresh, Org, Reading, Session, Storage, Waits, Writing,
    looked_up_lightly, written, written_soon,
};

pub(crate) use self::bags::FromStick;
pub use self::bags::House;
pub use self::blobs::PartsSent;
pub use self::carrying::{Carried, carries};
pub use self::codes::CODE_BYTES;
pub use self::keepers::{
    Keeper, NotAKeeper, StatementsVerified, all_stated, move_directory, verify_statements,
};
use self::measure::Measure;
pub use self::packing::Packed;
pub(crate) use self::packing::Which;
pub use self::peers::{Anyway, NotAPeer, Peer, PeerAtAGlance};
pub use self::releases::{NotARelease, ReleaseAtAGlance, release_house};
pub(crate) use self::taking::Taking;
pub use self::unnamed::TakenAway;
pub use self::watching::watches;

/// The oldest program that can read the states of this server.
const APP_MIN: &str = "0.1.0";
/// Commands for which a thread of their own is worth while.
const CHECKED_TOGETHER_MIN: usize = 24;

/// The ledger of all agencies of one server.
pub struct Ledger {
    storage: Arc<dyn Storage>,
    identity: Arc<Identity>,
    /// Files, where this server keeps some.
    blobs: Option<Arc<dyn Blobs>>,
    /// Who waits for news.
    pub heads: Heads,
    /// Makes challenges that only this process can have made.
    challenger: [u8; 32],
    /// Challenges that were answered, until they are too old to be answered again.
    answered: Mutex<BTreeMap<[u8; 32], Moment>>,
    sessions: sessions::Sessions,
    measure: Measure,
    /// Wakes who carries between agencies.
    bell: Arc<carrying::Bell>,
    /// Wakes who talks with other servers.
    pub(crate) peer_bell: Arc<carrying::Bell>,
    quiet: quiet::Quiet,
    peering: bags::Peering,
    /// Read while files are given to an agency that does not name them yet, written while one is
    /// taken away.
    giving: RwLock<()>,
}

/// A server in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Agencies.
    pub agencies: u64,
    /// Entries of all logs.
    pub entries: u64,
    /// Those that no copy elsewhere has.
    pub not_durable: u64,
    /// How they became durable here.
    pub commits: Commits,
    /// What waits to go to another agency, by the server it goes to.
    pub waits: Vec<Waits>,
    /// PCs by the version of their program.
    pub versions: BTreeMap<Version, u64>,
}

/// A command whose bytes were read and whose signature was checked.
pub(crate) struct Signed {
    pub command: Command,
    pub envelope: Envelope,
    /// What was said of it in a life of the server that was lost.
    pub before: Option<Box<Recorded>>,
}

/// The commands of a call, read and checked.
struct Offered {
    /// Of the calling PC, up to the first that cannot be taken as it is.
    own: Vec<Signed>,
    /// What is wrong with that one.
    unread: Option<Stuck>,
    /// Carried ones that can be trusted.
    relayed: Vec<Signed>,
    /// What is wrong with the others.
    dropped: Vec<StuckWhy>,
}

impl Offered {
    fn is_whole(&self) -> bool {
        self.unread.is_none() && self.dropped.is_empty()
    }

    fn tell(&self, asked: &SyncAsked) {
        let (org, dev) = (asked.org, asked.dev);
        if let Some(Stuck { at: _, n, why }) = &self.unread {
            tracing::warn!(%org, %dev, n, ?why, "a PC is stuck");
        }
        for why in &self.dropped {
            tracing::warn!(%org, ?why, "a carried command was dropped");
        }
    }
}

/// What became of what a call brought.
#[derive(Default)]
struct Brought {
    /// Things out of an earlier life of the server that are not believed.
    refused: Vec<Key>,
    acks: Vec<Ack>,
    stuck: Option<Stuck>,
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
            blobs: None,
            heads: Heads::default(),
            challenger,
            answered: Mutex::default(),
            sessions: sessions::Sessions::default(),
            measure: Measure::default(),
            bell: Arc::default(),
            peer_bell: Arc::default(),
            quiet: quiet::Quiet::default(),
            peering: bags::Peering::default(),
            giving: RwLock::default(),
        }
    }

    /// The same, with a place for the files that documents name.
    pub fn with_blobs(self, blobs: Arc<dyn Blobs>) -> Ledger {
        Ledger { blobs: Some(blobs), ..self }
    }

    /// The same with another measure of what one PC may bring in a day.
    pub fn with_commands_a_day(self, max: u64) -> Ledger {
        Ledger { measure: Measure::of(max), ..self }
    }

    /// Who the server is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    fn read<T>(
        &self,
        job: impl FnMut(&dyn Reading) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        self.read_as(Fresh::Now, job)
    }

    fn read_as<T>(
        &self,
        fresh: Fresh,
        job: impl FnMut(&dyn Reading) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        looked_up_lightly(&*self.storage, fresh, job)
    }

    /// Changes what belongs to one agency, or, with none, sessions and codes.
    fn write<T: Send + 'static>(
        &self,
        of: Option<AgencyId>,
        job: impl FnOnce(&dyn Writing) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        written(&*self.storage, of, job)
    }

    fn write_found<T: Send + 'static>(
        &self,
        of: AgencyId,
        job: impl FnOnce(&dyn Writing) -> Found<T> + Send + 'static,
    ) -> Found<T> {
        written(&*self.storage, Some(of), job)
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
        let brings = asked.offer.is_some() || !asked.push.is_empty() || !asked.relay.is_empty();
        let Brought { refused, acks, stuck } =
            if brings { self.brought(asked, session, now)? } else { Brought::default() };
        let [lowest, highest] = asked.forms;
        let (directory, releases) = (self.directory_head(now)?, self.releases(now)?.mark);
        let fresh = if brings { Fresh::AsWritten } else { Fresh::Now };
        let answer = self.read_as(fresh, |reading| {
            if !brings {
                must_know_us(reading, asked)?;
            }
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
                acks: acks.clone(),
                last_n: reading.last_n(asked.org, asked.dev)?,
                stuck,
                from: asked.cursor,
                to: page.to,
                more: page.more,
                below: page.below,
                states: page.states,
                gone,
                scopes: standing.scopes.into_iter().collect(),
                totals: page.totals,
                directory,
                releases,
            })
        })?;
        self.heads.reads(session, &answer.scopes);
        if answer.scopes.contains(&Scope::Staff.name()) {
            // What it asks behind, it has.
            let upto = asked.cursor.min(answer.head.head.seq);
            self.note_fetched(asked.org, upto, now)?;
        }
        Ok(answer)
    }

    /// Takes what a call brings, from a PC that knows this server.
    fn brought(
        &self,
        asked: &SyncAsked,
        session: &Session,
        now: Moment,
    ) -> Result<Brought, CallError> {
        // What is known here will do for nearly every call; what it says no to is looked up anew.
        let known = self.read_offered(asked, Fresh::AsWritten).ok().filter(Offered::is_whole);
        let offered = match known.filter(|_| asked.offer.is_none()) {
            Some(known) => known,
            None => self.read_offered(asked, Fresh::Now)?,
        };
        offered.tell(asked);
        let refused = self.take_offer(asked, session, now)?;
        let Offered { own, unread, relayed, dropped: _ } = offered;
        let (acks, twin) = if own.is_empty() && relayed.is_empty() {
            (Vec::new(), None)
        } else {
            self.measure.must_be_left((asked.org, asked.dev), now)?;
            self.take((asked.org, asked.dev, asked.epoch), own, relayed, now)?
        };
        // A twin stands before what could not be read.
        Ok(Brought { refused, acks, stuck: twin.or(unread) })
    }

    fn read_offered(&self, asked: &SyncAsked, fresh: Fresh) -> Result<Offered, CallError> {
        let (keys, last_n) = self.read_as(fresh, |reading| {
            must_know_us(reading, asked)?;
            Ok((keys_of(reading, asked)?, reading.last_n(asked.org, asked.dev)?))
        })?;
        let (own, unread) = read_own(asked, &keys, last_n);
        let (relayed, dropped) = read_relayed(asked, &keys);
        Ok(Offered { own, unread, relayed, dropped })
    }

    fn take(
        &self,
        (org, carrier, epoch): (AgencyId, DeviceId, u32),
        own: Vec<Signed>,
        relayed: Vec<Signed>,
        now: Moment,
    ) -> Result<(Vec<Ack>, Option<Stuck>), CallError> {
        let identity = Arc::clone(&self.identity);
        let soon = soon::of(own.iter().chain(&relayed));
        let taken = written_soon(&*self.storage, (org, soon), move |writing| {
            let mut taking = Taking::begin(writing, &identity, org, now)?;
            taking.must_live_in(epoch)?;
            let mut acks = taking.take_relayed(relayed, carrier)?;
            let (own, stuck) = taking.take_own(own)?;
            acks.extend(own);
            let news = (taking.posted, taking.listed);
            Ok::<_, CallError>((acks, stuck, taking.finish()?, news))
        });
        let (acks, stuck, grown, (posted, listed)) = taken?;
        let new = acks.iter().filter(|ack| ack.seq > grown.before).count();
        self.measure.count((org, carrier), now, new as u64);
        if listed {
            self.quiet.directory_changed();
        }
        self.heads.grew_by(org, grown);
        if posted {
            self.bell.ring();
        }
        Ok((acks, stuck))
    }

    /// Looks whether the storage answers.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn is_well(&self) -> Result<(), CallError> {
        self.read(|reading| Ok(reading.orgs().map(|_| ())?))
    }

    /// What there is, in numbers.
    ///
    /// # Errors
    /// Faults of the storage.
    pub fn measured(&self) -> Result<Measured, CallError> {
        self.read(|reading| {
            let commits = self.storage.commits();
            let (waits, versions) = (reading.waits()?, releases::versions(reading)?);
            let mut measured =
                Measured { agencies: 0, entries: 0, not_durable: 0, commits, waits, versions };
            for id in reading.orgs()? {
                let Some(org) = reading.org(id)? else { continue };
                measured.agencies += 1;
                measured.entries += org.head;
                measured.not_durable += org.head.saturating_sub(org.durable);
            }
            Ok(measured)
        })
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

/// Keys ready to check with, by the PC and the officer who signs with them.
type Keys = BTreeMap<DeviceId, Vec<(OfficerId, VerifyingKey)>>;

/// The keys of every PC whose commands are in the call.
fn keys_of(reading: &dyn Reading, asked: &SyncAsked) -> Result<Keys, CallError> {
    let of = |dev: DeviceId| -> Result<Vec<(OfficerId, VerifyingKey)>, CallError> {
        let ready =
            |key: DeviceKey| Some((key.officer, VerifyingKey::from_bytes(&key.public.0).ok()?));
        Ok(reading.keys(asked.org, dev)?.into_iter().filter_map(ready).collect())
    };
    let mut keys = BTreeMap::from([(asked.dev, of(asked.dev)?)]);
    for pushed in &asked.relay {
        // What cannot be read has no PC; it is dropped where it is taken.
        let Ok(command) = decode(pushed.raw.as_bytes()) else { continue };
        if let std::collections::btree_map::Entry::Vacant(free) = keys.entry(command.dev) {
            free.insert(of(command.dev)?);
        }
    }
    Ok(keys)
}

fn read_signed(pushed: &Pushed, org: AgencyId, keys: &Keys) -> Result<Signed, StuckWhy> {
    let envelope = pushed.envelope();
    let command = decode(&envelope.raw).map_err(|fault| match fault {
        CommandFault::TooLarge => StuckWhy::TooLarge,
        CommandFault::Unreadable | CommandFault::BadSignature => StuckWhy::Unreadable,
    })?;
    if command.org != org {
        return Err(StuckWhy::OtherAgency);
    }
    let of_device = keys.get(&command.dev).map_or(&[][..], Vec::as_slice);
    let mut his = of_device.iter().filter(|(officer, _)| *officer == command.actor);
    if !his.any(|(_, key)| verify(&envelope, key).is_ok()) {
        return Err(StuckWhy::BadSignature);
    }
    Ok(Signed { command, envelope, before: pushed.before.clone() })
}

/// Reads commands and checks their signatures, which takes longer than all else of a call: on every
/// core, before the one writer is asked for.
fn read_all(all: &[Pushed], org: AgencyId, keys: &Keys) -> Vec<Result<Signed, StuckWhy>> {
    let most = all.len() / CHECKED_TOGETHER_MIN;
    // Counting the cores takes longer than checking a signature.
    let cores = if most > 1 { thread::available_parallelism() } else { Ok(NonZero::<usize>::MIN) };
    let threads = cores.map_or(1, NonZero::get).min(most).max(1);
    let each = all.len().div_ceil(threads).max(1);
    let read = |part: &[Pushed]| -> Vec<_> {
        part.iter().map(|pushed| read_signed(pushed, org, keys)).collect()
    };
    let read = &read;
    let (mine, rest) = all.split_at(each.min(all.len()));
    thread::scope(|scope| {
        let parts = rest.chunks(each).map(|part| scope.spawn(move || read(part)));
        let parts: Vec<_> = parts.collect();
        let mut done = read(mine);
        for part in parts {
            // What broke there breaks this call, and no other.
            done.extend(part.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)));
        }
        done
    })
}

/// The own commands up to the first that cannot be taken as it is, and what is wrong with that one.
fn read_own(asked: &SyncAsked, keys: &Keys, last_n: u64) -> (Vec<Signed>, Option<Stuck>) {
    let mut own = Vec::<Signed>::with_capacity(asked.push.len());
    let all = read_all(&asked.push, asked.org, keys);
    for ((at, pushed), read) in (0..).zip(&asked.push).zip(all) {
        let why = match read {
            Ok(signed) if signed.command.dev == asked.dev => {
                own.push(signed);
                continue;
            }
            Ok(_) => StuckWhy::OtherPc,
            Err(why) => why,
        };
        let before = own.last().map_or(last_n, |signed| signed.command.n);
        let read = decode(pushed.raw.as_bytes());
        let n = read.as_ref().map_or(before.saturating_add(1), |command| command.n);
        let elsewhere =
            read.is_ok_and(|command| command.org == asked.org && command.dev != asked.dev);
        let why = if elsewhere { StuckWhy::OtherPc } else { why };
        return (own, Some(Stuck { at, n, why }));
    }
    (own, None)
}

/// Carried commands that can be trusted, and what is wrong with the others: these do not stop who
/// carries them, and those of the same PC behind them wait for the gap to close.
fn read_relayed(asked: &SyncAsked, keys: &Keys) -> (Vec<Signed>, Vec<StuckWhy>) {
    let (mut relayed, mut dropped) = (Vec::with_capacity(asked.relay.len()), Vec::new());
    for read in read_all(&asked.relay, asked.org, keys) {
        match read {
            Ok(signed) => relayed.push(signed),
            Err(why) => dropped.push(why),
        }
    }
    (relayed, dropped)
}

/// A stamp as the text in the chain.
pub(crate) fn eff_of(stamp: &sync::wire::Stamp) -> Found<String> {
    serde_json::to_string(stamp).map_err(|source| StorageFault::Body { what: "stamp", source })
}

/// The stamp behind the text in the chain.
pub(crate) fn stamp_of(eff: &str) -> Found<sync::wire::Stamp> {
    serde_json::from_str(eff).map_err(|source| StorageFault::Body { what: "stamp", source })
}
