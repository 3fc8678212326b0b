//! The people of the stories, their PCs, and a server in a folder of its own.
use std::collections::BTreeMap;
use std::sync::Arc;

use ed25519_dalek::Signer;
use jiff::civil::{Date, DateTime, time};
use register::{
    Act, Agency, AgencyFounded, AgencyId, BookId, Command, CommandId, DeadlineEnd, DeviceId,
    Direction, DocumentId, Hours, IncomingFields, IncomingRegistered, Key, Kind, KindShape,
    LeaseClaim, Moment, Officer, OfficerId, Role, State, UnitId,
};
use server::{Blobs, BlobsInFolder, CallError, Identity, Ledger, Session, SqliteStorage};
use sync::wire::{
    Ack, AdoptAsked, Below, Beside, ChallengeAsked, CodeAsked, EnrolAsked, Head, Hex, OfficerKey,
    Pushed, SessionAsked, SyncAnswer, SyncAsked, Trouble, adopt_bytes, beside_bytes, enrol_bytes,
    session_bytes,
};
use sync::{SigningKey, encode, sign};
use tempfile::TempDir;

pub const ORG: AgencyId = AgencyId([0xA0; 16]);
/// Tú administers and has founded the agency on Lan's PC.
pub const TU: OfficerId = OfficerId([10; 16]);
/// Lan keeps the books.
pub const LAN: OfficerId = OfficerId([1; 16]);
/// Mai is the second clerk.
pub const MAI: OfficerId = OfficerId([2; 16]);
/// An works in a unit.
pub const AN: OfficerId = OfficerId([7; 16]);
pub const ARRIVALS: BookId = BookId([0xC1; 16]);

/// The noon of the stories.
pub fn now() -> Moment {
    let noon: DateTime = "2026-11-20T12:00".parse().unwrap();
    Moment::of(noon)
}

pub fn doc(n: u8) -> DocumentId {
    DocumentId([n; 16])
}

pub fn officer(id: OfficerId, name: &str, roles: &[Role]) -> Officer {
    Officer {
        id,
        name: name.into(),
        position: String::new(),
        unit: None::<UnitId>,
        roles: roles.iter().copied().collect(),
        active: true,
    }
}

pub fn lan_with(active: bool) -> Officer {
    Officer { active, ..officer(LAN, "Lan", &[Role::Clerk]) }
}

pub fn founding() -> AgencyFounded {
    AgencyFounded {
        agency: Agency {
            id: ORG,
            name: "Uỷ ban nhân dân xã An Hiếu".into(),
            abbreviation: "UBND".into(),
            code: "H50.99.01".into(),
            parent: "Uỷ ban nhân dân tỉnh".into(),
            place: "An Hiếu".into(),
            kinds: vec![Kind {
                id: "cong-van".into(),
                name: "Công văn".into(),
                abbreviation: String::new(),
                shape: KindShape::Letter,
                issued_here: true,
            }],
            hours: Hours {
                morning_from: time(7, 0, 0, 0),
                morning_to: time(11, 30, 0, 0),
                afternoon_from: time(13, 30, 0, 0),
                afternoon_to: time(17, 0, 0, 0),
            },
            deadline_end: DeadlineEnd::Midnight,
            lock_minutes: 15,
            groups: Vec::new(),
        },
        units: Vec::new(),
        officers: vec![
            officer(TU, "Tú", &[Role::Administrator]),
            officer(LAN, "Lan", &[Role::Clerk]),
            officer(MAI, "Mai", &[Role::Clerk]),
            officer(AN, "An", &[Role::Official]),
        ],
    }
}

pub fn open_book() -> Act {
    Act::OpenBook {
        book: ARRIVALS,
        name: "Văn bản đến".into(),
        direction: Direction::Incoming,
        kinds: Vec::new(),
        opening: None,
    }
}

/// A letter that came in that day.
pub fn arrival(n: u8) -> Act {
    let arrived_on: Date = "2026-11-20".parse().unwrap();
    Act::RegisterIncoming(IncomingRegistered {
        document: doc(n),
        book: ARRIVALS,
        arrived_on,
        fields: IncomingFields {
            number: n.to_string(),
            symbol: "UBND-VP".into(),
            issuer: "UBND tỉnh".into(),
            kind: "cong-van".into(),
            subject: format!("Công văn thứ {n}"),
            ..IncomingFields::default()
        },
        attachments: Vec::new(),
        secret: false,
        slip: Some(format!("T-{n:03}")),
        twin_reason: None,
        submit_to: None,
        arrival: None,
    })
}

/// What the server's key is made from.
pub const SEED: [u8; 32] = [9; 32];

/// Bytes an agency may have under way in the stories.
pub const ROOM: u64 = 8 << 20;

/// A server with nothing in it.
pub struct Server {
    pub ledger: Arc<Ledger>,
    pub storage: Arc<SqliteStorage>,
    pub folder: TempDir,
    seed: [u8; 32],
    chance: std::cell::Cell<u8>,
}

impl Server {
    pub fn new() -> Server {
        Server::of(tempfile::tempdir().unwrap(), 8)
    }

    /// A server on what is in a folder, by a process of its own.
    pub fn of(folder: TempDir, process: u8) -> Server {
        Server::with_seed(folder, process, SEED)
    }

    /// Another server than that of the other stories.
    pub fn other(byte: u8) -> Server {
        Server::with_seed(tempfile::tempdir().unwrap(), byte, [byte; 32])
    }

    fn with_seed(folder: TempDir, process: u8, seed: [u8; 32]) -> Server {
        let storage = Arc::new(SqliteStorage::open(&folder.path().join("server.db")).unwrap());
        let blobs = BlobsInFolder::new(&folder.path().join("blobs")).with_unfinished_max(ROOM);
        let ledger = Ledger::new(storage.clone(), Identity::of(&seed), [process; 32]);
        let ledger = Arc::new(ledger.with_blobs(Arc::new(blobs)));
        Server { ledger, storage, folder, seed, chance: std::cell::Cell::new(process) }
    }

    /// The same with its files elsewhere, by another process.
    pub fn with_files(self, blobs: Arc<dyn Blobs>) -> Server {
        let Server { ledger, storage, folder, seed, chance } = self;
        drop(ledger);
        let process = chance.get() + 1;
        let ledger = Ledger::new(storage.clone(), Identity::of(&seed), [process; 32]);
        let ledger = Arc::new(ledger.with_blobs(blobs));
        Server { ledger, storage, folder, seed, chance: std::cell::Cell::new(process) }
    }

    /// The same with another measure of a day.
    pub fn with_commands_a_day(max: u64) -> Server {
        let mut server = Server::new();
        let ledger = Ledger::new(server.storage.clone(), Identity::of(&SEED), [8; 32]);
        server.ledger = Arc::new(ledger.with_commands_a_day(max));
        server
    }

    /// The same after it was ended and begun again.
    pub fn begun_again(self) -> Server {
        let Server { ledger, storage, folder, seed, chance } = self;
        drop((ledger, storage));
        Server::with_seed(folder, chance.get(), seed)
    }

    pub fn chance<const N: usize>(&self) -> [u8; N] {
        self.chance.set(self.chance.get() + 1);
        [self.chance.get(); N]
    }

    pub fn session(&self, pc: &Pc, officer: OfficerId) -> Session {
        self.try_session(pc, officer).unwrap()
    }

    pub fn try_session(&self, pc: &Pc, officer: OfficerId) -> Result<Session, CallError> {
        let of = ChallengeAsked { org: pc.org, dev: pc.dev, officer };
        let challenge = self.ledger.challenge(of, now(), self.chance());
        let bytes = session_bytes(&challenge.server.0, &challenge.nonce.0);
        let sig = Hex(pc.key(officer).sign(&bytes).to_bytes());
        let asked = SessionAsked { of, nonce: challenge.nonce, sig };
        let given = self.ledger.session(asked, now(), self.chance())?;
        self.ledger.session_of(&given.token, now())
    }

    pub fn calls(&self, pc: &Pc, officer: OfficerId, asked: &SyncAsked) -> SyncAnswer {
        self.tries(pc, officer, asked).unwrap()
    }

    pub fn tries(
        &self,
        pc: &Pc,
        officer: OfficerId,
        asked: &SyncAsked,
    ) -> Result<SyncAnswer, CallError> {
        self.ledger.sync(asked, &self.session(pc, officer), now())
    }

    /// Lan's PC, on which the agency was founded, adopted with its commands pushed and pulled.
    pub fn adopted(&self) -> Pc {
        let mut pc = Pc::founded();
        let code = self.ledger.adoption_code(now(), self.chance()).unwrap();
        self.ledger.adopt(pc.adoption(&code), now()).unwrap();
        pc.exchanges(self, LAN);
        pc
    }

    /// A further PC, enrolled for an officer with a code of the administrator's.
    pub fn enrols(&self, first: &Pc, byte: u8, officer: OfficerId) -> Pc {
        let code = self.code_for(first, officer);
        let pc = Pc::new(byte);
        self.ledger.enrol(pc.enrolment(&code, officer), now()).unwrap();
        pc
    }

    pub fn code_for(&self, first: &Pc, officer: OfficerId) -> String {
        let session = self.session(first, TU);
        let asked = CodeAsked { officer };
        self.ledger.code(asked, &session, now(), self.chance()).unwrap().code
    }
}

/// A PC: its keys, what it has not sent, what it has read.
pub struct Pc {
    pub org: AgencyId,
    pub dev: DeviceId,
    pub byte: u8,
    pub n: u64,
    pub unsent: Vec<Pushed>,
    pub cursor: u64,
    pub last: Option<Head>,
    pub states: BTreeMap<Key, State>,
    pub scopes: Vec<String>,
}

impl Pc {
    pub fn new(byte: u8) -> Pc {
        Pc {
            org: ORG,
            dev: DeviceId([byte; 16]),
            byte,
            n: 0,
            unsent: Vec::new(),
            cursor: 0,
            last: None,
            states: BTreeMap::new(),
            scopes: Vec::new(),
        }
    }

    /// The PC of the founding, with everything still unsent.
    pub fn founded() -> Pc {
        let mut pc = Pc::new(0xD1);
        pc.does(TU, Act::Found(founding()));
        pc.does(TU, open_book());
        pc.does(LAN, Act::TakeLease { book: ARRIVALS });
        for n in 1..=2 {
            let claim = LeaseClaim { book: ARRIVALS, epoch: 1, year: 2026, number: n.into() };
            pc.claims(LAN, arrival(n), claim);
        }
        pc
    }

    pub fn key(&self, officer: OfficerId) -> SigningKey {
        let mut seed = [self.byte; 32];
        seed[0] = officer.0[0];
        SigningKey::from_bytes(&seed)
    }

    pub fn public(&self, officer: OfficerId) -> Hex<32> {
        Hex(self.key(officer).verifying_key().to_bytes())
    }

    pub fn adoption(&self, code: &str) -> AdoptAsked {
        let keys = [TU, LAN].map(|officer| OfficerKey { officer, public: self.public(officer) });
        let sig = self.key(TU).sign(&adopt_bytes(self.org, self.dev, code)).to_bytes();
        AdoptAsked {
            code: code.into(),
            org: self.org,
            dev: self.dev,
            name: "VT-01".into(),
            keys: keys.to_vec(),
            sig: Hex(sig),
        }
    }

    pub fn enrolment(&self, code: &str, officer: OfficerId) -> EnrolAsked {
        let sig = self.key(officer).sign(&enrol_bytes(self.dev, code)).to_bytes();
        EnrolAsked {
            code: code.into(),
            dev: self.dev,
            name: format!("VT-{:02X}", self.byte),
            public: self.public(officer),
            sig: Hex(sig),
            beside: None,
        }
    }

    /// What an officer of this PC signs to let another one come to it.
    pub fn beside(&self, code: &str, by: OfficerId, officer: OfficerId) -> Beside {
        let bytes = beside_bytes(self.dev, &self.public(officer).0, code);
        Beside { officer: by, sig: Hex(self.key(by).sign(&bytes).to_bytes()) }
    }

    pub fn command(&mut self, actor: OfficerId, act: Act) -> Command {
        self.n += 1;
        let mut id = [self.byte; 16];
        id[8..].copy_from_slice(&self.n.to_be_bytes());
        Command {
            v: 1,
            id: CommandId(id),
            org: self.org,
            dev: self.dev,
            n: self.n,
            actor,
            at: Moment(now().0 + self.n as i64),
            off: 0,
            seen: self.cursor,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        }
    }

    pub fn signs(&self, command: &Command) -> Pushed {
        let envelope = sign(encode(command).unwrap(), &self.key(command.actor));
        Pushed::of(&envelope).unwrap()
    }

    pub fn does(&mut self, actor: OfficerId, act: Act) {
        let command = self.command(actor, act);
        self.unsent.push(self.signs(&command));
    }

    pub fn claims(&mut self, actor: OfficerId, act: Act, claim: LeaseClaim) {
        let command = Command { lease: Some(claim), ..self.command(actor, act) };
        self.unsent.push(self.signs(&command));
    }

    pub fn asks(&self) -> SyncAsked {
        SyncAsked {
            epoch: 1,
            org: self.org,
            dev: self.dev,
            app: "0.1.0".into(),
            forms: [1, 1],
            last: self.last,
            push: self.unsent.clone(),
            relay: Vec::new(),
            cursor: self.cursor,
            below: None,
            max: 1 << 20,
            offer: None,
            totals: false,
        }
    }

    /// Sends everything and reads everything that is new.
    pub fn exchanges(&mut self, server: &Server, officer: OfficerId) -> Vec<Ack> {
        let mut acks = Vec::new();
        loop {
            let answer = server.calls(self, officer, &self.asks());
            self.unsent.clear();
            acks.extend(answer.acks.iter().cloned());
            if !self.takes(answer) {
                return acks;
            }
        }
    }

    /// Reads the whole register newest first, page by page; says how many pages it took.
    pub fn copies(&mut self, server: &Server, officer: OfficerId) -> usize {
        let mut below = Some(Below { from_head: 0, below: 0 });
        for page in 1.. {
            let asked = SyncAsked { below, max: 1, ..self.asks() };
            let answer = server.calls(self, officer, &asked);
            below = answer.below;
            if !self.takes(answer) {
                return page;
            }
        }
        unreachable!("the loop ends with the copy")
    }

    /// Takes an answer in; says whether there is more.
    pub fn takes(&mut self, answer: SyncAnswer) -> bool {
        assert_eq!(answer.from, self.cursor);
        for sent in &answer.states {
            let state: State = serde_json::from_str(sent.state.get()).unwrap();
            let theirs = register::audience(&state);
            let sees = theirs.iter().any(|scope| answer.scopes.contains(&scope.name()));
            assert!(sees, "{:?} is not for {:?}", state.key(), answer.scopes);
            self.states.insert(state.key(), state);
        }
        for gone in &answer.gone {
            self.states.remove(&gone.of);
        }
        self.cursor = answer.to;
        self.last = Some(answer.head.head);
        self.scopes = answer.scopes;
        answer.more
    }

    pub fn number(&self, n: u8) -> Option<u32> {
        match self.states.get(&Key::Incoming(doc(n))) {
            Some(State::Incoming(document)) => document.number,
            other => panic!("no incoming document but {other:?}"),
        }
    }

    pub fn epoch(&self) -> u32 {
        match self.states.get(&Key::Book(ARRIVALS)) {
            Some(State::Book(book)) => book.lease.epoch,
            other => panic!("no book but {other:?}"),
        }
    }

    pub fn claim(&self, number: u32) -> LeaseClaim {
        LeaseClaim { book: ARRIVALS, epoch: self.epoch(), year: 2026, number }
    }
}

/// The trouble a call ended with.
pub fn trouble<T: std::fmt::Debug>(called: Result<T, CallError>) -> Trouble {
    match called {
        Err(CallError::Trouble(trouble)) => trouble,
        other => panic!("no trouble but {other:?}"),
    }
}

/// The words of acks.
pub fn words(acks: &[Ack]) -> Vec<&'static str> {
    acks.iter().map(|ack| ack.stamp.outcome.word()).collect()
}
