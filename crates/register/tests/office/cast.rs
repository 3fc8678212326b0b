//! The people of the stories, their papers, and the short words in which the stories are told.
use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::{Date, DateTime, time};
use register::{
    Act, Agency, AgencyFounded, AgencyId, Attachment, BlobId, Book, BookId, Command, CommandId,
    DeadlineEnd, DeviceId, Direction, DirectiveGiven, DirectiveId, DocumentId, Hours, Incoming,
    IncomingFields, IncomingRegistered, Key, Kind, KindShape, LeaseClaim, Moment, Officer,
    OfficerId, Outgoing, OutgoingFields, Party, Recipient, Refusal, Role, State, Task, TaskId,
    TaskSet, Unit, UnitId, Weight,
};

use crate::world::World;

pub const ORG: AgencyId = AgencyId([0xA0; 16]);
pub const OFFICE_UNIT: UnitId = UnitId([0xB1; 16]);
pub const ECONOMY: UnitId = UnitId([0xB2; 16]);
pub const CULTURE: UnitId = UnitId([0xB3; 16]);

/// Lan keeps the books.
pub const LAN: OfficerId = OfficerId([1; 16]);
/// Mai is the second clerk, on another PC.
pub const MAI: OfficerId = OfficerId([2; 16]);
/// Hùng is the chairman.
pub const HUNG: OfficerId = OfficerId([3; 16]);
/// Dũng is his deputy.
pub const DUNG: OfficerId = OfficerId([4; 16]);
/// Cúc heads the office.
pub const CUC: OfficerId = OfficerId([5; 16]);
/// Bình heads the economy unit.
pub const BINH: OfficerId = OfficerId([6; 16]);
/// An works in the economy unit.
pub const AN: OfficerId = OfficerId([7; 16]);
/// Nga works in the culture unit.
pub const NGA: OfficerId = OfficerId([8; 16]);
/// Sơn heads the culture unit.
pub const SON: OfficerId = OfficerId([9; 16]);
/// Tú administers.
pub const TU: OfficerId = OfficerId([10; 16]);

pub const ARRIVALS: BookId = BookId([0xC1; 16]);
pub const LETTERS: BookId = BookId([0xC2; 16]);
pub const DECISIONS: BookId = BookId([0xC3; 16]);

pub fn doc(n: u8) -> DocumentId {
    DocumentId([n; 16])
}
pub fn job(n: u8) -> TaskId {
    TaskId([n; 16])
}
pub fn word(n: u8) -> DirectiveId {
    DirectiveId([n; 16])
}
pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}
pub fn scan(name: &str) -> Attachment {
    let byte = name.bytes().fold(0u8, u8::wrapping_add);
    Attachment {
        blob: BlobId([byte; 32]),
        name: name.into(),
        mime: "application/pdf".into(),
        size: 1024,
        pages: Some(2),
    }
}

pub fn officer(id: OfficerId, name: &str, unit: Option<UnitId>, roles: &[Role]) -> Officer {
    Officer {
        id,
        name: name.into(),
        position: String::new(),
        unit,
        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
        active: true,
    }
}

pub fn unit(id: UnitId, name: &str, abbreviation: &str) -> Unit {
    Unit { id, name: name.into(), abbreviation: abbreviation.into(), open: true }
}

fn kind(id: &str, name: &str, abbreviation: &str, shape: KindShape) -> Kind {
    Kind {
        id: id.into(),
        name: name.into(),
        abbreviation: abbreviation.into(),
        shape,
        issued_here: true,
    }
}

pub fn agency() -> Agency {
    Agency {
        id: ORG,
        name: "Uỷ ban nhân dân xã An Hiếu".into(),
        abbreviation: "UBND".into(),
        code: "H50.99.01".into(),
        parent: "Uỷ ban nhân dân tỉnh".into(),
        place: "An Hiếu".into(),
        kinds: vec![
            kind("cong-van", "Công văn", "", KindShape::Letter),
            kind("quyet-dinh", "Quyết định", "QĐ", KindShape::Named),
            Kind { issued_here: false, ..kind("luat", "Luật", "", KindShape::Legal) },
        ],
        hours: Hours {
            morning_from: time(7, 0, 0, 0),
            morning_to: time(11, 30, 0, 0),
            afternoon_from: time(13, 30, 0, 0),
            afternoon_to: time(17, 0, 0, 0),
        },
        deadline_end: DeadlineEnd::Midnight,
        lock_minutes: 15,
        groups: Vec::new(),
    }
}

pub fn founding() -> AgencyFounded {
    AgencyFounded {
        agency: agency(),
        units: vec![
            unit(OFFICE_UNIT, "Văn phòng", "VP"),
            unit(ECONOMY, "Phòng Kinh tế", "KT"),
            unit(CULTURE, "Phòng Văn hóa - Xã hội", "VHXH"),
        ],
        officers: vec![
            officer(LAN, "Lan", Some(OFFICE_UNIT), &[Role::Clerk]),
            officer(MAI, "Mai", Some(OFFICE_UNIT), &[Role::Clerk]),
            officer(HUNG, "Hùng", None, &[Role::Leader]),
            officer(DUNG, "Dũng", None, &[Role::Leader]),
            officer(CUC, "Cúc", Some(OFFICE_UNIT), &[Role::OfficeHead]),
            officer(BINH, "Bình", Some(ECONOMY), &[Role::UnitHead]),
            officer(AN, "An", Some(ECONOMY), &[Role::Official]),
            officer(NGA, "Nga", Some(CULTURE), &[Role::Official]),
            officer(SON, "Sơn", Some(CULTURE), &[Role::UnitHead]),
            officer(TU, "Tú", None, &[Role::Administrator]),
        ],
    }
}

pub fn letter_in(subject: &str) -> IncomingFields {
    IncomingFields {
        number: "123".into(),
        symbol: "UBND-VP".into(),
        issuer: "UBND tỉnh".into(),
        kind: "cong-van".into(),
        subject: subject.into(),
        ..IncomingFields::default()
    }
}

pub fn letter_out(subject: &str) -> OutgoingFields {
    OutgoingFields {
        kind: "cong-van".into(),
        subject: subject.into(),
        signer: "Hùng".into(),
        unit: Some(ECONOMY),
        recipients: vec![Recipient { name: "UBND tỉnh".into(), code: String::new() }],
        ..OutgoingFields::default()
    }
}

pub fn work(task: u8, lead: Party, deadline: &str) -> TaskSet {
    TaskSet {
        task: job(task),
        content: "Tổng hợp số liệu".into(),
        lead,
        co: Vec::new(),
        deadline: (!deadline.is_empty()).then(|| day(deadline)),
        weight: Weight::Regular,
        product: String::new(),
    }
}

/// A founded office whose arrivals and letters are numbered on Lan's PC.
pub struct Office {
    pub world: World,
    pub now: Moment,
    sent: u64,
}

/// The name of a device: everybody works on a PC of his own.
pub fn pc(of: OfficerId) -> DeviceId {
    DeviceId(of.0)
}

impl Office {
    pub fn bare() -> Office {
        let mut office = Office { world: World::default(), now: Moment(0), sent: 0 };
        office.on("2026-11-20T08:00");
        office
    }

    pub fn founded() -> Office {
        let mut office = Office::bare();
        office.does(TU, Act::Found(founding())).unwrap();
        office
    }

    pub fn open() -> Office {
        let mut office = Office::founded();
        for (book, name, direction) in [
            (ARRIVALS, "Văn bản đến", Direction::Incoming),
            (LETTERS, "Công văn", Direction::Outgoing),
        ] {
            let (name, kinds) = (name.into(), Vec::new());
            let act = Act::OpenBook { book, name, direction, kinds, opening: None };
            office.does(TU, act).unwrap();
            office.does(LAN, Act::TakeLease { book }).unwrap();
        }
        office
    }

    pub fn on(&mut self, at: &str) {
        let at: DateTime = at.parse().unwrap();
        self.now = Moment::of(at);
    }

    pub fn command(&mut self, actor: OfficerId, act: Act) -> Command {
        self.sent += 1;
        self.now = Moment(self.now.0 + 1000);
        let mut id = [0u8; 16];
        id[8..].copy_from_slice(&self.sent.to_be_bytes());
        Command {
            v: 1,
            id: CommandId(id),
            org: ORG,
            dev: pc(actor),
            n: self.sent,
            actor,
            at: self.now,
            off: 0,
            seen: 0,
            kv: 1,
            need: Vec::new(),
            lease: None,
            blobs: Vec::new(),
            act,
        }
    }

    pub fn does(&mut self, actor: OfficerId, act: Act) -> Result<(), Refusal> {
        let command = self.command(actor, act);
        self.world.act(&command).map(|_| ())
    }

    /// The same with a number claimed.
    pub fn claims(&mut self, actor: OfficerId, act: Act, claim: LeaseClaim) -> Result<(), Refusal> {
        let command = Command { lease: Some(claim), ..self.command(actor, act) };
        self.world.act(&command).map(|_| ())
    }

    /// The claim to the next number of a book and year.
    pub fn next(&self, book: BookId, year: i16) -> LeaseClaim {
        let held = self.book(book);
        LeaseClaim { book, epoch: held.lease.epoch, year, number: held.year(year).next }
    }

    /// The clerk registers what came that day under the next number.
    pub fn arrives(&mut self, n: u8, on: &str) -> Result<(), Refusal> {
        let claim = self.next(ARRIVALS, day(on).year());
        self.claims(LAN, arrival(n, on), claim)
    }

    /// A directive of the chairman with a task.
    pub fn directs(&mut self, document: u8, task: u8, lead: Party) -> Result<(), Refusal> {
        let set = work(task, lead, "2026-12-01");
        self.does(HUNG, directive(document, task, Some(set), &[]))
    }

    /// A draft with one file.
    pub fn drafts(&mut self, actor: OfficerId, n: u8) -> Result<(), Refusal> {
        self.does(actor, draft(n))
    }

    /// A letter approved by the chairman, ready for its number.
    pub fn approved(&mut self, n: u8) {
        self.drafts(AN, n).unwrap();
        self.does(AN, Act::SubmitDraft { document: doc(n), to: HUNG }).unwrap();
        self.does(HUNG, Act::ApproveDraft { document: doc(n), remarks: "".into() }).unwrap();
    }

    /// The clerk numbers a letter.
    pub fn numbers(&mut self, n: u8, on: &str) -> Result<(), Refusal> {
        let claim = self.next(LETTERS, day(on).year());
        self.claims(LAN, issue(n, on), claim)
    }

    pub fn book(&self, id: BookId) -> Book {
        match self.world.states.get(&Key::Book(id)) {
            Some(State::Book(book)) => book.as_ref().clone(),
            other => panic!("no book but {other:?}"),
        }
    }
    pub fn incoming(&self, n: u8) -> Incoming {
        match self.world.states.get(&Key::Incoming(doc(n))) {
            Some(State::Incoming(document)) => document.as_ref().clone(),
            other => panic!("no incoming document but {other:?}"),
        }
    }
    pub fn outgoing(&self, n: u8) -> Outgoing {
        match self.world.states.get(&Key::Outgoing(doc(n))) {
            Some(State::Outgoing(document)) => document.as_ref().clone(),
            other => panic!("no outgoing document but {other:?}"),
        }
    }
    pub fn task(&self, n: u8) -> Task {
        match self.world.states.get(&Key::Task(job(n))) {
            Some(State::Task(task)) => task.as_ref().clone(),
            other => panic!("no task but {other:?}"),
        }
    }
    pub fn person(&self, id: OfficerId) -> Officer {
        match self.world.states.get(&Key::Officer(id)) {
            Some(State::Officer(officer)) => officer.clone(),
            other => panic!("no officer but {other:?}"),
        }
    }

    /// The lines of one year of a book as they would be printed.
    pub fn lines(&self, book: BookId, year: i16) -> String {
        let count = self.book(book).year(year);
        let mut out = String::new();
        for number in count.first..count.next {
            let line = match self.world.numbers.get(&(book, year, number)) {
                Some(document) => self.line(*document),
                None => match (count.voids.get(&number), count.placeholder(number)) {
                    (Some(reason), None) => format!("huỷ: {reason}"),
                    (None, Some(range)) => format!("chờ nhập lại: {}", range.reason),
                    both => panic!("number {number} is {both:?}"),
                },
            };
            writeln!(out, "{}  {line}", register::render_number(number)).unwrap();
        }
        out
    }

    fn line(&self, document: DocumentId) -> String {
        let (date, subject, void) =
            match (self.world.states.get(&Key::Incoming(document)), self.outgoing_of(document)) {
                (Some(State::Incoming(of)), _) => {
                    (of.numbered_on, of.fields.subject.clone(), of.void.clone())
                }
                (_, Some(of)) => {
                    (of.given.map(|given| given.on), of.fields.subject, of.void.clone())
                }
                other => panic!("a number of nothing: {other:?}"),
            };
        let date = date.map(|date| date.to_string()).unwrap_or_default();
        let void = void.map(|void| format!("  (huỷ: {})", void.reason)).unwrap_or_default();
        format!("{date}  {subject}{void}")
    }

    fn outgoing_of(&self, document: DocumentId) -> Option<Outgoing> {
        match self.world.states.get(&Key::Outgoing(document)) {
            Some(State::Outgoing(of)) => Some(of.as_ref().clone()),
            Some(_) | None => None,
        }
    }

    /// The history of one thing, one line an act.
    pub fn history(&self, of: Key) -> String {
        let mut out = String::new();
        for line in self.world.trail.iter().filter(|line| line.of == of) {
            let name = self.person(line.by).name;
            write!(out, "{} {name} {:?}", line.at.civil().strftime("%d/%m %H:%M"), line.deed)
                .unwrap();
            for altered in &line.altered {
                write!(out, " {}: {:?} → {:?}", altered.field, altered.before, altered.after)
                    .unwrap();
            }
            if !line.words.is_empty() {
                write!(out, " “{}”", line.words).unwrap();
            }
            out.push('\n');
        }
        out
    }
}

pub fn arrival(n: u8, on: &str) -> Act {
    Act::RegisterIncoming(arrived(n, on))
}

pub fn arrived(n: u8, on: &str) -> IncomingRegistered {
    IncomingRegistered {
        document: doc(n),
        book: ARRIVALS,
        arrived_on: day(on),
        fields: letter_in(&format!("Công văn thứ {n}")),
        attachments: vec![scan("scan.pdf")],
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: None,
    }
}

/// The same without a number: it waits with a printed code.
pub fn waiting(n: u8, on: &str) -> Act {
    Act::RegisterIncoming(IncomingRegistered {
        slip: Some(format!("T-MAI-{n:03}")),
        ..arrived(n, on)
    })
}

pub fn draft(n: u8) -> Act {
    Act::Draft {
        document: doc(n),
        fields: letter_out(&format!("Trả lời số {n}")),
        attachments: vec![scan("du thao.pdf")],
        answers: None,
        task: None,
        replaces: None,
    }
}

pub fn issue(n: u8, on: &str) -> Act {
    Act::RegisterOutgoing {
        document: doc(n),
        book: LETTERS,
        on: day(on),
        symbol: "UBND-KT".into(),
        slip: None,
        signed_on_paper: false,
    }
}

pub fn directive(document: u8, n: u8, task: Option<TaskSet>, information: &[Party]) -> Act {
    Act::Direct(DirectiveGiven {
        document: doc(document),
        directive: word(n),
        text: "Giao thực hiện".into(),
        task,
        information: information.to_vec(),
    })
}

pub fn give(n: u8) -> Act {
    Act::GiveNumber { document: doc(n), outgoing: false }
}
