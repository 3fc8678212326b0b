//! Two agencies of one server, at their desks: sent, taken in, followed, called back.
use std::fs;
use std::time::{Duration, Instant};

use agency::{Pc, Town};
use contract::Failure;
use serde_json::{Value, json};

/// How long something may take on its way between two agencies on loopback.
const WAIT: Duration = Duration::from_secs(60);

pub fn page(bytes: usize) -> Vec<u8> {
    let mut page = b"%PDF-1.4\n%page\n".to_vec();
    page.extend((0..bytes).map(|at| (at * 31 % 251) as u8));
    page.extend(b"\n%%EOF\n");
    page
}

struct Two {
    town: Town,
    ours: Pc,
    theirs: Pc,
}

fn two_agencies() -> Two {
    let town = Town::open();
    let (ours, theirs) = (Pc::new(), Pc::new());
    ours.founds();
    ours.comes_to(&town);
    theirs.founds_as("UBND xã Bình An", "H50.99.02");
    theirs.comes_to(&town);
    ours.meets();
    Two { town, ours, theirs }
}

/// A document with its number and a scan; its id and its file.
pub fn numbered(pc: &Pc, subject: &str) -> (String, Value) {
    let file = pc.stores("cong-van.pdf", &page(40_000));
    let form = json!({
        "kind": "cong-van", "subject": subject, "signer": "Lê Quang Thạch",
        "signer_position": "CHỦ TỊCH", "pages": "1", "attachments": [file],
        "recipients": [{ "name": "UBND xã Bình An", "code": "H50.99.02" }],
    });
    let id = pc.ask("outgoing.draft", form)["id"].as_str().unwrap().to_owned();
    gets_its_number(pc, &id);
    (id, file)
}

pub fn gets_its_number(pc: &Pc, id: &str) {
    let symbol = pc.ask("outgoing.symbol", json!({ "id": id, "date": "" }));
    let form = json!({
        "id": id, "book": symbol["book"], "on": "", "symbol": symbol["symbol"],
        "signed_on_paper": true, "paper_number": null,
    });
    pc.ask("outgoing.register", form);
}

pub fn issues(pc: &Pc, id: &str, to: &str) {
    let found = pc.ask("agencies.find", json!({ "text": to }));
    let agency = &found["agencies"][0];
    assert_eq!(agency["on_exchange"], true, "{found}");
    let to = json!({
        "agency": agency["agency"], "name": agency["name"], "code": agency["code"],
        "purpose": "để thực hiện", "due": "",
    });
    pc.ask("parcels.issue", json!({ "id": id, "on": "", "to": [to] }));
}

pub fn parcel(pc: &Pc, id: &str) -> Value {
    pc.ask("parcels", json!({ "id": id }))["rows"][0].clone()
}

/// Both meet the server until it is so.
fn comes_to_be(two: &Two, what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < WAIT, "it does not come to be: {what}");
        two.ours.meets();
        two.theirs.meets();
    }
}

pub fn card(pc: &Pc) -> Option<Value> {
    let tray = pc.ask("tray", json!({}));
    let cards = tray["cards"].as_array().unwrap().clone();
    cards.into_iter().find(|card| card["source"] == "exchange")
}

pub fn takes_in(pc: &Pc, card: &Value) -> Value {
    try_takes_in(pc, card).unwrap_or_else(|failure| panic!("{failure:?}"))
}

pub fn try_takes_in(pc: &Pc, card: &Value) -> Result<Value, Failure> {
    let today = pc.ask("session", json!({}))["today"].clone();
    pc.try_ask(
        "incoming.register",
        json!({
            "book": pc.arrivals()["id"], "arrived_on": today, "fields": card["fields"],
            "attachments": card["attachments"], "secret": false, "twin_reason": null,
            "submit_to": null, "card": card["id"],
        }),
    )
}

#[test]
fn what_one_agency_sends_stands_in_the_tray_of_the_other_with_every_field_and_its_receipts_return()
{
    let two = two_agencies();
    let (id, file) = numbered(&two.ours, "Rà soát hộ tịch quý IV");
    let meant = two.ours.ask("agencies.meant", json!({ "id": id }));
    assert_eq!(meant["agencies"][0]["name"], "UBND xã Bình An", "{meant}");
    assert_eq!(meant["on_paper"], json!([]), "{meant}");
    issues(&two.ours, &id, "binh an");
    assert_eq!(parcel(&two.ours, &id)["standing"], "sent");
    let meant = two.ours.ask("agencies.meant", json!({ "id": id }));
    assert_eq!(meant["agencies"], json!([]), "it was sent there");
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    let came = card(&two.theirs).unwrap();
    let fields = &came["fields"];
    let read = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(read("subject"), "Rà soát hộ tịch quý IV");
    assert_eq!((read("number"), read("issuer")), ("01".into(), "UBND xã An Hiếu".into()));
    assert_eq!((read("kind"), read("signer")), ("cong-van".into(), "Lê Quang Thạch".into()));
    assert_eq!(came["arrival"]["purpose"], "để thực hiện");
    let blob = file["blob"].as_str().unwrap();
    comes_to_be(&two, "its file is here", || two.theirs.has_file(blob));
    assert_eq!(two.theirs.file(blob).unwrap(), page(40_000));
    comes_to_be(&two, "the sender sees that it was fetched", || {
        parcel(&two.ours, &id)["fetched_at"].is_number()
    });
    assert_eq!(parcel(&two.ours, &id)["standing"], "arrived");

    takes_in(&two.theirs, &came);
    assert!(card(&two.theirs).is_none(), "it stands in the book now");
    comes_to_be(&two, "it was accepted", || parcel(&two.ours, &id)["standing"] == "accepted");
    let row = parcel(&two.ours, &id);
    assert_eq!((&row["number"], &row["answered_by"]), (&json!("01"), &json!("Phan Thị Mỹ Lệ")));
    proves(&two.ours, &row);
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}

/// What the sender can show to somebody who has nothing of this program's register.
fn proves(sender: &Pc, row: &Value) {
    let written = sender.ask("parcels.evidence", json!({ "id": row["id"] }));
    let bytes = fs::read(written["path"].as_str().unwrap()).unwrap();
    let proven = sync::evidence::check(&bytes).unwrap();
    assert_eq!(proven.subject, "Rà soát hộ tịch quý IV");
    assert_eq!(proven.receipts.len(), written["receipts"].as_u64().unwrap() as usize);
    assert!(!proven.receipts.is_empty(), "{written}");
    let mut tampered = bytes;
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    assert!(sync::evidence::check(&tampered).is_err());
}

#[test]
fn what_comes_is_told_at_once_though_nobody_asks() {
    let two = two_agencies();
    let (id, _) = numbered(&two.ours, "Tự về");
    issues(&two.ours, &id, "Bình An");
    let began = Instant::now();
    let comes_by_itself = |what: &str, so: &dyn Fn() -> bool| {
        while !so() {
            assert!(began.elapsed() < Duration::from_secs(20), "it does not come: {what}");
            std::thread::yield_now();
        }
    };
    comes_by_itself("the card", &|| card(&two.theirs).is_some());
    comes_by_itself("that it was fetched", &|| parcel(&two.ours, &id)["fetched_at"].is_number());
    takes_in(&two.theirs, &card(&two.theirs).unwrap());
    comes_by_itself("its number there", &|| parcel(&two.ours, &id)["standing"] == "accepted");
}

#[test]
fn a_document_called_back_while_the_other_took_it_in_without_a_line_is_given_back_by_a_person() {
    let mut two = two_agencies();
    let (id, _) = numbered(&two.ours, "Mời họp nhầm ngày");
    issues(&two.ours, &id, "Bình An");
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    let came = card(&two.theirs).unwrap();
    // The line of the other office is gone: it takes the letter in, and does not know.
    two.town.goes_down();
    takes_in(&two.theirs, &came);
    two.town.comes_back();
    let recall = json!({ "id": id, "reason": "Sai ngày họp", "replaced_by": null });
    two.ours.ask("parcels.recall", recall);
    comes_to_be(&two, "a person there is asked", || {
        card(&two.theirs).is_some_and(|card| card["state"] == "recall")
            && parcel(&two.ours, &id)["standing"] == "recall_asked"
    });
    let asked = card(&two.theirs).unwrap();
    let arrival = &asked["arrival"];
    assert_eq!(arrival["recall"]["reason"], "Sai ngày họp");
    let answer = json!({ "id": arrival["id"], "agree": true, "reason": "" });
    two.theirs.ask("arrivals.answer_recall", answer);
    comes_to_be(&two, "it is given back", || parcel(&two.ours, &id)["standing"] == "recalled");
    let document = two.theirs.ask("document", json!({ "id": arrival["document"], "seen": false }));
    assert_eq!(document["recalled"], "Sai ngày họp");
    assert_eq!(document["row"]["number"], "01", "number and line stay");
    assert_eq!(document["attachments"], json!([]));
    let ours = two.ours.ask("document", json!({ "id": id, "seen": false }));
    assert_eq!(ours["recalled"], "Sai ngày họp");
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}

/// A document drafted in the place of another, with its number, sent to the same agency.
fn replaces(pc: &Pc, wrong: &str, subject: &str) -> String {
    let mut form = pc.ask("outgoing.replacement", json!({ "id": wrong }));
    assert_eq!(form["recipients"][0]["code"], "H50.99.02", "{form}");
    assert_eq!((&form["attachments"], &form["replaces"]), (&json!([]), &json!(wrong)));
    form["subject"] = json!(subject);
    form["attachments"] = json!([pc.stores("thay-the.pdf", &page(20_000))]);
    let id = pc.ask("outgoing.draft", form)["id"].as_str().unwrap().to_owned();
    gets_its_number(pc, &id);
    id
}

#[test]
fn what_replaces_a_document_says_so_at_its_sender_and_its_recipient_and_leads_to_it() {
    let mut two = two_agencies();
    two.town.goes_down();
    let (wrong, _) = numbered(&two.ours, "Mời họp nhầm ngày");
    let refused = two.ours.try_ask("outgoing.replacement", json!({ "id": wrong })).unwrap_err();
    assert!(refused.what.contains("chưa phát hành"), "nobody has it yet: {refused:?}");
    issues(&two.ours, &wrong, "Bình An");
    let row = parcel(&two.ours, &wrong);
    assert_eq!((&row["reach"], &row["files_left"]), (&json!("here"), &json!(1)), "{row}");
    two.town.comes_back();
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    takes_in(&two.theirs, &card(&two.theirs).unwrap());
    comes_to_be(&two, "it was accepted", || parcel(&two.ours, &wrong)["standing"] == "accepted");
    assert_eq!(parcel(&two.ours, &wrong)["files_left"], 0);

    let right = replaces(&two.ours, &wrong, "Mời họp đúng ngày");
    let meant = two.ours.ask("agencies.meant", json!({ "id": right }));
    assert_eq!(meant["agencies"][0]["name"], "UBND xã Bình An", "{meant}");
    issues(&two.ours, &right, "Bình An");
    comes_to_be(&two, "what replaces it has arrived", || card(&two.theirs).is_some());
    let came = card(&two.theirs).unwrap();
    let replaced = &came["arrival"]["replaces"];
    assert_eq!(replaced["subject"], "Mời họp nhầm ngày", "{came}");
    assert!(replaced["reference"].as_str().unwrap().starts_with("01/"), "{replaced}");

    // The old one knows what came in its place, first as a card, then as a document.
    let old = json!({ "id": replaced["document"], "seen": false });
    let by = two.theirs.ask("document", old.clone())["replaced_by"][0].clone();
    assert_eq!((&by["card"], &by["document"]), (&came["id"], &json!(null)));
    takes_in(&two.theirs, &came);
    let by = two.theirs.ask("document", old)["replaced_by"][0].clone();
    let new = two.theirs.ask("document", json!({ "id": by["document"], "seen": false }));
    assert_eq!(new["row"]["subject"], "Mời họp đúng ngày");
    assert_eq!(new["replaces"]["document"], replaced["document"]);

    // Then the wrong one is called back, and its recall names the right one.
    let recall = json!({ "id": wrong, "reason": "Sai ngày họp", "replaced_by": right });
    two.ours.ask("parcels.recall", recall);
    comes_to_be(&two, "a person there is asked", || card(&two.theirs).is_some());
    let asked = card(&two.theirs).unwrap();
    let named = &asked["arrival"]["recall"]["replaced_by"];
    assert_eq!(named["document"], by["document"], "{asked}");
    let row = parcel(&two.ours, &wrong);
    assert_eq!(row["recall"]["replaced_by"]["document"], json!(right), "{row}");
    let ours = two.ours.ask("document", json!({ "id": wrong, "seen": false }));
    assert_eq!(ours["replaced_by"][0]["document"], json!(right), "{ours}");
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}

#[test]
fn a_group_of_recipients_is_kept_for_every_clerk_of_the_agency() {
    let two = two_agencies();
    let found = two.ours.ask("agencies.find", json!({ "text": "Bình An" }));
    let theirs = found["agencies"][0]["agency"].clone();
    let nowhere = "ab".repeat(16);
    let form = json!({ "name": "Xã bạn", "agencies": [theirs, nowhere] });
    two.ours.ask("agencies.group", form);
    let other = two.ours.lets_in("Phan Thị Mỹ Lệ", "VT-02");
    let groups = |pc: &Pc, text: &str, document: Option<&str>| {
        pc.ask("agencies.find", json!({ "text": text, "document": document }))["groups"].clone()
    };
    comes_to_be(&two, "the other PC of the clerk has it", || {
        other.meets();
        groups(&other, "xa ban", None)[0]["name"] == "Xã bạn"
    });
    let group = groups(&other, "", None)[0].clone();
    assert_eq!(group["members"][0]["name"], "UBND xã Bình An", "{group}");
    assert_eq!((&group["members"][0]["takes"], &group["unknown"]), (&json!(true), &json!(1)));
    assert_eq!(groups(&other, "sở", None), json!([]));

    // Who got the last document of the kind stands before the groups.
    let (first, _) = numbered(&two.ours, "Mời họp tháng mười");
    assert_eq!(groups(&two.ours, "", Some(&first)).as_array().unwrap().len(), 1);
    issues(&two.ours, &first, "Bình An");
    let (second, _) = numbered(&two.ours, "Mời họp tháng mười một");
    let offered = groups(&two.ours, "", Some(&second));
    assert_eq!((&offered[0]["last"], &offered[1]["name"]), (&json!(true), &json!("Xã bạn")));
    assert_eq!(offered[0]["members"][0]["agency"], theirs, "{offered}");

    two.ours.ask("agencies.group", json!({ "name": "xã bạn", "agencies": [] }));
    assert_eq!(groups(&two.ours, "", None), json!([]));
}

#[test]
fn what_is_not_for_us_goes_back_with_the_reason() {
    let two = two_agencies();
    let (id, _) = numbered(&two.ours, "Gửi nhầm nơi");
    issues(&two.ours, &id, "Bình An");
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    let came = card(&two.theirs).unwrap();
    let reason = "Đề nghị gửi UBND xã Bình Trung";
    let form = json!({ "id": came["arrival"]["id"], "reason": reason, "misaddressed": true });
    two.theirs.ask("arrivals.refuse", form);
    assert!(card(&two.theirs).is_none());
    comes_to_be(&two, "it was sent back", || parcel(&two.ours, &id)["standing"] == "refused");
    let row = parcel(&two.ours, &id);
    assert_eq!((&row["refused"], &row["misaddressed"]), (&json!(reason), &json!(true)));
}

#[test]
fn a_server_that_is_set_back_hears_again_what_went_between_agencies_and_nothing_goes_twice() {
    let mut two = two_agencies();
    let copy = two.town.backed_up();
    let (id, file) = numbered(&two.ours, "Trước khi máy chủ hỏng");
    issues(&two.ours, &id, "Bình An");
    comes_to_be(&two, "it has arrived", || card(&two.theirs).is_some());
    let blob = file["blob"].as_str().unwrap();
    comes_to_be(&two, "its file is here", || two.theirs.has_file(blob));
    takes_in(&two.theirs, &card(&two.theirs).unwrap());
    comes_to_be(&two, "it was accepted", || parcel(&two.ours, &id)["standing"] == "accepted");
    two.town.is_set_back(&copy);
    for _ in 0..4 {
        two.ours.meets();
        two.theirs.meets();
    }
    comes_to_be(&two, "both know it again", || {
        let row = parcel(&two.ours, &id);
        row["standing"] == "accepted" && row["number"] == "01" && row["reach"] == "server"
    });
    assert!(card(&two.theirs).is_none(), "it stands in the book, and waits for nobody");
    assert_eq!(two.theirs.incoming().len(), 1);
    for pc in [&two.ours, &two.theirs] {
        assert_eq!(pc.ask("verify", json!({}))["findings"], json!([]));
    }
}
