//! Who waits for news is told of what he may see at once, and is not woken by the rest.
use std::thread::JoinHandle;
use std::time::Instant;

use register::{Act, BookId, Direction, DirectiveGiven, DirectiveId, Party};
use sync::wire::{CodeAsked, EnrolAsked, News};

use crate::cast::{AN, LAN, MAI, ORG, Pc, Server, TU, arrival, doc, lan_with, now};
use crate::line::{Line, Listening};

/// Lan may lead too, and the official is at his own PC; both have read everything.
fn office() -> (Server, Pc, Pc) {
    let server = Server::new();
    let mut first = server.adopted();
    let mut official = server.enrols(&first, 3, AN);
    let mut leader = lan_with(true);
    leader.roles.insert(register::Role::Leader);
    first.does(TU, Act::SetOfficer { officer: leader });
    first.exchanges(&server, LAN);
    official.exchanges(&server, AN);
    (server, first, official)
}

const DIRECTIVE: DirectiveId = DirectiveId([5; 16]);

fn directs() -> Act {
    Act::Direct(DirectiveGiven {
        document: doc(1),
        directive: DIRECTIVE,
        text: "Để biết".into(),
        task: None,
        information: vec![Party::Officer(AN)],
    })
}

fn opens_a_book() -> Act {
    let (name, direction, kinds) = ("Công văn".into(), Direction::Outgoing, Vec::new());
    Act::OpenBook { book: BookId([0xC2; 16]), name, direction, kinds, opening: None }
}

#[test]
fn an_official_is_concerned_by_what_he_sees_and_by_what_is_taken_from_him() {
    let (server, mut first, mut official) = office();
    let heads = &server.ledger.heads;
    let _listens = heads.listen(ORG, official.cursor);
    let (clerks, his) = (server.session(&first, LAN), server.session(&official, AN));
    let mut after = |act: Act, by| {
        let before = first.cursor;
        if let Act::RegisterIncoming(_) = &act {
            first.claims(by, act, first.claim(3));
        } else {
            first.does(by, act);
        }
        first.exchanges(&server, LAN);
        let told = [&clerks, &his].map(|session| heads.concerns(session, before, first.cursor));
        official.exchanges(&server, AN);
        told
    };
    assert_eq!(after(arrival(3), LAN), [true, false], "nobody has asked him");
    assert_eq!(after(directs(), LAN), [true, true]);
    let undo = Act::UndoDirective { document: doc(1), directive: DIRECTIVE };
    assert_eq!(after(undo, LAN), [true, true], "it is gone from his list");
    assert_eq!(after(opens_a_book(), TU), [true, true], "a book is everybody's");
    let (behind, upto) = (official.cursor, official.cursor + 1);
    assert!(heads.concerns(&his, behind, upto), "what nobody here knows may concern anybody");
    let fresh = server::Heads::default();
    assert!(fresh.concerns(&his, behind, upto), "a server that began anew knows nothing");
}

#[test]
fn who_sits_down_at_a_pc_is_told_though_its_call_waits_in_the_name_of_who_stood_up() {
    let (server, mut first, mut official) = office();
    let his = server.session(&official, AN);
    let _listens = server.ledger.heads.listen(ORG, official.cursor);
    let session = server.session(&first, TU);
    let code = server.ledger.code(CodeAsked { officer: MAI }, &session, now(), server.chance());
    let code = code.unwrap().code;
    let beside = official.enrolment(&code, MAI);
    let beside = EnrolAsked { beside: Some(official.beside(&code, AN, MAI)), ..beside };
    server.ledger.enrol(beside, now()).unwrap();
    official.exchanges(&server, MAI);
    let before = official.cursor;
    first.exchanges(&server, LAN);
    first.claims(LAN, arrival(3), first.claim(3));
    first.exchanges(&server, LAN);
    assert!(server.ledger.heads.concerns(&his, before, first.cursor));
}

fn waits(line: Line, pc: &Pc, token: String) -> JoinHandle<(u64, Instant)> {
    let path = format!("/v1/wait?head={}", pc.cursor);
    std::thread::spawn(move || {
        let news: News = line.gets(&path, &token).unwrap();
        (news.head, Instant::now())
    })
}

#[test]
fn who_is_not_concerned_waits_on_while_others_are_told() {
    let (server, mut first, official) = office();
    let listening = Listening::of(&server);
    let line = listening.line();
    let tokens = [(&first, LAN), (&official, AN)].map(|(pc, who)| line.session(pc, who));
    let [clerks, his] = tokens;
    let clerk = waits(line, &first, clerks);
    let he = waits(line, &official, his);
    while server.ledger.heads.listeners(ORG) < 2 {
        std::thread::yield_now();
    }
    first.claims(LAN, arrival(3), first.claim(3));
    first.exchanges(&server, LAN);
    let (head, _) = clerk.join().unwrap();
    assert_eq!(head, first.cursor);
    assert!(!he.is_finished(), "he may not see it");
    let registered = Instant::now();
    first.does(LAN, directs());
    first.exchanges(&server, LAN);
    let (head, told) = he.join().unwrap();
    assert_eq!(head, first.cursor);
    assert!(told > registered);
}
