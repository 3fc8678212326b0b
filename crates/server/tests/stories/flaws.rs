//! A whole look over a server: nothing is wrong with it, until somebody has been at its file.
use register::{Act, Key};
use rusqlite::Connection;
use server::{Flaw, Identity, Verified, verify};

use crate::cast::{ARRIVALS, LAN, MAI, SEED, Server, TU, arrival, doc};

/// A server where everything has happened that makes a log long.
pub fn busy() -> Server {
    let server = Server::new();
    let mut first = server.adopted();
    let mut second = server.enrols(&first, 2, MAI);
    second.exchanges(&server, MAI);
    for n in 11..=13 {
        second.does(MAI, arrival(n));
    }
    second.exchanges(&server, MAI);
    let old = first.claim(6);
    first.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: first.epoch() });
    first.claims(LAN, arrival(20), old);
    first.does(
        LAN,
        Act::SetBook { book: ARRIVALS, name: "Sổ".into(), kinds: Vec::new(), open: true },
    );
    first.exchanges(&server, LAN);
    let reason = "ghi nhầm".into();
    first.does(LAN, Act::Void { document: doc(2), outgoing: false, reason });
    first.does(TU, Act::RetireDevice { device: second.dev, reason: "cháy".into() });
    first.exchanges(&server, TU);
    server
}

pub fn look(server: &Server) -> Verified {
    let mut found = verify(&*server.storage, &Identity::of(&SEED)).unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// What is found after somebody has been at the file.
fn after(sql: &str) -> Vec<Flaw> {
    let server = busy();
    let conn = Connection::open(server.folder.path().join("server.db")).unwrap();
    assert_eq!(conn.execute(sql, []).unwrap(), 1, "{sql}");
    look(&server).flaws
}

#[test]
fn everything_is_judged_again_and_nothing_is_wrong() {
    let found = look(&busy());
    assert_eq!(found.flaws, []);
    assert_eq!((found.entries, found.numbers), (19, 5));
}

#[test]
fn an_entry_that_was_changed_is_told_by_its_number() {
    let flipped = after(
        "UPDATE entry
        SET raw = CAST(replace(CAST(raw AS TEXT), 'thứ 1', 'thứ 7') AS BLOB)
        WHERE seq = 6",
    );
    assert!(flipped.contains(&Flaw::Chain { seq: 6 }), "{flipped:?}");
    assert!(flipped.contains(&Flaw::Signature { seq: 6 }), "{flipped:?}");
    let later = after("UPDATE entry SET at = at + 1 WHERE seq = 4");
    assert_eq!(later, [Flaw::Chain { seq: 4 }]);
    let verdict = after("UPDATE entry SET eff = '{\"outcome\":\"ok\",\"no\":9}' WHERE seq = 7");
    assert!(verdict.contains(&Flaw::Chain { seq: 7 }), "{verdict:?}");
    assert!(verdict.contains(&Flaw::Verdict { seq: 7 }), "{verdict:?}");
    let wider = after("UPDATE entry SET aud = aud || ' all' WHERE seq = 6");
    assert_eq!(wider, [Flaw::Verdict { seq: 6 }]);
}

#[test]
fn an_entry_that_is_gone_is_told_wherever_it_stood() {
    let inside = after("DELETE FROM entry WHERE seq = 5");
    assert!(inside.contains(&Flaw::Missing { seq: 5 }), "{inside:?}");
    let tail = after("DELETE FROM entry WHERE seq = 19");
    assert!(tail.contains(&Flaw::End { says: 19 }), "{tail:?}");
}

#[test]
fn a_state_or_a_number_that_was_changed_is_told() {
    let of = |n| Key::Incoming(doc(n));
    let body = after(
        "UPDATE state SET body = replace(body, 'thứ 1\"', 'thứ 7\"')
        WHERE body LIKE '%thứ 1\"%'",
    );
    assert_eq!(body, [Flaw::State { key: of(1) }]);
    let seen = after("UPDATE state SET aud = 'all' WHERE body LIKE '%thứ 11\"%'");
    assert_eq!(seen, [Flaw::State { key: of(11) }]);
    let gone = after("DELETE FROM state WHERE body LIKE '%thứ 12\"%'");
    assert_eq!(gone, [Flaw::State { key: of(12) }]);
    let number = after("DELETE FROM number WHERE no = 3");
    assert_eq!(number, [Flaw::Number { book: ARRIVALS, year: 2026, number: 3 }]);
    let key = after(
        "INSERT INTO device_key (org, dev, officer, public)
        SELECT org, dev, x'02020202020202020202020202020202', public FROM device_key
        WHERE officer = x'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a'",
    );
    assert!(matches!(key.as_slice(), [Flaw::Key { officer: MAI, .. }]), "{key:?}");
}

#[test]
fn many_pcs_at_once_make_one_log_without_a_flaw() {
    let server = Server::new();
    let mut first = server.adopted();
    first.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: first.epoch() });
    first.exchanges(&server, LAN);
    let pcs: Vec<_> = (20..28).map(|byte| server.enrols(&first, byte, MAI)).collect();
    let work: Vec<_> = pcs.iter().map(|pc| server.session(pc, MAI)).collect();
    std::thread::scope(|scope| {
        for (mut pc, session) in pcs.into_iter().zip(work) {
            let ledger = &server.ledger;
            scope.spawn(move || {
                for n in 0..12 {
                    pc.does(MAI, arrival((pc.byte - 20) * 12 + 50 + n));
                    let answer = ledger.sync(&pc.asks(), &session, crate::cast::now()).unwrap();
                    assert!(answer.acks[0].stamp.no.is_some());
                    pc.unsent.clear();
                    while pc.takes(ledger.sync(&pc.asks(), &session, crate::cast::now()).unwrap()) {
                    }
                }
            });
        }
    });
    let found = look(&server);
    assert_eq!(found.flaws, []);
    assert_eq!(found.numbers, 2 + 8 * 12);
}
