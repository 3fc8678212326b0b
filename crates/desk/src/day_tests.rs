//! A whole day on one PC, told through the contract: found, register, direct, report, accept.
use contract::{Desk as _, answer};
use serde_json::{Value, json};

use crate::{Desk, Start};

pub(crate) fn ask(desk: &Desk, name: &str, args: Value) -> Value {
    match answer(desk, name, &args.to_string()) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(failure) => panic!("{name}: {failure:?}"),
    }
}

fn refused(desk: &Desk, name: &str, args: Value) -> contract::Failure {
    answer(desk, name, &args.to_string()).expect_err(name)
}

pub(crate) fn setup() -> Value {
    let officer = |name: &str, position: &str, unit: &str, roles: Value| -> Value {
        json!({"name": name, "position": position, "unit": unit, "roles": roles, "pin": "123456"})
    };
    json!({
        "agency": {"name": "UBND xã An Hiếu", "abbreviation": "UBND", "code": "H50.99.01",
            "parent": "UBND tỉnh Hiếu Sơn", "place": "An Hiếu",
            "hours": ["07:00", "11:30", "13:30", "17:00"], "deadline_end": "midnight",
            "lock_minutes": 15},
        "kinds": crate::acts::setup_kinds_for_tests(),
        "units": [{"name": "Phòng Kinh tế", "abbreviation": "KT"}],
        "officers": [
            officer("Phan Thị Mỹ Lệ", "Văn thư", "", json!(["clerk", "administrator"])),
            officer("Lê Quang Thạch", "CHỦ TỊCH", "", json!(["leader"])),
            officer("Trương Thị Thuỳ Trang", "Công chức", "Phòng Kinh tế", json!(["official"])),
        ],
        "books": [
            {"name": "Văn bản đến", "direction": "incoming", "kinds": [], "opening": null},
            {"name": "Văn bản đi", "direction": "outgoing", "kinds": [], "opening": null},
        ],
    })
}

pub(crate) fn seat(desk: &Desk, name: &str) {
    let session = ask(desk, "session", json!({}));
    let officers = session["officers"].as_array().unwrap();
    let id = officers.iter().find(|officer| officer["name"] == name).unwrap()["id"].clone();
    ask(desk, "session.unlock", json!({"officer": id, "pin": "123456"}));
}

pub(crate) fn party(desk: &Desk, name: &str) -> String {
    let catalogue = ask(desk, "catalogue", json!({}));
    let officers = catalogue["officers"].as_array().unwrap();
    let found = officers.iter().find(|officer| officer["name"] == name).unwrap();
    format!("u:{}", found["id"].as_str().unwrap())
}

pub(crate) fn book(desk: &Desk, direction: &str) -> String {
    let books = ask(desk, "books", json!({}));
    let all = books["books"].as_array().unwrap();
    let found = all.iter().find(|book| book["direction"] == direction).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn letter(number: &str, subject: &str) -> Value {
    json!({"number": number, "symbol": "UBND-KTN", "issued_on": "17/11/2025",
        "issuer": "UBND tỉnh Hiếu Sơn", "kind": "cong-van", "subject": subject})
}

fn incoming(desk: &Desk, fields: Value) -> Value {
    json!({"book": book(desk, "incoming"), "arrived_on": "", "fields": fields, "attachments": [],
        "card": null, "secret": false, "twin_reason": null, "submit_to": null})
}

#[test]
fn a_document_is_registered_directed_reported_and_accepted_on_one_pc() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::for_test(folder.path());
    assert_eq!(ask(&desk, "session", json!({}))["phase"], "first_run");
    let session = ask(&desk, "setup.found", setup());
    assert_eq!(session["phase"], "open");
    assert!(session["recovery_code"].is_string());

    let registered = incoming(&desk, letter("1842", "Kiểm tra an toàn hồ đập mùa mưa lũ"));
    let done = ask(&desk, "incoming.register", registered.clone());
    assert_eq!(done["said"]["with"], json!(["01"]));
    let document = done["id"].as_str().unwrap().to_owned();
    assert_eq!(refused(&desk, "incoming.register", registered).code, "twin");
    let leader = party(&desk, "Lê Quang Thạch");
    let submit = json!({"id": document, "to": leader, "proposal": "Phòng Kinh tế chủ trì"});
    ask(&desk, "incoming.submit", submit);

    seat(&desk, "Lê Quang Thạch");
    let bench = ask(&desk, "bench", json!({}));
    assert_eq!(bench["sections"][0]["kind"], "awaiting_directive");
    let official = party(&desk, "Trương Thị Thuỳ Trang");
    let directed = json!({"ids": [document], "text": "Chủ trì, báo cáo.", "information": [],
        "assign": {"lead": official, "co": [], "deadline": "3", "content": ""}});
    let wrong = ask(&desk, "incoming.direct", directed.clone());
    ask(&desk, "undo", json!({"token": wrong["undo"]["token"]}));
    ask(&desk, "incoming.direct", directed);

    seat(&desk, "Trương Thị Thuỳ Trang");
    let tasks = ask(&desk, "tasks", json!({"view": "mine"}));
    assert_eq!(tasks["rows"].as_array().unwrap().len(), 1);
    let task = tasks["rows"][0]["id"].as_str().unwrap().to_owned();
    let opened = ask(&desk, "task", json!({"id": task, "seen": true}));
    assert!(opened["actions"].as_array().unwrap().contains(&json!("report")));
    let opened = ask(&desk, "document", json!({"id": document, "seen": true}));
    assert_eq!(opened["row"]["id"], document);
    ask(&desk, "task.progress", json!({"id": task, "percent": 40, "note": "đã rà soát"}));
    let report = json!({"id": task, "text": "Đã kiểm tra 3 hồ.", "files": [], "product": null});
    ask(&desk, "task.report", report);
    let code = refused(&desk, "task.accept", json!({"id": task, "remarks": ""})).code;
    assert_eq!(code, "forbidden");

    seat(&desk, "Lê Quang Thạch");
    ask(&desk, "task.accept", json!({"id": task, "remarks": "Tốt."}));
    let opened = ask(&desk, "document", json!({"id": document, "seen": true}));
    assert_eq!(opened["row"]["state"], "done");
    let history = ask(&desk, "document.history", json!({"id": document}));
    let lines = history["lines"].as_array().unwrap();
    let deeds: Vec<&str> = lines.iter().map(|line| line["deed"].as_str().unwrap()).collect();
    assert!(deeds.contains(&"directive_undone"), "{deeds:?}");
    let found = ask(&desk, "search", json!({"text": "ho dap mua"}));
    assert_eq!(found["documents"].as_array().unwrap().len(), 1);
    let verified = ask(&desk, "verify", json!({}));
    assert_eq!(verified["findings"], json!([]));
}

#[test]
fn bad_input_is_answered_with_a_sentence_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::for_test(folder.path());
    ask(&desk, "setup.found", setup());
    let with = |field: &str, value: &str| {
        let mut fields = letter("45a", "Về việc họp");
        fields[field] = json!(value);
        incoming(&desk, fields)
    };
    let no = refused(&desk, "incoming.register", with("issued_on", "31/02/2025"));
    assert_eq!(no.field.as_deref(), Some("issued_on"));
    let no = refused(&desk, "incoming.register", with("subject", &"ă".repeat(10_000)));
    assert_eq!((no.code.as_str(), no.field.as_deref()), ("too_long", Some("subject")));
    let no = refused(&desk, "incoming.register", with("kind", "khong-co"));
    assert_eq!(no.field.as_deref(), Some("kind"));
    let mut secret = with("note", "");
    secret["secret"] = json!(true);
    assert_eq!(refused(&desk, "incoming.register", secret).code, "secret");
    // NFD, zero-width spaces and a number that is no number: taken, cleaned.
    let typed = with("subject", "Ho\u{0323}p\u{200b} giao ban");
    let done = ask(&desk, "incoming.register", typed);
    let opened = ask(&desk, "document", json!({"id": done["id"], "seen": false}));
    assert_eq!(opened["fields"]["subject"], "Họp giao ban");
    assert_eq!(opened["row"]["reference"], "45a/UBND-KTN");
    let next = ask(&desk, "book.next", json!({"book": book(&desk, "incoming"), "date": ""}));
    assert_eq!(next["number"], 2);
    let path = folder.path().join("trống.pdf");
    std::fs::write(&path, b"").unwrap();
    let dropped = ask(&desk, "files.drop", json!({"paths": [path], "cards": true}));
    assert_eq!(dropped["files"][0]["refused"]["code"], "empty_file");
    assert_eq!(refused(&desk, "no.such", json!({})).code, "malformed");
}

#[test]
fn what_was_typed_survives_and_a_wrong_pin_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    {
        let desk = Desk::for_test(folder.path());
        ask(&desk, "setup.found", setup());
        let form = json!({"form": "incoming/new", "content": "{\"subject\":\"đang gõ\"}"});
        ask(&desk, "typing.save", form);
    }
    let desk = Desk::open(Start::of(folder.path().to_owned())).unwrap();
    let session = ask(&desk, "session", json!({}));
    assert_eq!(session["phase"], "locked");
    let officer = session["officers"][0]["id"].clone();
    let wrong = refused(&desk, "session.unlock", json!({"officer": officer, "pin": "999999"}));
    assert_eq!(wrong.field.as_deref(), Some("pin"));
    assert_eq!(refused(&desk, "bench", json!({})).code, "locked");
    ask(&desk, "session.unlock", json!({"officer": officer, "pin": "123456"}));
    let typed = ask(&desk, "typing", json!({}));
    assert!(typed["drafts"][0]["content"].as_str().unwrap().contains("đang gõ"));
    assert!(desk.session(contract::Nothing {}).is_ok());
}

#[test]
fn the_recovery_code_is_told_until_it_is_on_paper_and_to_administrators_only() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::for_test(folder.path());
    let founded = ask(&desk, "setup.found", setup());
    let code = founded["recovery_code"].as_str().unwrap().to_owned();
    assert_eq!(founded["recovery_owed"], true);
    assert_eq!(ask(&desk, "session", json!({}))["recovery_code"], code);
    seat(&desk, "Lê Quang Thạch");
    let leader = ask(&desk, "session", json!({}));
    assert_eq!((&leader["recovery_code"], &leader["recovery_owed"]), (&json!(null), &json!(false)));
    assert_eq!(refused(&desk, "recovery.renew", json!({})).code, "forbidden");

    seat(&desk, "Phan Thị Mỹ Lệ");
    let wrong = refused(&desk, "recovery.written", json!({"last_group": "!"}));
    assert_eq!(wrong.field.as_deref(), Some("last_group"));
    let last = code.rsplit('-').next().unwrap().to_lowercase();
    let written = ask(&desk, "recovery.written", json!({"last_group": last}));
    assert_eq!(
        (&written["recovery_code"], &written["recovery_owed"]),
        (&json!(null), &json!(false))
    );
}

#[test]
fn a_kill_before_the_code_is_on_paper_leaves_a_way_to_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::for_test(folder.path());
    let first = ask(&desk, "setup.found", setup())["recovery_code"].clone();
    drop(desk);
    let desk = Desk::for_test(folder.path());
    seat(&desk, "Phan Thị Mỹ Lệ");
    let session = ask(&desk, "session", json!({}));
    assert_eq!(
        (&session["recovery_code"], &session["recovery_owed"]),
        (&json!(null), &json!(true))
    );
    // What was shown before cannot be compared any more, so nobody may say that it is on paper.
    let lost = refused(&desk, "recovery.written", json!({"last_group": "ABCD"}));
    assert_eq!(lost.field.as_deref(), Some("last_group"));
    let renewed = ask(&desk, "recovery.renew", json!({}))["recovery_code"].clone();
    assert_ne!(renewed, first);
    let code = crate::keys::RecoveryCode::parse(renewed.as_str().unwrap()).unwrap();
    crate::keyring::Keyring::recover(folder.path(), &code).unwrap();
    let last = renewed.as_str().unwrap().rsplit('-').next().unwrap();
    ask(&desk, "recovery.written", json!({"last_group": last}));
    drop(desk);
    let desk = Desk::for_test(folder.path());
    seat(&desk, "Phan Thị Mỹ Lệ");
    assert_eq!(ask(&desk, "session", json!({}))["recovery_owed"], false);
}
