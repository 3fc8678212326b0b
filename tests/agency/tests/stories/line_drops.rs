//! J6: the line comes back, and nobody is asked to merge anything.
use std::time::{Duration, Instant};

use agency::{Pc, Proxy, Town};
use serde_json::{Value, json};

fn numbers(pc: &Pc) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        pc.incoming().into_iter().map(|(number, subject, _)| (number, subject)).collect();
    // Registered within one moment, they may stand either way.
    all.sort();
    all
}

#[test]
fn an_agency_comes_to_its_server_and_a_second_pc_has_the_whole_register() {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    for n in 1..=3 {
        first.registers(n, &format!("Văn bản thứ {n}"));
    }
    assert!(first.incoming().iter().all(|(_, _, reach)| reach == "alone"));
    let line = first.comes_to(&town);
    assert_eq!((&line["membership"], &line["meeting"]), (&json!("joined"), &json!("met")));
    assert_eq!(line["unanswered"], 0);
    assert!(first.incoming().iter().all(|(_, _, reach)| reach == "server"));
    assert_eq!(first.ask("verify", json!({}))["findings"], json!([]));
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    assert_eq!(numbers(&second), numbers(&first));
    assert_eq!(second.ask("verify", json!({}))["findings"], json!([]));
    let holder = second.arrivals()["holder"].as_str().unwrap().to_owned();
    assert!(holder.contains("VT-01"), "{holder}");
}

#[test]
fn a_register_of_many_days_comes_whole_and_in_order_to_its_server_and_to_another_pc() {
    let town = Town::open();
    let first = Pc::filled(1_200);
    let line = first.comes_to(&town);
    assert_eq!((&line["membership"], &line["meeting"]), (&json!("joined"), &json!("met")));
    assert_eq!(first.ask("verify", json!({}))["findings"], json!([]));
    let known = first.ask("catalogue", json!({}));
    let officers = known["officers"].as_array().unwrap().clone();
    let clerk = officers.iter().find(|officer| officer["position"] == "Văn thư").unwrap();
    let second = first.lets_in(clerk["name"].as_str().unwrap(), "VT-02");
    assert_eq!(second.meets()["meeting"], "met");
    assert_eq!(second.ask("verify", json!({}))["findings"], json!([]));
    first.seats("Văn thư");
    let rows = |pc: &Pc| {
        let asked = json!({ "filter": { "direction": "incoming" }, "first": 0, "count": 200 });
        let page = pc.ask("documents", asked);
        let of = |row: &Value| (row["number"].clone(), row["subject"].clone());
        let rows: Vec<_> = page["rows"].as_array().unwrap().iter().map(of).collect();
        (page["total"].clone(), rows)
    };
    assert_eq!(rows(&second), rows(&first));
}

#[test]
fn without_a_line_both_clerks_go_on_and_with_it_both_see_the_same() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    town.goes_down();
    first.registers(11, "Số do máy giữ sổ cấp");
    let waits = second.registers(12, "Chờ cấp số ở máy thứ hai");
    assert!(waits.to_string().contains("T-"), "{waits}");
    assert_eq!(first.incoming()[0].2, "here");
    assert_eq!(first.meets()["meeting"], "no_line");
    town.comes_back();
    for pc in [&first, &second, &first] {
        assert_eq!(pc.meets()["meeting"], "met");
    }
    let waiting = first.incoming().into_iter().find(|(number, ..)| number.is_empty());
    assert_eq!(waiting.unwrap().1, "Chờ cấp số ở máy thứ hai");
    let rows = first.ask("books", json!({}));
    assert_eq!(rows["books"][0]["waiting"], 1);
}

#[test]
fn what_one_pc_did_is_told_in_the_history_on_the_other() {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    first.registers(5, "Có lịch sử");
    first.meets();
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    let id = second.document_of("Có lịch sử");
    let began = std::time::Instant::now();
    loop {
        let told = second.ask("document.history", json!({ "id": id }));
        let lines = told["lines"].as_array().unwrap().clone();
        if let Some(line) = lines.first() {
            assert_eq!(line["by"]["name"], "Phan Thị Mỹ Lệ");
            assert_eq!(lines.len(), 1);
            return;
        }
        assert!(began.elapsed().as_secs() < 20, "the log does not tell it");
        second.meets();
    }
}

#[test]
fn a_pc_that_was_shut_out_hands_in_what_it_did_and_then_opens_no_more() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    town.goes_down();
    second.registers(9, "Làm ngoài mạng trên máy bị mất");
    town.comes_back();
    first.meets();
    let rows = first.ask("pcs", json!({}));
    let rows = rows["rows"].as_array().unwrap().clone();
    let lost = rows.iter().find(|row| row["name"] == "VT-02").unwrap();
    first.ask("admin.revoke_pc", json!({ "id": lost["id"], "reason": "Mất máy" }));
    first.meets();
    let answer = second.try_ask("line.meet", json!({}));
    let told = format!("{answer:?}");
    assert!(told.contains("shut_out") || told.contains("locked"), "{told}");
    assert!(second.is_wiped());
    assert_eq!(second.ask("session", json!({}))["phase"], "first_run");
}

#[test]
fn a_second_officer_comes_to_a_pc_that_is_known() {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let leader = first.officer("Lê Quang Thạch");
    let pin = json!({ "officer": leader, "old": "", "new": agency::PIN });
    first.ask("session.set_pin", pin);
    first.ask("session.unlock", json!({ "officer": leader, "pin": agency::PIN }));
    let id = first.ask("catalogue", json!({}))["officers"][0]["id"].clone();
    let task = json!({
        "content": "Chuẩn bị họp", "lead": format!("u:{}", id.as_str().unwrap()),
        "co": [], "information": [], "deadline": "", "product": "",
    });
    if let Err(refused) = first.try_ask("task.create", task) {
        panic!("{refused:?}");
    }
    let line = first.meets();
    assert_eq!((&line["meeting"], &line["unanswered"]), (&json!("met"), &json!(0)));
    assert_eq!(line["returned"], 0);
}

#[test]
fn an_answer_that_breaks_off_is_a_line_that_is_gone_and_no_strange_server() {
    let town = Town::open();
    let between = Proxy::to(town.at(), 1);
    let first = Pc::new();
    first.founds();
    let form = json!({
        "address": between.address(), "code": town.adoption_code(), "server_key": town.key(),
        "pc_name": "VT-01",
    });
    first.ask("line.adopt", form);
    assert_eq!(first.meets()["meeting"], "met");
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    for bytes in [1, 60, 250, 350, 500, 1_000, 2_000] {
        between.breaks_after(bytes);
        first.registers(u32::try_from(bytes).unwrap(), &format!("Đứt sau {bytes} byte"));
        for pc in [&first, &second] {
            let line = pc.meets();
            let is_calm = line["meeting"] == "no_line" || line["meeting"] == "met";
            assert!(is_calm && line["trouble"].is_null(), "after {bytes} bytes: {line}");
        }
    }
    between.breaks_after(0);
    for pc in [&first, &second] {
        assert_eq!(pc.meets()["meeting"], "met");
    }
    assert_eq!(numbers(&first), numbers(&second));
}

#[test]
fn a_router_that_was_started_anew_costs_no_meeting() {
    let town = Town::open();
    let between = Proxy::to(town.at(), 2);
    let first = Pc::new();
    first.founds();
    let form = json!({
        "address": between.address(), "code": town.adoption_code(), "server_key": town.key(),
        "pc_name": "VT-01",
    });
    first.ask("line.adopt", form);
    assert_eq!(first.meets()["meeting"], "met");
    for day in 1..=20 {
        between.forgets();
        first.registers(day, &format!("Sau lần thứ {day}"));
        let line = first.meets();
        assert_eq!((&line["meeting"], &line["unanswered"]), (&json!("met"), &json!(0)), "{day}");
    }
}

#[test]
fn an_administrator_who_sees_no_documents_brings_the_agency_up_and_none_is_gone() {
    let town = Town::open();
    let first = Pc::new();
    first.founds_apart();
    first.registers(1, "Của văn thư");
    let clerk = first.officer("Phan Thị Mỹ Lệ");
    let administrator = first.officer("Đinh Công Sáng");
    first.ask("session.unlock", json!({ "officer": administrator, "pin": agency::PIN }));
    assert_eq!(first.comes_to(&town)["membership"], "joined");
    first.ask("session.unlock", json!({ "officer": clerk, "pin": agency::PIN }));
    assert_eq!(numbers(&first), [("01".to_owned(), "Của văn thư".to_owned())]);
    first.meets();
    assert_eq!(numbers(&first), [("01".to_owned(), "Của văn thư".to_owned())]);
    assert_eq!(first.ask("verify", json!({}))["findings"], json!([]));
}

#[test]
fn an_administrator_who_sees_no_documents_tells_a_server_that_was_set_back_of_them() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds_apart();
    let sits = |name: &str| {
        first.ask("session.unlock", json!({ "officer": first.officer(name), "pin": agency::PIN }));
    };
    let met = || {
        let began = Instant::now();
        while first.meets()["meeting"] != "met" {
            assert!(began.elapsed() < Duration::from_secs(40), "{}", first.meets());
        }
    };
    sits("Đinh Công Sáng");
    first.comes_to(&town);
    sits("Phan Thị Mỹ Lệ");
    first.registers(1, "Trước bản sao");
    met();
    let copy = town.backed_up();
    first.registers(2, "Sau bản sao");
    met();
    sits("Đinh Công Sáng");
    town.is_set_back(&copy);
    met();
    sits("Phan Thị Mỹ Lệ");
    first.registers(3, "Khi máy chủ đã về");
    met();
    // Nobody gives numbers until the paper was read; what was numbered stands.
    let expected = [("", "Khi máy chủ đã về"), ("01", "Trước bản sao"), ("02", "Sau bản sao")];
    assert_eq!(numbers(&first), expected.map(|(no, what)| (no.to_owned(), what.to_owned())));
    assert_eq!(first.ask("verify", json!({}))["findings"], json!([]));
    let other = first.ask("line", json!({}));
    assert_eq!((&other["unanswered"], &other["held"]), (&json!(0), &json!(0)));
}

#[test]
fn what_the_log_refused_stands_in_the_history_of_the_document_for_its_author() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    first.registers(1, "Hai người cùng kết thúc");
    first.meets();
    second.meets();
    let id = first.document_of("Hai người cùng kết thúc");
    town.goes_down();
    let close = |reason: &str| json!({ "id": id, "reason": reason });
    first.ask("incoming.close", close("Lưu"));
    second.ask("incoming.close", close("Cũng lưu"));
    town.comes_back();
    for pc in [&first, &second, &first] {
        pc.meets();
    }
    let refused = |pc: &Pc| {
        let lines = pc.ask("document.history", json!({ "id": id }))["lines"].clone();
        let lines = lines.as_array().unwrap().clone();
        lines.into_iter().filter(|line| line["refused"] != Value::Null).collect::<Vec<_>>()
    };
    // Who came second to the server was refused, and it is nobody else's affair.
    let (author, name, other) = if refused(&second).is_empty() {
        (&first, "Phan Thị Mỹ Lệ", &second)
    } else {
        (&second, "Trần Thị Mai", &first)
    };
    let told = refused(author);
    assert_eq!((told.len(), refused(other).len()), (1, 0));
    assert_eq!(told[0]["refused"], "incoming.close");
    assert_eq!(told[0]["by"]["name"], name);
    assert_ne!(told[0]["words"], "");
    // Letting it go takes it out of the list, and not out of the history.
    let row = author.ask("line.returned", json!({}))["rows"][0]["id"].clone();
    author.ask("line.let_go", json!({ "id": row }));
    assert_eq!(author.ask("line.returned", json!({}))["total"], 0);
    assert_eq!(refused(author), told);
}
