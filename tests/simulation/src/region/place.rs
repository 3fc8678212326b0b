//! One agency of a region: its log, what goes out of it, and three PCs.
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::time;
use register::{
    Act, Admitted, Agency, AgencyFounded, AgencyId, Answer, Ask, BookId, Command, CommandId,
    DeadlineEnd, DeviceId, Direction, Entering, Hours, Key, Kind, KindShape, Matter, Moment, No,
    NumberUse, Officer, OfficerId, Outcome, ParcelId, Picture, Post, ReadTo, Receipt, Role, Signer,
    State, Told, admit, decide, entering, posts,
};

use crate::tally::Tally;

/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;
/// Who speaks for another log.
const NOBODY: OfficerId = OfficerId([0; 16]);
/// The clerk who holds the books where the server does not.
pub const CLERK: OfficerId = OfficerId([1; 16]);
/// The second clerk.
pub const SECOND: OfficerId = OfficerId([2; 16]);
/// The leader.
pub const LEADER: OfficerId = OfficerId([3; 16]);
const ADMINISTRATOR: OfficerId = OfficerId([4; 16]);
pub const ARRIVALS: BookId = BookId([0xC1; 16]);
pub const ISSUES: BookId = BookId([0xC2; 16]);

/// A matter on its way.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub id: [u8; 16],
    pub post: Post,
    pub tried: bool,
}

impl Row {
    pub fn is_deliver(&self) -> bool {
        matches!(self.post.matter, Matter::Deliver(_))
    }
}

/// One PC with one officer.
pub(super) struct Seat {
    pub officer: OfficerId,
    pub dev: DeviceId,
    n: u64,
    /// What its screen shows.
    pub shown: BTreeMap<Key, State>,
    /// What the log does not know yet.
    pub waits: Vec<Command>,
    pub has_line: bool,
}

/// An agency.
pub struct Place {
    /// Which.
    pub id: AgencyId,
    /// The server it is on.
    pub server: usize,
    /// Its states.
    pub states: BTreeMap<Key, State>,
    pub(super) seq: u64,
    server_n: u64,
    pub(super) seats: Vec<Seat>,
    pub(super) outbox: Vec<Row>,
    made: u64,
    /// Parcels whose files are not all with the server.
    pub files_on_the_way: BTreeSet<ParcelId>,
    /// How often each parcel was entered here.
    pub came: BTreeMap<ParcelId, u32>,
}

fn answer(states: &BTreeMap<Key, State>, org: AgencyId, ask: &Ask) -> Answer {
    match ask {
        Ask::State(key) => Answer::State(states.get(key).cloned()),
        Ask::Number(book, year, number) => {
            let holds = |state: &&State| match state {
                State::Incoming(of) => {
                    (of.book, of.year, of.number) == (*book, *year, Some(*number))
                }
                State::Outgoing(of) => of.given.as_ref().is_some_and(|given| {
                    (given.book, given.year, given.number) == (*book, *year, Some(*number))
                }),
                _ => false,
            };
            let found = states.values().find(holds).and_then(State::place);
            Answer::Number(found.map(|(document, _)| NumberUse::Document(document)))
        }
        Ask::Reference(_, _) => Answer::Reference(None),
        Ask::Agency => {
            let founded = states.contains_key(&Key::Agency(org));
            Answer::Agency(founded.then_some(org))
        }
        Ask::Accepted(_) => Answer::Accepted(Some(true)),
    }
}

impl Place {
    /// An agency with two books; the log gives numbers, or the first clerk does.
    pub fn founded(at: usize, server: usize, lease_at_server: bool, now: Moment) -> Place {
        let id = AgencyId([0xA0 + at as u8; 16]);
        let seat = |officer: OfficerId| Seat {
            officer,
            dev: DeviceId([officer.0[0] + 0x10 * (at as u8 + 1); 16]),
            n: 0,
            shown: BTreeMap::new(),
            waits: Vec::new(),
            has_line: true,
        };
        let mut place = Place {
            id,
            server,
            states: BTreeMap::new(),
            seq: 0,
            server_n: 0,
            seats: [CLERK, SECOND, LEADER].map(seat).into(),
            outbox: Vec::new(),
            made: 0,
            files_on_the_way: BTreeSet::new(),
            came: BTreeMap::new(),
        };
        let mut tally = Tally::default();
        let open = |book, direction| Act::OpenBook {
            book,
            name: "Sổ".into(),
            direction,
            kinds: Vec::new(),
            opening: None,
        };
        let mut acts = vec![
            (ADMINISTRATOR, Act::Found(founding(id, at))),
            (ADMINISTRATOR, open(ARRIVALS, Direction::Incoming)),
            (ADMINISTRATOR, open(ISSUES, Direction::Outgoing)),
            (CLERK, Act::TakeLease { book: ISSUES }),
        ];
        if !lease_at_server {
            acts.push((CLERK, Act::TakeLease { book: ARRIVALS }));
        }
        for (actor, act) in acts {
            let mut command = place.command(0, act, now);
            command.actor = actor;
            place.takes(&command, now, &mut tally);
        }
        for seat in &mut place.seats {
            seat.shown = place.states.clone();
        }
        place
    }

    pub(super) fn command(&mut self, seat: usize, act: Act, now: Moment) -> Command {
        let seat = &mut self.seats[seat];
        seat.n += 1;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&seat.dev.0[..8]);
        id[8..].copy_from_slice(&seat.n.to_be_bytes());
        Command {
            v: 1,
            id: CommandId(id),
            org: self.id,
            dev: seat.dev,
            n: seat.n,
            actor: seat.officer,
            at: Moment(now.0 + seat.n as i64 % 1000),
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        }
    }

    /// An officer does something at his PC, if the rules let him as far as his PC knows.
    pub fn does(&mut self, seat: usize, command: Command) -> bool {
        let org = self.id;
        let shown = &mut self.seats[seat].shown;
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            match decide(&picture, &command) {
                Ok(change) => {
                    shown.extend(change.states.into_iter().map(|state| (state.key(), state)));
                    self.seats[seat].waits.push(command);
                    return true;
                }
                Err(No::Refused(_)) => return false,
                Err(No::Needs(ask)) => {
                    let answer = answer(shown, org, &ask);
                    picture.learn(ask, answer);
                }
            }
        }
        false
    }

    /// A PC brings what waits, and reads everything.
    pub fn meets(&mut self, seat: usize, now: Moment, tally: &mut Tally) {
        let waits = std::mem::take(&mut self.seats[seat].waits);
        for command in waits {
            self.takes(&command, now, tally);
        }
        let org = self.id;
        let place = ReadTo { epoch: 1, seq: self.seq };
        let mut told = Vec::new();
        for state in self.states.values() {
            if let State::Arrival(arrival) = state
                && !self.seats[seat].shown.contains_key(&state.key())
            {
                let (at, by, told_) = (now, String::new(), Told::Fetched);
                let receipt = Receipt { parcel: arrival.id, place, at, by, told: told_ };
                let matter = Matter::Receipt(receipt);
                told.push(Post { from: org, to: arrival.from.agency, matter });
            }
        }
        self.seats[seat].shown = self.states.clone();
        told.into_iter().for_each(|post| self.puts_out(post));
    }

    fn judged(&self, command: &Command, signer: Signer, now: Moment) -> Option<Admitted> {
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            match admit(&picture, command, signer, now) {
                Ok(admitted) => return Some(admitted),
                Err(ask) => {
                    let answer = answer(&self.states, self.id, &ask);
                    picture.learn(ask, answer);
                }
            }
        }
        None
    }

    /// The log takes a command in.
    fn takes(&mut self, command: &Command, now: Moment, tally: &mut Tally) {
        if self.crosses(command) {
            tally.add("crossed");
        }
        let Some(admitted) = self.judged(command, Signer::Officer, now) else { return };
        let word = match &admitted.outcome {
            Outcome::Ok => "ok".to_owned(),
            Outcome::Rejected(why) => format!("rejected_{}", why.code()),
            Outcome::Held(why) => format!("held_{}", why.code()),
        };
        tally.add(&word);
        self.apply(admitted);
    }

    /// Taken in without a line, while it was called back here (SYNC F23).
    fn crosses(&self, command: &Command) -> bool {
        let Act::RegisterIncoming(registered) = &command.act else { return false };
        let known = registered.arrival.and_then(|id| self.states.get(&Key::Arrival(id)));
        matches!(known, Some(State::Arrival(arrival)) if arrival.recall.is_some())
    }

    /// What is told later in the life of a parcel comes before what was told earlier (SYNC F25).
    fn is_overtaken(&self, post: &Post) -> bool {
        let Matter::Receipt(receipt) = &post.matter else { return false };
        let later = matches!(receipt.told, Told::Assigned | Told::InProgress | Told::Done);
        match self.states.get(&Key::Parcel(receipt.parcel)) {
            Some(State::Parcel(parcel)) => later && parcel.answer.is_none(),
            Some(_) | None => false,
        }
    }

    fn apply(&mut self, admitted: Admitted) {
        self.seq += 1;
        let place = ReadTo { epoch: 1, seq: self.seq };
        let mut told = Vec::new();
        for state in admitted.change.states {
            let before = self.states.insert(state.key(), state.clone());
            told.push((before, state));
        }
        for (before, after) in told {
            let states = &self.states;
            let mut look = |key: Key| Ok::<_, ()>(states.get(&key).cloned());
            let said = posts((self.id, place), before.as_ref(), &after, &mut look);
            for post in said.unwrap_or_default() {
                self.puts_out(post);
            }
        }
    }

    pub(super) fn puts_out(&mut self, post: Post) {
        self.made += 1;
        let mut id = self.id.0;
        id[8..].copy_from_slice(&self.made.to_be_bytes());
        self.outbox.push(Row { id, post, tried: false });
    }

    /// What another log says is entered, as the server does it.
    pub fn enters(&mut self, post: &Post, now: Moment, tally: &mut Tally) {
        let parcel = post.matter.parcel();
        let key = match &post.matter {
            Matter::Receipt(_) => Key::Parcel(parcel),
            Matter::Deliver(_) | Matter::Chase(_) | Matter::Recall(_) => Key::Arrival(parcel),
        };
        if self.is_overtaken(post) {
            tally.add("overtaken");
        }
        let place = ReadTo { epoch: 1, seq: self.seq };
        match entering(post, self.states.get(&key)) {
            Entering::Say(act) => self.says(*act, now, tally),
            Entering::Answer(told) => {
                let receipt = Receipt { parcel, place, at: now, by: String::new(), told };
                let (from, to) = (self.id, post.from);
                self.puts_out(Post { from, to, matter: Matter::Receipt(receipt) });
            }
            Entering::TellAgain(arrival) => {
                tally.add("told_again");
                let after = State::Arrival(arrival);
                let states = &self.states;
                let mut look = |key: Key| Ok::<_, ()>(states.get(&key).cloned());
                let said = posts((self.id, place), None, &after, &mut look);
                said.unwrap_or_default().into_iter().for_each(|post| self.puts_out(post));
            }
            Entering::Nothing => tally.add("entered_nothing"),
        }
    }

    fn says(&mut self, act: Act, now: Moment, tally: &mut Tally) {
        self.server_n += 1;
        let mut id = [0xEE; 16];
        id[8..].copy_from_slice(&self.server_n.to_be_bytes());
        let command = Command {
            v: 1,
            id: CommandId(id),
            org: self.id,
            dev: DeviceId([0xEE; 16]),
            n: self.server_n,
            actor: NOBODY,
            at: now,
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        };
        let Some(admitted) = self.judged(&command, Signer::Server, now) else { return };
        if admitted.outcome != Outcome::Ok {
            tally.add("known_already");
            return;
        }
        if let Act::Come(delivery) = &command.act {
            *self.came.entry(delivery.parcel).or_default() += 1;
            tally.add("came");
        }
        self.apply(admitted);
    }
}

fn founding(id: AgencyId, at: usize) -> AgencyFounded {
    let hours = Hours {
        morning_from: time(7, 0, 0, 0),
        morning_to: time(11, 30, 0, 0),
        afternoon_from: time(13, 30, 0, 0),
        afternoon_to: time(17, 0, 0, 0),
    };
    let officer = |id: OfficerId, name: &str, role: Role| Officer {
        id,
        name: name.into(),
        position: String::new(),
        unit: None,
        roles: BTreeSet::from([role]),
        active: true,
    };
    AgencyFounded {
        agency: Agency {
            id,
            name: format!("UBND xã {at}"),
            abbreviation: "UBND".into(),
            code: format!("H50.{at}"),
            parent: String::new(),
            place: "An Hiếu".into(),
            kinds: vec![Kind {
                id: "cong-van".into(),
                name: "Công văn".into(),
                abbreviation: String::new(),
                shape: KindShape::Letter,
                issued_here: true,
            }],
            hours,
            deadline_end: DeadlineEnd::Midnight,
            lock_minutes: 15,
            groups: Vec::new(),
        },
        units: Vec::new(),
        officers: vec![
            officer(CLERK, "Lan", Role::Clerk),
            officer(SECOND, "Mai", Role::Clerk),
            officer(LEADER, "Hùng", Role::Leader),
            officer(ADMINISTRATOR, "Tú", Role::Administrator),
        ],
    }
}
