//! A working year in sixty acts: every kind of command, each at a moment when somebody may do it.
mod between;

use register::{
    Act, Attachment, BookId, DecidedYear, Direction, DirectiveGiven, DirectiveId, DocumentId,
    HeldVerdict, IncomingField, IncomingRegistered, Key, LeaseClaim, LeaseForced, OfficerId,
    OutgoingField, OutgoingFields, Party, PublicKey, ReadTo, Recipient, Role, Sending, State,
    TaskId, TaskSet, Unit, UnitId, Weight, Witnessed,
};

use super::office::{AN, BINH, CUC, CULTURE, ECONOMY, HUNG, LEFT_BEHIND, LETTERS, NGA, PEOPLE};
use crate::cast::{ARRIVALS, LAN, Pc, TU, arrival, doc, founding, officer};
use crate::files::Scan;
use crate::world::World;

/// Which number a command claims.
#[derive(Clone, Copy)]
enum Claims {
    Nothing,
    Next(BookId),
    Fixed(LeaseClaim),
}

/// One act, and who does it at last; nobody may do what has no one.
pub struct Step {
    pub by: Option<OfficerId>,
    pub act: Act,
    pub said: &'static str,
    claims: Claims,
}

fn by(by: OfficerId, act: Act) -> Step {
    Step { by: Some(by), act, said: "ok", claims: Claims::Nothing }
}

fn nobody(act: Act) -> Step {
    Step { by: None, act, said: "", claims: Claims::Nothing }
}

fn epoch(world: &World, book: BookId) -> u32 {
    match world.states.get(&Key::Book(book)) {
        Some(State::Book(book)) => book.lease.epoch,
        other => panic!("no book but {other:?}"),
    }
}

impl Step {
    pub fn kind(&self) -> String {
        let act = serde_json::to_value(&self.act).unwrap();
        act["kind"].as_str().unwrap().to_owned()
    }

    fn claims(self, claims: Claims) -> Step {
        Step { claims, ..self }
    }

    pub fn claim(&self, world: &World) -> Option<LeaseClaim> {
        match self.claims {
            Claims::Nothing => None,
            Claims::Fixed(claim) => Some(claim),
            Claims::Next(book) => match world.states.get(&Key::Book(book)) {
                Some(State::Book(held)) => {
                    let number = held.year(2026).next;
                    Some(LeaseClaim { book, epoch: held.lease.epoch, year: 2026, number })
                }
                other => panic!("no book but {other:?}"),
            },
        }
    }

    /// The act with what only the log knows: epochs of books, names of PCs and commands.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are whole")]
    pub fn act_now(&self, world: &World, pcs: &[Pc]) -> Act {
        let mut act = self.act.clone();
        match &mut act {
            Act::ReleaseLease { book, epoch: now } => *now = epoch(world, *book),
            Act::HandOverLease { book, epoch: now, to } => {
                *now = epoch(world, *book);
                *to = pcs[PEOPLE.iter().position(|person| *person == CUC).unwrap()].dev;
            }
            Act::ResolveHeld { document, given_by, .. } => {
                if let Some(State::Incoming(of)) = world.states.get(&Key::Incoming(*document)) {
                    *given_by = of.held[0].command;
                }
            }
            _ => {}
        }
        act
    }
}

fn file(size: u64, name: &str) -> Attachment {
    let scan = Scan::of(size, name.len() as u8);
    Attachment { name: name.into(), ..scan.attachment() }
}

fn job(n: u8) -> TaskId {
    TaskId([n; 16])
}

fn work(task: u8, lead: Party) -> TaskSet {
    TaskSet {
        task: job(task),
        content: "Tổng hợp số liệu".into(),
        lead,
        co: Vec::new(),
        deadline: Some("2026-12-01".parse().unwrap()),
        weight: Weight::Regular,
        product: String::new(),
    }
}

fn directive(document: u8, n: u8, task: Option<TaskSet>, information: &[Party]) -> Act {
    Act::Direct(DirectiveGiven {
        document: doc(document),
        directive: DirectiveId([n; 16]),
        text: "Giao thực hiện".into(),
        task,
        information: information.to_vec(),
    })
}

fn registered(n: u8, files: Vec<Attachment>) -> Act {
    let Act::RegisterIncoming(of) = arrival(n) else { panic!("not an arrival") };
    Act::RegisterIncoming(IncomingRegistered { attachments: files, ..of })
}

pub fn draft(n: u8, files: Vec<Attachment>) -> Act {
    let fields = OutgoingFields {
        kind: "cong-van".into(),
        subject: format!("Trả lời số {n}"),
        signer: "Hùng".into(),
        unit: Some(ECONOMY),
        recipients: vec![Recipient { name: "UBND tỉnh".into(), code: String::new() }],
        ..OutgoingFields::default()
    };
    Act::Draft {
        document: doc(n),
        fields,
        attachments: files,
        answers: None,
        task: None,
        replaces: None,
    }
}

/// The letter gets its number, from whoever holds the book.
pub fn to_be_issued(n: u8, signed_on_paper: bool) -> Act {
    Act::RegisterOutgoing {
        document: doc(n),
        book: LETTERS,
        on: "2026-11-20".parse().unwrap(),
        symbol: "UBND-KT".into(),
        slip: Some(format!("T-{n:03}")),
        signed_on_paper,
    }
}

pub fn steps() -> Vec<Step> {
    let parts = [
        administration(),
        leases(),
        arrivals(),
        tasks(),
        letters(),
        between::steps(),
        clashes(),
        devices(),
    ];
    parts.into_iter().flatten().collect()
}

fn administration() -> Vec<Step> {
    let unit = UnitId([0xE3; 16]);
    let new_unit = Unit { id: unit, name: "Trạm".into(), abbreviation: "TR".into(), open: true };
    let decided = DecidedYear { year: 2027, days: Vec::new(), basis: "TB".into() };
    let (name, kinds) = (String::from("Sổ riêng"), Vec::new());
    let book = BookId([0xC3; 16]);
    let direction = Direction::Incoming;
    let opened =
        Act::OpenBook { book, name: name.clone(), direction, kinds: kinds.clone(), opening: None };
    vec![
        nobody(Act::Found(founding())),
        by(TU, Act::SetAgency { agency: founding().agency }),
        by(TU, Act::SetUnit { unit: new_unit }),
        by(TU, Act::SetOfficer { officer: officer(OfficerId([20; 16]), "Vy", &[Role::Official]) }),
        by(TU, Act::SetYear { decided }),
        by(CUC, opened),
        by(HUNG, Act::SetBook { book, name, kinds, open: false }),
    ]
}

fn forced(last_number: u32) -> Act {
    Act::ForceLease(LeaseForced {
        book: ARRIVALS,
        to: None,
        year: 2026,
        last_number,
        last_date: "2026-11-20".parse().unwrap(),
        reason: "máy hỏng".into(),
        epoch: None,
    })
}

/// The book goes from PC to PC and back to the server; number 2 goes on paper, and is void.
fn leases() -> Vec<Step> {
    let book = ARRIVALS;
    let last_date = "2026-11-20".parse().unwrap();
    let range =
        Act::PaperRange { book, year: 2026, to: 3, last_date, reason: "mất điện".into() };
    let void = Act::VoidNumber { book, year: 2026, number: 2, reason: "ghi nhầm".into() };
    vec![
        by(LAN, Act::TakeLease { book }),
        by(LAN, range),
        by(LAN, void),
        by(LAN, registered(90, Vec::new())).claims(Claims::Next(ARRIVALS)),
        by(LAN, registered(91, Vec::new())),
        by(LAN, Act::GiveNumber { document: doc(91), outgoing: false })
            .claims(Claims::Next(ARRIVALS)),
        by(LAN, Act::HandOverLease { book, epoch: 0, to: register::DeviceId([0; 16]) }),
        by(CUC, Act::ReleaseLease { book, epoch: 0 }),
        by(LAN, Act::TakeLease { book }),
        by(HUNG, Act::ConfirmLast { book, year: 2026, last_number: 5 }),
        by(CUC, forced(5)),
        nobody(Act::FreezeBook { book }),
    ]
}

fn arrivals() -> Vec<Step> {
    let (outgoing, reason) = (false, String::from("ghi nhầm"));
    let of_an = Party::Officer(AN);
    let twice = file(500, "scan hai.pdf");
    let detach =
        Act::Detach { document: doc(1), outgoing, blob: twice.blob, reason: reason.clone() };
    let edit = Act::EditIncoming {
        document: doc(1),
        field: IncomingField::Subject,
        old: "Công văn thứ 1".into(),
        new: "Về đê điều".into(),
    };
    let directed = DirectiveId([52; 16]);
    let recalled = DirectiveId([53; 16]);
    vec![
        by(LAN, registered(1, vec![file(600, "scan.pdf")])),
        by(LAN, registered(2, vec![file(700, "mật thiết.pdf")])),
        by(LAN, registered(3, Vec::new())),
        by(LAN, edit),
        by(LAN, Act::Attach { document: doc(1), outgoing, files: vec![twice] }),
        by(LAN, detach),
        by(CUC, Act::SubmitIncoming { document: doc(1), to: HUNG, proposal: "Giao".into() }),
        by(HUNG, Act::Seen { document: doc(1), outgoing }),
        by(HUNG, directive(1, 51, Some(work(1, of_an)), &[])),
        by(HUNG, directive(1, 52, None, &[Party::Officer(NGA)])),
        by(HUNG, Act::UndoDirective { document: doc(1), directive: directed }),
        by(HUNG, directive(3, 53, None, &[Party::Unit(CULTURE)])),
        by(
            HUNG,
            Act::RecallDirective { document: doc(3), directive: recalled, reason: reason.clone() },
        ),
        by(CUC, Act::CloseIncoming { document: doc(3), reason: reason.clone() }),
        by(LAN, Act::ReopenIncoming { document: doc(3), reason: reason.clone() }),
        by(LAN, Act::Void { document: doc(3), outgoing, reason }),
    ]
}

fn tasks() -> Vec<Step> {
    let task = job(2);
    let note = String::from("xong");
    let report = || Act::Report {
        task,
        text: "Đã làm".into(),
        files: vec![file(800, "kết quả.pdf")],
        product: None,
    };
    let until = "2026-12-10".parse().unwrap();
    let remarks = String::from("được");
    let in_unit = Act::CreateTask { set: work(2, Party::Officer(AN)), information: Vec::new() };
    let by_hung = Act::CreateTask { set: work(3, Party::Unit(ECONOMY)), information: Vec::new() };
    vec![
        by(BINH, in_unit),
        by(HUNG, by_hung),
        by(AN, Act::SeenTask { task }),
        by(AN, Act::Progress { task, percent: 50, note: note.clone() }),
        by(AN, Act::AskExtension { task, until, reason: note.clone() }),
        by(BINH, Act::DecideExtension { task, grant: true, remarks: remarks.clone() }),
        by(AN, report()),
        by(AN, Act::UndoReport { task }),
        by(AN, report()),
        by(BINH, Act::ReturnResult { task, remarks: remarks.clone() }),
        by(CUC, Act::Remind { task, note: note.clone() }),
        by(AN, report()),
        by(BINH, Act::AcceptResult { task, remarks }),
        by(BINH, Act::Transfer { task: job(3), to: Party::Officer(AN), note: note.clone() }),
        by(HUNG, Act::WithdrawTask { task: job(3), reason: note }),
    ]
}

fn letters() -> Vec<Step> {
    let document = doc(60);
    let outgoing = true;
    let more = file(900, "phụ lục.pdf");
    let left = file(950, LEFT_BEHIND);
    let reason = String::from("thừa");
    let remarks = || String::from("sửa lại");
    let detach = Act::Detach { document, outgoing, blob: more.blob, reason: reason.clone() };
    let edit = Act::EditOutgoing {
        document,
        field: OutgoingField::Subject,
        old: "Trả lời số 60".into(),
        new: "Phúc đáp".into(),
    };
    let on = "2026-11-20".parse().unwrap();
    vec![
        by(AN, draft(60, vec![file(1000, "dự thảo.pdf")])),
        by(NGA, draft(61, vec![file(1100, "dự thảo của Nga.pdf")])),
        by(AN, edit),
        by(AN, Act::Attach { document, outgoing, files: vec![more, left] }),
        by(AN, detach),
        by(AN, Act::SubmitDraft { document, to: HUNG }),
        by(AN, Act::UndoSubmitDraft { document }),
        by(AN, Act::SubmitDraft { document, to: HUNG }),
        by(HUNG, Act::ReturnDraft { document, remarks: remarks() }),
        by(AN, Act::SubmitDraft { document, to: HUNG }),
        by(HUNG, Act::Seen { document, outgoing }),
        by(HUNG, Act::ApproveDraft { document, remarks: remarks() }),
        by(LAN, to_be_issued(60, false)),
        by(LAN, Act::Send(Sending { document, on, how: "bưu điện".into() })),
        by(NGA, draft(62, Vec::new())),
        by(NGA, Act::Void { document: doc(62), outgoing, reason }),
    ]
}

/// A number stamped under a lease that is over.
fn clashes() -> Vec<Step> {
    let old = LeaseClaim { book: ARRIVALS, epoch: 0, year: 2026, number: 77 };
    let mut stamped = by(LAN, registered(80, Vec::new())).claims(Claims::Fixed(old));
    stamped.said = "held";
    let verdict = HeldVerdict::Void;
    let given_by = register::CommandId([0; 16]);
    let reason = "ghi nhầm".into();
    let document: DocumentId = doc(80);
    vec![
        stamped,
        by(LAN, Act::ResolveHeld { document, outgoing: false, given_by, verdict, reason }),
    ]
}

fn devices() -> Vec<Step> {
    let spare = |n: u8| register::DeviceId([n; 16]);
    let public = PublicKey([5; 32]);
    let enrol = Act::EnrolDevice { device: spare(0x66), name: "VT".into(), officer: AN, public };
    let seen = Witnessed {
        of: Key::Incoming(doc(1)),
        device: spare(0x10),
        number: None,
        state: None,
        read_to: ReadTo { epoch: 1, seq: 0 },
    };
    // Quý has left, and so may his PC: the last one made.
    let his = spare(0x10 + PEOPLE.len() as u8 - 1);
    vec![
        nobody(enrol),
        nobody(Act::Witness(seen)),
        by(TU, Act::RetireDevice { device: his, reason: "thanh lý".into() }),
        by(TU, Act::RevokeDevice { device: his, reason: "mất máy".into() }),
    ]
}
