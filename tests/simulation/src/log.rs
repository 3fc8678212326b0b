//! The one log of the agency, in memory: the plainest server that keeps the protocol. A real
//! server must come to the same hashes.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use register::{
    Act, Admitted, Answer, Ask, BookId, Command, CommandId, DeviceId, DocumentId, Holder, Incoming,
    Key, LeaseClaim, Moment, NumberUse, OfficerId, Outcome, Picture, PublicKey, Recorded, Signer,
    State, admit, readmit,
};
use serde_json::value::RawValue;
use sync::wire::{
    Ack, Gone, Head, Hex, Pushed, STATES_MAX, SignedHead, Stamp, StateSent, SyncAnswer, SyncAsked,
};
use sync::{
    CommandFault, Envelope, Hash, Link, SigningKey, VerifyingKey, decode, encode, genesis,
    link_hash, sign, verify,
};

use crate::broken::Broken;
use crate::cast::{ORG, SERVER};
use crate::tally::Tally;

/// Questions one command may ask; more means it runs in a circle.
const ASKS_MAX: usize = 2000;

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its bytes.
    pub envelope: Envelope,
    /// What the log said.
    pub stamp: Stamp,
    /// Who stood behind it.
    pub signer: Signer,
    /// When it was taken in.
    pub at: Moment,
    /// The hash of the entry.
    pub hash: Hash,
}

/// The log and what follows from it.
#[derive(Clone)]
pub struct Log {
    key: SigningKey,
    /// All entries, in their order.
    pub entries: Vec<Entry>,
    /// The states, each with the last entry that touched it.
    pub states: BTreeMap<Key, (u64, State)>,
    /// Which document holds which number.
    pub numbers: BTreeMap<(BookId, i16, u32), DocumentId>,
    accepted: BTreeMap<CommandId, bool>,
    acks: BTreeMap<(DeviceId, u64), Ack>,
    last: BTreeMap<DeviceId, u64>,
    waiting: BTreeSet<(BookId, Moment, DocumentId)>,
    by_version: BTreeMap<u64, BTreeSet<Key>>,
    founder: Option<(DeviceId, OfficerId, PublicKey)>,
    pub(crate) broken: Option<Broken>,
    /// The life of the server, and the entry at which it began.
    pub epoch: u32,
    /// The head when this life began.
    pub head0: u64,
    /// Numbers the server gave of its own, in this life.
    pub given: Vec<(DocumentId, i16, u32)>,
    /// Paper ranges as they were stated: year, numbers and the epochs that held the book then.
    pub(crate) stated: Vec<(i16, RangeInclusive<u32>, RangeInclusive<u32>)>,
}

impl Log {
    /// An empty log of a server with this key; the founder's key is vouched for by the operator.
    pub fn new(
        key: SigningKey,
        founder: (DeviceId, OfficerId, PublicKey),
        broken: Option<Broken>,
    ) -> Log {
        Log {
            key,
            entries: Vec::new(),
            states: BTreeMap::new(),
            numbers: BTreeMap::new(),
            accepted: BTreeMap::new(),
            acks: BTreeMap::new(),
            last: BTreeMap::new(),
            waiting: BTreeSet::new(),
            by_version: BTreeMap::new(),
            founder: Some(founder),
            broken,
            stated: Vec::new(),
            epoch: 1,
            head0: 0,
            given: Vec::new(),
        }
    }

    /// The number of the last entry.
    pub fn head(&self) -> u64 {
        self.entries.len() as u64
    }

    fn head_hash(&self) -> Hash {
        self.entries.last().map_or_else(|| genesis(ORG), |entry| entry.hash)
    }

    /// A book as the log has it.
    pub fn book(&self, id: BookId) -> Option<&register::Book> {
        match self.states.get(&Key::Book(id)) {
            Some((_, State::Book(book))) => Some(book),
            Some(_) | None => None,
        }
    }

    /// A document as the log has it.
    pub fn incoming(&self, id: DocumentId) -> Option<&Incoming> {
        match self.states.get(&Key::Incoming(id)) {
            Some((_, State::Incoming(document))) => Some(document),
            Some(_) | None => None,
        }
    }

    /// What the log said of the commands of a PC, as far as it has them.
    pub fn last_of(&self, dev: DeviceId) -> u64 {
        self.last.get(&dev).copied().unwrap_or(0)
    }

    /// Whether a command is in the log.
    pub fn has(&self, id: CommandId) -> bool {
        self.accepted.contains_key(&id)
    }

    /// Answers one call.
    ///
    /// # Errors
    /// The life of the server, to a PC that knows another one.
    pub fn sync(
        &mut self,
        asked: &SyncAsked,
        now: Moment,
        tally: &mut Tally,
    ) -> Result<SyncAnswer, (u32, u64)> {
        if asked.epoch != self.epoch {
            tally.add("other_life");
            return Err((self.epoch, self.head0));
        }
        let gone = self.take_offer(asked, now, tally);
        for pushed in asked.relay.iter().chain(&asked.push) {
            let went_in = self.take_pushed(pushed, now, tally);
            if !went_in && self.broken == Some(Broken::R1) {
                break;
            }
        }
        let acks = asked
            .relay
            .iter()
            .chain(&asked.push)
            .filter_map(|pushed| decode(pushed.raw.as_bytes()).ok())
            .filter_map(|command| self.acks.get(&(command.dev, command.n)).cloned())
            .collect();
        let (states, to) = self.page(asked.cursor, asked.max);
        let head = Head { seq: self.head(), hash: Hex(self.head_hash()) };
        Ok(SyncAnswer {
            epoch: self.epoch,
            offer_taken: asked.offer.is_some(),
            head: SignedHead { head, sig: Hex([0; 64]) },
            durable: 0,
            now,
            acks,
            last_n: self.last_of(asked.dev),
            stuck: None,
            from: asked.cursor,
            to,
            more: to < self.head(),
            below: None,
            states,
            gone: gone.into_iter().map(|of| Gone { of, ver: self.head() }).collect(),
            scopes: Vec::new(),
            totals: None,
            releases: 0,
            directory: 0,
        })
    }

    /// States above the cursor, ending on a whole entry.
    fn page(&self, cursor: u64, max: u32) -> (Vec<StateSent>, u64) {
        let mut states = Vec::new();
        let limit = max.min(STATES_MAX) as usize;
        for (ver, keys) in self.by_version.range(cursor + 1..) {
            if !states.is_empty() && states.len() + keys.len() > limit {
                let to = states.last().map_or(cursor, |last: &StateSent| last.ver);
                return (states, to);
            }
            for key in keys {
                if let Some((_, state)) = self.states.get(key)
                    && let Ok(text) = serde_json::to_string(state)
                    && let Ok(state) = RawValue::from_string(text)
                {
                    states.push(StateSent { ver: *ver, state });
                }
            }
        }
        (states, self.head())
    }

    /// Takes one command in; false when something before it is missing.
    fn take_pushed(&mut self, pushed: &Pushed, now: Moment, tally: &mut Tally) -> bool {
        let Ok(command) = decode(pushed.raw.as_bytes()) else {
            tally.add("unreadable");
            return true;
        };
        let last = self.last_of(command.dev);
        if self.acks.contains_key(&(command.dev, command.n)) {
            tally.add("repeated");
            return true;
        }
        if command.n <= last {
            // It was skipped when its PC was declared destroyed; another carrier has it (R23).
            tally.add("came_behind_a_skip");
        }
        if command.n > last + 1 && !self.is_retired(command.dev) {
            tally.add("gap_blocks_its_pc");
            return false;
        }
        let envelope = pushed.envelope();
        if self.signed(&command, &envelope).is_err() {
            tally.add("bad_signature");
            return true;
        }
        self.take(command, envelope, (Signer::Officer, pushed.before.clone()), now, tally);
        true
    }

    fn is_retired(&self, dev: DeviceId) -> bool {
        let device = self.states.get(&Key::Device(dev));
        matches!(device, Some((_, State::Device(device))) if device.retired.is_some())
    }

    fn signed(&self, command: &Command, envelope: &Envelope) -> Result<(), CommandFault> {
        let mut keys = Vec::new();
        if let Some((_, State::Device(device))) = self.states.get(&Key::Device(command.dev)) {
            keys.extend(device.keys.get(&command.actor).into_iter().flatten().copied());
        }
        if let Some((dev, officer, key)) = self.founder
            && (dev, officer) == (command.dev, command.actor)
        {
            keys.push(key);
        }
        for key in keys {
            if let Ok(key) = VerifyingKey::from_bytes(&key.0) {
                return verify(envelope, &key);
            }
        }
        Err(CommandFault::BadSignature)
    }

    /// Takes in what the server itself states.
    pub fn state_by_server(
        &mut self,
        id: [u8; 16],
        actor: OfficerId,
        act: Act,
        lease: Option<LeaseClaim>,
        now: Moment,
        tally: &mut Tally,
    ) -> Outcome {
        let command = Command {
            v: 1,
            id: CommandId(id),
            org: ORG,
            dev: SERVER,
            n: self.last_of(SERVER) + 1,
            actor,
            at: now,
            off: 0,
            seen: self.head(),
            kv: 1,
            need: Vec::new(),
            lease,
            blobs: Vec::new(),
            act,
        };
        let said = self.admitted(&command, Signer::Server, now, None).outcome;
        if said != Outcome::Ok {
            tally.add(&format!("server_{}", said.why().map_or("ok", register::Refusal::code)));
            return said;
        }
        let raw = encode(&command).unwrap_or_default();
        let envelope = sign(raw, &self.key);
        self.take(command, envelope, (Signer::Server, None), now, tally)
    }

    fn take(
        &mut self,
        command: Command,
        envelope: Envelope,
        (signer, before): (Signer, Option<Box<Recorded>>),
        now: Moment,
        tally: &mut Tally,
    ) -> Outcome {
        let admitted = self.admitted(&command, signer, now, before.as_deref());
        let Admitted { outcome, number, on, mut change } = admitted;
        // What the server gives it says, so that an answer tells it without the state.
        let by_server = command.lease.filter(|_| signer == Signer::Server);
        let number = by_server.map(|claim| claim.number).or(number);
        if outcome == Outcome::Ok {
            self.look_at_numbers(&command, tally);
        }
        self.break_rules(&command.act, &mut change);
        let seq = self.head() + 1;
        if number.is_some() && command.lease.is_none() && before.is_none() {
            tally.add("numbered_by_server");
        }
        if before.is_none() {
            self.note_given(&command, signer, number, on);
        }
        let word = outcome.word();
        let again = if before.is_some() { "again_" } else { "" };
        tally.add(&match outcome.why() {
            None => format!("{again}{word}"),
            Some(why) => format!("{again}{word}_{}", why.code()),
        });
        let stamp = Stamp { outcome: outcome.clone(), no: number, on, before };
        let eff = serde_json::to_vec(&stamp).unwrap_or_default();
        let link = Link { seq, at: now.0, outcome: word, eff: &eff };
        let hash = link_hash(&self.head_hash(), link, &envelope);
        for state in &change.states {
            let quietly = self.broken == Some(Broken::R5) && signer == Signer::Server;
            let known = self.states.get(&state.key()).map(|(ver, _)| *ver).filter(|_| quietly);
            self.put(known.unwrap_or(seq), state.clone());
        }
        self.accepted.insert(command.id, outcome == Outcome::Ok);
        let last = self.last_of(command.dev).max(command.n);
        self.last.insert(command.dev, last);
        let ack = Ack { dev: command.dev, n: command.n, seq, stamp: stamp.clone() };
        self.acks.insert((command.dev, command.n), ack);
        self.entries.push(Entry { command, envelope, stamp, signer, at: now, hash });
        for state in &change.states {
            if let State::Book(book) = state
                && book.lease.holder == Holder::Server
                && signer == Signer::Officer
            {
                self.number_waiting(book.id, now, tally);
            }
        }
        outcome
    }

    /// I7, told apart from the rules: a number is given by the holder of now under the epoch of
    /// now, or fills a paper range under an epoch of then, or of now.
    fn look_at_numbers(&mut self, command: &Command, tally: &mut Tally) {
        if let Act::ForceLease(forced) = &command.act
            && let Some(book) = self.book(forced.book)
        {
            let epochs = book.lease.floor..=book.lease.epoch + 999;
            let numbers = book.year(forced.year).next..=forced.last_number;
            self.stated.push((forced.year, numbers, epochs));
        }
        if let Act::PaperRange { book, year, to, .. } = &command.act
            && let Some(book) = self.book(*book)
        {
            let epochs = book.lease.epoch..=book.lease.epoch;
            self.stated.push((*year, book.year(*year).next..=*to, epochs));
        }
        let Some(claim) = command.lease else { return };
        let Some(book) = self.book(claim.book) else { return };
        let of_now = claim.epoch == book.lease.epoch;
        let of_then = self.stated.iter().any(|(year, numbers, epochs)| {
            *year == claim.year && numbers.contains(&claim.number) && epochs.contains(&claim.epoch)
        });
        let next = claim.number == book.year(claim.year).next;
        let again = self.numbers.contains_key(&(claim.book, claim.year, claim.number));
        let lost = book.lease.holder == Holder::Frozen && claim.epoch < book.lease.epoch;
        if !lost && (!(of_now || of_then || again) || (next && !of_now)) {
            tally.add("strange_numbers");
        }
    }

    /// Makes of a change what a server without the rule would.
    fn break_rules(&self, act: &Act, change: &mut register::Change) {
        let Act::ForceLease(forced) = act else { return };
        let before = self.book(forced.book).map_or(0, |book| book.lease.epoch);
        for state in &mut change.states {
            let State::Book(book) = state else { continue };
            if self.broken == Some(Broken::R4) {
                (book.lease.epoch, book.lease.floor) = (before + 1, before + 1);
            }
            if self.broken == Some(Broken::R3) {
                for range in book.years.values_mut().flat_map(|year| &mut year.placeholders) {
                    (range.epoch_from, range.epoch_to) = (0, u32::MAX);
                }
            }
        }
    }

    /// Says what becomes of a command; nothing is changed.
    pub fn admitted(
        &self,
        command: &Command,
        signer: Signer,
        now: Moment,
        before: Option<&Recorded>,
    ) -> Admitted {
        let before = before.map(|before| self.broken_record(before));
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            let judged = match &before {
                Some(before) => readmit(&picture, command, before, now),
                None => admit(&picture, command, signer, now),
            };
            match judged {
                Ok(admitted) if before.is_some() => return self.broken_again(command, admitted),
                Ok(admitted) => return admitted,
                Err(ask) => {
                    let answer = self.broken_answer(command, &ask);
                    picture.learn(ask, answer);
                }
            }
        }
        Admitted {
            outcome: Outcome::Held(register::Refusal::Malformed),
            number: None,
            on: None,
            change: register::Change::default(),
        }
    }

    pub(crate) fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::State(key) => Answer::State(self.states.get(key).map(|(_, state)| state.clone())),
            Ask::Number(book, year, number) => {
                let holder = self.numbers.get(&(*book, *year, *number));
                Answer::Number(holder.copied().map(NumberUse::Document))
            }
            Ask::Reference(_, _) => Answer::Reference(None),
            Ask::Agency => {
                let founded = self.states.contains_key(&Key::Agency(ORG));
                Answer::Agency(founded.then_some(ORG))
            }
            Ask::Accepted(id) => Answer::Accepted(self.accepted.get(id).copied()),
        }
    }

    fn put(&mut self, seq: u64, state: State) {
        let key = state.key();
        if let Some((ver, _)) = self.states.get(&key)
            && let Some(keys) = self.by_version.get_mut(ver)
        {
            keys.remove(&key);
            if keys.is_empty() {
                let ver = *ver;
                self.by_version.remove(&ver);
            }
        }
        self.by_version.entry(seq).or_default().insert(key);
        if let State::Incoming(document) = &state {
            let place = (document.book, document.registered_at, document.id);
            let waits =
                document.number.is_none() && document.held.is_empty() && document.void.is_none();
            if waits {
                self.waiting.insert(place);
            } else {
                self.waiting.remove(&place);
            }
            if let Some(number) = document.number {
                self.numbers.insert((document.book, document.year, number), document.id);
            }
        }
        self.states.insert(key, (seq, state));
    }

    /// Gives the documents that wait in a book their numbers, oldest first.
    pub fn number_waiting(&mut self, book: BookId, now: Moment, tally: &mut Tally) {
        if self.book(book).is_none_or(|book| book.lease.holder != Holder::Server) {
            return;
        }
        let first = (book, Moment(i64::MIN), DocumentId([0; 16]));
        let last = (book, Moment(i64::MAX), DocumentId([255; 16]));
        let waiting: Vec<DocumentId> =
            self.waiting.range(first..=last).map(|(_, _, document)| *document).collect();
        for document in waiting {
            let Some(held) = self.book(book) else { return };
            let Some(of) = self.incoming(document) else { continue };
            let year = now.date().year().max(held.latest_year().unwrap_or(i16::MIN));
            let number = held.year(year).next;
            let claim = LeaseClaim { book, epoch: held.lease.epoch, year, number };
            let actor = of.registered_by;
            let id = self.name_of_own();
            let act = Act::GiveNumber { document, outgoing: false };
            let said = self.state_by_server(id, actor, act, Some(claim), now, tally);
            if said == Outcome::Ok {
                tally.add("numbered_by_server_later");
            }
        }
    }
}
