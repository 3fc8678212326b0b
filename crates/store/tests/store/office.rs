//! A small office on one PC: an administrator who is also the clerk, a leader, two officials.
use std::collections::BTreeSet;
use std::convert::Infallible;

use jiff::civil::{Date, date, time};
use register::{
    Act, Agency, AgencyFounded, AgencyId, BookId, Command, CommandId, DeadlineEnd, DeviceId,
    Direction, DirectiveGiven, DirectiveId, DocumentId, Hours, Id, IncomingFields,
    IncomingRegistered, Kind, KindShape, LeaseClaim, Moment, Officer, OfficerId, OutgoingFields,
    Party, Recipient, Role, TaskId, TaskSet, Unit, UnitId,
};
use store::{
    Batch, Checkpoints, FileKey, Lens, OpenOptions, PerformError, Performed, Store, Synchronous,
    Turn, View,
};
use sync::SigningKey;
use tempfile::TempDir;

pub const KEY: FileKey = FileKey([7; 32]);
pub const DEVICE: DeviceId = DeviceId([0xD0; 16]);
pub const ORG: AgencyId = AgencyId([0xA0; 16]);
pub const CLERK: OfficerId = OfficerId([1; 16]);
pub const LEADER: OfficerId = OfficerId([2; 16]);
pub const OFFICIAL: OfficerId = OfficerId([3; 16]);
pub const OTHER: OfficerId = OfficerId([4; 16]);
pub const UNIT: UnitId = UnitId([5; 16]);
pub const DEN: BookId = BookId([0xB1; 16]);
pub const DI: BookId = BookId([0xB2; 16]);
pub const TODAY: Date = date(2026, 11, 20);

pub type Done = Result<Performed, PerformError<Infallible>>;

pub struct Office {
    pub store: Store,
    pub folder: TempDir,
    made: u32,
}

pub fn key_of(officer: OfficerId) -> SigningKey {
    SigningKey::from_bytes(&[officer.0[0]; 32])
}

pub fn options() -> OpenOptions {
    OpenOptions {
        synchronous: Synchronous::Off,
        checkpoints: Checkpoints::ByCall,
        ..OpenOptions::default()
    }
}

fn kind(id: &str, name: &str, abbreviation: &str, shape: KindShape) -> Kind {
    let (id, name) = (id.to_string(), name.to_string());
    Kind { id, name, abbreviation: abbreviation.to_string(), shape, issued_here: true }
}

pub fn officer(id: OfficerId, name: &str, roles: &[Role]) -> Officer {
    Officer {
        id,
        name: name.to_string(),
        position: String::new(),
        unit: Some(UNIT),
        roles: roles.iter().copied().collect(),
        active: true,
    }
}

pub fn officers() -> Vec<Officer> {
    let mut other = officer(OTHER, "Phạm Văn Dũng", &[Role::Official]);
    other.unit = None;
    vec![
        officer(CLERK, "Nguyễn Thị An", &[Role::Clerk, Role::Administrator]),
        officer(LEADER, "Trần Văn Bình", &[Role::Leader]),
        officer(OFFICIAL, "Lê Thị Cúc", &[Role::Official]),
        other,
    ]
}

pub fn lens(of: OfficerId) -> Lens {
    let officer = officers().into_iter().find(|officer| officer.id == of);
    officer.map_or(Lens { scopes: BTreeSet::new() }, |officer| Lens::of(&officer))
}

fn founded() -> AgencyFounded {
    let agency = Agency {
        id: ORG,
        name: "ỦY BAN NHÂN DÂN XÃ AN HIẾU".to_string(),
        abbreviation: "UBND".to_string(),
        code: "H50.99.01".to_string(),
        parent: String::new(),
        place: "An Hiếu".to_string(),
        kinds: vec![
            kind("cong-van", "Công văn", "", KindShape::Letter),
            kind("quyet-dinh", "Quyết định", "QĐ", KindShape::Named),
        ],
        hours: Hours {
            morning_from: time(7, 30, 0, 0),
            morning_to: time(11, 30, 0, 0),
            afternoon_from: time(13, 30, 0, 0),
            afternoon_to: time(17, 0, 0, 0),
        },
        deadline_end: DeadlineEnd::Midnight,
        lock_minutes: 10,
        groups: Vec::new(),
    };
    let unit = Unit {
        id: UNIT,
        name: "Phòng Kinh tế".to_string(),
        abbreviation: "KT".to_string(),
        open: true,
    };
    AgencyFounded { agency, units: vec![unit], officers: officers() }
}

pub fn id(space: u8, number: u32) -> Id {
    let mut id = [space; 16];
    id[12..].copy_from_slice(&number.to_be_bytes());
    id
}

pub fn document(number: u32) -> DocumentId {
    DocumentId(id(0xDC, number))
}

pub fn task(number: u32) -> TaskId {
    TaskId(id(0x7A, number))
}

pub fn directive(number: u32) -> DirectiveId {
    DirectiveId(id(0xD1, number))
}

pub fn command(turn: Turn, actor: OfficerId, act: Act) -> Command {
    let mut of_turn = [0xC0; 16];
    of_turn[8..].copy_from_slice(&turn.n.to_be_bytes());
    let morning = Moment::of(TODAY.at(8, 0, 0, 0));
    Command {
        v: 1,
        id: CommandId(of_turn),
        org: ORG,
        dev: turn.dev,
        n: turn.n,
        actor,
        at: Moment(morning.0.max(turn.last_at.0 + 1)),
        off: 0,
        seen: turn.seen,
        kv: 1,
        need: Vec::new(),
        lease: None,
        blobs: Vec::new(),
        act,
    }
}

/// The claim of the next number of a book.
pub fn claim(view: &View<'_>, book: BookId, year: i16) -> Option<LeaseClaim> {
    let found = view.book(book).ok().flatten()?;
    Some(LeaseClaim { book, epoch: found.lease.epoch, year, number: found.year(year).next })
}

pub fn registered(number: u32, fields: IncomingFields, arrived_on: Date) -> IncomingRegistered {
    IncomingRegistered {
        document: document(number),
        book: DEN,
        arrived_on,
        fields,
        attachments: Vec::new(),
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    }
}

pub fn fields(number: &str, issuer: &str, subject: &str) -> IncomingFields {
    IncomingFields {
        number: number.to_string(),
        symbol: "UBND-VP".to_string(),
        issuer: issuer.to_string(),
        kind: "cong-van".to_string(),
        subject: subject.to_string(),
        ..IncomingFields::default()
    }
}

pub fn directed(number: u32, words: &str, lead: Party) -> Act {
    let set = TaskSet {
        task: task(number),
        content: String::new(),
        lead,
        co: Vec::new(),
        deadline: Some(date(2026, 11, 30)),
        weight: register::Weight::Regular,
        product: String::new(),
    };
    Act::Direct(DirectiveGiven {
        document: document(number),
        directive: directive(number),
        text: words.to_string(),
        task: Some(set),
        information: Vec::new(),
    })
}

pub fn drafted(number: u32, subject: &str) -> Act {
    let fields = OutgoingFields {
        kind: "cong-van".to_string(),
        subject: subject.to_string(),
        signer: "Trần Văn Bình".to_string(),
        unit: Some(UNIT),
        recipients: vec![Recipient { name: "Sở Nội vụ".to_string(), code: String::new() }],
        ..OutgoingFields::default()
    };
    Act::Draft {
        document: document(number),
        fields,
        attachments: Vec::new(),
        answers: None,
        task: None,
        replaces: None,
    }
}

impl Office {
    /// An empty register with nobody in it.
    pub fn unfounded() -> Office {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("register.db");
        let store = Store::create(&path, &KEY, DEVICE, &options()).unwrap();
        Office { store, folder, made: 0 }
    }

    /// An office with its people and two books held by this PC.
    pub fn open() -> Office {
        let office = Office::unfounded();
        office.act(CLERK, Act::Found(founded())).unwrap();
        for (book, direction) in [(DEN, Direction::Incoming), (DI, Direction::Outgoing)] {
            let (name, kinds, opening) = ("Sổ chung".to_string(), Vec::new(), None);
            office.act(CLERK, Act::OpenBook { book, name, direction, kinds, opening }).unwrap();
            office.act(CLERK, Act::TakeLease { book }).unwrap();
        }
        office
    }

    pub fn act(&self, actor: OfficerId, act: Act) -> Done {
        self.store.perform(&key_of(actor), |_, turn| Ok(command(turn, actor, act)))
    }

    /// Does an act that takes the next number of a book.
    pub fn numbering(&self, book: BookId, act: Act) -> Done {
        self.store.perform(&key_of(CLERK), |view, turn| Ok(numbered(view, turn, book, act)))
    }

    /// Enters an incoming document and gives its small name.
    pub fn enter(&mut self, number: &str, issuer: &str, subject: &str) -> u32 {
        self.enter_on(fields(number, issuer, subject), TODAY)
    }

    pub fn enter_on(&mut self, fields: IncomingFields, on: Date) -> u32 {
        self.made += 1;
        let act = Act::RegisterIncoming(registered(self.made, fields, on));
        self.numbering(DEN, act).unwrap();
        self.made
    }

    /// Drafts an outgoing document and gives its small name.
    pub fn draft(&mut self, subject: &str) -> u32 {
        self.made += 1;
        self.act(OFFICIAL, drafted(self.made, subject)).unwrap();
        self.made
    }

    /// Numbers a draft that was signed on paper.
    pub fn issue(&mut self, made: u32) {
        let act = Act::RegisterOutgoing {
            document: document(made),
            book: DI,
            on: TODAY,
            symbol: "UBND-KT".to_string(),
            slip: None,
            signed_on_paper: true,
        };
        self.numbering(DI, act).unwrap();
    }

    /// Takes the register apart and opens it again.
    pub fn reopened(self) -> Office {
        let Office { store, folder, made } = self;
        let path = store.path().to_path_buf();
        drop(store);
        Office { store: Store::open(&path, &KEY, &options()).unwrap(), folder, made }
    }
}

pub fn numbered(view: &View<'_>, turn: Turn, book: BookId, act: Act) -> Command {
    let lease = claim(view, book, TODAY.year());
    Command { lease, ..command(turn, CLERK, act) }
}

/// The same inside a batch.
pub fn batched(batch: &mut Batch<'_>, act: Act) -> Done {
    batch.perform(&key_of(CLERK), |view, turn| Ok(numbered(view, turn, DEN, act)))
}
