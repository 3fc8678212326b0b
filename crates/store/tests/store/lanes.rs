//! Files by lane: what is urgent goes first, both ways, and what is large may wait to be opened.
use register::{
    Act, AgencyId, Attachment, BlobId, Command, IncomingFields, Moment, OfficerId, Outcome, Urgency,
};
use store::{Fetching, FileLane, Met, View};
use sync::wire::{Ack, Head, Hex, SignedHead, Stamp, SyncAnswer};

use crate::office::{CLERK, LEADER, Office, TODAY, document, fields};

const SMALL: u64 = 100_000;
const LARGE: u64 = 900_000;

fn blob(of: u32) -> BlobId {
    // The names of later files come first, so that the order is the lanes'.
    BlobId([u8::try_from(200 - of).unwrap(); 32])
}

/// Registers a document with a file, on a PC that has a server.
fn attached(office: &mut Office, urgency: Urgency, size: u64) -> BlobId {
    let fields = IncomingFields { urgency, ..fields("7", "UBND tỉnh", "Về hồ đập") };
    let made = office.enter_on(fields, TODAY);
    let file = Attachment {
        blob: blob(made),
        name: "Công văn.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        size,
        pages: None,
    };
    let act = Act::Attach { document: document(made), outgoing: false, files: vec![file] };
    office.act(CLERK, act).unwrap();
    blob(made)
}

fn linked() -> Office {
    let office = Office::open();
    let met =
        Met { agency: AgencyId([1; 16]), address: "http://localhost:1", server: [7; 32], epoch: 1 };
    office.store.join(&met).unwrap();
    office
}

/// An officer reads on this PC: the server has answered him, and had nothing new.
fn reads_here(office: &Office, officer: OfficerId) {
    is_answered(office, officer, Vec::new());
}

/// The server takes all that this PC did and had not sent.
fn all_is_taken(office: &Office) {
    let unsent = office.store.read(|view: &View<'_>| view.unsent()).unwrap();
    let taken = (1..).zip(unsent).map(|(seq, pushed)| {
        let command: Command = serde_json::from_str(&pushed.raw).unwrap();
        let stamp = Stamp { outcome: Outcome::Ok, no: None, on: None, before: None };
        Ack { dev: command.dev, n: command.n, seq, stamp }
    });
    is_answered(office, CLERK, taken.collect());
}

fn is_answered(office: &Office, officer: OfficerId, acks: Vec<Ack>) {
    let head = Head { seq: 1, hash: Hex([1; 32]) };
    let answer = SyncAnswer {
        epoch: 1,
        head: SignedHead { head, sig: Hex([0; 64]) },
        durable: 0,
        now: Moment(1),
        acks,
        last_n: 0,
        stuck: None,
        from: 0,
        to: 1,
        more: false,
        below: None,
        offer_taken: false,
        states: Vec::new(),
        gone: Vec::new(),
        scopes: vec!["all".to_owned()],
        totals: None,
        directory: 0,
        releases: 0,
    };
    office.store.take_in(officer, &answer, &[]).unwrap();
}

fn down(office: &Office, fetching: Fetching) -> Vec<BlobId> {
    let read = |view: &View<'_>| view.files_down(fetching, 0, 10);
    office.store.read(read).unwrap().into_iter().map(|(_, blob)| blob).collect()
}

#[test]
fn files_of_urgent_documents_overtake_the_others_both_ways() {
    let mut office = linked();
    let urgent = attached(&mut office, Urgency::Express, LARGE);
    let rest = attached(&mut office, Urgency::Normal, SMALL);
    assert!(rest < urgent, "by their names they would go the other way round");
    office.store.carry_files(&[rest, urgent]).unwrap();
    let up = |after| office.store.read(|view: &View<'_>| view.next_file_up(after)).unwrap();
    let first = up(None);
    assert_eq!(first, Some((FileLane::Urgent, urgent)));
    assert_eq!(up(first), Some((FileLane::Rest, rest)));
    assert_eq!(down(&office, Fetching::Everything), [urgent, rest]);
    let is_a_copy = |view: &View<'_>| view.is_a_copy(rest);
    assert!(!office.store.read(is_a_copy).unwrap(), "no copy of the server's has its entry");
}

#[test]
fn a_line_that_is_paid_by_the_byte_brings_small_files_and_what_somebody_opens() {
    let mut office = linked();
    let small = attached(&mut office, Urgency::Normal, SMALL);
    let large = attached(&mut office, Urgency::Express, LARGE);
    let saves = Fetching::Upto(SMALL);
    assert_eq!(down(&office, saves), [small]);
    let counts = || {
        let read = |view: &View<'_>| view.files_on_their_way(saves);
        let found = office.store.read(read).unwrap();
        (found.down, found.kept_back)
    };
    assert_eq!(counts(), (1, 1));
    office.store.want_file(large).unwrap();
    assert_eq!(down(&office, saves), [large, small]);
    assert_eq!(counts(), (2, 0));
}

#[test]
fn files_of_what_waits_for_somebody_who_reads_here_overtake_the_rest() {
    let mut office = linked();
    let mine = attached(&mut office, Urgency::Normal, SMALL);
    let rest = attached(&mut office, Urgency::Normal, SMALL);
    let urgent = attached(&mut office, Urgency::Express, LARGE);
    assert_eq!(down(&office, Fetching::Everything), [urgent, rest, mine]);
    // Nobody has read on this PC yet; then the leader does, and the document is put before him.
    reads_here(&office, LEADER);
    let made = document(1);
    let submitted = Act::SubmitIncoming { document: made, to: LEADER, proposal: "Xem".to_owned() };
    office.act(CLERK, submitted).unwrap();
    assert_eq!(down(&office, Fetching::Everything), [urgent, mine, rest]);
}

#[test]
fn a_file_stays_on_its_way_when_its_act_is_answered_between_the_question_and_its_answer() {
    let mut office = linked();
    let answered =
        |office: &Office| office.store.read(|view: &View<'_>| view.answered_upto()).unwrap();
    let before = answered(&office).unwrap();
    let file = attached(&mut office, Urgency::Normal, SMALL);
    office.store.carry_files(&[file]).unwrap();
    let goes = || office.store.read(|view: &View<'_>| view.is_going_up(file)).unwrap();
    assert_eq!(answered(&office), None, "while an act waits nothing is known");
    all_is_taken(&office);
    assert!(!office.store.file_is_not_wanted(file, before).unwrap(), "the act may name it");
    assert!(goes());
    let now = answered(&office).unwrap();
    assert!(office.store.file_is_not_wanted(file, now).unwrap(), "the server named nothing");
    assert!(!goes());
}
