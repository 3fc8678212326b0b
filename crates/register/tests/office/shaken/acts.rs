//! Random acts of forty officers: mostly what people would do, and often enough nonsense. Here
//! what they do to the office itself and to what comes in.
use jiff::civil::Date;
use register::{
    Act, Agency, BookId, Command, DayKind, DecidedDay, DecidedYear, Direction, DirectiveGiven,
    DirectiveId, DocumentId, Incoming, IncomingField, IncomingFields, IncomingRegistered, Key,
    OfficerId, Opening, Outgoing, OutgoingFields, Party, Recipient, State, Task, TaskId, TaskSet,
    Unit, Urgency, Weight,
};

use crate::cast::{agency, letter_out, scan};
use crate::run::{OFFICERS, Shaken, UNITS, base_officer, base_unit, unit_id};

/// Kinds of acts, [`Shaken::act_of_kind`] counts them.
pub const KINDS: u64 = 45;
/// Those of every day.
pub const DAILY_KINDS: u64 = 40;

impl Shaken {
    pub fn text(&mut self, what: &str) -> String {
        match self.chance.below(120) {
            0 | 1 => String::new(),
            2 => " \u{3000}\t".into(),
            3 => "ữ".repeat(5001),
            4 => "x\u{0}\n\t\u{202e}\u{1f600}\"\\".into(),
            5 => "Nguyê\u{303}n".into(),
            _ => format!("{what} {}", self.chance.below(1000)),
        }
    }

    pub fn date(&mut self, from: i64, to: i64) -> Date {
        if self.chance.one_in(60) {
            let year = self.chance.below(19_999) as i16 - 9_999;
            return Date::new(
                year,
                1 + self.chance.below(12) as i8,
                1 + self.chance.below(28) as i8,
            )
            .unwrap();
        }
        let days = from + self.chance.below((to - from + 1) as u64) as i64;
        self.now.date().saturating_add(jiff::Span::new().days(days))
    }

    /// Today or a day or two back; now and then long ago.
    pub fn lately(&mut self) -> Date {
        let back = if self.chance.one_in(30) { -300 } else { -2 };
        self.date(back, 0)
    }

    pub fn any_officer(&mut self) -> OfficerId {
        match self.chance.below(50) {
            0 => OfficerId([200; 16]),
            _ => OfficerId([1 + self.chance.below(OFFICERS) as u8; 16]),
        }
    }
    pub fn from(&mut self, low: u8, high: u8) -> OfficerId {
        OfficerId([low + self.chance.below(u64::from(high - low) + 1) as u8; 16])
    }
    pub fn clerk(&mut self) -> OfficerId {
        self.from(1, 3)
    }
    pub fn leader(&mut self) -> OfficerId {
        self.from(5, 6)
    }
    pub fn party(&mut self) -> Party {
        match self.chance.below(3) {
            0 => Party::Unit(unit_id(self.chance.below(UNITS) as u8)),
            _ => Party::Officer(self.any_officer()),
        }
    }
    pub fn parties(&mut self) -> Vec<Party> {
        (0..self.chance.below(4)).map(|_| self.party()).collect()
    }

    /// Who does the work of this party: the officer, or the head of the unit.
    pub fn worker(party: Party) -> OfficerId {
        match party {
            Party::Officer(id) => id,
            Party::Unit(unit) => OfficerId([8 + (unit.0[0] - unit_id(0).0[0]); 16]),
        }
    }

    pub fn fresh(&mut self) -> [u8; 16] {
        self.made += 1;
        let mut id = [0u8; 16];
        id[8..].copy_from_slice(&self.made.to_be_bytes());
        id
    }

    pub fn incoming_where(&mut self, fits: impl Fn(&Incoming) -> bool) -> DocumentId {
        let mut found = DocumentId([250; 16]);
        for _ in 0..12 {
            let Some(id) = self.chance.of_late(&self.incoming).copied() else { break };
            found = id;
            let state = self.world.states.get(&Key::Incoming(id));
            if matches!(state, Some(State::Incoming(document)) if fits(document)) {
                break;
            }
        }
        found
    }
    pub fn outgoing_where(&mut self, fits: impl Fn(&Outgoing) -> bool) -> DocumentId {
        let mut found = DocumentId([251; 16]);
        for _ in 0..12 {
            let Some(id) = self.chance.of_late(&self.outgoing).copied() else { break };
            found = id;
            let state = self.world.states.get(&Key::Outgoing(id));
            if matches!(state, Some(State::Outgoing(document)) if fits(document)) {
                break;
            }
        }
        found
    }
    pub fn task_where(&mut self, fits: impl Fn(&Task) -> bool) -> (TaskId, OfficerId, OfficerId) {
        let mut found = (TaskId([252; 16]), OfficerId([1; 16]), OfficerId([1; 16]));
        for _ in 0..12 {
            let Some(id) = self.chance.of_late(&self.tasks).copied() else { break };
            let Some(State::Task(task)) = self.world.states.get(&Key::Task(id)) else { continue };
            found = (id, task.assigner, Shaken::worker(task.lead));
            if fits(task) {
                break;
            }
        }
        found
    }

    pub fn book(&mut self, direction: Direction) -> BookId {
        if self.chance.one_in(40) {
            return self.chance.of_list(&self.books).copied().unwrap_or(BookId([253; 16]));
        }
        let first = match direction {
            Direction::Incoming => 0,
            Direction::Outgoing => 2,
        };
        let which = first + self.chance.below(2) as usize;
        self.books.get(which).copied().unwrap_or(BookId([253; 16]))
    }

    /// The clerk on whose PC the book is numbered; now and then somebody else.
    pub fn keeper(&mut self, book: BookId) -> OfficerId {
        let elsewhere = self.chance.one_in(12);
        match self.world.states.get(&Key::Book(book)) {
            Some(State::Book(book)) if !elsewhere => match book.lease.holder {
                register::Holder::Device(device) => OfficerId(device.0),
                register::Holder::Server | register::Holder::Frozen => self.clerk(),
            },
            Some(_) | None => self.clerk(),
        }
    }

    fn fields_in(&mut self) -> IncomingFields {
        IncomingFields {
            number: self.text("45a"),
            symbol: self.text("UBND"),
            issued_on: (!self.chance.one_in(3)).then(|| self.date(-40, -3)),
            issuer: self.text("Sở"),
            kind: self.kind(),
            subject: self.text("V/v"),
            urgency: if self.chance.one_in(5) { Urgency::Express } else { Urgency::Normal },
            due: self.chance.one_in(4).then(|| self.date(-3, 30)),
            ..IncomingFields::default()
        }
    }
    fn kind(&mut self) -> String {
        let kind = ["cong-van", "quyet-dinh", "cong-van", "cong-van", "luat", "bài thơ"];
        let which = if self.chance.one_in(15) { 6 } else { 4 };
        kind[self.chance.below(which) as usize].into()
    }
    pub fn fields_out(&mut self) -> OutgoingFields {
        let unknown = u64::from(self.chance.one_in(20));
        let unit = self.chance.below(UNITS + unknown) as u8;
        OutgoingFields {
            kind: self.kind(),
            signer: self.text("Hùng"),
            unit: Some(unit_id(unit)),
            recipients: (0..self.chance.below(3))
                .map(|_| Recipient { name: self.text("UBND"), code: self.text("H") })
                .collect(),
            ..letter_out(&self.text("Trả lời"))
        }
    }
    pub fn files(&mut self) -> Vec<register::Attachment> {
        let count = if self.chance.one_in(80) { 51 } else { self.chance.below(3) };
        (0..count).map(|_| scan(&self.text("tep"))).collect()
    }
    pub fn work(&mut self) -> TaskSet {
        TaskSet {
            task: match self.chance.of_list(&self.tasks).copied() {
                Some(known) if self.chance.one_in(30) => known,
                Some(_) | None => TaskId(self.fresh()),
            },
            content: self.text("Việc"),
            lead: self.party(),
            co: self.parties(),
            deadline: (!self.chance.one_in(5)).then(|| self.date(-1, 30)),
            weight: Weight::Key,
            product: self.text(""),
        }
    }
    pub fn some_document(&mut self) -> (DocumentId, bool) {
        if self.chance.one_in(2) {
            (self.incoming_where(|document| document.void.is_none()), false)
        } else {
            (self.outgoing_where(|document| document.void.is_none()), true)
        }
    }

    /// One act of this kind by somebody likely.
    pub fn act_of_kind(&mut self, kind: u64) -> (OfficerId, Act) {
        match kind {
            0..=9 => self.act_on_office(kind),
            10..=19 => self.act_on_incoming(kind),
            20..=27 => self.act_on_outgoing(kind),
            40..=44 => self.act_on_lease(kind),
            _ => self.act_on_task(kind),
        }
    }

    fn act_on_office(&mut self, kind: u64) -> (OfficerId, Act) {
        let admin = self.from(39, 40);
        let reason = self.text("mất điện");
        match kind {
            0 => {
                let mut agency = Agency { name: self.text("UBND xã"), ..agency() };
                if self.chance.one_in(6) {
                    agency.kinds.remove(self.chance.below(3) as usize);
                }
                if self.chance.one_in(30) {
                    agency.id = register::AgencyId([1; 16]);
                }
                (admin, Act::SetAgency { agency })
            }
            1 => {
                let base = base_unit(self.chance.below(UNITS) as u8);
                let open = !self.chance.one_in(5);
                (admin, Act::SetUnit { unit: Unit { name: self.text("Phòng"), open, ..base } })
            }
            2 if self.chance.one_in(4) => (self.clerk(), self.group()),
            2 => (admin, self.change_of_officer(admin)),
            3 => {
                let year = self.now.date().year();
                let days = (0..self.chance.below(4))
                    .map(|_| DecidedDay {
                        date: self.date(-20, 20),
                        kind: DayKind::MakeupWorking,
                        name: self.text("Làm bù"),
                    })
                    .collect();
                (admin, Act::SetYear { decided: DecidedYear { year, days, basis: reason } })
            }
            4 => {
                let again = self.chance.one_in(8);
                let known = self.chance.of_list(&self.books).copied().filter(|_| again);
                let opening = self.chance.one_in(2).then(|| Opening {
                    last_number: self.chance.below(300) as u32,
                    last_date: self.date(-400, 1),
                });
                let book = known.unwrap_or_else(|| BookId(self.fresh()));
                let direction =
                    if self.chance.one_in(2) { Direction::Incoming } else { Direction::Outgoing };
                let act = Act::OpenBook {
                    book,
                    name: self.text("Sổ"),
                    direction,
                    kinds: Vec::new(),
                    opening,
                };
                (if self.chance.one_in(2) { admin } else { self.leader() }, act)
            }
            5 => {
                let book = self.chance.of_late(&self.books).copied().unwrap_or(BookId([253; 16]));
                // The books of every day are opened again soon.
                let daily = self.books.iter().position(|of| *of == book).is_some_and(|at| at < 4);
                let open = !self.chance.one_in(if daily { 12 } else { 2 });
                let kinds = if self.chance.one_in(6) { vec![self.kind()] } else { Vec::new() };
                (self.leader(), Act::SetBook { book, name: self.text("Sổ"), kinds, open })
            }
            6 => {
                let book = self.chance.of_late(&self.books).copied();
                (self.clerk(), Act::TakeLease { book: book.unwrap_or(BookId([253; 16])) })
            }
            7 => self.paper(reason),
            8 => self.void_number(reason),
            _ => (admin, Act::Found(crate::run::founding())),
        }
    }

    fn change_of_officer(&mut self, admin: OfficerId) -> Act {
        let id = match self.chance.below(12) {
            0 => admin.0[0],
            1 => 1 + self.chance.below(OFFICERS) as u8,
            _ => 13 + self.chance.below(26) as u8,
        };
        let mut officer = base_officer(id);
        if self.chance.one_in(3) {
            officer.name = self.text("Ba");
            officer.active = !self.chance.one_in(2);
            officer.unit = Some(unit_id(self.chance.below(UNITS + 1) as u8));
            let lent = 1 + self.chance.below(OFFICERS) as u8;
            officer.roles = base_officer(lent).roles;
            if self.chance.one_in(10) {
                officer.roles.clear();
            }
        }
        Act::SetOfficer { officer }
    }

    fn next_of(&self, book: BookId) -> (i16, u32) {
        let year = self.now.date().year();
        match self.world.states.get(&Key::Book(book)) {
            Some(State::Book(book)) => (year, book.year(year).next),
            Some(_) | None => (year, 1),
        }
    }

    fn paper(&mut self, reason: String) -> (OfficerId, Act) {
        let direction =
            if self.chance.one_in(2) { Direction::Incoming } else { Direction::Outgoing };
        let book = self.book(direction);
        let (year, next) = self.next_of(book);
        let to = match self.chance.below(20) {
            0 => next + 500,
            1 => 0,
            2 => u32::MAX,
            _ => next + self.chance.below(5) as u32,
        };
        let last_date = self.date(-1, 0);
        (self.keeper(book), Act::PaperRange { book, year, to, last_date, reason })
    }

    fn void_number(&mut self, reason: String) -> (OfficerId, Act) {
        let direction =
            if self.chance.one_in(2) { Direction::Incoming } else { Direction::Outgoing };
        let book = self.book(direction);
        let (year, number) = self.waiting_number(book).unwrap_or((2026, 1));
        (self.keeper(book), Act::VoidNumber { book, year, number, reason })
    }

    /// A number that waits to be re-entered.
    pub fn waiting_number(&mut self, book: BookId) -> Option<(i16, u32)> {
        let Some(State::Book(book)) = self.world.states.get(&Key::Book(book)) else { return None };
        let mut ranges = Vec::new();
        for (year, count) in &book.years {
            ranges.extend(count.placeholders.iter().map(|range| (*year, range.from, range.to)));
        }
        let (year, from, to) = *self.chance.of_list(&ranges)?;
        Some((year, from + self.chance.below(u64::from(to - from) + 1) as u32))
    }

    fn register_incoming(&mut self) -> (OfficerId, Act) {
        let book = self.book(Direction::Incoming);
        let again = self.chance.one_in(40);
        let known = self.chance.of_list(&self.incoming).copied().filter(|_| again);
        let registered = IncomingRegistered {
            document: known.unwrap_or_else(|| DocumentId(self.fresh())),
            book,
            arrived_on: self.lately(),
            fields: self.fields_in(),
            attachments: self.files(),
            secret: self.chance.one_in(50),
            slip: self.chance.one_in(2).then(|| self.text("T-7F31")),
            twin_reason: None,
            submit_to: self.chance.one_in(3).then(|| self.leader()),
            arrival: None,
        };
        (self.keeper(book), Act::RegisterIncoming(registered))
    }

    fn edit_incoming(&mut self, clerk: OfficerId) -> (OfficerId, Act) {
        let document = self.incoming_where(|document| document.void.is_none());
        let field = [IncomingField::Issuer, IncomingField::Kind, IncomingField::Due];
        let field = field[self.chance.below(3) as usize];
        let known = self.world.states.get(&Key::Incoming(document));
        let old = match known {
            Some(State::Incoming(of)) if field == IncomingField::Issuer => of.fields.issuer.clone(),
            Some(State::Incoming(of)) if field == IncomingField::Kind => of.fields.kind.clone(),
            Some(State::Incoming(of)) => {
                of.fields.due.map(|due| due.to_string()).unwrap_or_default()
            }
            Some(_) | None => String::new(),
        };
        let old = if self.chance.one_in(10) { self.text("x") } else { old };
        let new = if field == IncomingField::Kind {
            self.kind()
        } else if field == IncomingField::Due {
            self.date(0, 9).to_string()
        } else {
            self.text("Sở")
        };
        (clerk, Act::EditIncoming { document, field, old, new })
    }

    fn group(&mut self) -> Act {
        let name = format!("Nhóm {}", self.chance.below(4));
        let count = self.chance.below(3) as u8;
        let members = (1..=count).map(|n| register::AgencyId([n; 16])).collect();
        Act::SetGroup { group: register::RecipientGroup { name, members } }
    }

    fn act_on_incoming(&mut self, kind: u64) -> (OfficerId, Act) {
        let clerk = self.clerk();
        let reason = self.text("nhầm");
        let open = |document: &Incoming| document.void.is_none() && document.closed.is_none();
        match kind {
            10 | 11 => self.register_incoming(),
            12 => self.edit_incoming(clerk),
            13 => {
                let document = self.incoming_where(open);
                let to = if self.chance.one_in(8) { self.any_officer() } else { self.leader() };
                (clerk, Act::SubmitIncoming { document, to, proposal: reason })
            }
            14 | 15 => {
                let given = DirectiveGiven {
                    document: self.incoming_where(open),
                    directive: DirectiveId(self.fresh()),
                    text: self.text("Giao"),
                    task: (!self.chance.one_in(4)).then(|| self.work()),
                    information: self.parties(),
                };
                (self.leader(), Act::Direct(given))
            }
            16 | 17 => {
                let document = self.incoming_where(|document| document.in_force().next().is_some());
                let mut writer = self.leader();
                let mut directive = DirectiveId([7; 16]);
                if let Some(State::Incoming(of)) = self.world.states.get(&Key::Incoming(document))
                    && let Some(given) = of.in_force().last()
                {
                    (directive, writer) = (given.id, given.by);
                }
                if kind == 16 {
                    (writer, Act::UndoDirective { document, directive })
                } else {
                    (writer, Act::RecallDirective { document, directive, reason })
                }
            }
            18 => {
                let document = self.incoming_where(open);
                (clerk, Act::CloseIncoming { document, reason })
            }
            _ => {
                let document = self.incoming_where(|document| document.closed.is_some());
                (clerk, Act::ReopenIncoming { document, reason })
            }
        }
    }

    /// What was made by an accepted command is known from then on.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other acts make nothing new")]
    pub fn remember(&mut self, command: &Command) {
        match &command.act {
            Act::RegisterIncoming(registered) => self.incoming.push(registered.document),
            Act::Draft { document, .. } => self.outgoing.push(*document),
            Act::OpenBook { book, .. } => self.books.push(*book),
            Act::CreateTask { set, .. } => self.tasks.push(set.task),
            Act::Direct(given) => self.tasks.extend(given.task.as_ref().map(|set| set.task)),
            _ => {}
        }
    }
}
