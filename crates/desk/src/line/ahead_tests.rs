//! What is asked ahead is what would be asked after the answer was taken in.
use register::{AgencyId, DeviceId, Moment};
use serde_json::json;
use store::Outbox;
use sync::wire::{Below, Hex, Pushed, SyncAnswer, SyncAsked};

use super::{Heard, asked_next};

fn pushed(n: u8) -> Pushed {
    Pushed { raw: format!("{{\"n\":{n}}}"), sig: Hex([n; 64]), before: None }
}

fn asked(cursor: u64, below: Option<Below>, push: Vec<Pushed>) -> SyncAsked {
    SyncAsked {
        epoch: 1,
        org: AgencyId([1; 16]),
        dev: DeviceId([2; 16]),
        app: "1".to_owned(),
        forms: [1, 1],
        last: None,
        push,
        relay: Vec::new(),
        cursor,
        below,
        max: 1024,
        offer: None,
        totals: false,
    }
}

/// An answer that read up to a place, with answers to so many commands.
fn answer(from: u64, to: u64, more: bool, answers: u64) -> SyncAnswer {
    let hash = "00".repeat(32);
    let head = json!({ "seq": 40, "hash": hash, "sig": "00".repeat(64) });
    let ack = |n: u64| json!({ "dev": "02".repeat(16), "n": n, "seq": 30 + n, "outcome": "ok" });
    let acks: Vec<_> = (1..=answers).map(ack).collect();
    let said = json!({
        "epoch": 1, "head": head, "durable": 0, "now": Moment(0), "acks": acks, "last_n": 0,
        "from": from, "to": to, "more": more, "states": [], "scopes": [], "offer_taken": false,
    });
    serde_json::from_value(said).unwrap()
}

fn heard(asked: SyncAsked, answer: SyncAnswer) -> Heard {
    Heard { asked, answer, states: Vec::new(), took: std::time::Duration::ZERO }
}

fn nothing_waits() -> Outbox {
    Outbox { own: Vec::new(), carried: Vec::new() }
}

#[test]
fn the_next_page_is_asked_for_where_this_one_ends() {
    let next =
        asked_next(&heard(asked(10, None, vec![]), answer(10, 20, true, 0)), nothing_waits());
    let next = next.unwrap();
    assert_eq!((next.cursor, next.below), (20, None));
    assert_eq!(next.last.map(|last| last.seq), Some(40));
    let last =
        asked_next(&heard(asked(20, None, vec![]), answer(20, 40, false, 0)), nothing_waits());
    assert!(last.is_none());
}

#[test]
fn a_first_copy_goes_on_below() {
    let begins = Some(Below { from_head: 0, below: 0 });
    let goes_on = Some(Below { from_head: 40, below: 31 });
    let page = SyncAnswer { below: goes_on, ..answer(0, 0, true, 0) };
    let next = asked_next(&heard(asked(0, begins, vec![]), page), nothing_waits()).unwrap();
    assert_eq!((next.cursor, next.below), (0, goes_on));
}

#[test]
fn what_waits_behind_what_was_answered_goes_up_and_nothing_twice() {
    let first = heard(asked(20, None, vec![pushed(1), pushed(2)]), answer(20, 40, false, 2));
    let waits = Outbox { own: (1..=4).map(pushed).collect(), carried: vec![pushed(9)] };
    let next = asked_next(&first, waits).unwrap();
    let sigs: Vec<u8> = next.push.iter().chain(&next.relay).map(|one| one.sig.0[0]).collect();
    assert_eq!((sigs, next.cursor), (vec![3, 4, 9], 40));
}

#[test]
fn nothing_is_asked_ahead_of_an_answer_that_leaves_something_open() {
    let two = || asked(20, None, vec![pushed(1), pushed(2)]);
    let waits = || Outbox { own: (1..=4).map(pushed).collect(), carried: Vec::new() };
    // One was not answered: what lies behind it has to wait.
    assert!(asked_next(&heard(two(), answer(20, 40, false, 1)), waits()).is_none());
    // The states belong to another place, or to another life of the server.
    assert!(asked_next(&heard(two(), answer(10, 40, true, 2)), waits()).is_none());
    let other = SyncAnswer { epoch: 2, ..answer(20, 40, true, 2) };
    assert!(asked_next(&heard(two(), other), waits()).is_none());
}
