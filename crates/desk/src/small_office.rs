//! An office of one clerk with one book, for tests that need a real register.
use std::collections::BTreeSet;
use std::path::Path;

use ed25519_dalek::SigningKey;
use jiff::civil::{Date, time};

use register::{
    Act, Agency, AgencyFounded, AgencyId, Attachment, BlobId, BookId, Command, CommandId,
    DeadlineEnd, DeviceId, Direction, DocumentId, Hours, IncomingFields, IncomingRegistered, Kind,
    KindShape, LeaseClaim, Moment, Officer, OfficerId, Role,
};
use store::{OpenOptions, PerformError, Store, StoreError, Turn};

use crate::keys::FileKey;

pub const CLERK: OfficerId = OfficerId([1; 16]);
pub const BOOK: BookId = BookId([3; 16]);
const AGENCY: AgencyId = AgencyId([2; 16]);
const PC: DeviceId = DeviceId([4; 16]);

/// The store's own kind of key.
pub fn store_key(key: &FileKey) -> store::FileKey {
    store::FileKey(*key.bytes())
}

pub struct SmallOffice {
    pub store: Store,
    signing: SigningKey,
}

impl SmallOffice {
    /// A founded office whose arrivals are numbered here.
    pub fn found(path: &Path, key: &FileKey) -> SmallOffice {
        let store = Store::create(path, &store_key(key), PC, &OpenOptions::default()).unwrap();
        let office = SmallOffice { store, signing: SigningKey::from_bytes(&[5; 32]) };
        office.does(|_| (Act::Found(founding()), None));
        let name = "Văn bản đến".to_owned();
        let (direction, kinds) = (Direction::Incoming, Vec::new());
        let book = Act::OpenBook { book: BOOK, name, direction, kinds, opening: None };
        office.does(|_| (book, None));
        office.does(|_| (Act::TakeLease { book: BOOK }, None));
        office
    }

    pub fn open(path: &Path, key: &FileKey) -> SmallOffice {
        let store = Store::open(path, &store_key(key), &OpenOptions::default()).unwrap();
        SmallOffice { store, signing: SigningKey::from_bytes(&[5; 32]) }
    }

    /// Registers so many documents more.
    pub fn registers(&self, count: u32) {
        self.registers_from("UBND tỉnh", count, &[]);
    }

    /// Registers one document with a file.
    pub fn registers_file(&self, file: BlobId) {
        self.registers_from("UBND tỉnh", 1, &[file]);
    }

    /// The same with documents that differ from those.
    pub fn registers_for_others(&self, count: u32) {
        self.registers_from("Sở Nội vụ", count, &[]);
    }

    fn registers_from(&self, issuer: &str, count: u32, files: &[BlobId]) {
        for _ in 0..count {
            let next = self.store.read(|view| view.next_number(BOOK, 2026)).unwrap().unwrap_or(1);
            let book = self.store.read(|view| view.book(BOOK)).unwrap().unwrap();
            self.does_with(files, |n| {
                let mut document = [0u8; 16];
                document[8..].copy_from_slice(&n.to_be_bytes());
                let registered = arrival(DocumentId(document), n, issuer, files);
                let (epoch, number) = (book.lease.epoch, next);
                let claim = LeaseClaim { book: BOOK, epoch, year: 2026, number };
                (Act::RegisterIncoming(registered), Some(claim))
            });
        }
    }

    fn does(&self, act: impl FnOnce(u64) -> (Act, Option<LeaseClaim>)) {
        self.does_with(&[], act);
    }

    fn does_with(&self, files: &[BlobId], act: impl FnOnce(u64) -> (Act, Option<LeaseClaim>)) {
        self.store
            .perform(&self.signing, |_, turn| {
                let (act, lease) = act(turn.n);
                Ok::<_, StoreError>(Command { blobs: files.to_vec(), ..command(turn, act, lease) })
            })
            .map_err(|why: PerformError<StoreError>| why)
            .unwrap();
    }
}

fn command(turn: Turn, act: Act, lease: Option<LeaseClaim>) -> Command {
    let mut id = [9u8; 16];
    id[8..].copy_from_slice(&turn.n.to_be_bytes());
    let start = Moment::of(Date::constant(2026, 11, 20).at(8, 0, 0, 0));
    Command {
        v: 1,
        id: CommandId(id),
        org: AGENCY,
        dev: turn.dev,
        n: turn.n,
        actor: CLERK,
        at: Moment(start.0.max(turn.last_at.0 + 1)),
        off: 0,
        seen: turn.seen,
        kv: 1,
        need: Vec::new(),
        lease,
        blobs: Vec::new(),
        act,
    }
}

fn arrival(document: DocumentId, n: u64, issuer: &str, files: &[BlobId]) -> IncomingRegistered {
    let fields = IncomingFields {
        number: n.to_string(),
        symbol: "UBND-VP".into(),
        issuer: issuer.into(),
        kind: "cong-van".into(),
        subject: format!("V/v báo cáo lần {n}"),
        ..IncomingFields::default()
    };
    IncomingRegistered {
        document,
        book: BOOK,
        arrived_on: Date::constant(2026, 11, 20),
        fields,
        attachments: files.iter().map(attachment).collect(),
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    }
}

fn attachment(file: &BlobId) -> Attachment {
    let (name, mime) = ("scan.pdf".into(), "application/pdf".into());
    Attachment { blob: *file, name, mime, size: 100, pages: Some(1) }
}

fn founding() -> AgencyFounded {
    let kind = Kind {
        id: "cong-van".into(),
        name: "Công văn".into(),
        abbreviation: String::new(),
        shape: KindShape::Letter,
        issued_here: true,
    };
    let agency = Agency {
        id: AGENCY,
        name: "Uỷ ban nhân dân xã An Hiếu".into(),
        abbreviation: "UBND".into(),
        code: "H50.99.01".into(),
        parent: "Uỷ ban nhân dân tỉnh".into(),
        place: "An Hiếu".into(),
        kinds: vec![kind],
        hours: Hours {
            morning_from: time(7, 0, 0, 0),
            morning_to: time(11, 30, 0, 0),
            afternoon_from: time(13, 30, 0, 0),
            afternoon_to: time(17, 0, 0, 0),
        },
        deadline_end: DeadlineEnd::Midnight,
        lock_minutes: 15,
        groups: Vec::new(),
    };
    let clerk = Officer {
        id: CLERK,
        name: "Trần Thị Hạnh".into(),
        position: "Văn thư".into(),
        unit: None,
        roles: BTreeSet::from([Role::Clerk, Role::Administrator]),
        active: true,
    };
    AgencyFounded { agency, units: Vec::new(), officers: vec![clerk] }
}
