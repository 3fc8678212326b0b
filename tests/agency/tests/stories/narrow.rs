//! Two agencies, and a line of 64 kbit/s: who decides does not wait for an annex, and what is
//! urgent overtakes all that is under way.
use std::time::{Duration, Instant};

use agency::{PIN, Pc, Proxy, Town};
use serde_json::{Value, json};

use crate::files::scan;
use crate::parcels::{card, gets_its_number, issues, parcel, takes_in};

/// 64 kbit/s.
const NARROW: u64 = 8_000;
/// The annex: it takes over six minutes there.
const ANNEX: usize = 3_000_000;
/// A part that was begun goes to its end, and takes half a minute.
const WAIT: Duration = Duration::from_secs(120);

struct Province {
    _town: Town,
    far: Proxy,
    sender: Pc,
    clerk: Pc,
    leader: Pc,
}

/// A sender, and an agency: its clerk sits at the server, its leader at the end of a narrow line.
fn province() -> Province {
    let town = Town::open();
    let far = Proxy::to(town.at(), 9);
    let (sender, clerk, leader) = (Pc::new(), Pc::new(), Pc::new());
    sender.founds();
    sender.comes_to(&town);
    clerk.founds_as("UBND xã Bình An", "H50.99.02");
    clerk.comes_to(&town);
    let chief = clerk.officer("Lê Quang Thạch");
    let shown = clerk.ask("admin.code", json!({ "officer": chief }));
    let form = json!({
        "address": far.address(), "code": shown["code"], "server_key": shown["server_key"],
        "pc_name": "CT-01", "pin": PIN,
    });
    leader.ask("setup.enrol", form);
    leader.meets();
    sender.meets();
    Province { _town: town, far, sender, clerk, leader }
}

fn comes_to_be(pcs: &[&Pc], what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < WAIT, "it does not come to be: {what}");
        for pc in pcs {
            pc.meets();
        }
    }
}

/// A document with its number and these files; what the desk calls it.
pub fn numbered(pc: &Pc, subject: &str, urgency: &str, files: &[Value]) -> String {
    let form = json!({
        "kind": "cong-van", "subject": subject, "signer": "Lê Quang Thạch", "urgency": urgency,
        "signer_position": "CHỦ TỊCH", "pages": "1", "attachments": files,
        "recipients": [{ "name": "UBND xã Bình An", "code": "H50.99.02" }],
    });
    let id = pc.ask("outgoing.draft", form)["id"].as_str().unwrap().to_owned();
    gets_its_number(pc, &id);
    id
}

fn blob(file: &Value) -> &str {
    file["blob"].as_str().unwrap()
}

/// Their clerk takes in what came and lays it before the leader.
fn lays_before_the_leader(province: &Province) -> String {
    let Province { sender, clerk, .. } = province;
    comes_to_be(&[sender, clerk], "it has arrived", || card(clerk).is_some());
    let came = card(clerk).unwrap();
    let id = takes_in(clerk, &came)["id"].as_str().unwrap().to_owned();
    let to = format!("u:{}", clerk.officer("Lê Quang Thạch"));
    clerk.ask("incoming.submit", json!({ "id": id, "to": to, "proposal": "Kính trình" }));
    clerk.meets();
    id
}

#[test]
fn a_leader_decides_while_the_annex_is_coming_and_an_express_letter_overtakes_it() {
    let province = province();
    let Province { far, sender, clerk, leader, .. } = &province;
    let [text, annex] = [scan(31, 20_000), scan(32, ANNEX)];
    let files = [sender.stores("cong-van.pdf", &text), sender.stores("phu-luc.pdf", &annex)];
    let sent = numbered(sender, "Rà soát hộ tịch quý IV", "normal", &files);
    issues(sender, &sent, "binh an");
    far.is_narrow(NARROW);
    let id = lays_before_the_leader(&province);

    comes_to_be(&[leader], "he can read the letter", || leader.has_file(blob(&files[0])));
    let began = far.bytes().1;
    comes_to_be(&[leader], "the annex is coming", || far.bytes().1 > began + 100_000);
    let led_by = format!("u:{}", leader.officer("Trần Thị Mai"));
    let assign = json!({ "lead": led_by, "co": [], "deadline": "", "content": "" });
    let form = json!({
        "ids": [id], "text": "Đồng chí Mai xử lý", "assign": assign, "information": [],
    });
    leader.ask("incoming.direct", form);
    comes_to_be(&[leader, clerk, sender], "the sender sees that it was assigned", || {
        parcel(sender, &sent)["assigned_at"].is_number()
    });
    assert!(!leader.has_file(blob(&files[1])), "the annex was there before he decided");

    let urgent = [sender.stores("hoa-toc.pdf", &scan(33, 20_000))];
    let express = numbered(sender, "Di dời dân trước bão", "express", &urgent);
    issues(sender, &express, "binh an");
    lays_before_the_leader(&province);
    comes_to_be(&[leader], "he can read the express letter", || leader.has_file(blob(&urgent[0])));
    assert!(!leader.has_file(blob(&files[1])), "the annex came first");
}

#[test]
fn an_express_letter_leaves_before_the_annex_of_another_and_arrives_while_that_goes_up() {
    let town = Town::open();
    let far = Proxy::to(town.at(), 10);
    let (sender, recipient) = (Pc::new(), Pc::new());
    recipient.founds_as("UBND xã Bình An", "H50.99.02");
    recipient.comes_to(&town);
    sender.founds();
    let form = json!({
        "address": far.address(), "code": town.adoption_code(), "server_key": town.key(),
        "pc_name": "VT-01",
    });
    sender.ask("line.adopt", form);
    sender.meets();
    far.is_narrow(NARROW);

    let large = [sender.stores("phu-luc.pdf", &scan(34, ANNEX))];
    let began = far.bytes().0;
    let slow = numbered(&sender, "Báo cáo năm", "normal", &large);
    issues(&sender, &slow, "binh an");
    comes_to_be(&[&sender], "its file goes up", || far.bytes().0 > began + 100_000);
    let small = [sender.stores("hoa-toc.pdf", &scan(35, 20_000))];
    let express = numbered(&sender, "Di dời dân trước bão", "express", &small);
    issues(&sender, &express, "binh an");
    comes_to_be(&[&sender, &recipient], "the express letter has arrived", || {
        card(&recipient).is_some()
    });
    assert_eq!(card(&recipient).unwrap()["fields"]["subject"], "Di dời dân trước bão");
    comes_to_be(&[&sender, &recipient], "its receipt is back", || {
        parcel(&sender, &express)["arrived_at"].is_number()
    });
    assert_eq!(parcel(&sender, &slow)["standing"], "sent", "it waits for its file");
}
