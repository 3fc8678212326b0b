//! Two agencies, each at a server of its own, at their desks: sent, down for a while, set back.
use std::time::{Duration, Instant};

use agency::{Pc, Town};
use serde_json::{Value, json};

use crate::parcels::{card, issues, numbered, page, parcel, takes_in};

/// How long something may take on its way between two servers on loopback, one of which was down.
const WAIT: Duration = Duration::from_secs(120);

struct Two {
    near: Town,
    far: Town,
    ours: Pc,
    theirs: Pc,
}

fn two_servers() -> Two {
    let (near, far, ours, theirs) = (Town::open(), Town::beside(), Pc::new(), Pc::new());
    ours.founds();
    ours.comes_to(&near);
    theirs.founds_as("UBND xã Bình An", "H50.99.02");
    theirs.comes_to(&far);
    near.knows(&far, "Tỉnh bên");
    far.knows(&near, "Tỉnh ta");
    let two = Two { near, far, ours, theirs };
    comes_to_be(&two, "the desk finds the agency of the other server", || {
        let found = two.ours.ask("agencies.find", json!({ "text": "binh an" }));
        found["agencies"][0]["on_exchange"] == true
    });
    two
}

/// Both meet their servers until it is so.
fn comes_to_be(two: &Two, what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < WAIT, "it does not come to be: {what}");
        let (_, _) = (two.ours.meets(), two.theirs.try_ask("line.meet", json!({})));
    }
}

fn standing(two: &Two, id: &str) -> Value {
    parcel(&two.ours, id)["standing"].clone()
}

#[test]
fn what_is_sent_to_another_server_waits_while_it_is_down_and_its_receipts_return() {
    let mut two = two_servers();
    two.far.goes_down();
    let (id, file) = numbered(&two.ours, "Gửi sang tỉnh bên");
    issues(&two.ours, &id, "binh an");
    comes_to_be(&two, "it waits for the other server", || two.near.waits() == 1);
    assert_eq!(standing(&two, &id), "sent");
    two.far.comes_back();
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    let blob = file["blob"].as_str().unwrap();
    comes_to_be(&two, "its file is here", || two.theirs.has_file(blob));
    assert_eq!(two.theirs.file(blob).unwrap(), page(40_000));
    comes_to_be(&two, "the sender sees that it has", || standing(&two, &id) == "arrived");
    takes_in(&two.theirs, &card(&two.theirs).unwrap());
    comes_to_be(&two, "it was accepted", || standing(&two, &id) == "accepted");
    assert_eq!(parcel(&two.ours, &id)["number"], "01");
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}

#[test]
fn a_server_that_was_set_back_is_told_again_what_it_forgot_and_nothing_comes_twice() {
    let mut two = two_servers();
    let copy = two.far.backed_up();
    let (first, _) = numbered(&two.ours, "Đã vào sổ trước khi máy chủ hỏng");
    issues(&two.ours, &first, "binh an");
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    takes_in(&two.theirs, &card(&two.theirs).unwrap());
    comes_to_be(&two, "it was accepted", || standing(&two, &first) == "accepted");
    // No PC of the other agency has seen this one when its server burns.
    let (second, _) = numbered(&two.ours, "Chưa ai bên ấy thấy");
    issues(&two.ours, &second, "binh an");
    let began = Instant::now();
    while standing(&two, &second) != "arrived" {
        assert!(began.elapsed() < WAIT, "it does not arrive");
        two.ours.meets();
    }
    two.far.is_set_back(&copy);
    comes_to_be(&two, "what nobody had seen comes again", || {
        card(&two.theirs).is_some_and(|card| card["fields"]["subject"] == "Chưa ai bên ấy thấy")
    });
    comes_to_be(&two, "nothing waits any more", || two.near.waits() + two.far.waits() == 0);
    comes_to_be(&two, "both know the first again", || {
        let row = parcel(&two.ours, &first);
        row["standing"] == "accepted" && row["number"] == "01" && row["reach"] == "server"
    });
    assert_eq!(two.theirs.incoming().len(), 1, "it stands in the book once");
    let cards = two.theirs.ask("tray", json!({}))["cards"].as_array().unwrap().clone();
    assert_eq!(cards.iter().filter(|card| card["source"] == "exchange").count(), 1, "{cards:?}");
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}

#[test]
fn a_recall_that_a_set_back_server_forgot_comes_back_with_its_parcel_whoever_brings_it() {
    let mut two = two_servers();
    let head = two.ours.lets_in("Hồ Văn Thìn", "VP-01");
    two.far.goes_down();
    let copy = two.near.backed_up();
    let (id, _) = numbered(&two.ours, "Gửi rồi thu hồi");
    issues(&two.ours, &id, "binh an");
    let recall = json!({ "id": id, "reason": "Sai thể thức", "replaced_by": null });
    two.ours.ask("parcels.recall", recall);
    let began = Instant::now();
    while two.ours.meets()["files_up"] != 0 || parcel(&head, &id)["standing"] != "recall_asked" {
        assert!(began.elapsed() < WAIT, "the office head does not see it");
        head.meets();
    }
    two.near.is_set_back(&copy);
    // His PC has the parcel as it was last, and brings it before the clerk's has told how it came
    // to that.
    head.meets();
    two.far.comes_back();
    comes_to_be(&two, "it is given back", || standing(&two, &id) == "recalled");
    assert_eq!(two.theirs.incoming().len(), 0);
    assert!(card(&two.theirs).is_none_or(|card| card["state"] == "recalled"));
}
