//! Agencies as they are founded and as their people work.
use jiff::civil::time;
use register::{
    Act, Address, Addressee, Agency, AgencyFounded, AgencyId, Arrival, Attachment, BookId,
    DeadlineEnd, Direction, DirectiveGiven, DirectiveId, DocumentId, Hours, IncomingFields,
    IncomingRegistered, Issued, Kind, KindShape, Officer, OfficerId, OutgoingFields, ParcelId,
    Party, Recipient, Role, TaskId, TaskSet, UnitId, Weight,
};

use crate::account::{Account, id, now};
use crate::road::Road;

/// The founding names so many people; the others come after it.
const FOUNDED_WITH: usize = 100;

/// One agency of a province.
#[derive(Clone, Copy)]
pub struct Place {
    pub nth: usize,
    pub org: AgencyId,
    pub arrivals: BookId,
    pub issues: BookId,
}

impl Place {
    pub fn of(nth: usize) -> Place {
        let org = AgencyId(id(&format!("agency {nth}")));
        let book = |name| BookId(id(&format!("book {name} of {org}")));
        Place { nth, org, arrivals: book("đến"), issues: book("đi") }
    }

    pub fn address(&self) -> Address {
        let (code, name) = (format!("H50.{:03}", self.nth), format!("UBND xã Số {}", self.nth));
        Address { agency: self.org, code, name }
    }

    pub fn officer(&self, nth: usize) -> OfficerId {
        OfficerId(id(&format!("officer {nth} of {}", self.org)))
    }

    fn people(&self, count: usize) -> Vec<Officer> {
        let officer = |nth: usize| Officer {
            id: self.officer(nth),
            name: format!("Cán bộ {nth}"),
            position: String::new(),
            unit: None::<UnitId>,
            roles: [role(nth)].into_iter().collect(),
            active: true,
        };
        (0..count).map(officer).collect()
    }

    /// Founds it on a PC of its administrator and its first clerk, and brings it to the server.
    pub async fn comes(&self, road: &Road, code: &str, people: usize) -> [Account; 2] {
        let mut first = Account::new(road, self.org, self.officer(0), "PC-01");
        let mut clerk = first.beside(self.officer(1));
        let all = self.people(people);
        let (founders, others) = all.split_at(people.min(FOUNDED_WITH));
        let (agency, units, officers) = (self.agency(), Vec::new(), founders.to_vec());
        first.does(Act::Found(AgencyFounded { agency, units, officers }));
        for (book, name, direction) in [
            (self.arrivals, "Văn bản đến", Direction::Incoming),
            (self.issues, "Văn bản đi", Direction::Outgoing),
        ] {
            let (name, kinds, opening) = (name.to_owned(), Vec::new(), None);
            first.does(Act::OpenBook { book, name, direction, kinds, opening });
        }
        for officer in others {
            first.does(Act::SetOfficer { officer: officer.clone() });
        }
        first.adopts(code, &[&clerk]).await;
        while first.calls().await.more {}
        first.hands_to(&mut clerk);
        [first, clerk]
    }

    fn agency(&self) -> Agency {
        let Address { code, name, .. } = self.address();
        Agency {
            id: self.org,
            name,
            abbreviation: "UBND".into(),
            code,
            parent: "UBND tỉnh Hiếu Sơn".into(),
            place: "Hiếu Sơn".into(),
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
        }
    }
}

/// Of thirty people one more keeps the books and two lead; the others do what they are given.
pub fn role(nth: usize) -> Role {
    match nth {
        0 => Role::Administrator,
        1 => Role::Clerk,
        2 => Role::Leader,
        _ => match nth % 30 {
            10 => Role::Clerk,
            20 | 25 => Role::Leader,
            _ => Role::Official,
        },
    }
}

/// A letter on paper is registered and submitted.
pub fn registers(place: &Place, words: &str, submit_to: Option<OfficerId>) -> (DocumentId, Act) {
    let document = DocumentId(id(&format!("incoming {words} of {}", place.org)));
    let registered = IncomingRegistered {
        document,
        book: place.arrivals,
        arrived_on: now().date(),
        fields: IncomingFields {
            number: words.to_owned(),
            symbol: "UBND-NNMT".into(),
            issuer: "UBND tỉnh Hiếu Sơn".into(),
            kind: "cong-van".into(),
            subject: format!("Kiểm tra, bảo đảm an toàn hồ đập trong mùa mưa lũ, lần {words}"),
            ..IncomingFields::default()
        },
        attachments: Vec::new(),
        secret: false,
        slip: Some(format!("T-{words}")),
        twin_reason: None,
        submit_to,
        arrival: None,
    };
    (document, Act::RegisterIncoming(registered))
}

/// What came from another agency is registered.
pub fn takes_in(place: &Place, came: &Arrival) -> Act {
    let registered = IncomingRegistered {
        document: DocumentId(id(&format!("of parcel {}", came.id))),
        book: place.arrivals,
        arrived_on: now().date(),
        fields: IncomingFields {
            number: came.letter.number.clone(),
            symbol: came.letter.symbol.clone(),
            issued_on: Some(came.letter.issued_on),
            issuer: came.from.name.clone(),
            kind: came.letter.kind.clone(),
            subject: came.letter.subject.clone(),
            ..IncomingFields::default()
        },
        attachments: came.letter.files.clone(),
        secret: false,
        slip: Some(format!("T-{}", came.id)),
        twin_reason: None,
        submit_to: None,
        arrival: Some(came.id),
    };
    Act::RegisterIncoming(registered)
}

/// A leader gives a task to an official.
pub fn directs(document: DocumentId, lead: OfficerId) -> (TaskId, Act) {
    let task = TaskId(id(&format!("task of {document}")));
    let set = TaskSet {
        task,
        content: "Rà soát, tham mưu trả lời".into(),
        lead: Party::Officer(lead),
        co: Vec::new(),
        deadline: None,
        weight: Weight::default(),
        product: String::new(),
    };
    let directive = DirectiveId(id(&format!("directive on {document}")));
    let (text, information) = ("Giao thực hiện".into(), Vec::new());
    let given = DirectiveGiven { document, directive, text, task: Some(set), information };
    (task, Act::Direct(given))
}

/// An outgoing document is drafted and gets its number.
pub fn numbers(place: &Place, words: &str, files: Vec<Attachment>) -> (DocumentId, [Act; 2]) {
    let document = DocumentId(id(&format!("outgoing {words} of {}", place.org)));
    let fields = OutgoingFields {
        kind: "cong-van".into(),
        subject: format!("Báo cáo kết quả rà soát hộ tịch, lần {words}"),
        signer: "Lê Quang Thạch".into(),
        recipients: vec![Recipient { name: "UBND các xã".into(), code: String::new() }],
        ..OutgoingFields::default()
    };
    let draft = Act::Draft {
        document,
        fields,
        attachments: files,
        answers: None,
        task: None,
        replaces: None,
    };
    let registered = Act::RegisterOutgoing {
        document,
        book: place.issues,
        on: now().date(),
        symbol: "UBND".into(),
        slip: Some(format!("Đ-{words}")),
        signed_on_paper: true,
    };
    (document, [draft, registered])
}

/// It goes to other agencies.
pub fn issues(document: DocumentId, to: impl Iterator<Item = Place>) -> Act {
    let addressee = |place: Place| Addressee {
        parcel: parcel_of(document, place.org),
        to: place.address(),
        purpose: "để thực hiện".into(),
        due: None,
        replaces: None,
    };
    let (on, how) = (now().date(), "Liên thông".into());
    Act::Issue(Issued { document, on, how, to: to.map(addressee).collect() })
}

pub fn parcel_of(document: DocumentId, to: AgencyId) -> ParcelId {
    ParcelId(id(&format!("parcel of {document} to {to}")))
}
