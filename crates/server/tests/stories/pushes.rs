//! Commands up: once each, in their order, whatever the line does.
use register::{Act, Command, Key, Refusal, State};
use sync::wire::{Head, Hex, Pushed, Stuck, StuckWhy, SyncAsked, Totals, Trouble};

use crate::cast::{AN, ARRIVALS, LAN, MAI, Pc, Server, TU, arrival, doc, now, trouble, words};

#[test]
fn an_answer_that_was_lost_is_given_again_and_nothing_happens_twice() {
    let server = Server::new();
    let mut pc = server.adopted();
    pc.claims(LAN, arrival(3), pc.claim(3));
    pc.claims(LAN, arrival(4), pc.claim(4));
    let lost = server.calls(&pc, LAN, &pc.asks());
    let again = server.calls(&pc, LAN, &pc.asks());
    assert_eq!(lost.acks, again.acks);
    assert_eq!(lost.head, again.head, "no second entry");
    assert_eq!(words(&again.acks), ["ok", "ok"]);
    assert_eq!(again.acks[1].stamp.no, Some(4));
}

#[test]
fn a_gap_stops_its_own_pc_only() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut second = server.enrols(&first, 2, MAI);
    second.exchanges(&server, MAI);
    second.does(MAI, arrival(11));
    second.does(MAI, arrival(12));
    first.claims(LAN, arrival(3), first.claim(3));
    let carried = second.unsent.split_off(1);
    let asked = SyncAsked { relay: carried.clone(), ..first.asks() };
    let answer = server.calls(&first, LAN, &asked);
    assert_eq!(answer.acks.len(), 1, "what was carried waits for what is missing");
    assert_eq!(answer.acks[0].dev, first.dev);
    second.exchanges(&server, MAI);
    let answer = server.calls(&first, LAN, &asked);
    assert_eq!(answer.acks.iter().map(|ack| ack.n).collect::<Vec<_>>(), [2, 6]);
    let own = second.command(MAI, arrival(13));
    second.unsent = vec![second.signs(&Command { n: 9, ..own })];
    let answer = server.calls(&second, MAI, &second.asks());
    assert!(answer.acks.is_empty(), "a gap in one's own is no fault, and no ack");
}

#[test]
fn a_cloned_disk_is_told() {
    let server = Server::new();
    let mut pc = server.adopted();
    let mut clone = crate::cast::Pc { n: pc.n, ..crate::cast::Pc::new(0xD1) };
    clone.cursor = pc.cursor;
    pc.claims(LAN, arrival(3), pc.claim(3));
    pc.exchanges(&server, LAN);
    clone.does(LAN, arrival(4));
    let told = trouble(server.tries(&clone, LAN, &clone.asks()));
    assert_eq!(told, Trouble::DeviceFork { n: 6 });
}

#[test]
fn a_number_given_under_an_old_lease_is_recorded_and_shown() {
    let server = Server::new();
    let mut pc = server.adopted();
    let old = pc.claim(3);
    pc.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: pc.epoch() });
    pc.exchanges(&server, LAN);
    pc.claims(LAN, arrival(3), old);
    let acks = pc.exchanges(&server, LAN);
    assert_eq!(words(&acks), ["held"]);
    assert!(matches!(acks[0].stamp.outcome.why(), Some(Refusal::NotHolder { .. })));
    let Some(State::Incoming(document)) = pc.states.get(&Key::Incoming(doc(3))) else {
        panic!("the document is there")
    };
    assert_eq!(document.number, None);
    assert_eq!(document.held.first().map(|held| held.number), Some(3));
}

#[test]
fn a_book_given_back_numbers_those_that_waited_and_the_server_numbers_from_then_on() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut second = server.enrols(&first, 2, MAI);
    second.exchanges(&server, MAI);
    for n in 11..=13 {
        second.does(MAI, arrival(n));
    }
    let acks = second.exchanges(&server, MAI);
    assert_eq!(acks[0].stamp.no, None, "Lan's PC gives the numbers");
    first.does(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: first.epoch() });
    first.exchanges(&server, LAN);
    second.exchanges(&server, MAI);
    assert_eq!([11, 12, 13].map(|n| second.number(n)), [Some(3), Some(4), Some(5)]);
    second.does(MAI, arrival(14));
    let acks = second.exchanges(&server, MAI);
    assert_eq!(acks[0].stamp.no, Some(6));
    first.exchanges(&server, LAN);
    assert_eq!(first.states, second.states);
}

#[test]
fn what_no_key_of_the_actor_signed_never_reaches_the_log() {
    let server = Server::new();
    let mut pc = server.adopted();
    let before = server.calls(&pc, LAN, &pc.asks()).head;
    let command = pc.command(LAN, Act::ReleaseLease { book: ARRIVALS, epoch: 1 });
    let envelope = sync::sign(sync::encode(&command).unwrap(), &pc.key(TU));
    pc.unsent = vec![sync::wire::Pushed::of(&envelope).unwrap()];
    let stuck = |pc: &Pc| server.calls(pc, LAN, &pc.asks()).stuck.unwrap();
    assert_eq!(stuck(&pc), Stuck { at: 0, n: 6, why: StuckWhy::BadSignature });
    let other = Command { org: register::AgencyId([1; 16]), ..command.clone() };
    pc.unsent = vec![pc.signs(&other)];
    assert_eq!(stuck(&pc).why, StuckWhy::OtherAgency);
    let other = Command { dev: register::DeviceId([1; 16]), ..command.clone() };
    pc.unsent = vec![pc.signs(&other)];
    assert_eq!(stuck(&pc).why, StuckWhy::OtherPc);
    pc.unsent[0].raw = "{}".into();
    assert_eq!(stuck(&pc), Stuck { at: 0, n: 6, why: StuckWhy::Unreadable });
    pc.unsent[0].raw = " ".repeat(register::COMMAND_BYTES_MAX + 1);
    assert_eq!(stuck(&pc).why, StuckWhy::TooLarge);
    let carried = SyncAsked { push: Vec::new(), relay: pc.unsent.clone(), ..pc.asks() };
    assert_eq!(server.calls(&pc, LAN, &carried).head, before, "a bad bundle stops nobody");
}

#[test]
fn a_command_under_a_name_that_is_taken_is_not_taken_in() {
    let server = Server::new();
    let mut pc = server.adopted();
    let command = pc.command(LAN, arrival(3));
    let mut id = [0xD1; 16];
    id[8..].copy_from_slice(&1u64.to_be_bytes());
    let twin = Command { id: register::CommandId(id), ..command };
    pc.unsent = vec![pc.signs(&twin)];
    let answer = server.calls(&pc, LAN, &pc.asks());
    assert_eq!(answer.stuck, Some(Stuck { at: 0, n: 6, why: StuckWhy::Twin }));
    assert_eq!((answer.acks, answer.last_n), (Vec::new(), 5));
}

#[test]
fn before_a_command_that_is_stuck_all_is_taken_and_what_is_new_is_read_all_the_same() {
    let server = Server::new();
    let mut pc = server.adopted();
    let mut second = server.enrols(&pc, 2, MAI);
    second.exchanges(&server, MAI);
    second.does(MAI, arrival(11));
    second.exchanges(&server, MAI);
    for n in 3..=5 {
        pc.claims(LAN, arrival(n), pc.claim(n.into()));
    }
    pc.unsent[1].raw.push(' ');
    let answer = server.calls(&pc, LAN, &pc.asks());
    assert_eq!(answer.stuck, Some(Stuck { at: 1, n: 7, why: StuckWhy::BadSignature }));
    assert_eq!((words(&answer.acks), answer.last_n), (vec!["ok"], 6));
    pc.takes(answer);
    assert!(pc.states.contains_key(&Key::Incoming(doc(11))));
    assert!(!pc.states.contains_key(&Key::Incoming(doc(5))), "what follows it was not taken");
}

#[test]
fn a_pc_compares_what_it_holds_with_the_totals_of_the_server() {
    let server = Server::new();
    let pc = server.adopted();
    let asked = SyncAsked { cursor: 0, totals: true, ..pc.asks() };
    let answer = server.calls(&pc, LAN, &asked);
    let mut held = Totals::default();
    for sent in &answer.states {
        let state: State = serde_json::from_str(sent.state.get()).unwrap();
        held.add(state.key(), sent.ver, sent.state.get());
    }
    assert_eq!(answer.totals, Some(held.all()));
    let officers = held.all().into_iter().find(|total| total.tag == 3);
    assert_eq!(officers.map(|total| total.count), Some(4));
    let of_an = server.enrols(&pc, 3, AN);
    let answer = server.calls(&of_an, AN, &SyncAsked { totals: true, ..of_an.asks() });
    let tags: Vec<u8> = answer.totals.unwrap().iter().map(|total| total.tag).collect();
    assert_eq!(tags, [1, 3, 4, 9], "nothing of documents that are not his");
}

#[test]
fn a_log_that_is_not_ours_is_told_before_anything_is_done() {
    let server = Server::new();
    let mut pc = server.adopted();
    pc.claims(LAN, arrival(3), pc.claim(3));
    let other = SyncAsked { last: Some(Head { seq: 2, hash: Hex([0; 32]) }), ..pc.asks() };
    assert_eq!(trouble(server.tries(&pc, LAN, &other)), Trouble::OtherLog { seq: 2 });
    for seq in [900, u64::MAX] {
        let longer = SyncAsked { last: Some(Head { seq, hash: Hex([0; 32]) }), ..pc.asks() };
        assert_eq!(trouble(server.tries(&pc, LAN, &longer)), Trouble::OtherLog { seq });
    }
    let epoch = SyncAsked { epoch: 2, ..pc.asks() };
    let told = trouble(server.tries(&pc, LAN, &epoch));
    assert_eq!(told, Trouble::OtherEpoch { epoch: 1, head0: 0 });
    let too_old = SyncAsked { forms: [7, 8], ..pc.asks() };
    assert!(matches!(trouble(server.tries(&pc, LAN, &too_old)), Trouble::TooOld { .. }));
    let answer = server.calls(&pc, LAN, &pc.asks());
    assert_eq!((answer.acks[0].seq, answer.head.head.seq), (8, 8), "its command was taken");
}

#[test]
fn a_command_whose_cause_was_refused_is_refused_with_it() {
    let server = Server::new();
    let mut pc = server.adopted();
    let refused = pc.command(
        MAI,
        Act::SetBook { book: ARRIVALS, name: "Sổ".into(), kinds: Vec::new(), open: true },
    );
    let refused = Command { actor: LAN, ..refused };
    pc.unsent.push(pc.signs(&refused));
    let after = Command { need: vec![refused.id], ..pc.command(LAN, arrival(5)) };
    pc.unsent.push(pc.signs(&after));
    let acks = pc.exchanges(&server, LAN);
    assert_eq!(acks[0].stamp.outcome.word(), "rejected");
    assert!(matches!(acks[1].stamp.outcome.why(), Some(Refusal::NeedsFailed { .. })));
}

#[test]
fn behind_a_destroyed_pc_nothing_waits_for_what_died_with_it() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut dead = server.enrols(&first, 2, MAI);
    dead.exchanges(&server, MAI);
    dead.does(MAI, arrival(11));
    dead.does(MAI, arrival(12));
    let carried = dead.unsent.split_off(1);
    first.does(TU, Act::RetireDevice { device: dead.dev, reason: "cháy".into() });
    first.exchanges(&server, TU);
    let asked = SyncAsked { relay: carried, ..first.asks() };
    let answer = server.calls(&first, LAN, &asked);
    assert_eq!(answer.acks.iter().map(|ack| ack.n).collect::<Vec<_>>(), [2]);
}

#[test]
fn what_was_skipped_behind_a_destroyed_pc_is_taken_when_another_one_brings_it() {
    let server = Server::new();
    let mut first = server.adopted();
    let mut dead = server.enrols(&first, 2, MAI);
    dead.exchanges(&server, MAI);
    for n in 11..=14 {
        dead.does(MAI, arrival(n));
    }
    let on_the_stick = dead.unsent.split_off(2);
    let handed_over = dead.unsent.clone();
    first.does(TU, Act::RetireDevice { device: dead.dev, reason: "cháy".into() });
    first.exchanges(&server, TU);
    let brings = |relay: &[Pushed]| {
        let answer =
            server.calls(&first, LAN, &SyncAsked { relay: relay.to_vec(), ..first.asks() });
        answer.acks.iter().map(|ack| (ack.n, ack.seq)).collect::<Vec<_>>()
    };
    let head = first.last.map_or(0, |head| head.seq);
    assert_eq!(brings(&on_the_stick), [(3, head + 1), (4, head + 2)]);
    assert_eq!(brings(&handed_over), [(1, head + 3), (2, head + 4)]);
    assert_eq!(brings(&on_the_stick), [(3, head + 1), (4, head + 2)], "nothing is taken twice");
    let found = server::verify(&*server.storage, &server::Identity::of(&crate::cast::SEED));
    assert_eq!(found.unwrap()[0].flaws, []);
}

#[test]
fn a_pc_brings_only_so_much_in_a_day_and_reads_all_the_same() {
    let server = Server::with_commands_a_day(7);
    let mut pc = server.adopted();
    for n in 3..=5 {
        pc.claims(LAN, arrival(n), pc.claim(n.into()));
    }
    let last = pc.unsent.split_off(2);
    let again = pc.asks();
    let answer = server.calls(&pc, LAN, &again);
    assert_eq!(answer.acks.len(), 2);
    pc.takes(answer);
    let same = SyncAsked { push: again.push, ..pc.asks() };
    pc.unsent.clear();
    let told = trouble(server.tries(&pc, LAN, &same));
    // It is noon, and the day ends at midnight.
    assert_eq!(told, Trouble::Busy { seconds: 12 * 3600 });
    assert!(server.tries(&pc, LAN, &pc.asks()).is_ok(), "to read is no command");
    pc.unsent = last;
    let session = server.session(&pc, LAN);
    let tomorrow = register::Moment(now().0 + 12 * 3_600_000);
    let answer = server.ledger.sync(&pc.asks(), &session, tomorrow).unwrap();
    assert_eq!(words(&answer.acks), ["ok"]);
}
