//! One transaction of taking commands into a log: judged, appended, and everything that follows.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use register::{
    Act, Admitted, AgencyId, Answer, Ask, BlobId, BookId, Change, Command, DeviceId, DocumentId,
    Holder, Key, LeaseClaim, Moment, NumberUse, OfficerId, Outcome, Picture, Recorded, Signer,
    State, admit, audience, readmit, scopes_of,
};
use sync::wire::{Ack, Stamp, Stuck, StuckWhy, Trouble};
use sync::{Envelope, Link, link_hash};

use super::{Signed, directory, eff_of, org_of, stamp_of, state_of};
use crate::fault::{CallError, StorageFault};
use crate::heads::Grown;
use crate::identity::Identity;
use crate::states::{
    blobs_of, body_of, document_of, entry_audience, filed, files_named, history_of, joined,
    names_of,
};
use crate::storage::{BlobUse, DeviceKey, Entry, Found, Kept, Org, Proof, Writing};

/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;
/// Waiting documents looked at together, and numbered after one entry.
const WAITING_PAGE: u32 = 200;
const NUMBERED_AT_ONCE_MAX: usize = 5000;

/// Whose hands a command came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    /// From the PC that signed it.
    ByItself,
    /// From another one, out of a bundle or a mirror.
    ByAnother(DeviceId),
}

/// What became of one command on the way in.
pub(crate) enum Taken {
    /// It is in the log, since now or before.
    Acked(Ack),
    /// Something before it is missing.
    Gap,
    /// Other bytes have its place.
    Fork,
    /// Another command has its name.
    Twin,
}

/// The bench of one agency, for one transaction of the writer.
pub(crate) struct Taking<'t> {
    pub(super) tx: &'t dyn Writing,
    pub(super) identity: &'t Identity,
    pub(super) now: Moment,
    pub(super) org: Org,
    loaded: BTreeMap<Key, Option<State>>,
    /// States to be kept at the end, with their versions: many commands touch the same book.
    touched: BTreeMap<Key, u64>,
    last_n: BTreeMap<DeviceId, u64>,
    /// Something was said to another agency.
    pub(super) posted: bool,
    /// The directory was changed.
    pub(super) listed: bool,
    /// The end of the log when it began, and the circles that may see what came since.
    before: u64,
    circles: BTreeSet<String>,
}

impl<'t> Taking<'t> {
    pub fn begin(
        tx: &'t dyn Writing,
        identity: &'t Identity,
        org: AgencyId,
        now: Moment,
    ) -> Result<Taking<'t>, CallError> {
        let org = org_of(tx, org)?;
        Ok(Taking {
            tx,
            identity,
            now,
            before: org.head,
            org,
            loaded: BTreeMap::new(),
            touched: BTreeMap::new(),
            last_n: BTreeMap::new(),
            posted: false,
            listed: false,
            circles: BTreeSet::new(),
        })
    }

    /// Who brings something must have known the server in this life of it.
    pub fn must_live_in(&self, epoch: u32) -> Result<(), CallError> {
        let Org { epoch: ours, head0, .. } = self.org;
        if epoch == ours { Ok(()) } else { Err(Trouble::OtherEpoch { epoch: ours, head0 }.into()) }
    }

    /// Keeps what was touched; returns by what the log has grown.
    pub fn finish(mut self) -> Found<Grown> {
        for (key, ver) in std::mem::take(&mut self.touched) {
            self.keep_state(key, ver)?;
        }
        self.tx.put_org(&self.org)?;
        let circles = joined(self.circles.iter().map(String::as_str));
        Ok(Grown { before: self.before, head: self.org.head, circles })
    }

    fn concerns(&mut self, circles: &str) {
        self.circles.extend(circles.split(' ').map(str::to_owned));
    }

    /// Takes the commands of the calling PC, up to one that is another's twin. Other bytes under a
    /// number that is taken end the call.
    pub fn take_own(&mut self, own: Vec<Signed>) -> Result<(Vec<Ack>, Option<Stuck>), CallError> {
        let mut acks = Vec::with_capacity(own.len());
        for (at, signed) in (0..).zip(own) {
            let n = signed.command.n;
            match self.take(signed, Carried::ByItself)? {
                Taken::Acked(ack) => acks.push(ack),
                // What follows has the same gap before it (SYNC R1).
                Taken::Gap => break,
                Taken::Fork => return Err(Trouble::DeviceFork { n }.into()),
                Taken::Twin => return Ok((acks, Some(Stuck { at, n, why: StuckWhy::Twin }))),
            }
        }
        Ok((acks, None))
    }

    /// Takes carried commands; what has no place stops its own PC only (SYNC R1).
    pub fn take_relayed(&mut self, relayed: Vec<Signed>, by: DeviceId) -> Found<Vec<Ack>> {
        let mut acks = Vec::with_capacity(relayed.len());
        for signed in relayed {
            let (dev, n) = (signed.command.dev, signed.command.n);
            let why = match self.take(signed, Carried::ByAnother(by))? {
                Taken::Acked(ack) => {
                    acks.push(ack);
                    continue;
                }
                Taken::Gap => "a gap before it",
                Taken::Fork => "other bytes in its place",
                Taken::Twin => "another command of its name",
            };
            tracing::warn!(org = %self.org.id, %dev, n, why, "a carried command was not taken");
        }
        Ok(acks)
    }

    fn last_n(&mut self, dev: DeviceId) -> Found<u64> {
        if let Some(last) = self.last_n.get(&dev) {
            return Ok(*last);
        }
        let last = self.tx.last_n(self.org.id, dev)?;
        self.last_n.insert(dev, last);
        Ok(last)
    }

    fn take(&mut self, signed: Signed, carried: Carried) -> Found<Taken> {
        let Signed { command, envelope, before } = signed;
        let before = before.filter(|before| before.at.epoch < self.org.epoch);
        let last = self.last_n(command.dev)?;
        if command.n <= last
            && let Some(taken) = self.repeated(&command, &envelope)?
        {
            return Ok(taken);
        }
        if command.n > last + 1 && !self.may_skip(command.dev, carried)? {
            return Ok(Taken::Gap);
        }
        if self.tx.said_of(self.org.id, command.id)?.is_some() {
            return Ok(Taken::Twin);
        }
        let admitted = self.admitted(&command, Signer::Officer, before.as_deref())?;
        let states = admitted.change.states.clone();
        let named = self.named_files(&command, &states)?;
        let ack = self.append(&command, &envelope, (admitted, before))?;
        self.note_files(&command, carried, &named)?;
        self.follow(&states)?;
        Ok(Taken::Acked(ack))
    }

    /// The same bytes again get the same answer; other bytes mean that a disk was cloned. A number
    /// that was skipped behind a destroyed PC is still free: it is taken when it comes (R23).
    fn repeated(&self, command: &Command, envelope: &Envelope) -> Found<Option<Taken>> {
        let Some(entry) = self.tx.entry_of(self.org.id, command.dev, command.n)? else {
            return Ok(None);
        };
        if entry.envelope.raw != envelope.raw {
            return Ok(Some(Taken::Fork));
        }
        let stamp = stamp_of(&entry.eff)?;
        Ok(Some(Taken::Acked(Ack { dev: entry.dev, n: entry.n, seq: entry.seq, stamp })))
    }

    /// Behind a PC that was declared destroyed nothing waits for what died with it (SYNC R10).
    fn may_skip(&mut self, dev: DeviceId, carried: Carried) -> Found<bool> {
        let retired = match self.load(Key::Device(dev))? {
            Some(State::Device(device)) => device.retired.is_some(),
            Some(_) | None => false,
        };
        Ok(retired && matches!(carried, Carried::ByAnother(_)))
    }

    pub(super) fn load(&mut self, key: Key) -> Found<&Option<State>> {
        let (tx, org) = (self.tx, self.org.id);
        match self.loaded.entry(key) {
            std::collections::btree_map::Entry::Occupied(there) => Ok(there.into_mut()),
            std::collections::btree_map::Entry::Vacant(free) => {
                Ok(free.insert(state_of(tx, org, key)?))
            }
        }
    }

    fn admitted(
        &mut self,
        command: &Command,
        signer: Signer,
        before: Option<&Recorded>,
    ) -> Found<Admitted> {
        let mut picture = Picture::new();
        // Nearly every decision asks these; knowing them at once saves beginning anew.
        let known = [
            Ask::Agency,
            Ask::State(Key::Device(command.dev)),
            Ask::State(Key::Officer(command.actor)),
        ];
        for ask in known {
            let answer = self.answer(&ask)?;
            picture.learn(ask, answer);
        }
        for _ in 0..ASKS_MAX {
            let judged = match before {
                Some(before) => readmit(&picture, command, before, self.now),
                None => admit(&picture, command, signer, self.now),
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

    fn answer(&mut self, ask: &Ask) -> Found<Answer> {
        let org = self.org.id;
        Ok(match ask {
            Ask::State(key) => Answer::State(self.load(*key)?.clone()),
            Ask::Number(book, year, number) => {
                let key = self.tx.number(org, *book, *year, *number)?;
                let document = key.map(document_of).transpose()?;
                Answer::Number(document.map(NumberUse::Document))
            }
            Ask::Reference(year, text) => Answer::Reference(self.tx.reference(org, *year, text)?),
            Ask::Agency => {
                let founded = self.load(Key::Agency(org))?.is_some();
                Answer::Agency(founded.then_some(org))
            }
            Ask::Accepted(command) => {
                let said = self.tx.said_of(org, *command)?;
                let stamp = said.map(|eff| stamp_of(&eff)).transpose()?;
                Answer::Accepted(stamp.map(|stamp| stamp.outcome == Outcome::Ok))
            }
        })
    }

    fn append(
        &mut self,
        command: &Command,
        envelope: &Envelope,
        (admitted, before): (Admitted, Option<Box<Recorded>>),
    ) -> Found<Ack> {
        let Admitted { outcome, number, on, change } = admitted;
        let stamp = Stamp { outcome, no: number, on, before };
        let eff = eff_of(&stamp)?;
        let seq = self.org.head + 1;
        let (at, outcome) = (self.now, stamp.outcome.word());
        let link = Link { seq, at: at.0, outcome, eff: eff.as_bytes() };
        let hash = link_hash(&self.org.hash, link, envelope);
        let entry = Entry {
            seq,
            at,
            dev: command.dev,
            n: command.n,
            id: command.id,
            actor: command.actor,
            envelope: envelope.clone(),
            eff,
            aud: entry_audience(command, &stamp.outcome, &change.states),
            hash,
        };
        self.tx.append(self.org.id, &entry)?;
        self.concerns(&entry.aud);
        self.org.head = seq;
        self.org.hash = hash;
        let last = self.last_n(command.dev)?.max(command.n);
        self.last_n.insert(command.dev, last);
        self.note_history(seq, &change)?;
        let mut told = Vec::new();
        for state in change.states {
            let key = state.key();
            if matches!(key, Key::Parcel(_) | Key::Arrival(_)) {
                told.push((key, self.load(key)?.clone()));
            }
            self.apply(seq, state)?;
        }
        // After all of them: a parcel tells what stands on its document.
        for (key, before) in told {
            let after = self.load(key)?.clone();
            if let Some(after) = after {
                self.tell(before.as_ref(), &after)?;
            }
        }
        Ok(Ack { dev: command.dev, n: command.n, seq, stamp })
    }

    /// What each thing's history tells of this entry.
    fn note_history(&self, seq: u64, change: &Change) -> Found<()> {
        for (key, trail) in history_of(change)? {
            self.tx.put_touched(self.org.id, key, seq, &trail)?;
        }
        Ok(())
    }

    /// The files this command names, by the things it names them on.
    fn named_files(&mut self, command: &Command, states: &[State]) -> Found<Vec<(Key, BlobId)>> {
        let mut named = Vec::new();
        for state in states {
            let key = state.key();
            let files = files_named(command, self.load(key)?.as_ref(), state);
            named.extend(files.into_iter().map(|blob| (key, blob)));
        }
        Ok(named)
    }

    /// Notes who may send those files. One that he could read already he need not send.
    fn note_files(
        &mut self,
        command: &Command,
        carried: Carried,
        named: &[(Key, BlobId)],
    ) -> Found<()> {
        let org = self.org.id;
        for (key, blob) in named {
            let proof = self.proof_of(command.actor, *blob)?;
            let by_signer = BlobUse { key: *key, dev: command.dev, proof };
            self.tx.put_blob_use(org, *blob, &by_signer)?;
            if let Carried::ByAnother(dev) = carried {
                let by_carrier = BlobUse { key: *key, dev, proof: Proof::Named };
                self.tx.put_blob_use(org, *blob, &by_carrier)?;
            }
        }
        Ok(())
    }

    fn proof_of(&mut self, actor: OfficerId, blob: BlobId) -> Found<Proof> {
        let scopes = match self.load(Key::Officer(actor))? {
            Some(State::Officer(officer)) => scopes_of(officer),
            Some(_) | None => return Ok(Proof::Named),
        };
        for named in self.tx.blob_uses(self.org.id, blob)? {
            let Some(state) = self.load(named.key)? else { continue };
            let sees = !audience(state).is_disjoint(&scopes);
            if named.proof == Proof::Proven && sees && blobs_of(state).contains(&blob) {
                return Ok(Proof::Proven);
            }
        }
        Ok(Proof::Named)
    }

    /// Makes a state so, and files it at once: the next command may ask for its number.
    fn apply(&mut self, seq: u64, state: State) -> Found<()> {
        let (org, key) = (self.org.id, state.key());
        let until_now = match self.load(key)? {
            Some(State::Agency(agency)) => Some(agency.clone()),
            Some(_) | None => None,
        };
        let before = self.load(key)?.as_ref().map(filed).unwrap_or_default();
        let after = filed(&state);
        for gone in before.difference(&after) {
            self.tx.drop_filed(org, key, gone)?;
        }
        for come in after.difference(&before) {
            self.tx.put_filed(org, key, come)?;
        }
        if let State::Device(device) = &state {
            for (officer, publics) in &device.keys {
                for public in publics {
                    let (officer, public) = (*officer, *public);
                    let key = DeviceKey { dev: device.id, officer, public, pending: None };
                    self.tx.put_key(org, &key)?;
                }
            }
        }
        if let State::Agency(agency) = &state {
            directory::list(self.tx, (agency, until_now.as_deref()))?;
            self.listed = true;
        }
        self.loaded.insert(key, Some(state));
        self.touched.insert(key, seq);
        Ok(())
    }

    fn keep_state(&mut self, key: Key, ver: u64) -> Found<()> {
        let Some(Some(state)) = self.loaded.get(&key) else { return Ok(()) };
        let names = names_of(&audience(state));
        let aud = joined(names.iter().map(String::as_str));
        let mut aud_ever = aud.clone();
        self.tx.state(self.org.id, key, &mut |kept| {
            aud_ever = joined(kept.aud_ever.split(' ').chain(aud.split(' ')));
            ControlFlow::Break(())
        })?;
        let body = body_of(state)?;
        let kept = Kept { key, ver, body: &body, aud: &aud, aud_ever: &aud_ever };
        self.tx.put_state(self.org.id, kept)?;
        // A book stands in every registration; whom that concerns its entry says.
        if !matches!(key, Key::Book(_)) {
            self.concerns(&aud_ever);
        }
        Ok(())
    }

    /// What the server does of its own after an entry.
    fn follow(&mut self, states: &[State]) -> Found<()> {
        for state in states {
            if let State::Officer(officer) = state {
                self.enrol_adopted(officer.id)?;
            }
            if let State::Book(book) = state {
                self.number_waiting(book.id)?;
            }
        }
        Ok(())
    }

    /// A key that came with an adopted agency stands in the log as soon as its officer does.
    fn enrol_adopted(&mut self, officer: OfficerId) -> Found<()> {
        for key in self.tx.pending_keys(self.org.id, officer)? {
            let DeviceKey { dev: device, officer, public, pending } = key;
            let name = pending.unwrap_or_default();
            let act = Act::EnrolDevice { device, name, officer, public };
            if let Err(outcome) = self.act(officer, act, None)? {
                tracing::warn!(%device, %officer, ?outcome, "an adopted key was not enrolled");
            }
        }
        Ok(())
    }

    /// One act of the server's own. It stands in the log only when the rules agree.
    pub fn act(
        &mut self,
        actor: OfficerId,
        act: Act,
        lease: Option<LeaseClaim>,
    ) -> Found<Result<Ack, Outcome>> {
        let n = self.last_n(self.identity.dev)? + 1;
        let command = Command {
            v: 1,
            id: self.identity.command_name(&self.org, n),
            org: self.org.id,
            dev: self.identity.dev,
            n,
            actor,
            at: self.now,
            off: 0,
            seen: self.org.head,
            kv: 1,
            need: Vec::new(),
            lease,
            blobs: Vec::new(),
            act,
        };
        let mut admitted = self.admitted(&command, Signer::Server, None)?;
        if admitted.outcome != Outcome::Ok {
            return Ok(Err(admitted.outcome));
        }
        admitted.number = lease.map(|claim| claim.number);
        let envelope = self
            .identity
            .sign_command(&command)
            .map_err(|_| StorageFault::Form { what: "command of the server" })?;
        let named = self.named_files(&command, &admitted.change.states)?;
        let ack = self.append(&command, &envelope, (admitted, None))?;
        if let Act::Witness(seen) = &command.act {
            // That PC had the document; whether it had the files it shows by sending them.
            for (key, blob) in named {
                let by_witness = BlobUse { key, dev: seen.device, proof: Proof::Named };
                self.tx.put_blob_use(self.org.id, blob, &by_witness)?;
            }
        }
        Ok(Ok(ack))
    }

    /// Numbers the documents that wait in a book the server holds, the longest waiting first.
    fn number_waiting(&mut self, book: BookId) -> Found<()> {
        let mut given = 0;
        loop {
            match self.load(Key::Book(book))? {
                Some(State::Book(book)) if book.lease.holder == Holder::Server => {}
                Some(_) | None => return Ok(()),
            }
            let before = given;
            for document in self.tx.waiting(self.org.id, book, WAITING_PAGE)? {
                if given < NUMBERED_AT_ONCE_MAX && self.number(book, document)? {
                    given += 1;
                }
            }
            if given == before || given >= NUMBERED_AT_ONCE_MAX {
                return Ok(());
            }
        }
    }

    /// Whether the document has its number now; the rules may say no, and then it waits on.
    fn number(&mut self, book: BookId, key: Key) -> Found<bool> {
        let waits = self.load(key)?.as_ref().and_then(who_waits);
        let Some((document, outgoing, actor)) = waits else { return Ok(false) };
        let this_year = self.now.date().year();
        let claim = match self.load(Key::Book(book))? {
            Some(State::Book(held)) => {
                let year = held.latest_year().unwrap_or(i16::MIN).max(this_year);
                let (epoch, number) = (held.lease.epoch, held.year(year).next);
                LeaseClaim { book, epoch, year, number }
            }
            Some(_) | None => return Ok(false),
        };
        let act = Act::GiveNumber { document, outgoing };
        Ok(self.act(actor, act, Some(claim))?.is_ok())
    }
}

/// The document, whether it goes out, and who registered it.
fn who_waits(state: &State) -> Option<(DocumentId, bool, OfficerId)> {
    match state {
        State::Incoming(document) => Some((document.id, false, document.registered_by)),
        State::Outgoing(document) => {
            let given = document.given.as_ref()?;
            Some((document.id, true, given.by))
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
