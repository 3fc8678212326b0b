//! States down: whole pages, newest first at the beginning, and only to those who may see them.
use register::{
    Act, BookId, Direction, DirectiveGiven, DirectiveId, Key, OutgoingFields, Party, Recipient,
    State,
};

use crate::cast::{AN, LAN, MAI, SEED, Server, TU, arrival, doc, words};

#[test]
fn an_official_sees_only_what_is_addressed_to_him() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut official = server.enrols(&first, 3, AN);
    official.exchanges(&server, AN);
    let documents = official.states.keys().filter(|key| matches!(key, Key::Incoming(_))).count();
    assert_eq!(documents, 0, "{:?}", official.scopes);
    let log = server.ledger.log(&server.session(&official, AN), 1, 1000).unwrap();
    let seen = log.entries.iter().any(|entry| entry.command.raw.contains("Công văn thứ 1"));
    assert!(!seen, "nor in the log");
    first.exchanges(&server, LAN);
    let log = server.ledger.log(&server.session(&first, LAN), 1, 1000).unwrap();
    assert!(log.entries.iter().any(|entry| entry.command.raw.contains("Công văn thứ 1")));
}

#[test]
fn a_draft_is_the_staffs_and_an_issued_document_is_everybodys() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut official = server.enrols(&first, 3, AN);
    let book = BookId([0xC2; 16]);
    let (name, direction, kinds) = ("Công văn".into(), Direction::Outgoing, Vec::new());
    first.does(TU, Act::OpenBook { book, name, direction, kinds, opening: None });
    let fields = OutgoingFields {
        kind: "cong-van".into(),
        subject: "Trả lời".into(),
        signer: "Hùng".into(),
        recipients: vec![Recipient { name: "UBND tỉnh".into(), code: String::new() }],
        ..OutgoingFields::default()
    };
    let (document, attachments) = (doc(70), Vec::new());
    let act =
        Act::Draft { document, fields, attachments, answers: None, task: None, replaces: None };
    first.does(LAN, act);
    first.exchanges(&server, LAN);
    official.exchanges(&server, AN);
    assert!(!official.states.contains_key(&Key::Outgoing(document)));
    first.does(
        LAN,
        Act::RegisterOutgoing {
            document,
            book,
            on: "2026-11-20".parse().unwrap(),
            symbol: "UBND".into(),
            slip: Some("T-070".into()),
            signed_on_paper: true,
        },
    );
    let acks = first.exchanges(&server, LAN);
    assert_eq!((words(&acks), acks[0].stamp.no), (vec!["ok"], Some(1)));
    official.exchanges(&server, AN);
    assert!(official.states.contains_key(&Key::Outgoing(document)));
    let found = server::verify(&*server.storage, &server::Identity::of(&SEED)).unwrap();
    assert_eq!(found[0].flaws, []);
}

#[test]
fn what_he_may_no_longer_see_is_gone() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut official = server.enrols(&first, 3, AN);
    let mut leader = crate::cast::lan_with(true);
    leader.roles.insert(register::Role::Leader);
    first.does(crate::cast::TU, Act::SetOfficer { officer: leader });
    let directive = DirectiveId([5; 16]);
    first.does(
        LAN,
        Act::Direct(DirectiveGiven {
            document: doc(1),
            directive,
            text: "Để biết".into(),
            task: None,
            information: vec![Party::Officer(AN)],
        }),
    );
    first.exchanges(&server, LAN);
    official.exchanges(&server, AN);
    assert!(official.states.contains_key(&Key::Incoming(doc(1))));
    first.does(LAN, Act::UndoDirective { document: doc(1), directive });
    first.exchanges(&server, LAN);
    official.exchanges(&server, AN);
    assert!(!official.states.contains_key(&Key::Incoming(doc(1))));
}

#[test]
fn the_first_copy_goes_on_while_others_write_and_misses_nothing() {
    let server = Server::new();
    let mut first = server.adopted();
    for n in 3..=60 {
        first.claims(LAN, arrival(n), first.claim(n.into()));
    }
    first.exchanges(&server, LAN);
    let mut second = server.enrols(&first, 2, MAI);
    let mut below = Some(sync::wire::Below { from_head: 0, below: 0 });
    let mut pages = 0;
    while below.is_some() || pages == 0 {
        let asked = sync::wire::SyncAsked { below, max: 1, ..second.asks() };
        let answer = server.calls(&second, MAI, &asked);
        below = answer.below;
        if pages == 0 {
            // The oldest of all comes first: without it no list shows a name.
            let came = |key: &Key| answer.states.iter().any(|sent| names(sent, key));
            assert!([Key::Officer(MAI), Key::Officer(LAN)].iter().all(came), "{answer:?}");
        }
        second.takes(answer);
        pages += 1;
        first.claims(LAN, arrival(60 + pages), first.claim(u32::from(60 + pages)));
        first.exchanges(&server, LAN);
    }
    assert!(pages > 3, "{pages} pages");
    second.exchanges(&server, MAI);
    first.exchanges(&server, LAN);
    assert_eq!(first.states, second.states);
}

fn names(sent: &sync::wire::StateSent, key: &Key) -> bool {
    let state: State = serde_json::from_str(sent.state.get()).unwrap();
    state.key() == *key
}
