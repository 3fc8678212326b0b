//! Looks a whole server over: the chain, every signature, every verdict judged again, every number.
mod beside;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use register::{
    Admitted, AgencyId, Answer, Ask, BlobId, BookId, Command, CommandId, DeviceId, DocumentId, Key,
    Moment, NumberUse, OfficerId, Outcome, Picture, PublicKey, Recorded, Signer, State, admit,
    audience, readmit,
};
use sync::wire::Stamp;
use sync::{Hash, Link, VerifyingKey, decode, genesis, link_hash, verify as verify_signature};

use crate::blobs::Blobs;
use crate::fault::StorageFault;
use crate::identity::Identity;
use crate::ledger::{eff_of, stamp_of};
use crate::states::{body_of, document_of, entry_audience, filed, joined, names_of};
use crate::storage::{Entry, Filed, Found, Kept, Org, Reading, Span, Storage, looked_up};

use self::beside::Beside;

/// Flaws told of one agency; behind the first ones the others are mostly their echoes.
const FLAWS_MAX: usize = 100;
/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// An entry is missing here.
    Missing {
        /// Its number.
        seq: u64,
    },
    /// The entry's row cannot be read at all.
    Unreadable {
        /// Its number.
        seq: u64,
    },
    /// The entry's bytes, time, verdict or place are not those the chain was made of.
    Chain {
        /// Its number.
        seq: u64,
    },
    /// The entry's columns do not say what its signed bytes say.
    Columns {
        /// Its number.
        seq: u64,
    },
    /// The signature is of no key of its officer on that PC.
    Signature {
        /// Its number.
        seq: u64,
    },
    /// The rules, asked again, say something else.
    Verdict {
        /// Its number.
        seq: u64,
    },
    /// The log ends elsewhere than it says.
    End {
        /// Where it says it ends.
        says: u64,
    },
    /// The state is not the one its log makes.
    State {
        /// Which.
        key: Key,
    },
    /// A key is trusted that no entry took in.
    Key {
        /// On this PC.
        dev: DeviceId,
        /// Of this officer.
        officer: OfficerId,
    },
    /// The history of a thing does not tell what this entry did to it.
    History {
        /// The thing.
        key: Key,
        /// The entry.
        seq: u64,
    },
    /// There are histories that no entry wrote.
    Histories {
        /// So many.
        more: u64,
    },
    /// Who may send and read a file on this thing is not what its entries say.
    File {
        /// The thing.
        key: Key,
        /// The file.
        blob: BlobId,
    },
    /// A thing names a file that a PC has proven to have sent, and the file is not on the disk.
    FileGone {
        /// The thing.
        key: Key,
        /// The file.
        blob: BlobId,
    },
    /// A number is not exactly one of document, void and placeholder, or is not found by look-up.
    Number {
        /// The book.
        book: BookId,
        /// The year.
        year: i16,
        /// The number.
        number: u32,
    },
}

/// What was found of one agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The agency.
    pub org: AgencyId,
    /// Entries looked at.
    pub entries: u64,
    /// States compared.
    pub states: usize,
    /// Numbers counted.
    pub numbers: usize,
    /// What is wrong, the first of it.
    pub flaws: Vec<Flaw>,
}

/// An agency as its log makes it anew, in memory.
struct Replay<'r> {
    org: Org,
    public: VerifyingKey,
    server: DeviceId,
    reading: &'r dyn Reading,
    seq: u64,
    hash: Hash,
    states: BTreeMap<Key, (u64, State)>,
    filed: BTreeMap<Filed, Key>,
    said: BTreeMap<CommandId, bool>,
    rows: BTreeMap<DeviceId, Row>,
    keys: BTreeMap<DeviceId, Vec<(OfficerId, PublicKey)>>,
    /// What lies beside the log, where it is looked at.
    beside: Option<Beside>,
    flaws: Vec<Flaw>,
}

/// Whether something may be missing in the row of a PC's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gaps {
    /// It lives, as far as anybody has said.
    None,
    /// It was declared destroyed: what died with it is skipped, and taken if it comes (R10, R23).
    Allowed,
}

/// The numbers of one PC's commands.
#[derive(Default)]
struct Row {
    /// All up to here were taken.
    whole: u64,
    /// Those that were taken beyond a gap.
    beyond: BTreeSet<u64>,
}

impl Row {
    /// Takes the next number in; false when it may not stand here.
    fn takes(&mut self, n: u64, gaps: Gaps) -> bool {
        if n == self.whole + 1 {
            self.whole = n;
            while self.beyond.remove(&(self.whole + 1)) {
                self.whole += 1;
            }
            return true;
        }
        let skips = n > self.whole;
        // A row that broke is followed where it goes on, so that one flaw is told once.
        if skips && gaps == Gaps::None {
            self.whole = n;
        }
        skips && gaps == Gaps::Allowed && self.beyond.insert(n)
    }
}

/// Looks over every agency of a storage.
///
/// # Errors
/// Faults of the storage; what is merely wrong is in the answer.
pub fn verify(storage: &dyn Storage, identity: &Identity) -> Found<Vec<Verified>> {
    looked_up(storage, |reading| {
        let mut verified = Vec::new();
        for org in reading.orgs()? {
            let Some(org) = reading.org(org)? else { continue };
            verified.push(Replay::of(reading, (identity.public(), identity.dev), org).run()?);
        }
        Ok::<_, StorageFault>(verified)
    })
}

/// Looks over every agency of a storage, and whether the files are there that were taken.
///
/// # Errors
/// Faults of the storage and the disk; what is merely wrong is in the answer.
pub fn verify_with_files(
    storage: &dyn Storage,
    identity: &Identity,
    blobs: &dyn Blobs,
) -> Found<Vec<Verified>> {
    let mut verified = verify(storage, identity)?;
    for agency in &mut verified {
        let org = agency.org;
        let files: Found<_> = looked_up(storage, |reading| beside::files_beside(reading, org));
        let gone = files?.flaws(org, blobs)?;
        let left = FLAWS_MAX.saturating_sub(agency.flaws.len());
        agency.flaws.extend(gone.into_iter().take(left));
    }
    Ok(verified)
}

/// Looks over one log that stands apart from its states.
pub(crate) fn verify_log(
    reading: &dyn Reading,
    (public, server): (VerifyingKey, DeviceId),
    org: Org,
) -> Found<Verified> {
    let mut replay = Replay::of(reading, (public, server), org);
    replay.follow_log()?;
    Ok(replay.told(0))
}

impl<'r> Replay<'r> {
    fn of(
        reading: &'r dyn Reading,
        (public, server): (VerifyingKey, DeviceId),
        org: Org,
    ) -> Replay<'r> {
        Replay {
            hash: genesis(org.id),
            org,
            public,
            server,
            reading,
            seq: 0,
            states: BTreeMap::new(),
            filed: BTreeMap::new(),
            said: BTreeMap::new(),
            rows: BTreeMap::new(),
            keys: BTreeMap::new(),
            beside: None,
            flaws: Vec::new(),
        }
    }

    fn run(mut self) -> Found<Verified> {
        self.look_beside()?;
        self.follow_log()?;
        self.compare_states()?;
        self.compare_keys()?;
        self.compare_beside()?;
        let numbers = self.count_numbers()?;
        Ok(self.told(numbers))
    }

    fn follow_log(&mut self) -> Found<()> {
        while let Some(seq) = self.follow_to_unreadable()? {
            self.flaws.push(Flaw::Unreadable { seq });
            self.seq = seq;
        }
        if self.flaws.len() < FLAWS_MAX && (self.seq != self.org.head || self.hash != self.org.hash)
        {
            self.flaws.push(Flaw::End { says: self.org.head });
        }
        Ok(())
    }

    /// Follows the log from where it is; the number of a row that cannot be read ends it.
    fn follow_to_unreadable(&mut self) -> Found<Option<u64>> {
        let reading = self.reading;
        let mut broke = None;
        let read =
            reading.entries(self.org.id, self.seq + 1, &mut |entry| match self.check(&entry) {
                Ok(()) if self.flaws.len() < FLAWS_MAX => ControlFlow::Continue(()),
                Ok(()) => ControlFlow::Break(()),
                Err(fault) => {
                    broke = Some(fault);
                    ControlFlow::Break(())
                }
            });
        match read {
            Err(StorageFault::Entry { seq }) => Ok(Some(seq)),
            Err(fault) => Err(fault),
            Ok(()) => broke.map_or(Ok(None), Err),
        }
    }

    fn told(mut self, numbers: usize) -> Verified {
        self.flaws.truncate(FLAWS_MAX);
        Verified {
            org: self.org.id,
            entries: self.seq,
            states: self.states.len(),
            numbers,
            flaws: self.flaws,
        }
    }

    fn check(&mut self, entry: &Entry) -> Found<()> {
        let seq = entry.seq;
        for missing in (self.seq + 1)..seq {
            self.flaws.push(Flaw::Missing { seq: missing });
            if self.flaws.len() >= FLAWS_MAX {
                return Ok(());
            }
        }
        self.seq = seq;
        let Ok(said) = stamp_of(&entry.eff) else {
            self.flaws.push(Flaw::Verdict { seq });
            return Ok(());
        };
        let outcome = said.outcome.word();
        let link = Link { seq, at: entry.at.0, outcome, eff: entry.eff.as_bytes() };
        let hash = link_hash(&self.hash, link, &entry.envelope);
        if hash != entry.hash {
            self.flaws.push(Flaw::Chain { seq });
        }
        // From here on the chain is followed as it is stored, so that one flaw is told once.
        self.hash = entry.hash;
        let Ok(command) = decode(&entry.envelope.raw) else {
            self.flaws.push(Flaw::Columns { seq });
            return Ok(());
        };
        if !self.is_in_place(entry, &command)? {
            self.flaws.push(Flaw::Columns { seq });
        }
        if !self.is_signed(entry, &command)? {
            self.flaws.push(Flaw::Signature { seq });
        }
        self.judge(entry, &command, &said)
    }

    fn is_in_place(&mut self, entry: &Entry, command: &Command) -> Found<bool> {
        let says = (command.org, command.dev, command.n, command.id, command.actor);
        let stands = (self.org.id, entry.dev, entry.n, entry.id, entry.actor);
        let retired = match self.states.get(&Key::Device(entry.dev)) {
            Some((_, State::Device(device))) => device.retired.is_some(),
            Some(_) | None => false,
        };
        let row = self.rows.entry(entry.dev).or_default();
        let follows = row.takes(entry.n, if retired { Gaps::Allowed } else { Gaps::None });
        Ok(says == stands && follows)
    }

    fn is_signed(&mut self, entry: &Entry, command: &Command) -> Found<bool> {
        if entry.dev == self.server {
            return Ok(verify_signature(&entry.envelope, &self.public).is_ok());
        }
        let keys = match self.keys.entry(entry.dev) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let keys = self.reading.keys(self.org.id, entry.dev)?;
                free.insert(keys.into_iter().map(|key| (key.officer, key.public)).collect())
            }
        };
        let mut of_actor = keys.iter().filter(|(officer, _)| *officer == command.actor);
        Ok(of_actor.any(|(_, public)| {
            VerifyingKey::from_bytes(&public.0)
                .is_ok_and(|key| verify_signature(&entry.envelope, &key).is_ok())
        }))
    }

    fn judge(&mut self, entry: &Entry, command: &Command, said: &Stamp) -> Found<()> {
        let seq = entry.seq;
        let by_server = entry.dev == self.server;
        let signer = if by_server { Signer::Server } else { Signer::Officer };
        let judged = self.admitted(command, signer, entry.at, said.before.as_deref())?;
        let Admitted { outcome, mut number, on, change } = judged;
        if by_server {
            number = command.lease.map(|claim| claim.number);
        }
        let again = Stamp { outcome, no: number, on, before: said.before.clone() };
        let same = eff_of(&again)? == entry.eff && again == *said;
        if !same || entry.aud != entry_audience(command, &again.outcome, &change.states) {
            self.flaws.push(Flaw::Verdict { seq });
        }
        self.compare_entry(seq, command, &change)?;
        self.said.insert(command.id, said.outcome == Outcome::Ok);
        for state in change.states {
            let key = state.key();
            if let Some((_, before)) = self.states.get(&key) {
                for gone in filed(before) {
                    self.filed.remove(&gone);
                }
            }
            self.filed.extend(filed(&state).into_iter().map(|filed| (filed, key)));
            self.states.insert(key, (seq, state));
        }
        Ok(())
    }

    fn admitted(
        &self,
        command: &Command,
        signer: Signer,
        at: Moment,
        before: Option<&Recorded>,
    ) -> Found<Admitted> {
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            let judged = match before {
                Some(before) => readmit(&picture, command, before, at),
                None => admit(&picture, command, signer, at),
            };
            match judged {
                Ok(admitted) => return Ok(admitted),
                Err(ask) => {
                    let answer = self.answer(&ask)?;
                    picture.learn(ask, answer);
                }
            }
        }
        Err(StorageFault::AsksWithoutEnd { max: ASKS_MAX })
    }

    fn document(&self, filed: &Filed) -> Found<Option<DocumentId>> {
        self.filed.get(filed).copied().map(document_of).transpose()
    }

    fn answer(&self, ask: &Ask) -> Found<Answer> {
        Ok(match ask {
            Ask::State(key) => Answer::State(self.states.get(key).map(|(_, state)| state.clone())),
            Ask::Number(book, year, number) => {
                let document = self.document(&Filed::Number(*book, *year, *number))?;
                Answer::Number(document.map(NumberUse::Document))
            }
            Ask::Reference(year, text) => {
                Answer::Reference(self.document(&Filed::Reference(*year, text.clone()))?)
            }
            Ask::Agency => {
                let founded = self.states.contains_key(&Key::Agency(self.org.id));
                Answer::Agency(founded.then_some(self.org.id))
            }
            Ask::Accepted(command) => Answer::Accepted(self.said.get(command).copied()),
        })
    }

    /// Compares what is stored with what the log makes, both ways.
    fn compare_states(&mut self) -> Found<()> {
        let mut stored = BTreeSet::new();
        let mut flaws = Vec::new();
        self.reading.states(self.org.id, Span::After(0), &mut |kept| {
            stored.insert(kept.key);
            if !self.states.get(&kept.key).is_some_and(|made| is_same(kept, made)) {
                flaws.push(Flaw::State { key: kept.key });
            }
            ControlFlow::Continue(())
        })?;
        let missing = self.states.keys().filter(|key| !stored.contains(key));
        flaws.extend(missing.map(|key| Flaw::State { key: *key }));
        self.flaws.append(&mut flaws);
        Ok(())
    }

    fn compare_keys(&mut self) -> Found<()> {
        let mut devices: BTreeSet<DeviceId> = self.rows.keys().copied().collect();
        for (_, state) in self.states.values() {
            if let State::Device(device) = state {
                devices.insert(device.id);
            }
        }
        for dev in devices {
            let taken_in = match self.states.get(&Key::Device(dev)) {
                Some((_, State::Device(device))) => Some(device),
                Some(_) | None => None,
            };
            for key in self.reading.keys(self.org.id, dev)? {
                let stands = taken_in.is_some_and(|device| {
                    let publics = device.keys.get(&key.officer);
                    publics.is_some_and(|publics| publics.contains(&key.public))
                });
                if !stands && key.pending.is_none() {
                    self.flaws.push(Flaw::Key { dev, officer: key.officer });
                }
            }
        }
        Ok(())
    }

    /// Numbers of every book and year without a hole, each exactly one thing (SYNC I4).
    fn count_numbers(&mut self) -> Found<usize> {
        let mut counted = 0;
        let mut flaws = Vec::new();
        for (_, state) in self.states.values() {
            let State::Book(book) = state else { continue };
            for (year, count) in &book.years {
                for number in count.first..count.next {
                    let filed = Filed::Number(book.id, *year, number);
                    let document = self.filed.get(&filed).copied();
                    let is = usize::from(document.is_some())
                        + usize::from(count.voids.contains_key(&number))
                        + usize::from(count.placeholder(number).is_some());
                    let found = self.reading.number(self.org.id, book.id, *year, number)?;
                    if is != 1 || found != document {
                        flaws.push(Flaw::Number { book: book.id, year: *year, number });
                    }
                    counted += 1;
                }
            }
        }
        self.flaws.append(&mut flaws);
        Ok(counted)
    }
}

fn is_same(kept: Kept<'_>, (ver, state): &(u64, State)) -> bool {
    let names = names_of(&audience(state));
    let aud = joined(names.iter().map(String::as_str));
    let ever: BTreeSet<&str> = kept.aud_ever.split(' ').collect();
    kept.ver == *ver
        && body_of(state).is_ok_and(|body| body == kept.body)
        && kept.aud == aud
        && names.iter().all(|name| ever.contains(name.as_str()))
}
