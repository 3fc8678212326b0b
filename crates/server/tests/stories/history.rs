//! The history of one thing, as far as who asks may see it.
use register::Key;
use sync::wire::{LogAnswer, key_text};

use crate::cast::{AN, ARRIVALS, LAN, Server, arrival, doc};
use crate::line::Listening;

#[test]
fn the_history_of_one_document_is_its_entries_and_nobody_elses() {
    let server = Server::new();
    let mut pc = server.adopted();
    pc.claims(LAN, arrival(3), pc.claim(3));
    let reason = "ghi nhầm".into();
    pc.does(LAN, register::Act::Void { document: doc(1), outgoing: false, reason });
    pc.exchanges(&server, LAN);
    let of_an = server.enrols(&pc, 3, AN);
    let line = Listening::of(&server);
    let (lan, an) = (line.session(&pc, LAN), line.session(&of_an, AN));
    let read = |query: &str, token: &str| {
        let answer: LogAnswer = line.gets(&format!("/v1/log?{query}"), token).unwrap();
        (answer.to, answer.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>())
    };
    let letter = format!("of={}", key_text(Key::Incoming(doc(1))));
    let (to, seqs) = read(&letter, &lan);
    assert_eq!((to, seqs.len()), (seqs[1], 2), "registered and voided");
    assert_eq!(read(&format!("{letter}&from={}", seqs[1]), &lan).1, seqs[1..]);
    assert_eq!(read(&format!("{letter}&to={}", seqs[0]), &lan).1, seqs[..1]);
    assert_eq!(read(&letter, &an), (to, Vec::new()), "it is not his");
    let book = read(&format!("of={}", key_text(Key::Book(ARRIVALS))), &lan).1;
    assert!(book.len() >= 5, "{book:?}");
    let nothing = read(&format!("of={}&from=7", key_text(Key::Incoming(doc(99)))), &lan);
    assert_eq!(nothing, (6, Vec::new()));
    assert_eq!(line.gets::<LogAnswer>("/v1/log?of=letter:1", &lan).unwrap_err().0, 400);
    assert_eq!(line.gets::<LogAnswer>(&format!("/v1/log?{letter}"), "").unwrap_err().0, 401);
    let all: LogAnswer = line.gets("/v1/log", &lan).unwrap();
    assert_eq!(all.to, pc.cursor + 1, "and one for An's key");
}
