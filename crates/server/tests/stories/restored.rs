//! A server is copied, lost and set back: what PCs saw comes back, and nothing gets two numbers.
use std::fs;
use std::path::{Path, PathBuf};

use register::{
    Act, DocumentId, Holder, Key, LeaseForced, Officer, OfficerId, ReadTo, Recorded, Role, State,
    numbers_seen,
};
use serde_json::value::RawValue;
use server::{CopyFault, Flaw, Identity, SqliteStorage, WithKey, copy_server, restore, verify};
use sync::wire::{Offer, Pushed, StateSent, SyncAnswer, SyncAsked, Trouble, Witness};

use crate::cast::{AN, ARRIVALS, LAN, MAI, Pc, SEED, Server, arrival, doc, now, trouble, words};

/// An office whose server holds the book: Lan, Mai, and An who leads the office.
struct Office {
    server: Server,
    lan: Pc,
    mai: Pc,
    an: Pc,
}

fn leads(id: OfficerId) -> Officer {
    Officer {
        id,
        name: "An".into(),
        position: String::new(),
        unit: None,
        roles: [Role::OfficeHead].into(),
        active: true,
    }
}

fn office() -> Office {
    let server = Server::new();
    fs::write(server.folder.path().join("server.key"), SEED).unwrap();
    let mut lan = server.adopted();
    lan.does(crate::cast::TU, Act::SetOfficer { officer: leads(AN) });
    lan.exchanges(&server, crate::cast::TU);
    lan.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: lan.epoch() });
    lan.exchanges(&server, LAN);
    let mut mai = server.enrols(&lan, 2, MAI);
    let mut an = server.enrols(&lan, 3, AN);
    mai.exchanges(&server, MAI);
    an.exchanges(&server, AN);
    Office { server, lan, mai, an }
}

fn copied(server: &Server, to: &Path) {
    copy_server(server.folder.path(), to, WithKey::Yes, now()).unwrap();
}

/// The server that a copy becomes.
fn set_back(from: &Path) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let restored = restore(from, folder.path(), None, now()).unwrap();
    assert_eq!(restored.agencies.values().map(|(_, books)| *books).sum::<usize>(), 1);
    // Chance does not come again as it came to the server that was lost.
    Server::of(folder, 100)
}

/// How a PC begins anew, told of the other life.
fn begins_anew(server: &Server, pc: &mut Pc, officer: OfficerId) -> u32 {
    let told = trouble(server.tries(pc, officer, &pc.asks()));
    let Trouble::OtherEpoch { epoch, .. } = told else { panic!("{told:?}") };
    (pc.cursor, pc.last) = (0, None);
    epoch
}

fn asks(pc: &Pc, epoch: u32) -> SyncAsked {
    SyncAsked { epoch, ..pc.asks() }
}

fn brings(of: Key, pc: &Pc, seq: u64) -> Box<Offer> {
    let state = pc.states.get(&of).unwrap();
    let text = serde_json::to_string(state).unwrap();
    let witnesses = numbers_seen(state).into_iter().map(|number| Witness { of, number }).collect();
    let states = vec![StateSent { ver: 0, state: RawValue::from_string(text).unwrap() }];
    Box::new(Offer { witnesses, states, read_to: ReadTo { epoch: 1, seq } })
}

fn book(pc: &Pc) -> register::Book {
    match pc.states.get(&Key::Book(ARRIVALS)) {
        Some(State::Book(book)) => (**book).clone(),
        other => panic!("no book but {other:?}"),
    }
}

fn again(pushed: &Pushed, answer: &SyncAnswer) -> Pushed {
    let ack = &answer.acks[0];
    let at = ReadTo { epoch: 1, seq: ack.seq };
    let before: Option<Box<Recorded>> = Some(Box::new(ack.stamp.recorded(at)));
    Pushed { before, ..pushed.clone() }
}

fn takes_over(pc: &mut Pc, last_number: u32) {
    let forced = LeaseForced {
        book: ARRIVALS,
        to: None,
        year: 2026,
        last_number,
        last_date: now().date(),
        reason: "máy chủ được khôi phục".into(),
        epoch: Some(pc.epoch()),
    };
    pc.does(AN, Act::ForceLease(forced));
}

#[test]
fn what_the_lost_server_had_numbered_comes_back_from_the_pcs_that_saw_it() {
    let to = tempfile::tempdir().unwrap();
    let Office { server, mut lan, mut mai, mut an } = office();
    copied(&server, to.path());
    mai.does(MAI, arrival(11));
    let sent = mai.unsent[0].clone();
    let answer = server.calls(&mai, MAI, &mai.asks());
    assert_eq!(answer.acks[0].stamp.no, Some(3));
    assert_eq!(answer.durable, answer.head.head.seq - 1, "all but this one is in the copy");
    let sent = again(&sent, &answer);
    mai.unsent.clear();
    mai.takes(answer);
    lan.exchanges(&server, LAN);
    drop(server);

    let server = set_back(to.path());
    let epoch = begins_anew(&server, &mut lan, LAN);
    let seen = lan.states.clone();
    let answer = server.calls(&lan, LAN, &asks(&lan, epoch));
    lan.takes(answer);
    assert_eq!(book(&lan).lease.holder, Holder::Frozen);
    let of = Key::Incoming(doc(11));
    lan.states = seen;
    let offer = Some(brings(of, &lan, 99));
    let asked = SyncAsked { offer, ..asks(&lan, epoch) };
    let answer = server.calls(&lan, LAN, &asked);
    assert!(answer.offer_taken && answer.gone.is_empty());
    lan.takes(answer);
    assert_eq!(lan.number(11), Some(3), "as it stands on the paper");
    let again = server.calls(&lan, LAN, &SyncAsked { cursor: lan.cursor, ..asked });
    assert_eq!(again.head.head.seq, lan.cursor, "and once more changes nothing");

    // Mai's own command comes after what Lan saw of it, and finds its number.
    let epoch_of_mai = begins_anew(&server, &mut mai, MAI);
    mai.unsent = vec![sent];
    let answer = server.calls(&mai, MAI, &asks(&mai, epoch_of_mai));
    assert_eq!((words(&answer.acks), answer.acks[0].stamp.no), (vec!["ok"], Some(3)));
    mai.unsent.clear();
    mai.takes(answer);

    // What comes meanwhile waits; the office head has read the paper, and the book goes on.
    mai.does(MAI, arrival(12));
    let answer = server.calls(&mai, MAI, &asks(&mai, epoch));
    assert_eq!(answer.acks[0].stamp.no, None);
    let epoch_of_an = begins_anew(&server, &mut an, AN);
    let answer = server.calls(&an, AN, &asks(&an, epoch_of_an));
    an.takes(answer);
    takes_over(&mut an, 3);
    let answer = server.calls(&an, AN, &asks(&an, epoch));
    assert_eq!(words(&answer.acks), ["ok"]);
    an.unsent.clear();
    an.takes(answer);
    assert_eq!(an.number(12), Some(4));
    let found = verify(&*server.storage, &Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, [], "and every step can be judged again");
}

#[test]
fn a_number_of_a_life_that_was_lost_is_never_given_twice_and_a_held_one_stays_held() {
    let to = tempfile::tempdir().unwrap();
    let Office { server, mut lan, mut mai, .. } = office();
    copied(&server, to.path());
    mai.does(MAI, arrival(11));
    mai.exchanges(&server, MAI);
    lan.exchanges(&server, LAN);
    // Lan stamped 3 too, without holding the book.
    let claim = register::LeaseClaim { book: ARRIVALS, epoch: 1, year: 2026, number: 3 };
    lan.claims(LAN, arrival(20), claim);
    let sent = lan.unsent[0].clone();
    let answer = server.calls(&lan, LAN, &lan.asks());
    assert_eq!(words(&answer.acks), ["held"]);
    let sent = again(&sent, &answer);
    drop(server);

    let server = set_back(to.path());
    let epoch = begins_anew(&server, &mut lan, LAN);
    lan.unsent = vec![sent];
    let answer = server.calls(&lan, LAN, &asks(&lan, epoch));
    assert_eq!(words(&answer.acks), ["held"], "although 3 is free now");
    let of = Key::Incoming(doc(11));
    let epoch = begins_anew(&server, &mut mai, MAI);
    let offer = Some(brings(of, &mai, 99));
    let answer = server.calls(&mai, MAI, &SyncAsked { offer, ..asks(&mai, epoch) });
    mai.takes(answer);
    assert_eq!(mai.number(11), Some(3));
    match mai.states.get(&Key::Incoming(DocumentId([20; 16]))) {
        Some(State::Incoming(document)) => {
            assert_eq!((document.number, document.held.len()), (None, 1));
        }
        other => panic!("no document but {other:?}"),
    }
}

#[test]
fn people_pcs_and_books_are_nobodys_to_bring_back() {
    let to = tempfile::tempdir().unwrap();
    let Office { server, mut lan, mai, .. } = office();
    copied(&server, to.path());
    lan.does(crate::cast::TU, Act::SetOfficer { officer: leads(OfficerId([77; 16])) });
    lan.exchanges(&server, crate::cast::TU);
    let of = Key::Officer(OfficerId([77; 16]));
    let offer = Some(brings(of, &lan, 99));
    let asked = SyncAsked { offer: offer.clone(), ..lan.asks() };
    assert!(server.calls(&lan, LAN, &asked).gone.is_empty(), "nothing was ever lost");
    let other = Key::Incoming(doc(2));
    let offered = Some(brings(other, &lan, 99));
    server.calls(&lan, LAN, &SyncAsked { offer: offered, ..lan.asks() });
    drop(server);
    let server = set_back(to.path());
    let epoch = begins_anew(&server, &mut lan, LAN);
    let answer = server.calls(&lan, LAN, &SyncAsked { offer, ..asks(&lan, epoch) });
    assert_eq!(answer.gone.iter().map(|gone| gone.of).collect::<Vec<_>>(), [of]);
    drop(mai);
}

/// The copy's file with everything.
fn storage_of(to: &Path) -> PathBuf {
    let mut files = fs::read_dir(to).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|ending| ending == "db")).unwrap()
}

#[test]
fn a_copy_that_is_damaged_or_not_its_own_is_refused_and_leaves_nothing_behind() {
    let (to, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let Office { server, mut mai, .. } = office();
    let dir = into.path().join("may-chu");
    let tries = || restore(to.path(), &dir, None, now());
    assert!(matches!(tries(), Err(CopyFault::NoManifest { .. })));
    let blob = server.folder.path().join("blobs").join("a0");
    fs::create_dir_all(&blob).unwrap();
    let name = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    fs::write(blob.join(name), "hello").unwrap();
    copied(&server, to.path());
    let first = storage_of(to.path());
    mai.does(MAI, arrival(11));
    mai.exchanges(&server, MAI);
    let later = register::Moment(now().0 + 1);
    copy_server(server.folder.path(), to.path(), WithKey::Yes, later).unwrap();
    assert!(!first.exists(), "the copy before is gone once this one counts");
    let theirs = into.path().join("other.key");
    fs::write(&theirs, [1; 32]).unwrap();
    let other = restore(to.path(), &dir, Some(&theirs), now());
    assert!(matches!(other, Err(CopyFault::OtherKey)));
    let copied_blob = to.path().join("blobs").join("a0").join(name);
    fs::write(&copied_blob, "hellO").unwrap();
    assert!(matches!(tries(), Err(CopyFault::Damaged(at)) if at == copied_blob));
    fs::write(&copied_blob, "hello").unwrap();
    let file = storage_of(to.path());
    let whole = fs::read(&file).unwrap();
    let mut bad = whole.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    fs::write(&file, bad).unwrap();
    assert!(matches!(tries(), Err(CopyFault::Damaged(at)) if at == file));
    fs::write(&file, whole).unwrap();
    assert!(!dir.exists());
    tries().unwrap();
    assert!(dir.join("blobs").join("a0").join(name).exists());
    assert!(matches!(tries(), Err(CopyFault::NotEmpty)));
}

#[test]
fn a_flawed_server_is_not_copied_over_a_good_copy() {
    let to = tempfile::tempdir().unwrap();
    let Office { server, .. } = office();
    copied(&server, to.path());
    let good = storage_of(to.path());
    let conn = rusqlite::Connection::open(server.folder.path().join("server.db")).unwrap();
    conn.execute("UPDATE entry SET at = at + 1 WHERE seq = 4", []).unwrap();
    let later = register::Moment(now().0 + 1);
    match copy_server(server.folder.path(), to.path(), WithKey::No, later) {
        Err(CopyFault::Flawed(found)) => assert_eq!(found[0].flaws, [Flaw::Chain { seq: 4 }]),
        other => panic!("{other:?}"),
    }
    let dir = to.path().join("again");
    restore(to.path(), &dir, None, now()).unwrap();
    assert!(good.exists() && SqliteStorage::open(&dir.join("server.db")).is_ok());
}
