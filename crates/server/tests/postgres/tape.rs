//! A tape of commands: offices that register, number, hand on, edit and err, the same every time.
use ed25519_dalek::Signer;
use register::{
    Act, Agency, AgencyFounded, AgencyId, Attachment, BlobId, Book, BookId, Command, CommandId,
    DeviceId, Direction, DocumentId, Holder, IncomingField, IncomingFields, IncomingRegistered,
    Key, LeaseClaim, Listed, Moment, OfficerId, State, Statement, StatementId, Unit, UnitId,
};
use server::{CallError, Ledger, Session};
use sync::wire::{
    AdoptAsked, EnrolAsked, Hex, OfficerKey, Pushed, StatementSent, SyncAnswer, SyncAsked,
    adopt_bytes, enrol_bytes,
};
use sync::{SigningKey, encode, sign, sign_statement};

use crate::cast::{AN, LAN, MAI, TU, founding, lan_with, now};

/// Chance that is the same every time.
pub struct Chance(u64);

impl Chance {
    pub fn of(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, max: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % max
    }
}

/// A PC of an office.
pub struct Seat {
    pub org: AgencyId,
    pub dev: DeviceId,
    pub cursor: u64,
    n: u64,
    last: Option<sync::wire::Head>,
    pub unsent: Vec<Pushed>,
}

/// An agency with two PCs.
pub struct Office {
    pub org: AgencyId,
    book_id: BookId,
    pub first: Seat,
    pub second: Seat,
    book: Option<Book>,
    /// Numbers this tape has given beyond what the book says.
    given: u32,
    documents: u64,
    clock: i64,
    chance: Chance,
}

fn sixteen(office: u8, kind: u8, n: u64) -> [u8; 16] {
    let mut id = [office; 16];
    id[0] = kind;
    id[8..].copy_from_slice(&n.to_be_bytes());
    id
}

impl Seat {
    pub fn new(org: AgencyId, byte: u8) -> Seat {
        let dev = DeviceId(sixteen(org.0[0], byte, u64::from(byte)));
        Seat { org, dev, cursor: 0, n: 0, last: None, unsent: Vec::new() }
    }

    fn key(&self, officer: OfficerId) -> SigningKey {
        let mut seed = self.dev.0.repeat(2);
        seed[1] = officer.0[0];
        SigningKey::from_bytes(seed.as_slice().try_into().unwrap())
    }

    fn public(&self, officer: OfficerId) -> Hex<32> {
        Hex(self.key(officer).verifying_key().to_bytes())
    }

    pub fn session(&self, officer: OfficerId) -> Session {
        let until = Moment(now().0 + (1 << 40));
        Session { org: self.org, dev: self.dev, officer, until }
    }

    /// What its administrator states of a new agency, in words of his own.
    pub fn states(&self, n: u8, who: u8) -> StatementSent {
        let after = Listed {
            id: AgencyId([0x50 + n; 16]),
            name: format!("Sở {who}"),
            code: String::new(),
            codes_before: Vec::new(),
            unit: String::new(),
            parent: String::new(),
            on_exchange: false,
            from: None,
            to: None,
            heirs: Vec::new(),
        };
        let id = StatementId([n, who].repeat(8).try_into().unwrap());
        let (org, dev) = (self.org, self.dev);
        let statement = Statement { id, org, dev, officer: TU, at: now(), before: None, after };
        sign_statement(&statement, &self.key(TU)).unwrap()
    }

    /// Comes with a new agency and a code; says whether it was let in.
    pub fn knocks(&self, ledger: &Ledger, code: &str) -> bool {
        self.comes_to(ledger, code, &[TU]).is_ok()
    }

    fn comes_to(&self, ledger: &Ledger, code: &str, all: &[OfficerId]) -> Result<(), CallError> {
        let keys = all.iter().map(|of| OfficerKey { officer: *of, public: self.public(*of) });
        let sig = self.key(TU).sign(&adopt_bytes(self.org, self.dev, code)).to_bytes();
        let asked = AdoptAsked {
            code: code.to_owned(),
            org: self.org,
            dev: self.dev,
            name: "VT-01".into(),
            keys: keys.collect(),
            sig: Hex(sig),
        };
        ledger.adopt(asked, now()).map(|_| ())
    }

    /// Somebody comes to this PC with a code.
    pub fn enrols(&self, ledger: &Ledger, (who, code): (OfficerId, &str)) -> Result<(), CallError> {
        let (dev, public) = (self.dev, self.public(who));
        let sig = Hex(self.key(who).sign(&enrol_bytes(dev, code)).to_bytes());
        let (code, name) = (code.to_owned(), "VT-02".into());
        let asked = EnrolAsked { code, dev, name, public, sig, beside: None };
        ledger.enrol(asked, now()).map(|_| ())
    }

    pub fn does(&mut self, (actor, at): (OfficerId, i64), act: Act, lease: Option<LeaseClaim>) {
        self.n += 1;
        let command = Command {
            v: 1,
            id: CommandId(sixteen(self.org.0[0], self.dev.0[0], self.n)),
            org: self.org,
            dev: self.dev,
            n: self.n,
            actor,
            at: Moment(now().0 + at),
            off: 0,
            seen: self.cursor,
            kv: 1,
            need: Vec::new(),
            lease,
            blobs: Vec::new(),
            act,
        };
        let envelope = sign(encode(&command).unwrap(), &self.key(actor));
        self.unsent.push(Pushed::of(&envelope).unwrap());
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

    /// Takes an answer; says whether there is more.
    pub fn takes(&mut self, answer: &SyncAnswer) -> bool {
        self.unsent.clear();
        self.cursor = answer.to;
        self.last = Some(answer.head.head);
        answer.more
    }
}

/// Who answers the calls of a tape: one ledger, or several that must agree.
pub trait Asked {
    fn sync(&self, asked: &SyncAsked, session: &Session) -> SyncAnswer;
    fn each<T: PartialEq + std::fmt::Debug>(
        &self,
        call: impl Fn(&Ledger) -> Result<T, CallError>,
    ) -> T;
}

impl Asked for Ledger {
    fn sync(&self, asked: &SyncAsked, session: &Session) -> SyncAnswer {
        Ledger::sync(self, asked, session, now()).unwrap()
    }

    fn each<T: PartialEq + std::fmt::Debug>(
        &self,
        call: impl Fn(&Ledger) -> Result<T, CallError>,
    ) -> T {
        call(self).unwrap()
    }
}

impl Office {
    /// An office that has come to its server with both of its PCs.
    pub fn founded(byte: u8, server: &impl Asked) -> Office {
        let org = AgencyId([byte; 16]);
        let (first, second) = (Seat::new(org, 0xD1), Seat::new(org, 0xD2));
        let book_id = BookId(sixteen(byte, 0xB0, 1));
        let chance = Chance::of(byte.into());
        let (book, given, documents, clock) = (None, 0, 0, 0);
        let mut office =
            Office { org, book_id, first, second, book, given, documents, clock, chance };
        office.comes_to(server);
        office
    }

    fn comes_to(&mut self, server: &impl Asked) {
        let (org, byte) = (self.org, self.org.0[0]);
        let code = server.each(|ledger| ledger.adoption_code(now(), [byte; 10]));
        server.each(|ledger| self.first.comes_to(ledger, &code, &[TU, LAN, MAI, AN]));
        let founding = founding();
        let founding = AgencyFounded { agency: Agency { id: org, ..founding.agency }, ..founding };
        let open = Act::OpenBook {
            book: self.book_id,
            name: "Văn bản đến".into(),
            direction: Direction::Incoming,
            kinds: Vec::new(),
            opening: None,
        };
        self.first.does((TU, 1), Act::Found(founding), None);
        self.first.does((TU, 2), open, None);
        self.first.does((LAN, 3), Act::TakeLease { book: self.book_id }, None);
        self.exchanges(server, 1);
        let code = server.each(|ledger| {
            Ok(ledger.operator_code((org, MAI), now(), [byte, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])?.code)
        });
        server.each(|ledger| self.second.enrols(ledger, (MAI, &code)));
        self.exchanges(server, 2);
    }

    fn document(&mut self) -> DocumentId {
        let of = self.chance.below(self.documents.max(1));
        DocumentId(sixteen(self.org.0[0], 0xE0, of))
    }

    fn arrival(&mut self) -> Act {
        let document = DocumentId(sixteen(self.org.0[0], 0xE0, self.documents));
        self.documents += 1;
        let n = self.documents;
        Act::RegisterIncoming(IncomingRegistered {
            document,
            book: self.book_id,
            arrived_on: "2026-11-20".parse().unwrap(),
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
            slip: Some(format!("T-{n}")),
            twin_reason: None,
            submit_to: None,
            arrival: None,
        })
    }

    /// What the first PC may claim, as far as it knows.
    fn claim(&mut self) -> Option<LeaseClaim> {
        let held = self.book.as_ref()?;
        if held.lease.holder != Holder::Device(self.first.dev) {
            return None;
        }
        let number = held.year(2026).next + self.given;
        self.given += 1;
        Some(LeaseClaim { book: self.book_id, epoch: held.lease.epoch, year: 2026, number })
    }

    fn file(&mut self) -> Attachment {
        let blob = BlobId([self.chance.below(40) as u8; 32]);
        let (name, mime) = ("Công văn.pdf".into(), "application/pdf".into());
        Attachment { blob, name, mime, size: 4096, pages: None }
    }

    /// A letter that came in, with the number of the first PC's own.
    pub fn registers(&mut self, at: u64) {
        let claim = self.claim();
        let act = self.arrival();
        self.first.does((LAN, at as i64 + 10), act, claim);
    }

    /// A letter that came in at the second PC, which has no numbers to give.
    pub fn takes_in(&mut self, at: u64) {
        let act = self.arrival();
        self.second.does((MAI, at as i64 + 10), act, None);
    }

    /// One command more, on one of the PCs.
    pub fn goes_on(&mut self) {
        self.clock += 1;
        let at = self.clock;
        if self.chance.below(10) < 4 {
            if self.chance.below(3) > 0 {
                let claim = self.claim();
                let act = self.arrival();
                return self.first.does((LAN, at), act, claim);
            }
            let act = self.arrival();
            return self.second.does((MAI, at), act, None);
        }
        let (document, epoch) =
            (self.document(), self.book.as_ref().map_or(1, |book| book.lease.epoch));
        let (outgoing, book, reason) = (false, self.book_id, "Nhầm".to_owned());
        let act = match self.chance.below(24) {
            0 => Act::ReleaseLease { book, epoch },
            1 => Act::TakeLease { book },
            2..=5 => Act::Attach { document, outgoing, files: vec![self.file()] },
            6 => Act::Detach { document, outgoing, blob: self.file().blob, reason },
            7 => Act::Void { document, outgoing, reason },
            8..=10 => Act::Seen { document, outgoing },
            11..=13 => Act::SubmitIncoming { document, to: TU, proposal: "Kính trình".into() },
            14 => Act::CloseIncoming { document, reason },
            15 => Act::ReopenIncoming { document, reason },
            16 => Act::SetOfficer { officer: lan_with(true) },
            17 => {
                let id = UnitId(sixteen(self.org.0[0], 0xF0, self.chance.below(5)));
                let (name, abbreviation) = (format!("Phòng {at}"), "KT".into());
                Act::SetUnit { unit: Unit { id, name, abbreviation, open: true } }
            }
            18 => Act::GiveNumber { document, outgoing },
            _ => {
                let subject = |of: u64| format!("Công văn thứ {of}, sửa");
                let of = u64::from_be_bytes(document.0[8..].try_into().unwrap()) + 1;
                let (field, old) = (IncomingField::Subject, format!("Công văn thứ {of}"));
                Act::EditIncoming { document, field, old, new: subject(of) }
            }
        };
        let by_administrator = matches!(act, Act::SetOfficer { .. } | Act::SetUnit { .. });
        let actor = if by_administrator { TU } else { LAN };
        self.first.does((actor, at), act, None);
    }

    /// What the first PC learns of an answer; says whether there is more.
    pub fn hears(&mut self, answer: &SyncAnswer) -> bool {
        for sent in &answer.states {
            let state: State = serde_json::from_str(sent.state.get()).unwrap();
            if let State::Book(book) = state
                && Key::Book(book.id) == Key::Book(self.book_id)
            {
                (self.book, self.given) = (Some(*book), 0);
            }
        }
        self.first.takes(answer)
    }

    /// Sends what a PC has and reads what is new.
    pub fn exchanges(&mut self, server: &impl Asked, pc: u8) {
        let mut more = true;
        while more && pc == 1 {
            let answer = server.sync(&self.first.asks(), &self.first.session(LAN));
            more = self.hears(&answer);
        }
        while more {
            let answer = server.sync(&self.second.asks(), &self.second.session(MAI));
            more = self.second.takes(&answer);
        }
    }

    /// The second PC alone, for a hand of its own: what it registers has no number yet.
    pub fn apart(&mut self) -> Office {
        let (org, book_id, clock) = (self.org, self.book_id, self.clock);
        let second = std::mem::replace(&mut self.second, Seat::new(org, 0xD9));
        let (first, chance) = (Seat::new(org, 0xD8), Chance::of(99));
        let (book, given, documents) = (None, 0, 1 << 32);
        Office { org, book_id, first, second, book, given, documents, clock, chance }
    }
}
