//! Documents between two agencies of one server: sent, taken in, sent back, chased, called back.
use jiff::civil::Date;
use register::{
    Act, Address, Addressee, AgencyFounded, AgencyId, Arrival, BookId, Direction, DirectiveGiven,
    DirectiveId, IncomingFields, IncomingRegistered, Issued, Key, Moment, OfficerId,
    OutgoingFields, Parcel, ParcelId, ParcelStanding, Party, Recipient, Role, Said, State, TaskId,
    TaskSet, Undeliverable, Weight,
};
use server::Session;
use sync::wire::{PART_BYTES, PartHashes};

use crate::cast::{
    AN, ARRIVALS, LAN, ORG, Pc, Server, TU, doc, founding, now, officer, open_book, words,
};
use crate::files::Scan;

/// The agency next door.
pub const NEXT: AgencyId = AgencyId([0xB0; 16]);
pub const ISSUES: BookId = BookId([0xC2; 16]);
/// Hoà leads the agency next door.
pub const HOA: OfficerId = OfficerId([6; 16]);

pub fn parcel(n: u8) -> ParcelId {
    ParcelId([n; 16])
}

pub fn day() -> Date {
    "2026-11-20".parse().unwrap()
}

/// An agency with both books on one PC of Lan's, at its server.
pub fn agency(server: &Server, org: AgencyId, name: &str, byte: u8) -> Pc {
    let mut pc = Pc { org, ..Pc::new(byte) };
    let AgencyFounded { mut agency, units, mut officers } = founding();
    (agency.id, agency.name) = (org, name.into());
    officers.push(officer(HOA, "Hoà", &[Role::Leader]));
    pc.does(TU, Act::Found(AgencyFounded { agency, units, officers }));
    pc.does(TU, open_book());
    pc.does(
        TU,
        Act::OpenBook {
            book: ISSUES,
            name: "Văn bản đi".into(),
            direction: Direction::Outgoing,
            kinds: Vec::new(),
            opening: None,
        },
    );
    pc.does(LAN, Act::TakeLease { book: ARRIVALS });
    pc.does(LAN, Act::TakeLease { book: ISSUES });
    let code = server.ledger.adoption_code(now(), server.chance()).unwrap();
    server.ledger.adopt(pc.adoption(&code), now()).unwrap();
    let acks = pc.exchanges(server, LAN);
    assert!(words(&acks).iter().all(|word| *word == "ok"));
    pc
}

fn claim_of(book: BookId, number: u32) -> register::LeaseClaim {
    register::LeaseClaim { book, epoch: 1, year: 2026, number }
}

/// Lan drafts, numbers and issues a document with this scan.
pub fn issues(pc: &mut Pc, n: u8, scan: &Scan, to: &[(AgencyId, u8)]) {
    let fields = OutgoingFields {
        kind: "cong-van".into(),
        subject: "Về việc rà soát hộ tịch".into(),
        signer: "Hùng".into(),
        recipients: vec![Recipient { name: "UBND xã Bình An".into(), code: String::new() }],
        ..OutgoingFields::default()
    };
    let (document, attachments) = (doc(n), vec![scan.attachment()]);
    pc.does(
        LAN,
        Act::Draft { document, fields, attachments, answers: None, task: None, replaces: None },
    );
    let registered = Act::RegisterOutgoing {
        document,
        book: ISSUES,
        on: day(),
        symbol: "UBND".into(),
        slip: None,
        signed_on_paper: true,
    };
    pc.claims(LAN, registered, claim_of(ISSUES, u32::from(n)));
    pc.does(LAN, issue(n, to));
}

pub fn issue(n: u8, to: &[(AgencyId, u8)]) -> Act {
    let addressee = |(agency, parcel): &(AgencyId, u8)| Addressee {
        parcel: self::parcel(*parcel),
        to: Address { agency: *agency, code: "H50.02".into(), name: "UBND xã Bình An".into() },
        purpose: "để thực hiện".into(),
        due: None,
        replaces: None,
    };
    let to = to.iter().map(addressee).collect();
    Act::Issue(Issued { document: doc(n), on: day(), how: "Liên thông".into(), to })
}

pub fn sends_file(server: &Server, session: &Session, scan: &Scan) {
    for (at, part) in (0..).zip(scan.bytes.chunks(PART_BYTES as usize)) {
        let hashes = PartHashes::of(part);
        let sent = server::PartsSent {
            blob: scan.blob,
            size: scan.size(),
            from: at * PART_BYTES,
            announced: part.len() as u64,
            hashes: &hashes,
            bytes: part,
        };
        server.ledger.put_parts(session, &sent).unwrap();
    }
}

/// Everything that can go goes.
pub fn carries(server: &Server) {
    for _ in 0..20 {
        if server.ledger.carry(now()).unwrap().done == 0 {
            return;
        }
    }
    panic!("the post never rests");
}

pub fn parcel_of(pc: &Pc, n: u8) -> Parcel {
    match pc.states.get(&Key::Parcel(parcel(n))) {
        Some(State::Parcel(parcel)) => (**parcel).clone(),
        other => panic!("no parcel but {other:?}"),
    }
}

pub fn arrival_of(pc: &Pc, n: u8) -> Arrival {
    match pc.states.get(&Key::Arrival(parcel(n))) {
        Some(State::Arrival(arrival)) => (**arrival).clone(),
        other => panic!("no arrival but {other:?}"),
    }
}

pub fn takes_in(pc: &mut Pc, n: u8, number: u32) {
    let letter = arrival_of(pc, n).letter;
    let fields = IncomingFields {
        number: letter.number,
        symbol: letter.symbol,
        issued_on: Some(letter.issued_on),
        issuer: "UBND xã An Hiếu".into(),
        kind: letter.kind,
        subject: letter.subject,
        ..IncomingFields::default()
    };
    let registered = IncomingRegistered {
        document: doc(0x80 + n),
        book: ARRIVALS,
        arrived_on: day(),
        fields,
        attachments: letter.files,
        secret: false,
        slip: None,
        twin_reason: None,
        submit_to: None,
        arrival: Some(parcel(n)),
    };
    pc.claims(LAN, Act::RegisterIncoming(registered), claim_of(ARRIVALS, number));
}

/// Two agencies, and a document of the first that has arrived at the second.
pub fn sent() -> (Server, Pc, Pc, Scan) {
    let server = Server::new();
    let mut ours = agency(&server, ORG, "UBND xã An Hiếu", 0xD1);
    let mut theirs = agency(&server, NEXT, "UBND xã Bình An", 0xD2);
    let scan = Scan::of(1000, 3);
    issues(&mut ours, 1, &scan, &[(NEXT, 1)]);
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["ok", "ok", "ok"]);
    sends_file(&server, &server.session(&ours, LAN), &scan);
    carries(&server);
    ours.exchanges(&server, LAN);
    theirs.exchanges(&server, LAN);
    (server, ours, theirs, scan)
}

pub fn stands(pc: &Pc, n: u8) -> ParcelStanding {
    parcel_of(pc, n).standing()
}

#[test]
fn a_document_arrives_only_when_all_of_it_is_there_and_each_step_comes_back() {
    let server = Server::new();
    let mut ours = agency(&server, ORG, "UBND xã An Hiếu", 0xD1);
    let mut theirs = agency(&server, NEXT, "UBND xã Bình An", 0xD2);
    let scan = Scan::of(1000, 3);
    issues(&mut ours, 1, &scan, &[(NEXT, 1)]);
    ours.exchanges(&server, LAN);
    carries(&server);
    theirs.exchanges(&server, LAN);
    assert!(!theirs.states.contains_key(&Key::Arrival(parcel(1))), "its file is under way");
    assert_eq!(stands(&ours, 1), ParcelStanding::Sent);

    sends_file(&server, &server.session(&ours, LAN), &scan);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Arrived);
    assert_eq!(parcel_of(&ours, 1).fetched, None, "nobody there has opened a PC");

    theirs.exchanges(&server, LAN);
    let arrived = arrival_of(&theirs, 1);
    assert_eq!(arrived.from.name, "UBND xã An Hiếu");
    assert_eq!(arrived.letter.subject, "Về việc rà soát hộ tịch");
    let session = server.session(&theirs, LAN);
    assert_eq!(server.ledger.blob_size(&session, scan.blob).unwrap(), scan.size());
    theirs.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert!(parcel_of(&ours, 1).fetched.is_some());
}

#[test]
fn what_is_done_with_it_comes_back_by_itself() {
    let (server, mut ours, mut theirs, _) = sent();
    takes_in(&mut theirs, 1, 1);
    assert_eq!(words(&theirs.exchanges(&server, LAN)), ["ok"]);
    carries(&server);
    ours.exchanges(&server, LAN);
    let accepted = Said::Accepted { number: Some(1), on: Some(day()), anew: true };
    let answer = parcel_of(&ours, 1).answer.unwrap();
    assert_eq!((answer.said, answer.by.as_str()), (accepted, "Lan"));
    is_worked_on((&server, &mut ours), (&server, &theirs), &|| carries(&server));
    let found = server::verify(&*server.storage, server.ledger.identity()).unwrap();
    assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
}

/// Hoà assigns it, An does it, and Hoà accepts it: the sender sees each step.
pub fn is_worked_on(
    (here, ours): (&Server, &mut Pc),
    (server, theirs): (&Server, &Pc),
    carries: &dyn Fn(),
) {
    let task = TaskId([9; 16]);
    let set = TaskSet {
        task,
        content: "Rà soát".into(),
        lead: Party::Officer(AN),
        co: Vec::new(),
        deadline: None,
        weight: Weight::Regular,
        product: String::new(),
    };
    let hoa = server.enrols(theirs, 0xD4, HOA);
    let mut hoa = Pc { org: theirs.org, ..hoa };
    hoa.exchanges(server, HOA);
    let given = DirectiveGiven {
        document: doc(0x81),
        directive: DirectiveId([8; 16]),
        text: "An xử lý".into(),
        task: Some(set),
        information: Vec::new(),
    };
    hoa.does(HOA, Act::Direct(given));
    assert_eq!(words(&hoa.exchanges(server, HOA)), ["ok"]);
    carries();
    ours.exchanges(here, LAN);
    assert_eq!(stands(ours, 1), ParcelStanding::Assigned);

    let an = server.enrols(theirs, 0xD5, AN);
    let mut an = Pc { org: theirs.org, ..an };
    an.exchanges(server, AN);
    assert!(!an.states.contains_key(&Key::Arrival(parcel(1))), "it is not his to read");
    an.does(AN, Act::Progress { task, percent: 10, note: "đang làm".into() });
    an.does(AN, Act::Report { task, text: "xong".into(), files: Vec::new(), product: None });
    assert_eq!(words(&an.exchanges(server, AN)), ["ok", "ok"]);
    carries();
    ours.exchanges(here, LAN);
    assert_eq!(stands(ours, 1), ParcelStanding::InProgress);
    hoa.exchanges(server, HOA);
    hoa.does(HOA, Act::AcceptResult { task, remarks: String::new() });
    hoa.exchanges(server, HOA);
    carries();
    ours.exchanges(here, LAN);
    assert_eq!(stands(ours, 1), ParcelStanding::Done);
}

#[test]
fn what_is_sent_back_says_why_and_may_be_sent_again() {
    let (server, mut ours, mut theirs, _) = sent();
    let reason = "Không thuộc thẩm quyền".to_owned();
    let refuse =
        Act::RefuseArrival { arrival: parcel(1), reason: reason.clone(), misaddressed: true };
    theirs.does(LAN, refuse);
    assert_eq!(words(&theirs.exchanges(&server, LAN)), ["ok"]);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Refused);
    let said = parcel_of(&ours, 1).answer.unwrap().said;
    assert_eq!(said, Said::Refused { reason, misaddressed: true });
    ours.does(LAN, issue(1, &[(NEXT, 2)]));
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["ok"]);
    ours.does(LAN, issue(1, &[(NEXT, 3)]));
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["rejected"], "not twice at once");
}

pub fn recalls(pc: &mut Pc, n: u8) {
    let reason = "Sai trích yếu".to_owned();
    let parcels = vec![parcel(n)];
    pc.does(LAN, Act::Recall { document: doc(1), parcels, reason, replaced_by: None });
}

#[test]
fn what_nobody_has_taken_in_is_called_back_at_once() {
    let (server, mut ours, mut theirs, scan) = sent();
    recalls(&mut ours, 1);
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["ok"]);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Recalled);
    theirs.exchanges(&server, LAN);
    assert!(arrival_of(&theirs, 1).is_recalled() && !arrival_of(&theirs, 1).waits());
    let session = server.session(&theirs, LAN);
    assert!(server.ledger.blob_size(&session, scan.blob).is_err(), "nobody reads it any more");
    let frozen = matches!(
        &ours.states[&Key::Outgoing(doc(1))],
        State::Outgoing(document) if document.recalled.is_some()
    );
    assert!(frozen, "nothing more is done with it");
}

#[test]
fn what_was_taken_in_is_given_back_by_a_person_and_keeps_its_line() {
    for recall_first in [true, false] {
        let (server, mut ours, mut theirs, scan) = sent();
        takes_in(&mut theirs, 1, 1);
        recalls(&mut ours, 1);
        // The line of the other clerk is gone, or it is ours: one outcome.
        if recall_first {
            ours.exchanges(&server, LAN);
            carries(&server);
            ours.exchanges(&server, LAN);
            assert_eq!(stands(&ours, 1), ParcelStanding::Recalled, "nobody had it, it seemed");
        }
        assert_eq!(words(&theirs.exchanges(&server, LAN)), ["ok"], "its number stands");
        carries(&server);
        ours.exchanges(&server, LAN);
        carries(&server);
        ours.exchanges(&server, LAN);
        theirs.exchanges(&server, LAN);
        assert_eq!(stands(&ours, 1), ParcelStanding::RecallAsked);
        assert!(arrival_of(&theirs, 1).waits(), "a clerk is asked");
        let agree = Act::AnswerRecall { arrival: parcel(1), agree: true, reason: String::new() };
        theirs.does(LAN, agree);
        assert_eq!(words(&theirs.exchanges(&server, LAN)), ["ok"]);
        carries(&server);
        ours.exchanges(&server, LAN);
        assert_eq!(stands(&ours, 1), ParcelStanding::Recalled);
        let State::Incoming(document) = &theirs.states[&Key::Incoming(doc(0x81))] else {
            panic!("no document");
        };
        assert_eq!(document.number, Some(1), "number and line stay");
        assert!(document.attachments.is_empty(), "its files are open to nobody");
        let session = server.session(&theirs, LAN);
        assert!(server.ledger.blob_size(&session, scan.blob).is_err());
    }
}

#[test]
fn a_clerk_may_keep_what_was_taken_in_and_says_why() {
    let (server, mut ours, mut theirs, _) = sent();
    takes_in(&mut theirs, 1, 1);
    theirs.exchanges(&server, LAN);
    recalls(&mut ours, 1);
    ours.exchanges(&server, LAN);
    carries(&server);
    theirs.exchanges(&server, LAN);
    let keep = Act::AnswerRecall { arrival: parcel(1), agree: false, reason: String::new() };
    theirs.does(LAN, keep);
    assert_eq!(words(&theirs.exchanges(&server, LAN)), ["rejected"], "not without a reason");
    let reason = "Đã giải quyết xong".to_owned();
    theirs.does(LAN, Act::AnswerRecall { arrival: parcel(1), agree: false, reason });
    theirs.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Accepted);
    let answer = parcel_of(&ours, 1).recall.unwrap().answer.unwrap();
    assert_eq!((answer.agreed, answer.reason.as_str()), (false, "Đã giải quyết xong"));
}

#[test]
fn what_is_called_back_before_its_files_are_whole_never_arrives() {
    let server = Server::new();
    let mut ours = agency(&server, ORG, "UBND xã An Hiếu", 0xD1);
    let mut theirs = agency(&server, NEXT, "UBND xã Bình An", 0xD2);
    let scan = Scan::of(1000, 3);
    issues(&mut ours, 1, &scan, &[(NEXT, 1)]);
    recalls(&mut ours, 1);
    ours.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Recalled);
    sends_file(&server, &server.session(&ours, LAN), &scan);
    carries(&server);
    theirs.exchanges(&server, LAN);
    assert!(!theirs.states.contains_key(&Key::Arrival(parcel(1))));
}

#[test]
fn who_has_said_nothing_is_reminded_once_a_time() {
    let (server, mut ours, mut theirs, _) = sent();
    for note in ["Nhắc lần 1", "Nhắc lần 2"] {
        ours.does(LAN, Act::Chase { parcels: vec![parcel(1)], note: note.into() });
    }
    ours.exchanges(&server, LAN);
    carries(&server);
    theirs.exchanges(&server, LAN);
    let notes: Vec<String> =
        arrival_of(&theirs, 1).chased.into_iter().map(|chase| chase.note).collect();
    assert_eq!(notes, ["Nhắc lần 1", "Nhắc lần 2"]);
    takes_in(&mut theirs, 1, 1);
    theirs.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    ours.does(LAN, Act::Chase { parcels: vec![parcel(1)], note: String::new() });
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["rejected"], "it has answered");
}

#[test]
fn an_agency_that_no_server_has_is_told_to_the_sender() {
    let server = Server::new();
    let mut ours = agency(&server, ORG, "UBND xã An Hiếu", 0xD1);
    let scan = Scan::of(1000, 3);
    issues(&mut ours, 1, &scan, &[(NEXT, 1)]);
    ours.exchanges(&server, LAN);
    carries(&server);
    ours.exchanges(&server, LAN);
    assert_eq!(stands(&ours, 1), ParcelStanding::Undeliverable);
    assert_eq!(parcel_of(&ours, 1).lost, Some((Undeliverable::NoSuchAgency, now())));
}

#[test]
fn nobody_but_the_server_says_what_another_log_tells() {
    let (server, mut ours, _, _) = sent();
    let receipt = register::Receipt {
        parcel: parcel(1),
        place: register::ReadTo { epoch: 1, seq: 99 },
        at: Moment(0),
        by: String::new(),
        told: register::Told::Done,
    };
    ours.does(LAN, Act::Receive(receipt));
    assert_eq!(words(&ours.exchanges(&server, LAN)), ["rejected"]);
    assert_eq!(stands(&ours, 1), ParcelStanding::Arrived);
}
