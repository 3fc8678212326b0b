//! A small office whose clerk registers, whose leader assigns: the script that is cut off.
use std::collections::BTreeSet;

use jiff::civil::{Date, date, time};

use register::{
    Act, Agency, AgencyFounded, AgencyId, BookId, Command, CommandId, DeadlineEnd, DeviceId,
    Direction, DirectiveGiven, DirectiveId, DocumentId, Hours, Id, IncomingField, IncomingFields,
    IncomingRegistered, Kind, KindShape, LeaseClaim, Moment, Officer, OfficerId, Party, Role,
    TaskId, TaskSet, Weight,
};
use store::{FileKey, PerformError, Performed, Store, StoreError, Turn};
use sync::SigningKey;

use crate::shown::Shown;

/// The key of the register.
pub const KEY: FileKey = FileKey([7; 32]);
/// The PC.
pub const DEVICE: DeviceId = DeviceId([0xD0; 16]);
const ORG: AgencyId = AgencyId([0xA0; 16]);
const CLERK: OfficerId = OfficerId([1; 16]);
const LEADER: OfficerId = OfficerId([2; 16]);
const OFFICIAL: OfficerId = OfficerId([3; 16]);
const BOOK: BookId = BookId([0xB1; 16]);
const TODAY: Date = date(2026, 11, 20);
const SUBJECT: &str = "Về việc kiểm tra an toàn hồ đập trước mùa mưa lũ năm 2026";

type Done = Result<Performed, PerformError<StoreError>>;

/// Founds the agency and opens a book whose numbers this PC gives.
///
/// # Errors
/// When the disk fails.
pub fn found(store: &Store, shown: &mut Shown) -> Result<(), PerformError<StoreError>> {
    let (name, kinds, opening) = ("Văn bản đến".to_owned(), Vec::new(), None);
    let direction = Direction::Incoming;
    let acts = [
        Act::Found(founding()),
        Act::OpenBook { book: BOOK, name, direction, kinds, opening },
        Act::TakeLease { book: BOOK },
    ];
    for act in acts {
        does(store, CLERK, act)?;
        shown.acts += 1;
    }
    Ok(())
}

/// Registers a document; every third is given to somebody, every fifth corrected.
///
/// # Errors
/// When the disk fails.
pub fn enter(store: &Store, made: u32, shown: &mut Shown) -> Result<(), PerformError<StoreError>> {
    let document = DocumentId(id(0xDC, made));
    let number = register(store, document, made)?;
    shown.acts += 1;
    shown.documents.push((number, document));
    if made.is_multiple_of(3) {
        does(store, LEADER, directed(document, made))?;
        shown.acts += 1;
    }
    if made.is_multiple_of(5) {
        let (old, new) = (String::new(), format!("bản sao lần {made}"));
        let field = IncomingField::Note;
        does(store, CLERK, Act::EditIncoming { document, field, old, new })?;
        shown.acts += 1;
    }
    Ok(())
}

/// Registers one document and says which number it got.
///
/// # Errors
/// When the disk fails.
pub fn register(
    store: &Store,
    document: DocumentId,
    made: u32,
) -> Result<u32, PerformError<StoreError>> {
    let year = TODAY.year();
    let performed = store.perform(&key_of(CLERK), |view, turn| {
        let missing = StoreError::Form { what: "book" };
        let book = view.book(BOOK)?.ok_or(missing)?;
        let number = book.year(year).next;
        let lease = LeaseClaim { book: BOOK, epoch: book.lease.epoch, year, number };
        let act = Act::RegisterIncoming(arrival(document, made));
        Ok(Command { lease: Some(lease), ..command(turn, CLERK, act) })
    })?;
    Ok(performed.command.lease.map_or(0, |lease| lease.number))
}

/// A document that nobody has registered before.
pub fn another(made: u32) -> DocumentId {
    DocumentId(id(0xAF, made))
}

fn does(store: &Store, actor: OfficerId, act: Act) -> Done {
    store.perform(&key_of(actor), |_, turn| Ok(command(turn, actor, act)))
}

fn key_of(officer: OfficerId) -> SigningKey {
    SigningKey::from_bytes(&[officer.0[0]; 32])
}

fn id(space: u8, number: u32) -> Id {
    let [a, b, c, d] = number.to_be_bytes();
    let s = space;
    [s, s, s, s, s, s, s, s, s, s, s, s, a, b, c, d]
}

fn command(turn: Turn, actor: OfficerId, act: Act) -> Command {
    let mut number = [0xC0; 16];
    for (place, byte) in number.iter_mut().rev().zip(turn.n.to_le_bytes()) {
        *place = byte;
    }
    let morning = Moment::of(TODAY.at(8, 0, 0, 0));
    Command {
        v: 1,
        id: CommandId(number),
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

fn arrival(document: DocumentId, made: u32) -> IncomingRegistered {
    let fields = IncomingFields {
        number: document.hex(),
        symbol: "UBND-VP".to_owned(),
        issuer: "UBND tỉnh Hiếu Sơn".to_owned(),
        kind: "cong-van".to_owned(),
        subject: format!("{SUBJECT}, lần {made}"),
        ..IncomingFields::default()
    };
    IncomingRegistered {
        document,
        book: BOOK,
        arrived_on: TODAY,
        fields,
        attachments: Vec::new(),
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    }
}

fn directed(document: DocumentId, made: u32) -> Act {
    let set = TaskSet {
        task: TaskId(id(0x7A, made)),
        content: String::new(),
        lead: Party::Officer(OFFICIAL),
        co: Vec::new(),
        deadline: Some(date(2026, 11, 30)),
        weight: Weight::Regular,
        product: String::new(),
    };
    Act::Direct(DirectiveGiven {
        document,
        directive: DirectiveId(id(0xD1, made)),
        text: "Chủ trì, báo cáo kết quả.".to_owned(),
        task: Some(set),
        information: Vec::new(),
    })
}

fn founding() -> AgencyFounded {
    let kind = Kind {
        id: "cong-van".to_owned(),
        name: "Công văn".to_owned(),
        abbreviation: String::new(),
        shape: KindShape::Letter,
        issued_here: true,
    };
    let agency = Agency {
        id: ORG,
        name: "ỦY BAN NHÂN DÂN XÃ AN HIẾU".to_owned(),
        abbreviation: "UBND".to_owned(),
        code: "H50.99.01".to_owned(),
        parent: String::new(),
        place: "An Hiếu".to_owned(),
        kinds: vec![kind],
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
    let officers = vec![
        officer(CLERK, "Nguyễn Thị An", &[Role::Clerk, Role::Administrator]),
        officer(LEADER, "Trần Văn Bình", &[Role::Leader]),
        officer(OFFICIAL, "Lê Thị Cúc", &[Role::Official]),
    ];
    AgencyFounded { agency, units: Vec::new(), officers }
}

fn officer(id: OfficerId, name: &str, roles: &[Role]) -> Officer {
    Officer {
        id,
        name: name.to_owned(),
        position: String::new(),
        unit: None,
        roles: roles.iter().copied().collect::<BTreeSet<Role>>(),
        active: true,
    }
}
