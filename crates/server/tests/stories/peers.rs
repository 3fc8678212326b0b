//! Documents between agencies of two servers, over real HTTP: down, lost, strange, tampered with.
use std::sync::atomic::Ordering;

use ed25519_dalek::Signer;
use register::{
    Act, AgencyId, Delivery, Key, Matter, Moment, ParcelStanding, Post, PublicKey, Said, State,
};
use server::{
    Exchanged, Greets, LineFault, NotAPeer, Session, StorageFault, clock, exchange, looked_up,
};
use sync::SigningKey;
use sync::peer::{
    BAG_FORM, Bag, Became, Done, Knows, Listing, NotTaken, PostSent, SEAL_HEADER, Seal, SealedBag,
    bag_hash, seal_bytes, write_bag, write_post,
};
use sync::wire::{Hex, PART_BYTES};

use crate::cast::{LAN, ORG, Pc, Server, doc, words};
use crate::files::Scan;
use crate::line::{Line, Listening};
use crate::middle::Middle;
use crate::operator::says;
use crate::parcels::{
    NEXT, agency, arrival_of, carries, day, is_worked_on, issue, issues, parcel, parcel_of,
    recalls, sends_file, stands, takes_in,
};

/// An agency on the server next door.
pub const BEYOND: AgencyId = AgencyId([0xB7; 16]);
const FAR_SEED: u8 = 77;

/// Two servers that know each other, with an agency and its PC on each.
pub struct Two {
    pub near: Server,
    pub far: Server,
    pub ours: Pc,
    pub theirs: Pc,
    far_line: Option<Listening>,
    near_line: Option<Listening>,
    middle: Middle,
}

fn address(line: &Line) -> String {
    format!("http://{}", line.at())
}

impl Two {
    pub fn new() -> Two {
        let (near, far) = (Server::new(), Server::other(FAR_SEED));
        let ours = agency(&near, ORG, "UBND xã An Hiếu", 0xD1);
        let theirs = agency(&far, BEYOND, "UBND xã Vĩnh Hoà", 0xD7);
        let (near_line, far_line) = (Listening::of(&near), Listening::of(&far));
        let middle = Middle::to(*far_line);
        knows(&near, &far, "Tỉnh bên", &middle.address());
        knows(&far, &near, "Tỉnh ta", &address(&near_line));
        let (far_line, near_line) = (Some(far_line), Some(near_line));
        let two = Two { near, far, ours, theirs, far_line, near_line, middle };
        two.rests();
        two
    }

    /// Nobody reaches the other any more.
    pub fn line_drops(&mut self) {
        drop((self.far_line.take(), self.near_line.take()));
    }

    /// Both are reached again, at other places.
    pub fn line_returns(&mut self) {
        let (near, far) = (Listening::of(&self.near), Listening::of(&self.far));
        knows(&self.near, &self.far, "Tỉnh bên", &address(&far));
        knows(&self.far, &self.near, "Tỉnh ta", &address(&near));
        (self.near_line, self.far_line) = (Some(near), Some(far));
    }

    /// Everything goes that can.
    pub fn rests(&self) {
        for _ in 0..20 {
            carries(&self.near);
            carries(&self.far);
            let (one, other) = (calls(&self.near).unwrap(), calls(&self.far).unwrap());
            if one.settled + other.settled == 0 {
                return;
            }
        }
        panic!("the servers never rest");
    }

    /// Everything goes, and both PCs read what came of it.
    pub fn is_read(&mut self) {
        self.rests();
        self.ours.exchanges(&self.near, LAN);
        self.theirs.exchanges(&self.far, LAN);
        self.rests();
        self.ours.exchanges(&self.near, LAN);
    }

    pub fn session(&self) -> Session {
        self.near.session(&self.ours, LAN)
    }

    /// Lan issues a document with a scan to the agency of the other server.
    pub fn issues(&mut self, n: u8, scan: &Scan) {
        issues(&mut self.ours, n, scan, &[(BEYOND, n)]);
        assert_eq!(words(&self.ours.exchanges(&self.near, LAN)), ["ok", "ok", "ok"]);
        sends_file(&self.near, &self.session(), scan);
    }

    fn bag_of_far(&self, posts: Vec<PostSent>) -> SealedBag {
        sealed(FAR_SEED, self.near.ledger.identity().public_hex(), bag(posts))
    }
}

pub fn knows(server: &Server, other: &Server, name: &str, address: &str) {
    let key = other.ledger.identity().public_hex();
    server.ledger.add_peer(key, name, address).unwrap();
}

/// Calls every server that is known.
pub fn calls(server: &Server) -> Result<Exchanged, LineFault> {
    let mut all = Exchanged::default();
    for peer in server.ledger.peers().unwrap() {
        let Exchanged { calls, settled, bytes } =
            exchange(&server.ledger, &peer, (clock(), Greets::Yes))?;
        all.calls += calls;
        all.settled += settled;
        all.bytes += bytes;
    }
    Ok(all)
}

pub fn waiting(server: &Server) -> u64 {
    let glance = server.ledger.peers_at_a_glance().unwrap();
    glance.iter().filter_map(|peer| peer.waits).map(|waits| waits.count).sum()
}

fn bag(posts: Vec<PostSent>) -> Bag {
    Bag {
        v: BAG_FORM,
        life: 1,
        back_to: Moment(0),
        at: clock(),
        answers: None,
        knows: Knows::default(),
        listing: Listing::default(),
        posts,
        done: Vec::new(),
    }
}

/// A bag of whoever has the key that is made of this byte.
fn sealed(seed: u8, to: Hex<32>, bag: Bag) -> SealedBag {
    let raw = write_bag(&bag).unwrap();
    let key = SigningKey::from_bytes(&[seed; 32]);
    let (from, hash) = (Hex(key.verifying_key().to_bytes()), bag_hash(raw.as_bytes()));
    let sig = Hex(key.sign(&seal_bytes(&from, &to, &hash)).to_bytes());
    SealedBag { seal: Seal { from, to, hash, sig }, raw }
}

fn sent(n: u8, post: &Post) -> PostSent {
    PostSent { id: Hex([n; 16]), post: write_post(post).unwrap() }
}

fn posts(line: &Line, sealed: &SealedBag) -> (u16, Vec<u8>) {
    let head = format!("POST /v1/peer HTTP/1.1\r\n{SEAL_HEADER}: {}", sealed.seal);
    let (status, _, body) = line.raw(&head, sealed.raw.as_bytes());
    (status, body)
}

fn told(line: &Line, sealed: &SealedBag) -> Vec<Done> {
    let (status, body) = posts(line, sealed);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice::<Bag>(&body).unwrap().done
}

fn refused(why: NotTaken) -> Became {
    Became::Refused { why }
}

/// A document without files, as a log of the other server would say it.
fn delivery(two: &Two, n: u8) -> Delivery {
    let State::Arrival(arrival) = &two.theirs.states[&Key::Arrival(parcel(1))] else {
        panic!("no arrival")
    };
    let mut letter = arrival.letter.clone();
    letter.files.clear();
    let mut from = arrival.from.clone();
    from.agency = BEYOND;
    Delivery {
        parcel: parcel(n),
        from,
        issued_at: arrival.issued_at,
        issued_by: String::new(),
        purpose: String::new(),
        due: None,
        replaces: None,
        letter,
        cause: arrival.cause,
    }
}

/// Where both logs end.
pub fn heads(two: &Two) -> (u64, u64) {
    let head = |server: &Server, pc: &Pc| {
        let found = looked_up::<_, StorageFault>(&*server.storage, |reading| reading.org(pc.org));
        found.unwrap().unwrap().head
    };
    (head(&two.near, &two.ours), head(&two.far, &two.theirs))
}

#[test]
fn a_document_goes_to_another_server_with_its_file_and_each_step_comes_back() {
    let mut two = Two::new();
    let scan = Scan::of(700_000, 3);
    issues(&mut two.ours, 1, &scan, &[(BEYOND, 1)]);
    two.ours.exchanges(&two.near, LAN);
    two.is_read();
    assert!(!two.theirs.states.contains_key(&Key::Arrival(parcel(1))), "its file is under way");
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Sent);
    sends_file(&two.near, &two.session(), &scan);
    two.rests();
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Arrived);
    assert_eq!(parcel_of(&two.ours, 1).fetched, None, "nobody there has opened a PC");
    two.theirs.exchanges(&two.far, LAN);
    two.is_read();
    assert!(parcel_of(&two.ours, 1).fetched.is_some());
    let session = two.far.session(&two.theirs, LAN);
    assert_eq!(two.far.ledger.blob_size(&session, scan.blob).unwrap(), scan.size());

    takes_in(&mut two.theirs, 1, 1);
    assert_eq!(words(&two.theirs.exchanges(&two.far, LAN)), ["ok"]);
    two.is_read();
    let accepted = Said::Accepted { number: Some(1), on: Some(day()), anew: true };
    assert_eq!(parcel_of(&two.ours, 1).answer.unwrap().said, accepted);
    let Two { near, far, mut ours, theirs, near_line: _near, far_line: _far, .. } = two;
    let rests = || {
        for _ in 0..6 {
            carries(&near);
            carries(&far);
            calls(&far).unwrap();
        }
    };
    is_worked_on((&near, &mut ours), (&far, &theirs), &rests);
    for server in [&near, &far] {
        let found = server::verify(&*server.storage, server.ledger.identity()).unwrap();
        assert!(found.iter().all(|agency| agency.flaws.is_empty()), "{found:?}");
        assert_eq!(waiting(server), 0);
    }
}

#[test]
fn a_file_goes_once_to_a_server_whoever_it_is_for_there() {
    let mut two = Two::new();
    let other = AgencyId([0xB8; 16]);
    let third = agency(&two.far, other, "UBND xã Tân Phú", 0xD8);
    two.rests();
    let scan = Scan::of(3 * PART_BYTES, 9);
    issues(&mut two.ours, 1, &scan, &[(BEYOND, 1), (other, 2)]);
    two.ours.exchanges(&two.near, LAN);
    sends_file(&two.near, &two.session(), &scan);
    carries(&two.near);
    assert_eq!(calls(&two.near).unwrap().bytes, scan.size());
    two.is_read();
    for n in [1, 2] {
        assert!(parcel_of(&two.ours, n).arrived.is_some());
    }
    for pc in [two.theirs, third] {
        let mut pc = pc;
        pc.exchanges(&two.far, LAN);
        let session = two.far.session(&pc, LAN);
        assert_eq!(two.far.ledger.blob_size(&session, scan.blob).unwrap(), scan.size());
    }
}

#[test]
fn recall_and_registration_cross_between_two_servers() {
    for recall_first in [true, false] {
        let mut two = Two::new();
        two.issues(1, &Scan::of(1000, 3));
        two.is_read();
        takes_in(&mut two.theirs, 1, 1);
        recalls(&mut two.ours, 1);
        if recall_first {
            two.ours.exchanges(&two.near, LAN);
            two.rests();
            two.ours.exchanges(&two.near, LAN);
            assert_eq!(stands(&two.ours, 1), ParcelStanding::Recalled, "nobody had it, it seemed");
        }
        assert_eq!(words(&two.theirs.exchanges(&two.far, LAN)), ["ok"], "its number stands");
        two.is_read();
        two.is_read();
        assert_eq!(stands(&two.ours, 1), ParcelStanding::RecallAsked);
        assert!(arrival_of(&two.theirs, 1).waits(), "a clerk is asked");
        let agree = Act::AnswerRecall { arrival: parcel(1), agree: true, reason: String::new() };
        two.theirs.does(LAN, agree);
        assert_eq!(words(&two.theirs.exchanges(&two.far, LAN)), ["ok"]);
        two.is_read();
        assert_eq!(stands(&two.ours, 1), ParcelStanding::Recalled);
    }
}

#[test]
fn a_server_that_is_down_keeps_nothing_from_others_and_gets_all_once_when_it_is_back() {
    let mut two = Two::new();
    let mut next = agency(&two.near, NEXT, "UBND xã Bình An", 0xD2);
    drop(two.far_line.take());
    let scan = Scan::of(1000, 3);
    issues(&mut two.ours, 1, &scan, &[(BEYOND, 1), (NEXT, 2)]);
    two.ours.does(LAN, Act::Chase { parcels: vec![parcel(1)], note: "Nhắc".into() });
    two.ours.exchanges(&two.near, LAN);
    sends_file(&two.near, &two.session(), &scan);
    for _ in 0..3 {
        carries(&two.near);
        let down = calls(&two.near).unwrap_err();
        assert!(matches!(down, LineFault::NoLine(_)), "{down:?}");
    }
    next.exchanges(&two.near, LAN);
    assert!(next.states.contains_key(&Key::Arrival(parcel(2))), "next door has it");
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Sent, "gone, and not arrived");
    let glance = two.near.ledger.peers_at_a_glance().unwrap();
    let waits = glance[0].waits.unwrap();
    assert_eq!((waits.count, glance[0].agencies), (2, 1), "the document and the reminder");
    assert!(waits.since > Moment(0));
    let key = two.far.ledger.identity().public_hex().to_string();
    let row = format!("vanthu_post_waiting{{server=\"{}\"}} 2", &key[..8]);
    let text = two.near_line.as_ref().unwrap().text("/metrics");
    assert!(text.contains(&row), "{text}");

    two.line_returns();
    two.is_read();
    two.is_read();
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Arrived);
    assert_eq!(arrival_of(&two.theirs, 1).chased.len(), 1);
    assert_eq!(waiting(&two.near), 0);
}

#[test]
fn an_answer_that_was_lost_is_given_again_and_nothing_comes_twice() {
    let mut two = Two::new();
    two.issues(1, &Scan::of(1000, 3));
    carries(&two.near);
    // First the word that a file is lacking, then the word that the document has come.
    let mut lost = 0;
    while waiting(&two.near) > 0 {
        two.middle.loses.store(1, Ordering::SeqCst);
        assert!(calls(&two.near).is_err());
        lost += 1;
        if lost < 3 {
            continue;
        }
        two.middle.loses.store(0, Ordering::SeqCst);
        calls(&two.near).unwrap();
    }
    two.is_read();
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Arrived);
    takes_in(&mut two.theirs, 1, 1);
    two.theirs.exchanges(&two.far, LAN);
    two.is_read();
    let before = heads(&two);
    two.is_read();
    assert_eq!(heads(&two), before, "nothing is said twice");
    let came = two.theirs.states.keys().filter(|key| matches!(key, Key::Arrival(_))).count();
    assert_eq!(came, 1);
}

#[test]
fn a_file_whose_line_breaks_goes_on_where_it_was() {
    let mut two = Two::new();
    let scan = Scan::of(20 * PART_BYTES, 5);
    two.issues(1, &scan);
    carries(&two.near);
    two.middle.goes.store(9 * PART_BYTES as i64 + 100_000, Ordering::SeqCst);
    assert!(calls(&two.near).is_err());
    two.theirs.exchanges(&two.far, LAN);
    assert!(!two.theirs.states.contains_key(&Key::Arrival(parcel(1))), "it is not whole");
    two.middle.goes.store(-1, Ordering::SeqCst);
    let went = calls(&two.near).unwrap();
    assert!(went.bytes <= 12 * PART_BYTES, "{} bytes once more", went.bytes);
    assert!(went.bytes >= 10 * PART_BYTES, "{} bytes", went.bytes);
    two.is_read();
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Arrived);
}

#[test]
fn a_stranger_is_heard_by_nobody_and_one_in_the_place_of_a_server_is_not_believed() {
    let mut two = Two::new();
    two.issues(1, &Scan::of(1000, 3));
    carries(&two.near);
    let line = **two.near_line.as_ref().unwrap();
    let ours = two.near.ledger.identity().public_hex();
    let (status, body) = posts(&line, &sealed(66, ours, bag(Vec::new())));
    assert_eq!(status, 401, "{}", String::from_utf8_lossy(&body));
    // Somebody else answers where the other server was: it knows ours, and has another key.
    let stranger = Server::other(66);
    knows(&stranger, &two.near, "Tỉnh ta", "");
    let place = Listening::of(&stranger);
    knows(&two.near, &two.far, "Tỉnh bên", &address(&place));
    let fault = calls(&two.near).unwrap_err();
    assert!(matches!(fault, LineFault::Said(_)), "{fault:?}");
    assert_eq!(waiting(&two.near), 1, "nothing is taken out");
    // And what is signed for the one is nothing to another, whoever carries it there.
    let for_stranger = sealed(FAR_SEED, stranger.ledger.identity().public_hex(), bag(Vec::new()));
    assert_eq!(posts(&line, &for_stranger).0, 400);
}

#[test]
fn a_server_speaks_for_its_own_agencies_only_and_each_matter_is_refused_alone() {
    let mut two = Two::new();
    two.issues(1, &Scan::of(1000, 3));
    two.is_read();
    let line = **two.near_line.as_ref().unwrap();
    let from = |agency: AgencyId, n: u8| {
        let mut delivery = delivery(&two, n);
        delivery.from.agency = agency;
        Post { from: agency, to: ORG, matter: Matter::Deliver(Box::new(delivery)) }
    };
    let nobody = AgencyId([0xEE; 16]);
    let elsewhere = Post { to: nobody, ..from(BEYOND, 4) };
    let lies = Post { from: BEYOND, ..from(nobody, 5) };
    let unreadable = PostSent {
        id: Hex([6; 16]),
        post: serde_json::value::RawValue::from_string("{\"from\":7}".into()).unwrap(),
    };
    let mut with_file = from(BEYOND, 7);
    if let Matter::Deliver(delivery) = &mut with_file.matter {
        // The hash of a file that is on this server: knowing it opens nothing.
        delivery.letter.files = vec![Scan::of(1000, 3).attachment()];
    }
    let all = vec![
        sent(2, &from(ORG, 2)),
        sent(3, &from(nobody, 3)),
        sent(4, &elsewhere),
        sent(5, &lies),
        unreadable,
        sent(7, &with_file),
        sent(8, &from(BEYOND, 8)),
    ];
    let done = told(&line, &two.bag_of_far(all));
    let became = |n: u8| &done.iter().find(|done| done.id.0 == [n; 16]).unwrap().became;
    assert_eq!(became(2), &refused(NotTaken::Unreadable), "nobody writes to himself");
    assert_eq!(became(3), &refused(NotTaken::NotYours));
    assert_eq!(became(4), &refused(NotTaken::NotHere));
    assert_eq!(became(5), &refused(NotTaken::Unreadable), "it says it is from somebody else");
    assert_eq!(became(6), &refused(NotTaken::Unreadable));
    assert!(matches!(became(7), Became::Lacks { files } if files.len() == 1));
    assert_eq!(became(8), &Became::Entered);
    two.ours.exchanges(&two.near, LAN);
    let came = two.ours.states.keys().filter(|key| matches!(key, Key::Arrival(_))).count();
    assert_eq!(came, 1);
}

#[test]
fn an_old_bag_said_again_does_nothing_new_and_a_changed_one_nothing_at_all() {
    let mut two = Two::new();
    two.issues(1, &Scan::of(1000, 3));
    two.is_read();
    let line = **two.near_line.as_ref().unwrap();
    let post = Post { from: BEYOND, to: ORG, matter: Matter::Deliver(Box::new(delivery(&two, 8))) };
    let bag = two.bag_of_far(vec![sent(8, &post)]);
    assert_eq!(told(&line, &bag)[0].became, Became::Entered);
    two.is_read();
    let before = heads(&two);
    for _ in 0..3 {
        assert_eq!(told(&line, &bag)[0].became, Became::Entered, "and said so again");
        two.is_read();
    }
    assert_eq!(heads(&two), before);
    // Any byte of it, and of its seal.
    for at in (0..bag.raw.len()).step_by(29) {
        let mut raw = bag.raw.clone().into_bytes();
        raw[at] ^= 1;
        let Ok(raw) = String::from_utf8(raw) else { continue };
        let (status, _) = posts(&line, &SealedBag { raw, ..bag.clone() });
        assert_eq!(status, 401, "byte {at}");
    }
    for at in (0..64).step_by(5) {
        let mut seal = bag.seal;
        seal.sig.0[at] ^= 4;
        assert_eq!(posts(&line, &SealedBag { seal, ..bag.clone() }).0, 401);
    }
    assert_eq!(heads(&two), before);
}

#[test]
fn of_two_servers_that_say_they_have_an_agency_the_first_stays_until_the_operator_decides() {
    let mut two = Two::new();
    let third = Server::other(88);
    let mut moved = agency(&third, BEYOND, "UBND xã Vĩnh Hoà", 0xD9);
    let line = Listening::of(&third);
    knows(&two.near, &third, "Tỉnh thứ ba", &address(&line));
    knows(&third, &two.near, "Tỉnh ta", &address(two.near_line.as_ref().unwrap()));
    calls(&third).unwrap();
    let glance = two.near.ledger.peers_at_a_glance().unwrap();
    let claims = |name: &str| glance.iter().find(|at| at.peer.name == name).unwrap().claims.clone();
    assert_eq!((claims("Tỉnh bên"), claims("Tỉnh thứ ba")), (vec![], vec![BEYOND]));
    two.issues(1, &Scan::of(1000, 3));
    two.is_read();
    assert!(two.theirs.states.contains_key(&Key::Arrival(parcel(1))), "it went to the first");

    let decided = two.near.ledger.decide_home(BEYOND, None);
    assert!(matches!(decided, Err(NotAPeer::NotThere)), "it is not here: {decided:?}");
    two.near.ledger.decide_home(BEYOND, Some("Tỉnh thứ ba")).unwrap();
    two.ours.does(LAN, issue(1, &[(BEYOND, 2)]));
    let said = words(&two.ours.exchanges(&two.near, LAN));
    assert_eq!(said, ["rejected"], "one at a time of one document");
    issues(&mut two.ours, 2, &Scan::of(500, 4), &[(BEYOND, 2)]);
    two.ours.exchanges(&two.near, LAN);
    sends_file(&two.near, &two.session(), &Scan::of(500, 4));
    carries(&two.near);
    calls(&two.near).unwrap();
    moved.exchanges(&third, LAN);
    assert!(moved.states.contains_key(&Key::Arrival(parcel(2))), "now it goes to the third");
    let State::Outgoing(_) = &two.ours.states[&Key::Outgoing(doc(2))] else {
        panic!("no document")
    };
}

#[test]
fn a_server_is_forgotten_only_when_nothing_waits_or_its_senders_are_told() {
    let mut two = Two::new();
    drop(two.far_line.take());
    two.issues(1, &Scan::of(1000, 3));
    carries(&two.near);
    let refused = two.near.ledger.remove_peer("Tỉnh bên", server::Anyway::No);
    assert!(matches!(refused, Err(NotAPeer::Waits(1))), "{refused:?}");
    two.near.ledger.remove_peer("Tỉnh bên", server::Anyway::Yes).unwrap();
    carries(&two.near);
    two.ours.exchanges(&two.near, LAN);
    assert_eq!(stands(&two.ours, 1), ParcelStanding::Undeliverable);
    let key = PublicKey(two.far.ledger.identity().public_hex().0);
    assert_eq!(two.near.ledger.peer(key).unwrap(), None);
    let itself = two.near.ledger.identity().public_hex();
    let added = two.near.ledger.add_peer(itself, "Tôi", "https://x.example");
    assert!(matches!(added, Err(NotAPeer::Itself)));
}

#[test]
fn the_operator_keeps_other_servers_by_name_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let (_, text) = says(&["init"], dir);
    let own = text.split("công khai: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let key = Server::other(FAR_SEED).ledger.identity().public_hex().to_string();
    let adds = |key: &str, name: &str, address: &str| {
        says(&["peer", "add", "--key", key, "--name", name, "--address", address], dir)
    };
    assert!(says(&["peer", "list"], dir).1.contains("Chưa ghi máy chủ nào khác."));
    for (key, address, why) in [
        (own.as_str(), "https://tinh.example", "chính máy chủ này"),
        ("ff00", "https://tinh.example", "64 chữ số"),
        (key.as_str(), "http://tinh.example", "https://"),
        (key.as_str(), "ftp://127.0.0.1", "https://"),
    ] {
        let (done, text) = adds(key, "Tỉnh bên", address);
        assert!(!done && text.contains(why), "{text}");
    }
    let (done, text) = adds(&key, "Tỉnh bên", "https://tinh.example");
    assert!(done && text.contains(&own), "the other needs our key: {text}");
    let (done, text) = adds(&key, "Tỉnh bên", "http://127.0.0.1:9");
    assert!(done, "{text}");
    let (_, text) = says(&["peer", "list"], dir);
    assert_eq!(text.matches("Máy chủ “Tỉnh bên”").count(), 1, "{text}");
    assert!(text.contains("http://127.0.0.1:9") && text.contains("chưa từng liên lạc"), "{text}");
    assert!(says(&["status"], dir).1.contains("không có gì đang chờ"));
    let (done, text) = says(&["peer", "remove", "--name", "Tỉnh xa"], dir);
    assert!(!done && text.contains("peer list"), "{text}");
    assert!(says(&["peer", "remove", "--name", "Tỉnh bên"], dir).0);
    assert!(says(&["peer", "list"], dir).1.contains("Chưa ghi máy chủ nào khác."));
}
