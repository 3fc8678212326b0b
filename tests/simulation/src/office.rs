//! A simulated office: people act on their PCs while lines drop, PCs burn and books change hands.
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use register::{
    Act, Command, CommandId, DeviceId, Direction, DirectiveGiven, DirectiveId, DocumentId, Holder,
    IncomingField, IncomingRegistered, Key, Moment, OfficerId, Party, Refusal, State, TaskId,
    TaskSet, Weight,
};
use sync::SigningKey;
use sync::wire::{Pushed, SyncAnswer};

use crate::broken::{AFTER_A_LOSS, Broken};
use crate::cast::{
    ADMINISTRATOR, ARRIVALS, AT_PCS, CHAIRMAN, FIRST_CLERK, OFFICE_HEAD, SECOND_CLERK, founding,
    paper,
};
use crate::chance::Chance;
use crate::check::incoming;
use crate::line::{Line, Message};
use crate::log::Log;
use crate::pc::Pc;
use crate::tally::Tally;

const MINUTE_MS: u64 = 60_000;
/// States one answer carries: often too few for all that is new.
const PAGES: [u32; 3] = [1, 3, 100];
/// One office in so many shuts PCs out often.
const STRICT: u64 = 7;
/// One office in so many has programs that sign what their rules refuse, each time one of so many
/// things happens.
const CARELESS: u64 = 5;
const BLUNDERS: u64 = 5;
/// One office in so many hands its book on by file again and again, one time in so many.
const PASSING: u64 = 9;
const PASSES: u64 = 12;
/// Rounds in which everybody talks to the server until nothing waits.
const ROUNDS_MAX: usize = 400;

/// What people state about paper when a book is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// They read the last number that was stamped.
    Right,
    /// They miss up to three of the last ones.
    TooLow,
}

/// A number as it stands on a paper, and the PCs that showed it as given.
#[derive(Debug, Clone, Default)]
pub struct Stamped {
    /// Documents that carry it, and which PCs knew.
    pub on: BTreeMap<DocumentId, BTreeSet<DeviceId>>,
    /// The last life of the server in which that was seen anew.
    pub life: u32,
}

/// The office.
pub struct Office {
    /// Chance.
    pub chance: Chance,
    /// What happened.
    pub tally: Tally,
    /// The log.
    pub log: Log,
    /// All PCs, dead ones too.
    pub pcs: Vec<Pc>,
    /// Numbers on paper.
    pub stamped: BTreeMap<(i16, u32), Stamped>,
    /// Commands that died with a PC before anybody else had them.
    pub died: BTreeSet<CommandId>,
    /// Every command that was signed.
    pub signed: BTreeSet<CommandId>,
    pub(crate) line: Line,
    pub(crate) now: Moment,
    pub(crate) documents: Vec<DocumentId>,
    pub(crate) tasks: Vec<TaskId>,
    pub(crate) papers: u64,
    pub(crate) reading: Reading,
    /// Copies of the log, oldest first.
    pub(crate) copies: Vec<Log>,
    /// Whether its server may be lost.
    pub(crate) is_fragile: bool,
    /// Whether its administrator shuts PCs out often.
    pub(crate) is_strict: bool,
    /// Whether some programs sign what the rules refuse.
    pub(crate) is_careless: bool,
    /// Whether its clerks hand their book to each other all the time.
    pub(crate) is_passing: bool,
    /// Commands that a server which was set back lost, and who had signed them.
    pub set_back: BTreeMap<CommandId, DeviceId>,
    broken: Option<Broken>,
    /// Own commands of living PCs that the log did not take while dead ones were not declared.
    pub unheard: usize,
}

pub(crate) fn key_of(n: usize) -> [u8; 32] {
    let mut seed = [7; 32];
    for (slot, byte) in seed.iter_mut().zip((n as u64 + 1).to_be_bytes()) {
        *slot = byte;
    }
    seed
}

pub(crate) fn pc_id(n: usize) -> DeviceId {
    let mut id = [0xD0; 16];
    for (slot, byte) in id.iter_mut().zip((n as u64 + 1).to_be_bytes()) {
        *slot = byte;
    }
    DeviceId(id)
}

impl Office {
    /// An office that has just come to its server: a book of arrivals, held by the server.
    pub fn open(seed: u64, reading: Reading, broken: Option<Broken>) -> Office {
        let mut chance = Chance::of(seed);
        // One run in three goes over New Year.
        let first = if chance.one_in(3) { date(2026, 12, 29) } else { date(2026, 11, 2) };
        let pcs: Vec<Pc> = AT_PCS
            .iter()
            .enumerate()
            .map(|(n, officer)| Pc::new(pc_id(n), *officer, key_of(n)))
            .collect();
        let founder = Pc::new(pc_id(0), ADMINISTRATOR, key_of(0));
        let vouched = (founder.dev, ADMINISTRATOR, founder.public());
        let log = Log::new(SigningKey::from_bytes(&[9; 32]), vouched, broken);
        let mut office = Office {
            chance,
            tally: Tally::default(),
            log,
            pcs,
            stamped: BTreeMap::new(),
            died: BTreeSet::new(),
            signed: BTreeSet::new(),
            line: Line::default(),
            now: Moment::of(first.at(8, 0, 0, 0)),
            documents: Vec::new(),
            tasks: Vec::new(),
            papers: 0,
            reading,
            copies: Vec::new(),
            is_fragile: broken
                .map_or_else(|| seed.is_multiple_of(2), |rule| AFTER_A_LOSS.contains(&rule)),
            is_strict: seed % STRICT == STRICT - 2,
            is_careless: broken.is_none() && seed.is_multiple_of(CARELESS),
            is_passing: seed % PASSING == PASSING / 2,
            set_back: BTreeMap::new(),
            broken,
            unheard: 0,
        };
        office.is_founded(founder);
        office
    }

    fn is_founded(&mut self, mut founder: Pc) {
        let act = Act::Found(founding());
        let open = Act::OpenBook {
            book: ARRIVALS,
            name: "Văn bản đến".into(),
            direction: Direction::Incoming,
            kinds: Vec::new(),
            opening: None,
        };
        for what in [act, open] {
            let id = self.chance.id();
            if founder.does(id, self.now, what, None).is_ok() {
                let asked = founder.asks(100, None);
                if let Ok(answer) = self.log.sync(&asked, self.now, &mut self.tally) {
                    founder.hears((&[], &answer), None);
                }
            }
        }
        // The first clerk goes on with the PC and the numbers of the founding.
        if let Some(first) = self.pcs.first_mut() {
            first.n = founder.n;
        }
        for at in 0..self.pcs.len() {
            self.enrols(at);
        }
        self.copies.push(self.log.clone());
    }

    pub(crate) fn enrols(&mut self, at: usize) {
        let epoch = self.log.epoch;
        let Some(pc) = self.pcs.get_mut(at) else { return };
        pc.shelf.comes_to(epoch);
        let act = Act::EnrolDevice {
            device: pc.dev,
            name: format!("VT-{at:02}"),
            officer: pc.officer,
            public: pc.public(),
        };
        let (officer, id) = (pc.officer, self.chance.id());
        self.log.state_by_server(id, officer, act, None, self.now, &mut self.tally);
    }

    /// One thing happens.
    pub fn happens(&mut self) {
        self.now = Moment(self.now.0 + (MINUTE_MS + self.chance.below(30 * MINUTE_MS)) as i64);
        let live = self.live();
        let Some(at) = self.chance.of_list(&live).copied() else { return };
        let shut_out = self.pcs.get(at).is_some_and(|pc| pc.shut_out);
        match self.chance.below(1000) {
            _ if shut_out => self.calls(at),
            860..=874 if self.is_strict => self.is_shut_out(at, &live),
            _ if self.is_careless && self.chance.one_in(BLUNDERS) => self.blunders(at),
            _ if self.is_passing && self.chance.one_in(PASSES) => self.passes_on(at, &live),
            0..=254 => self.registers(at),
            255..=257 => self.is_copied(),
            258..=259 => self.is_set_back(),
            260..=339 => self.numbers_or_edits(at),
            340..=399 => self.leads(at),
            400..=619 => self.calls(at),
            620..=859 => self.arrives(),
            860..=889 => self.line_changes(at),
            890..=919 => self.takes(at),
            920..=927 => self.gives_up(at),
            928..=953 => self.hands_over(at, &live),
            954..=963 => self.is_taken_over(&live),
            964..=972 => self.clock_goes_wrong(at),
            973..=976 => self.burns(at, &live),
            977..=981 => self.is_shut_out(at, &live),
            982..=986 => self.good_day(&live),
            992..=995 => self.paper_is_used(at),
            _ => self.refill(&live),
        }
        self.one_holder_at_most();
    }

    pub(crate) fn live(&self) -> Vec<usize> {
        self.pcs.iter().enumerate().filter(|(_, pc)| !pc.dead).map(|(at, _)| at).collect()
    }

    pub(crate) fn is_clerk(&self, at: usize) -> bool {
        self.pcs.get(at).is_some_and(|pc| pc.officer == FIRST_CLERK || pc.officer == SECOND_CLERK)
    }

    /// One PC does something; what its own rules refuse is not signed.
    pub(crate) fn does(
        &mut self,
        at: usize,
        what: Act,
        lease: Option<register::LeaseClaim>,
    ) -> Result<Command, Refusal> {
        let id = self.chance.id();
        let Some(pc) = self.pcs.get_mut(at) else { return Err(Refusal::Malformed) };
        let done = pc.does(id, self.now, what, lease);
        match &done {
            Ok(command) => {
                self.signed.insert(command.id);
            }
            Err(refusal) => self.tally.add(&format!("refused_{}", refusal.code())),
        }
        done
    }

    pub(crate) fn is_seen(&mut self, year: i16, number: u32, document: DocumentId, by: DeviceId) {
        let life = self.log.epoch;
        let stamped = self.stamped.entry((year, number)).or_default();
        if !stamped.on.contains_key(&document) {
            stamped.life = life;
        }
        stamped.on.entry(document).or_default().insert(by);
    }

    fn registers(&mut self, at: usize) {
        if !self.is_clerk(at) {
            return;
        }
        self.papers += 1;
        let document = DocumentId(self.chance.id());
        let Some(pc) = self.pcs.get(at) else { return };
        let (dev, today) = (pc.dev, Moment(self.now.0 + pc.skew).date());
        let claim = pc.claim(ARRIVALS, today.year());
        let registered = IncomingRegistered {
            document,
            book: ARRIVALS,
            arrived_on: today,
            fields: paper(today, self.papers),
            attachments: Vec::new(),
            secret: false,
            slip: claim.is_none().then(|| format!("T-{}", self.papers)),
            twin_reason: None,
            submit_to: None,
            arrival: None,
        };
        if self.does(at, Act::RegisterIncoming(registered), claim).is_ok() {
            self.tally.add("registered");
            self.documents.push(document);
            if let Some(claim) = claim {
                self.is_seen(claim.year, claim.number, document, dev);
            }
        }
    }

    fn numbers_or_edits(&mut self, at: usize) {
        let Some(document) = self.a_document_on(at) else { return };
        let Some(pc) = self.pcs.get(at) else { return };
        let (dev, year) = (pc.dev, Moment(self.now.0 + pc.skew).date().year());
        let Some(claim) = pc.claim(ARRIVALS, year) else {
            return self.edits(at, document);
        };
        let shown = pc.shelf.screen().values().filter_map(|placed| incoming(&placed.state));
        let mut waiting = shown.filter(|of| of.number.is_none() && of.held.is_empty());
        let waiting = waiting.next().map(|of| of.id);
        let Some(document) = waiting else { return self.edits(at, document) };
        let what = Act::GiveNumber { document, outgoing: false };
        if self.does(at, what, Some(claim)).is_ok() {
            self.tally.add("numbered_by_holder");
            self.is_seen(claim.year, claim.number, document, dev);
        }
    }

    /// A document that this PC shows.
    fn a_document_on(&mut self, at: usize) -> Option<DocumentId> {
        let screen = self.pcs.get(at)?.shelf.screen();
        for _ in 0..5 {
            let document = self.chance.of_list(&self.documents).copied()?;
            if screen.contains_key(&Key::Incoming(document)) {
                return Some(document);
            }
        }
        None
    }

    fn edits(&mut self, at: usize, document: DocumentId) {
        let Some(pc) = self.pcs.get(at) else { return };
        let shown = pc.shelf.screen().get(&Key::Incoming(document)).map(|placed| &placed.state);
        let Some(State::Incoming(of)) = shown else { return };
        let what = Act::EditIncoming {
            document,
            field: IncomingField::Note,
            old: of.fields.note.clone(),
            new: format!("ghi chú {}", self.chance.below(1000)),
        };
        if self.does(at, what, None).is_ok() {
            self.tally.add("edited");
        }
    }

    /// The chairman directs, the office head works: states that belong together change together.
    fn leads(&mut self, at: usize) {
        let Some(officer) = self.pcs.get(at).map(|pc| pc.officer) else { return };
        if officer == CHAIRMAN
            && let Some(document) = self.a_document_on(at)
        {
            let task = TaskId(self.chance.id());
            let set = TaskSet {
                task,
                content: "Tham mưu trả lời".into(),
                lead: Party::Officer(OFFICE_HEAD),
                co: Vec::new(),
                deadline: None,
                weight: Weight::Regular,
                product: String::new(),
            };
            let given = DirectiveGiven {
                document,
                directive: DirectiveId(self.chance.id()),
                text: "Giao thực hiện".into(),
                task: Some(set),
                information: Vec::new(),
            };
            if self.does(at, Act::Direct(given), None).is_ok() {
                self.tally.add("directed");
                self.tasks.push(task);
            }
        } else if officer == OFFICE_HEAD
            && self.chance.one_in(2)
            && let Some(task) = self.chance.of_list(&self.tasks).copied()
        {
            let percent = self.chance.below(101) as u8;
            let what = Act::Progress { task, percent, note: "đang làm".into() };
            if self.does(at, what, None).is_ok() {
                self.tally.add("progressed");
            }
        } else if let Some(document) = self.a_document_on(at) {
            let _ = self.does(at, Act::Seen { document, outgoing: false }, None);
        }
    }

    fn calls(&mut self, at: usize) {
        let max = self.chance.of_list(&PAGES).copied().unwrap_or(100);
        let Some(pc) = self.pcs.get_mut(at) else { return };
        if pc.online {
            let asked = Box::new(pc.asks(max, self.broken));
            self.line.send(Message::Up(at, asked), &mut self.chance, &mut self.tally);
        }
    }

    fn arrives(&mut self) {
        match self.line.arrives(&mut self.chance) {
            None => {}
            Some(Message::Up(at, asked)) => {
                let message = match self.log.sync(&asked, self.now, &mut self.tally) {
                    Ok(answer) => Message::Down(at, asked.relay, Box::new(answer)),
                    Err((epoch, head0)) => Message::OtherLife(at, epoch, head0),
                };
                self.looks_at_given();
                self.line.send(message, &mut self.chance, &mut self.tally);
            }
            Some(Message::Down(at, relayed, answer)) => self.hears(at, (&relayed, &answer)),
            Some(Message::OtherLife(at, epoch, head0)) => self.begins_anew(at, epoch, head0),
        }
    }

    fn hears(&mut self, at: usize, (relayed, answer): (&[Pushed], &SyncAnswer)) {
        let Some(pc) = self.pcs.get_mut(at).filter(|pc| !pc.dead) else { return };
        let taken = pc.hears((relayed, answer), self.broken);
        let dev = pc.dev;
        if self.is_shut_out_by_log(dev)
            && let Some(pc) = self.pcs.get_mut(at)
        {
            pc.shut_out = true;
        }
        if taken.stale {
            self.tally.add("stale_answers");
        }
        self.tally.more("run_again", taken.run_again as u64);
        let mut numbers = Vec::new();
        for key in &taken.changed {
            if let Some(State::Incoming(of)) =
                self.pcs.get(at).and_then(|pc| pc.shelf.screen().get(key)).map(|one| &one.state)
                && let Some(number) = of.number
            {
                numbers.push((of.year, number, of.id));
            }
        }
        for (year, number, document) in numbers {
            self.is_seen(year, number, document, dev);
        }
    }

    fn line_changes(&mut self, at: usize) {
        if let Some(pc) = self.pcs.get_mut(at) {
            // A line that is gone comes back sooner than a good one goes.
            if pc.online && !self.chance.one_in(4) {
                return;
            }
            pc.online = !pc.online;
            self.tally.add(if pc.online { "line_back" } else { "line_gone" });
        }
        if self.chance.one_in(20) {
            self.line.is_cut();
            self.tally.add("server_gone");
        }
    }

    /// The line is good, PCs that are gone are declared so, and everybody talks until all is said.
    /// Says whether that came to an end.
    pub fn comes_to_rest(&mut self) -> bool {
        self.line.is_cut();
        for at in 0..self.pcs.len() {
            let Some(pc) = self.pcs.get_mut(at) else { continue };
            (pc.online, pc.skew) = (true, 0);
        }
        // Before anybody declares a PC destroyed, those that live have said all of their own.
        self.settles();
        let silent = self.pcs.iter().filter(|pc| !pc.dead);
        self.unheard = silent.map(|pc| pc.shelf.unanswered().count()).sum();
        for at in 0..self.pcs.len() {
            let Some(pc) = self.pcs.get_mut(at) else { continue };
            if pc.dead && self.broken != Some(Broken::R10) {
                let what = Act::RetireDevice { device: pc.dev, reason: "cháy".into() };
                let id = self.chance.id();
                self.log.state_by_server(id, ADMINISTRATOR, what, None, self.now, &mut self.tally);
            }
        }
        // A book that was handed over by a PC that is shut out has no way on but a take-over.
        self.settles();
        let lease = self.log.book(ARRIVALS).map(|book| book.lease);
        if lease.map(|lease| lease.holder) != Some(Holder::Server) {
            self.reading = Reading::Right;
            let what = Act::ForceLease(self.forced(None, lease.map(|lease| lease.epoch)));
            let id = self.chance.id();
            self.log.state_by_server(id, OFFICE_HEAD, what, None, self.now, &mut self.tally);
        }
        self.log.number_waiting(ARRIVALS, self.now, &mut self.tally);
        self.looks_at_given();
        self.settles()
    }

    fn settles(&mut self) -> bool {
        let mut said = None;
        for _ in 0..ROUNDS_MAX {
            let live = self.live();
            for at in &live {
                let Some(pc) = self.pcs.get_mut(*at) else { continue };
                let asked = pc.asks(100, self.broken);
                match self.log.sync(&asked, self.now, &mut self.tally) {
                    Ok(answer) => self.hears(*at, (&asked.relay, &answer)),
                    Err((epoch, head0)) => self.begins_anew(*at, epoch, head0),
                }
                self.looks_at_given();
            }
            let head = self.log.head();
            let done = self.pcs.iter_mut().filter(|pc| !pc.dead).all(|pc| {
                let at = sync::replica::Shelf::cursor(&mut pc.shelf);
                pc.is_settled() && at.is_ok_and(|at| at == head)
            });
            if done {
                return true;
            }
            // Nothing new was said, and nothing was missed: more rounds bring no more.
            let now = Some((head, self.pcs.iter().map(Pc::stand).collect::<Vec<_>>()));
            if std::mem::replace(&mut said, now.clone()) == now {
                return false;
            }
        }
        false
    }

    /// The officers at PCs, for messages.
    pub fn officer_at(&self, at: usize) -> Option<OfficerId> {
        self.pcs.get(at).map(|pc| pc.officer)
    }
}
