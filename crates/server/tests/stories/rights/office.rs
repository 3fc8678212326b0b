//! An office with one person of every sort, each at a PC of his own.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use register::{
    Act, Attachment, BookId, Command, Direction, IncomingRegistered, Key, Officer, OfficerId,
    Outcome, Role, Scope, State, Unit, UnitId, audience,
};
use server::{Span, StorageFault, looked_up};
use sync::wire::{AdoptAsked, SyncAnswer};

use super::acts::{Step, draft, to_be_issued};
use crate::cast::{ARRIVALS, LAN, ORG, Pc, Server, TU, arrival, doc, founding, officer, words};
use crate::files::Scan;
use crate::line::Listening;
use crate::parcels::{self, NEXT, parcel};
use crate::world::World;

pub const ECONOMY: UnitId = UnitId([0xE1; 16]);
pub const CULTURE: UnitId = UnitId([0xE2; 16]);
pub const LETTERS: BookId = BookId([0xC2; 16]);
/// Hùng directs, Cúc heads the office, Bình the economy unit in which An works; Nga is elsewhere.
pub const HUNG: OfficerId = OfficerId([3; 16]);
pub const CUC: OfficerId = OfficerId([4; 16]);
pub const BINH: OfficerId = OfficerId([6; 16]);
pub const AN: OfficerId = OfficerId([7; 16]);
pub const NGA: OfficerId = OfficerId([8; 16]);
/// He has left.
pub const QUY: OfficerId = OfficerId([9; 16]);
/// What came from next door: it waits; and what Lan has taken in, and is called back.
pub const WAITS: u8 = 0xA1;
pub const CALLED_BACK: u8 = 0xA2;
/// What Lan has sent there, the document and the parcel.
pub const OURS: u8 = 0x70;
/// A file that never reaches the server: a document with it stays where it is, and no
/// receipt comes while somebody else is counted.
pub const LEFT_BEHIND: &str = "còn trên máy.pdf";
pub const PEOPLE: [OfficerId; 8] = [TU, LAN, HUNG, CUC, BINH, AN, NGA, QUY];

pub struct Office {
    pub server: Server,
    pub line: Listening,
    pub pcs: Vec<Pc>,
    pub tokens: Vec<String>,
    pub world: World,
    /// The end of the log when everything was ready.
    pub base: u64,
    /// The things each entry touched since.
    pub touched: BTreeMap<u64, BTreeSet<Key>>,
    /// Those who may read it.
    pub readers: BTreeMap<u64, BTreeSet<Scope>>,
    files: BTreeMap<register::BlobId, Scan>,
}

fn unit(id: UnitId, name: &str) -> Unit {
    Unit { id, name: name.into(), abbreviation: "PKT".into(), open: true }
}

fn in_unit(id: OfficerId, name: &str, unit: UnitId, role: Role) -> Officer {
    Officer { unit: Some(unit), ..officer(id, name, &[role]) }
}

fn founded() -> Pc {
    let mut pc = Pc::new(0xD1);
    let mut agency = founding();
    agency.units = vec![unit(ECONOMY, "Phòng Kinh tế"), unit(CULTURE, "Phòng Văn hoá")];
    agency.officers = vec![
        officer(TU, "Tú", &[Role::Administrator]),
        officer(LAN, "Lan", &[Role::Clerk]),
        officer(HUNG, "Hùng", &[Role::Leader]),
        officer(CUC, "Cúc", &[Role::OfficeHead]),
        in_unit(BINH, "Bình", ECONOMY, Role::UnitHead),
        in_unit(AN, "An", ECONOMY, Role::Official),
        in_unit(NGA, "Nga", CULTURE, Role::Official),
        officer(QUY, "Quý", &[Role::Clerk]),
    ];
    pc.does(TU, Act::Found(agency));
    for (book, name, direction) in
        [(ARRIVALS, "Văn bản đến", Direction::Incoming), (LETTERS, "Công văn", Direction::Outgoing)]
    {
        let (name, kinds) = (name.into(), Vec::new());
        pc.does(TU, Act::OpenBook { book, name, direction, kinds, opening: None });
    }
    pc
}

/// The agency next door sends two documents and takes in one; the server carries meanwhile. Lan
/// has taken in the second, and it is called back.
fn post_comes(server: &Server, lan: &mut Pc) {
    let mut theirs = parcels::agency(server, NEXT, "UBND xã Bình An", 0xD2);
    for (n, letter) in [(1, WAITS), (2, CALLED_BACK)] {
        let scan = Scan::of(1200, n);
        parcels::issues(&mut theirs, n, &scan, &[(ORG, letter)]);
        theirs.exchanges(server, LAN);
        parcels::sends_file(server, &server.session(&theirs, LAN), &scan);
    }
    until(server, lan, |lan| lan.states.contains_key(&Key::Arrival(parcel(CALLED_BACK))));
    let Act::RegisterIncoming(of) = arrival(CALLED_BACK) else { panic!("not an arrival") };
    let (attachments, came) =
        (parcels::arrival_of(lan, CALLED_BACK).letter.files, Some(parcel(CALLED_BACK)));
    lan.does(LAN, Act::RegisterIncoming(IncomingRegistered { attachments, arrival: came, ..of }));
    assert_eq!(words(&lan.exchanges(server, LAN)), ["ok"]);
    let (reason, parcels) = ("Sai trích yếu".into(), vec![parcel(CALLED_BACK)]);
    theirs.does(LAN, Act::Recall { document: doc(2), parcels, reason, replaced_by: None });
    assert_eq!(words(&theirs.exchanges(server, LAN)), ["ok"]);
    until(server, lan, |lan| parcels::arrival_of(lan, CALLED_BACK).recall.is_some());
    post_goes(server, lan, &mut theirs);
}

/// A document of Lan's is read and registered next door: nothing more comes back of it.
fn post_goes(server: &Server, lan: &mut Pc, theirs: &mut Pc) {
    let scan = Scan::of(1300, 9);
    let Act::Draft { document, fields, answers, task, replaces, .. } = draft(OURS, Vec::new())
    else {
        panic!("not a draft")
    };
    let attachments = vec![scan.attachment()];
    lan.does(LAN, Act::Draft { document, fields, attachments, answers, task, replaces });
    lan.does(LAN, to_be_issued(OURS, true));
    lan.does(LAN, parcels::issue(OURS, &[(NEXT, OURS)]));
    assert_eq!(words(&lan.exchanges(server, LAN)), ["ok", "ok", "ok"]);
    parcels::sends_file(server, &server.session(lan, LAN), &scan);
    until(server, theirs, |theirs| theirs.states.contains_key(&Key::Arrival(parcel(OURS))));
    parcels::takes_in(theirs, OURS, 1);
    assert_eq!(words(&theirs.exchanges(server, LAN)), ["ok"]);
    until(server, lan, |lan| {
        let ours = parcels::parcel_of(lan, OURS);
        ours.fetched.is_some() && ours.answer.is_some()
    });
}

fn until(server: &Server, pc: &mut Pc, told: impl Fn(&Pc) -> bool) {
    while !told(pc) {
        parcels::carries(server);
        pc.exchanges(server, LAN);
    }
}

impl Office {
    pub fn founded() -> Office {
        let server = Server::new();
        let mut first = founded();
        let code = server.ledger.adoption_code(server::clock(), server.chance()).unwrap();
        let line = Listening::of(&server);
        let asked: AdoptAsked = first.adoption(&code);
        line.posts::<_, sync::wire::Enrolled>("/v1/adopt", "", &asked).unwrap();
        first.exchanges(&server, TU);
        let others = PEOPLE.iter().zip(0x10..).skip(1);
        let mut pcs: Vec<Pc> =
            others.map(|(person, byte)| server.enrols(&first, byte, *person)).collect();
        let left = Officer { active: false, ..officer(QUY, "Quý", &[Role::Clerk]) };
        first.does(TU, Act::SetOfficer { officer: left });
        first.exchanges(&server, TU);
        pcs.insert(0, first);
        post_comes(&server, &mut pcs[1]);
        let tokens = pcs.iter().zip(PEOPLE).map(|(pc, person)| line.session(pc, person)).collect();
        let mut office = Office {
            server,
            line,
            tokens,
            pcs,
            world: World::default(),
            base: 0,
            touched: BTreeMap::new(),
            readers: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        office.looks();
        office.base = office.head();
        office
    }

    fn head(&self) -> u64 {
        let found = looked_up::<_, StorageFault>(&*self.server.storage, |tx| tx.org(ORG));
        found.unwrap().unwrap().head
    }

    /// Reads every state anew; says which are of this entry.
    fn looks(&mut self) -> BTreeMap<u64, BTreeSet<Key>> {
        let mut states = BTreeMap::new();
        let mut by_entry = BTreeMap::<u64, BTreeSet<Key>>::new();
        looked_up::<_, StorageFault>(&*self.server.storage, |tx| {
            tx.states(ORG, Span::After(0), &mut |kept| {
                let state = serde_json::from_str(kept.body).unwrap();
                let touched = by_entry.entry(kept.ver).or_default();
                touched.insert(kept.key);
                // What is done with a parcel stands in the history of its document.
                if let State::Parcel(parcel) = &state {
                    touched.insert(Key::Outgoing(parcel.document));
                }
                states.insert(kept.key, state);
                ControlFlow::Continue(())
            })
        })
        .unwrap();
        self.world.states = states;
        by_entry
    }

    pub fn officer(&self, id: OfficerId) -> Officer {
        match self.world.states.get(&Key::Officer(id)) {
            Some(State::Officer(officer)) => officer.clone(),
            other => panic!("no officer but {other:?}"),
        }
    }

    /// What this person would send; nobody but the rules keeps him from it.
    pub fn command(&mut self, who: usize, step: &Step) -> Command {
        let lease = step.claim(&self.world);
        let act = step.act_now(&self.world, &self.pcs);
        let pc = &mut self.pcs[who];
        let command = pc.command(PEOPLE[who], act);
        // It is not sent yet, and perhaps never.
        pc.n -= 1;
        Command { lease, ..command }
    }

    /// Sends one command from a person's PC; he who has left sends it by another's line.
    pub fn pushes(&mut self, who: usize, command: &Command) -> Outcome {
        self.pcs[who].n += 1;
        let signed = self.pcs[who].signs(command);
        let carrier = if PEOPLE[who] == QUY { 1 } else { who };
        let token = self.tokens[carrier].clone();
        let mut asked = self.pcs[carrier].asks();
        if carrier == who {
            asked.push.push(signed)
        } else {
            asked.relay.push(signed)
        }
        let answer: SyncAnswer = self.line.posts("/v1/sync", &token, &asked).unwrap();
        let ack = answer.acks.last().unwrap().clone();
        assert_eq!((ack.n, ack.seq), (command.n, answer.head.head.seq), "one entry a command");
        let scopes: BTreeSet<String> = answer.scopes.iter().cloned().collect();
        assert!(!self.pcs[carrier].takes(answer));
        let changed = self.looks().remove(&ack.seq).unwrap_or_default();
        self.readers.insert(ack.seq, self.readers_of(command.actor, &changed));
        self.touched.insert(ack.seq, changed);
        let his = register::scopes_of(&self.officer(PEOPLE[carrier]));
        assert_eq!(scopes, his.iter().map(Scope::name).collect());
        ack.stamp.outcome
    }

    /// The author, and those who see what it was about; a book counts only where it is all.
    fn readers_of(&self, author: OfficerId, changed: &BTreeSet<Key>) -> BTreeSet<Scope> {
        let mut readers = BTreeSet::from([Scope::Officer(author)]);
        let mut about = changed.iter().filter(|key| !matches!(key, Key::Book(_))).peekable();
        if about.peek().is_some() {
            readers.extend(about.flat_map(|key| audience(&self.world.states[key])));
        } else {
            readers.insert(if changed.is_empty() { Scope::Staff } else { Scope::Everyone });
        }
        readers
    }

    /// Sends the files that a command named.
    pub fn sends_files_of(&mut self, who: usize, command: &Command) {
        let token = self.tokens[who].clone();
        for file in named(&command.act) {
            if file.name == LEFT_BEHIND {
                continue;
            }
            let scan = Scan::of(file.size, file.name.len() as u8);
            assert_eq!(scan.blob, file.blob);
            assert!(self.line.sends(&scan, &token).stored);
            self.files.insert(file.blob, scan);
        }
    }

    pub fn files_are_his_alone(&self, who: usize, token: &str, scopes: &BTreeSet<Scope>) {
        assert!(self.files.len() >= 4);
        for (blob, scan) in &self.files {
            let his = self.world.states.values().any(|state| {
                let names = serde_json::to_string(state).unwrap().contains(&blob.hex());
                names && !audience(state).is_disjoint(scopes)
            });
            let (status, _, bytes) = self.line.reads(scan, token, "");
            let read = if his { status == 200 && bytes == scan.bytes } else { status == 404 };
            assert!(read, "{:?} {status} {his}", PEOPLE[who]);
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others name no new file")]
fn named(act: &Act) -> Vec<Attachment> {
    match act {
        Act::RegisterIncoming(registered) => registered.attachments.clone(),
        Act::Draft { attachments, .. } => attachments.clone(),
        Act::Attach { files, .. } | Act::Report { files, .. } => files.clone(),
        _ => Vec::new(),
    }
}
