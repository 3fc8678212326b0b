//! One PC: a key, a register, and the calls it makes.
use std::collections::BTreeMap;

use register::{
    Act, Book, BookId, Command, CommandId, DeviceId, Holder, LeaseClaim, Moment, OfficerId,
    PublicKey, Recorded, Refusal, State,
};
use sync::replica::{
    ActFault, Anew, Life, Placed, Taken, Waiting, act, begin_anew, may_push, offer, receive_book,
    take_in,
};
use sync::wire::{Offer, Pushed, STATE_FORM, SyncAnswer, SyncAsked};
use sync::{Envelope, SigningKey, encode, sign};

use crate::broken::Broken;
use crate::cast::ORG;
use crate::on_disk::OnDisk;
use crate::shelf::MapShelf;

/// Commands one call carries in a simulation: few, so that many calls are needed.
const PUSHED: usize = 20;

/// A command of another PC, as it was signed.
#[derive(Clone)]
pub struct Carried {
    /// The command.
    pub command: Command,
    /// Its bytes.
    pub envelope: Envelope,
    /// What was said of it in a life of the server that was lost (R22).
    pub recorded: Option<Recorded>,
    /// The last own command that came before it: it may build on that one (R27).
    pub behind: u64,
    /// It was sent, and something before it is missing: nothing waits for it any more.
    pub has_gap: bool,
}

/// A PC with one officer at it.
#[derive(Clone)]
pub struct Pc {
    /// Its id.
    pub dev: DeviceId,
    /// Who sits at it.
    pub officer: OfficerId,
    /// What he signs with there.
    pub key: SigningKey,
    /// Commands signed so far.
    pub n: u64,
    last_at: Moment,
    /// Its register.
    pub shelf: MapShelf,
    /// Commands it carries for others.
    pub carried: Vec<Carried>,
    /// How wrong its clock is, in milliseconds.
    pub skew: i64,
    /// Whether there is a line.
    pub online: bool,
    /// Burnt, stolen, drowned.
    pub dead: bool,
    /// The entry at which the life of the server began that it knows.
    pub head0: u64,
    /// It was told that it is shut out: it only sends what it still has.
    pub shut_out: bool,
    /// The same register in a file, where one is kept beside.
    pub disk: Option<OnDisk>,
    /// How the file came to differ.
    pub differs: Vec<String>,
    /// The commands by which it gave the book away, and the epochs it gave up.
    pub gave: Vec<(CommandId, u32)>,
}

impl Pc {
    /// A PC with an empty register.
    pub fn new(dev: DeviceId, officer: OfficerId, seed: [u8; 32]) -> Pc {
        Pc {
            dev,
            officer,
            key: SigningKey::from_bytes(&seed),
            n: 0,
            last_at: Moment(0),
            shelf: MapShelf::default(),
            carried: Vec::new(),
            skew: 0,
            online: true,
            dead: false,
            head0: 0,
            shut_out: false,
            disk: None,
            differs: Vec::new(),
            gave: Vec::new(),
        }
    }

    /// The public half of its key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.key.verifying_key().to_bytes())
    }

    fn command(&self, id: [u8; 16], now: Moment, act: Act, lease: Option<LeaseClaim>) -> Command {
        Command {
            v: 1,
            id: CommandId(id),
            org: ORG,
            dev: self.dev,
            n: self.n + 1,
            actor: self.officer,
            at: Moment((now.0 + self.skew).max(self.last_at.0 + 1)),
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease,
            blobs: Vec::new(),
            act,
        }
    }

    /// Signs an act without asking the rules, and shows nothing of it: what a program does that
    /// knows them otherwise. A PC with a real file beside its maps has no such program.
    pub fn states_blindly(
        &mut self,
        id: [u8; 16],
        now: Moment,
        what: Act,
        lease: Option<LeaseClaim>,
    ) -> Option<Command> {
        if self.disk.is_some() {
            return None;
        }
        let command = self.command(id, now, what, lease);
        let envelope = sign(encode(&command).ok()?, &self.key);
        let waiting = Waiting {
            command: command.clone(),
            envelope,
            ack: None,
            recorded: None,
            predicted: Vec::new(),
        };
        sync::replica::Shelf::keep_waiting(&mut self.shelf, &waiting).ok()?;
        (self.n, self.last_at) = (command.n, command.at);
        Some(command)
    }

    /// What it carries behind a gap: of every PC the first, then the second, so that a gap of one
    /// does not fill the call.
    fn with_a_gap(&self) -> Vec<&Carried> {
        let mut of: BTreeMap<DeviceId, Vec<&Carried>> = BTreeMap::new();
        for one in self.carried.iter().filter(|one| one.has_gap) {
            of.entry(one.command.dev).or_default().push(one);
        }
        let mut all = Vec::new();
        for (dev, mut row) in of {
            row.sort_by_key(|one| one.command.n);
            all.extend(row.into_iter().enumerate().map(|(turn, one)| (turn, dev, one)));
        }
        all.sort_by_key(|(turn, dev, _)| (*turn, *dev));
        all.into_iter().map(|(_, _, one)| one).collect()
    }

    /// Does one act; the rules as this PC knows the office may say no.
    ///
    /// # Errors
    /// What the rules say.
    pub fn does(
        &mut self,
        id: [u8; 16],
        now: Moment,
        what: Act,
        lease: Option<LeaseClaim>,
    ) -> Result<Command, Refusal> {
        let command = self.command(id, now, what, lease);
        let key = self.key.clone();
        let seal = |command: &Command| sign(encode(command).unwrap_or_default(), &key);
        let done = match act(&mut self.shelf, &command, seal) {
            Ok(_) => {
                (self.n, self.last_at) = (command.n, command.at);
                Ok(command.clone())
            }
            Err(ActFault::Refused(refusal)) => Err(refusal),
            Err(ActFault::AsksWithoutEnd | ActFault::Shelf(_)) => Err(Refusal::Malformed),
        };
        let differs = self.disk.as_ref().and_then(|disk| disk.does(&command, &self.key, &done));
        self.differs.extend(differs);
        done
    }

    /// The claim to the next number, if this PC holds the book.
    pub fn claim(&self, book: BookId, year: i16) -> Option<LeaseClaim> {
        let held = self.shelf.book(book)?;
        let number = held.year(year).next;
        let claim = LeaseClaim { book, epoch: held.lease.epoch, year, number };
        (held.lease.holder == Holder::Device(self.dev)).then_some(claim)
    }

    /// The highest epoch it gave up; what the log refused was not given up.
    pub fn given_up(&self) -> Option<u32> {
        let stands = |(id, _): &&(CommandId, u32)| !self.shelf.returned.contains_key(id);
        self.gave.iter().filter(stands).map(|(_, epoch)| *epoch).max()
    }

    /// Its next call.
    pub fn asks(&mut self, max: u32, broken: Option<Broken>) -> SyncAsked {
        let pushed = if may_push(&mut self.shelf).unwrap_or(false) { PUSHED } else { 0 };
        let sent = |envelope: &Envelope, recorded: &Option<Recorded>| {
            let before = recorded.clone().map(Box::new);
            Pushed::of(envelope).ok().map(|pushed| Pushed { before, ..pushed })
        };
        // Each goes behind what was here before it; the server takes carried ones first (R27).
        let first = self.shelf.unanswered().map(|one| one.command.n).min().unwrap_or(u64::MAX);
        let row: Vec<&Carried> = self.carried.iter().filter(|one| !one.has_gap).collect();
        let beside = broken == Some(Broken::R27);
        let may_go = row.iter().filter(|one| beside || one.behind < first).count();
        let (relayed, left) = row.split_at(may_go.min(pushed));
        let upto = left.iter().map(|one| one.behind).min().unwrap_or(u64::MAX);
        // One call carries so many in all.
        let room = pushed.saturating_sub(relayed.len());
        let own = self.shelf.unanswered().filter(|one| one.command.n <= upto).take(room);
        let push: Vec<Pushed> = own.filter_map(|one| sent(&one.envelope, &one.recorded)).collect();
        let room = room.saturating_sub(push.len());
        let relayed = relayed.iter().copied().chain(self.with_a_gap().into_iter().take(room));
        let relay: Vec<Pushed> =
            relayed.filter_map(|one| sent(&one.envelope, &one.recorded)).collect();
        let differs = self.disk.as_ref().and_then(|disk| disk.sends(pushed, (&push, &relay)));
        self.differs.extend(differs);
        let offer = self.offers(broken);
        let cursor = sync::replica::Shelf::cursor(&mut self.shelf).unwrap_or(0);
        SyncAsked {
            epoch: self.shelf.knows().epoch,
            org: ORG,
            dev: self.dev,
            app: "0.1.0".into(),
            forms: [STATE_FORM, STATE_FORM],
            last: None,
            push,
            relay,
            cursor,
            below: None,
            max,
            offer,
            totals: false,
        }
    }

    /// What it has seen in a life that was lost.
    fn offers(&mut self, broken: Option<Broken>) -> Option<Box<Offer>> {
        if broken == Some(Broken::R11) && self.shelf.knows().anew == Anew::Offering {
            self.shelf.forgets_up_to(self.head0);
        }
        let offered = offer(&mut self.shelf).ok().flatten().map(Box::new);
        let by_map = (offered.as_deref(), may_push(&mut self.shelf).unwrap_or(false));
        let differs = self.disk.as_ref().and_then(|disk| disk.offers(by_map));
        self.differs.extend(differs);
        offered
    }

    /// It is told that the server lives another life.
    pub fn begins_anew(&mut self, epoch: u32, head0: u64) -> bool {
        let begins = begin_anew(&mut self.shelf, epoch).unwrap_or(false);
        let differs = self.disk.as_ref().and_then(|disk| disk.begins_anew(epoch, begins));
        self.differs.extend(differs);
        if begins {
            self.head0 = head0;
        }
        begins
    }

    /// Takes in an answer, whenever it comes.
    pub fn hears(
        &mut self,
        (relayed, answer): (&[Pushed], &SyncAnswer),
        broken: Option<Broken>,
    ) -> Taken {
        self.carried.retain(|one| {
            let of = (one.command.dev, one.command.n);
            !answer.acks.iter().any(|ack| (ack.dev, ack.n) == of)
        });
        for one in &mut self.carried {
            one.has_gap |= relayed.iter().any(|sent| sent.sig.0 == one.envelope.sig);
        }
        let read = |text: &str| serde_json::from_str::<State>(text).ok();
        let states: Vec<Placed> = answer
            .states
            .iter()
            .filter_map(|sent| read(sent.state.get()).map(|state| Placed { ver: sent.ver, state }))
            .collect();
        let mut answer = answer.clone();
        if broken == Some(Broken::R12) {
            answer.from = sync::replica::Shelf::cursor(&mut self.shelf).unwrap_or(0);
        }
        if broken == Some(Broken::R13) {
            answer.more = false;
        }
        let differs = self.disk.as_ref().and_then(|disk| disk.hears(relayed, (&answer, &states)));
        self.differs.extend(differs);
        take_in(&mut self.shelf, &answer, &states).unwrap_or_default()
    }

    /// What it gives to the PC beside it with a book: its commands the log may not have, and those
    /// it carries itself.
    pub fn bundle(&self, book: BookId) -> (Vec<Carried>, Option<Book>) {
        let own = self.shelf.unanswered().map(|one| Carried {
            command: one.command.clone(),
            envelope: one.envelope.clone(),
            recorded: one.recorded.clone(),
            behind: one.command.n,
            has_gap: false,
        });
        let mut all: Vec<Carried> = own.chain(self.carried.iter().cloned()).collect();
        all.sort_by_key(|one| one.behind);
        (all, self.shelf.book(book).cloned())
    }

    /// Takes over a book from the PC beside it.
    pub fn receives(&mut self, bundle: (Vec<Carried>, Option<Book>)) {
        let (commands, book) = bundle;
        let on_disk = self.disk.as_ref();
        self.differs.extend(on_disk.and_then(|disk| disk.receives(&commands, book.as_ref())));
        for brought in commands {
            let known = |one: &Carried| one.command.id == brought.command.id;
            if brought.command.dev != self.dev && !self.carried.iter().any(known) {
                self.carried.push(Carried { behind: self.n, has_gap: false, ..brought });
            }
        }
        if let Some(book) = book {
            let _ = receive_book(&mut self.shelf, &book);
        }
    }

    /// How far it has come with the log: nothing more happens where this stays for all.
    pub fn stand(&self) -> (usize, usize, (usize, usize, Life, u64)) {
        let with_a_gap = self.carried.iter().filter(|one| one.has_gap).count();
        (self.carried.len(), with_a_gap, self.shelf.stand())
    }

    /// Whether it has met the log about everything.
    pub fn is_settled(&self) -> bool {
        self.carried.is_empty() && self.shelf.is_settled()
    }
}
