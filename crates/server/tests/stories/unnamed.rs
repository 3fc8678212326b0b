//! Files nobody names any more, and callers who take more than their share or nothing of it.
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use register::{Act, Moment};
use server::{Patience, clock};
use sync::wire::{PART_BYTES, PART_HASH_HEADER, PartHashes};

use crate::cast::{LAN, ORG, Server, arrival, doc, now, words};
use crate::files::Scan;
use crate::line::Listening;
use crate::parcels::{NEXT, agency, carries, issues, sends_file};

const DAY_MS: i64 = 86_400_000;
/// More than the system keeps for somebody who takes nothing.
const LARGE_BYTES: u64 = 7 << 20;

/// So many days after the story, by its clock and by that of the disk.
fn after(days: i64, of: impl Fn(i64, i64) -> i64) -> Moment {
    Moment(of(now().0, clock().0) + days * DAY_MS)
}

#[test]
fn a_file_that_nothing_names_stays_for_thirty_days_and_one_that_is_named_for_ever() {
    let (first, second) = (Scan::of(PART_BYTES + 5, 1), Scan::of(900, 2));
    let server = Server::new();
    let mut pc = server.adopted();
    pc.does(LAN, first.attach(1));
    pc.does(LAN, second.attach(1));
    assert_eq!(words(&pc.exchanges(&server, LAN)), ["ok", "ok"]);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    assert!(line.sends(&first, &token).stored && line.sends(&second, &token).stored);
    let reason = "nhầm văn bản".to_owned();
    pc.does(LAN, Act::Detach { document: doc(1), outgoing: false, blob: first.blob, reason });
    assert_eq!(words(&pc.exchanges(&server, LAN)), ["ok"]);
    let taken = server.ledger.take_away_unnamed(after(29, i64::min)).unwrap();
    assert_eq!((taken.files, taken.bytes), (0, 0));
    let taken = server.ledger.take_away_unnamed(after(31, i64::max)).unwrap();
    assert_eq!((taken.files, taken.bytes), (1, PART_BYTES + 5));
    assert_eq!(line.reads(&second, &token, "").2, second.bytes);
    let taken = server.ledger.take_away_unnamed(after(3_650, i64::max)).unwrap();
    assert_eq!(taken.files, 0);
    // Named once more, it is sent once more.
    pc.does(LAN, first.attach(1));
    assert_eq!(words(&pc.exchanges(&server, LAN)), ["ok"]);
    assert!(line.sends(&first, &token).stored);
    assert_eq!(line.reads(&first, &token, "").2, first.bytes);
}

#[test]
fn a_file_that_is_on_its_way_to_an_agency_is_not_taken_from_it() {
    let scan = Scan::of(900, 3);
    let server = Server::new();
    let mut pc = agency(&server, ORG, "Uỷ ban nhân dân xã An Hiếu", 0xD1);
    let mut next = agency(&server, NEXT, "Uỷ ban nhân dân xã Bình An", 0xD2);
    // It was there once, by a slip of the hand.
    next.claims(LAN, arrival(5), next.claim(1));
    next.does(LAN, scan.attach(5));
    next.exchanges(&server, LAN);
    sends_file(&server, &server.session(&next, LAN), &scan);
    let reason = "nhầm văn bản".to_owned();
    next.does(LAN, Act::Detach { document: doc(5), outgoing: false, blob: scan.blob, reason });
    assert_eq!(words(&next.exchanges(&server, LAN)), ["ok"]);
    issues(&mut pc, 1, &scan, &[(NEXT, 9)]);
    pc.exchanges(&server, LAN);
    sends_file(&server, &server.session(&pc, LAN), &scan);
    let taken = server.ledger.take_away_unnamed(after(31, i64::max)).unwrap();
    assert_eq!(taken.files, 0, "a letter with it may be entered at any moment");
    carries(&server);
    next.exchanges(&server, LAN);
    let session = server.session(&next, LAN);
    assert_eq!(server.ledger.blob_size(&session, scan.blob).unwrap(), 900);
}

#[test]
fn a_range_comes_with_the_hash_of_each_of_its_parts() {
    let scan = Scan::of(PART_BYTES * 2 + 5, 3);
    let server = Server::new();
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    pc.exchanges(&server, LAN);
    let line = Listening::of(&server);
    let token = line.session(&pc, LAN);
    line.sends(&scan, &token);
    for (range, parts) in [("262144-300000", 1), ("262144-", 2)] {
        let (_, head, bytes) = line.reads(&scan, &token, &format!("\r\nrange: bytes={range}"));
        let hashes = PartHashes::of(&bytes);
        assert_eq!(hashes.count(), parts);
        assert!(head.contains(&format!("{PART_HASH_HEADER}: {hashes}\r")), "{head}");
    }
}

#[test]
fn who_takes_nothing_of_a_file_loses_his_place_and_one_pc_has_only_so_many() {
    let scan = Scan::of(LARGE_BYTES, 4);
    let server = Server::new();
    let mut pc = server.adopted();
    pc.does(LAN, scan.attach(1));
    pc.exchanges(&server, LAN);
    let patience = Patience { answer: Duration::from_millis(300), ..Patience::default() };
    let line = Listening::patiently(&server, patience);
    let token = line.session(&pc, LAN);
    line.sends(&scan, &token);
    let asked = format!(
        "GET /v1/blob/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n",
        scan.blob
    );
    let mut stalled = Vec::new();
    let status = |stream: &mut TcpStream| {
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        String::from_utf8_lossy(&head).into_owned()
    };
    // Places are taken until there is none; nothing but the first bytes of each is read.
    let told = loop {
        let mut stream = TcpStream::connect(line.at()).unwrap();
        stream.write_all(asked.as_bytes()).unwrap();
        let said = status(&mut stream);
        if said != "HTTP/1.1 200" {
            break said;
        }
        stalled.push(stream);
        assert!(stalled.len() < 100, "one PC has every place");
    };
    assert_eq!(told, "HTTP/1.1 429");
    // After a while those who take nothing are let go, and there is a place again.
    while line.reads(&scan, &token, "").0 != 200 {
        std::thread::yield_now();
    }
    let mut rest = Vec::new();
    let _ = stalled[0].read_to_end(&mut rest);
    assert!((rest.len() as u64) < LARGE_BYTES, "it was not waited for");
}
