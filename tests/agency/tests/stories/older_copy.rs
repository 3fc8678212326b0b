//! The profile of a PC that belongs to a server is put back from an older copy (SYNC F16).
use agency::{PIN, Pc, Town};
use serde_json::{Value, json};

fn numbers(pc: &Pc) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        pc.incoming().into_iter().map(|(number, subject, _)| (number, subject)).collect();
    all.sort();
    all
}

fn numbered(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(number, subject)| ((*number).to_owned(), (*subject).to_owned())).collect()
}

/// An office whose PC was copied after its first letter, and worked on after that.
fn copied_office() -> (Town, Pc, tempfile::TempDir) {
    let town = Town::open();
    let mut pc = Pc::new();
    pc.founds();
    pc.comes_to(&town);
    pc.registers(1, "Trước khi chép");
    pc.meets();
    let copy = pc.copies_its_profile();
    pc.registers(2, "Sau khi chép");
    pc.registers(3, "Cũng sau khi chép");
    pc.meets();
    (town, pc, copy)
}

#[test]
fn an_older_copy_in_which_nothing_was_done_reads_all_back_and_numbers_on() {
    let (_town, mut pc, copy) = copied_office();
    pc.is_set_back(&copy);
    pc.meets();
    let three = [("01", "Trước khi chép"), ("02", "Sau khi chép"), ("03", "Cũng sau khi chép")];
    assert_eq!(numbers(&pc), numbered(&three));
    let said = pc.registers(4, "Sau khi đặt lại");
    assert_eq!(said["said"]["with"][0], "04");
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["unanswered"]), (&Value::Null, &json!(0)));
    assert!(pc.incoming().iter().all(|(.., reach)| reach == "server"));
    let verified = pc.ask("verify", json!({}));
    assert_eq!(verified["findings"], json!([]), "{verified}");
    let second = pc.lets_in("Trần Thị Mai", "VT-02");
    assert_eq!(numbers(&second), numbers(&pc));
    // The program ends and starts: what it went on after is still known.
    pc.starts_again();
    pc.registers(5, "Hôm sau");
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["unanswered"]), (&Value::Null, &json!(0)));
}

#[test]
fn what_was_done_in_an_older_copy_is_kept_and_done_again_after_joining_as_a_new_pc() {
    let (mut town, mut pc, copy) = copied_office();
    let too_early = json!({
        "address": town.address(), "code": "ABCD", "server_key": town.key(),
        "pc_name": "VT-01B", "pin": PIN,
    });
    let refused = pc.try_ask("line.enrol_again", too_early).unwrap_err();
    assert_eq!(refused.code, "no_twin");
    town.goes_down();
    pc.is_set_back(&copy);
    let scan = pc.stores("quet.pdf", b"%PDF-1.4 bang chung");
    let said = pc.registers_with(2, "Làm trên bản cũ", std::slice::from_ref(&scan));
    assert_eq!(said["said"]["with"][0], "02");
    let first = pc.document_of("Trước khi chép");
    let submit = json!({ "id": first, "to": pc.officer("Lê Quang Thạch"), "proposal": "Xem" });
    pc.ask("incoming.submit", submit);
    town.comes_back();
    let line = pc.meets();
    assert_eq!(line["trouble"]["code"], "device_fork", "{line}");
    let officer = pc.officer("Phan Thị Mỹ Lệ");
    let shown = pc.ask("admin.code", json!({ "officer": officer }));
    let form = |code: &Value| {
        json!({
            "address": shown["address"], "code": code, "server_key": shown["server_key"],
            "pc_name": "VT-01B", "pin": PIN,
        })
    };
    // A code that is wrong costs nothing: the old register is still open.
    let refused = pc.try_ask("line.enrol_again", form(&json!("AAAA-BBBB"))).unwrap_err();
    assert_eq!(refused.code, "bad_code");
    assert_eq!(pc.incoming().len(), 2);
    pc.ask("line.enrol_again", form(&shown["code"]));
    pc.meets();
    let three = [("01", "Trước khi chép"), ("02", "Sau khi chép"), ("03", "Cũng sau khi chép")];
    assert_eq!(numbers(&pc), numbered(&three));
    assert!(pc.folder.path().join("so-cu-1/register.db").exists());
    let rows = pc.ask("line.returned", json!({}))["rows"].as_array().unwrap().clone();
    let acts: Vec<&str> = rows.iter().map(|row| row["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["incoming.register", "incoming.submit"]);
    assert_eq!((&rows[0]["of"], &rows[0]["may_redo"]), (&json!("Làm trên bản cũ"), &json!(true)));
    assert_eq!(pc.ask("line", json!({}))["returned"], 2);
    for row in &rows {
        pc.ask("line.redo", json!({ "id": row["id"] }));
    }
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["unanswered"]), (&Value::Null, &json!(0)));
    assert_eq!(line["returned"], 0);
    let again = numbers(&pc).into_iter().find(|(_, subject)| subject == "Làm trên bản cũ");
    assert_eq!(again.unwrap().0, "");
    let blob = scan["blob"].as_str().unwrap();
    assert_eq!(pc.file(blob).unwrap(), b"%PDF-1.4 bang chung");
    pc.starts_again();
    assert_eq!(pc.incoming().len(), 4);
}

#[test]
fn a_database_put_back_alone_goes_on_after_what_was_done_and_numbers_when_it_has_read_it() {
    let (mut town, mut pc, copy) = copied_office();
    town.goes_down();
    pc.has_its_database_set_back(&copy);
    // Which numbers were given is not here: what comes in waits for its number.
    let said = pc.registers(4, "Đến lúc chưa có mạng");
    assert!(said["said"]["with"][0].as_str().unwrap().starts_with("T-"), "{said}");
    pc.starts_again();
    town.comes_back();
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["unanswered"]), (&Value::Null, &json!(0)));
    let waits = pc.document_of("Đến lúc chưa có mạng");
    assert_eq!(pc.ask("document.number", json!({ "id": waits }))["said"]["with"][0], "04");
    pc.registers(5, "Sau khi đọc lại");
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["unanswered"]), (&Value::Null, &json!(0)));
    let all = [
        ("01", "Trước khi chép"),
        ("02", "Sau khi chép"),
        ("03", "Cũng sau khi chép"),
        ("04", "Đến lúc chưa có mạng"),
        ("05", "Sau khi đọc lại"),
    ];
    assert_eq!(numbers(&pc), numbered(&all));
    let verified = pc.ask("verify", json!({}));
    assert_eq!(verified["findings"], json!([]), "{verified}");
}

#[test]
fn a_database_put_back_whose_later_acts_reached_nobody_says_so_and_joins_again() {
    let (mut town, mut pc, copy) = copied_office();
    town.goes_down();
    pc.registers(4, "Chỉ còn trên giấy");
    pc.has_its_database_set_back(&copy);
    pc.registers(5, "Làm trên bản cũ");
    town.comes_back();
    let line = pc.meets();
    assert_eq!(line["trouble"]["code"], "acts_lost", "{line}");
    let officer = pc.officer("Phan Thị Mỹ Lệ");
    let shown = pc.ask("admin.code", json!({ "officer": officer }));
    let form = json!({
        "address": shown["address"], "code": shown["code"], "server_key": shown["server_key"],
        "pc_name": "VT-01B", "pin": PIN,
    });
    pc.ask("line.enrol_again", form);
    let line = pc.meets();
    assert_eq!((&line["trouble"], &line["returned"]), (&Value::Null, &json!(1)));
    let row = pc.ask("line.returned", json!({}))["rows"][0].clone();
    assert_eq!(row["of"], "Làm trên bản cũ");
    pc.ask("line.redo", json!({ "id": row["id"] }));
    let line = pc.meets();
    assert_eq!((&line["unanswered"], &line["returned"]), (&json!(0), &json!(0)));
    assert_eq!(pc.incoming().len(), 4);
}

#[test]
fn joining_again_that_was_cut_off_leaves_the_old_register_and_what_was_typed_comes_along() {
    let (mut town, mut pc, copy) = copied_office();
    town.goes_down();
    pc.is_set_back(&copy);
    pc.registers(2, "Làm trên bản cũ");
    pc.ask("typing.save", json!({ "form": "incoming", "content": "đang gõ dở" }));
    town.comes_back();
    assert_eq!(pc.meets()["trouble"]["code"], "device_fork");
    pc.is_cut_off_while_it_joins_again();
    // The next start has the register as it was, and the code of before is worth nothing now.
    assert_eq!(pc.incoming().len(), 2);
    assert_eq!(pc.meets()["trouble"]["code"], "device_fork");
    let joins = |pc: &Pc, name: &str| {
        let officer = pc.officer("Phan Thị Mỹ Lệ");
        let shown = pc.ask("admin.code", json!({ "officer": officer }));
        let form = json!({
            "address": shown["address"], "code": shown["code"],
            "server_key": shown["server_key"], "pc_name": name, "pin": PIN,
        });
        pc.ask("line.enrol_again", form);
        pc.meets()
    };
    assert_eq!(joins(&pc, "VT-01B")["returned"], 1);
    let typed = pc.ask("typing", json!({}))["drafts"].clone();
    assert_eq!(typed[0]["content"], "đang gõ dở");
    // Set back once more before anything of it was done again: it comes along again.
    town.goes_down();
    let copy = pc.copies_its_profile();
    town.comes_back();
    pc.registers(5, "Sau khi gia nhập");
    pc.meets();
    town.goes_down();
    pc.is_set_back(&copy);
    pc.registers(6, "Lại làm trên bản cũ");
    town.comes_back();
    assert_eq!(pc.meets()["trouble"]["code"], "device_fork");
    assert_eq!(joins(&pc, "VT-01C")["returned"], 2);
    let rows = pc.ask("line.returned", json!({}))["rows"].as_array().unwrap().clone();
    let of: Vec<&str> = rows.iter().map(|row| row["of"].as_str().unwrap()).collect();
    assert_eq!(of, ["Làm trên bản cũ", "Lại làm trên bản cũ"]);
}
