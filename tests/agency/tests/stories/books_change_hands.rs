//! Who gives the numbers: asked for, given back, handed over on a stick, taken over from a dead PC.
use std::path::Path;

use agency::{Pc, Town};
use serde_json::{Value, json};

struct Office {
    town: Town,
    first: Pc,
    second: Pc,
}

fn office() -> Office {
    let town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    first.meets();
    Office { town, first, second }
}

fn pc_named(pc: &Pc, name: &str) -> Value {
    let rows = pc.ask("pcs", json!({}));
    let rows = rows["rows"].as_array().unwrap().clone();
    rows.into_iter().find(|row| row["name"] == name).unwrap()["id"].clone()
}

fn numbers(pc: &Pc) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        pc.incoming().into_iter().map(|(number, subject, _)| (number, subject)).collect();
    all.sort();
    all
}

#[test]
fn a_book_is_given_back_to_the_server_and_the_other_pc_takes_it() {
    let Office { town: _town, first, second } = office();
    let book = first.arrivals()["id"].clone();
    first.registers(1, "Số của máy thứ nhất");
    first.ask("book.release", json!({ "id": book }));
    first.meets();
    first.registers(2, "Số do máy chủ cấp");
    first.meets();
    assert_eq!(numbers(&first)[1], ("02".to_owned(), "Số do máy chủ cấp".to_owned()));
    second.meets();
    second.ask("book.take", json!({ "id": book }));
    assert_eq!(second.arrivals()["asked"], true);
    assert_eq!(second.arrivals()["lease"], "server");
    second.meets();
    assert_eq!(second.arrivals()["lease"], "here");
    second.registers(3, "Số của máy thứ hai");
    second.meets();
    first.meets();
    assert_eq!(numbers(&first), numbers(&second));
    assert_eq!(numbers(&first).len(), 3);
}

/// The book goes from one PC into a file on a stick; says where that lies.
fn gives_by_file(from: &Pc, to: &str, stick: &Path) -> String {
    let form = json!({
        "book": from.arrivals()["id"],
        "to": pc_named(from, to),
        "folder": stick.to_str().unwrap(),
    });
    let said = from.ask("book.hand_over", form);
    assert_eq!(from.arrivals()["lease"], "other");
    said["said"]["with"][2].as_str().unwrap().to_owned()
}

#[test]
fn a_book_that_goes_back_and_forth_on_sticks_comes_to_the_server_in_its_order() {
    for giver_first in [true, false] {
        let Office { mut town, first, second } = office();
        town.goes_down();
        let turns = [(&first, &second, "VT-02"), (&second, &first, "VT-01")];
        for (slip, (from, to, name)) in (1..).zip(turns.into_iter().cycle().take(5)) {
            from.registers(slip, &format!("Văn bản thứ {slip}"));
            let stick = tempfile::tempdir().unwrap();
            let path = gives_by_file(from, name, stick.path());
            to.ask("book.take_over", json!({ "path": path }));
        }
        second.registers(6, "Văn bản thứ 6");
        town.comes_back();
        let pcs = if giver_first { [&first, &second] } else { [&second, &first] };
        for pc in pcs.iter().cycle().take(4) {
            pc.meets();
        }
        let all: Vec<_> =
            (1..=6).map(|no| (format!("0{no}"), format!("Văn bản thứ {no}"))).collect();
        assert_eq!((numbers(&first), numbers(&second)), (all.clone(), all));
        assert_eq!(second.arrivals()["lease"], "here");
        assert_eq!(first.arrivals()["lease"], "other");
    }
}

#[test]
fn a_book_goes_over_on_a_stick_while_both_have_no_line() {
    let Office { mut town, first, second } = office();
    town.goes_down();
    first.registers(1, "Chưa ai ngoài máy này biết");
    let stick = tempfile::tempdir().unwrap();
    let path = gives_by_file(&first, "VT-02", stick.path());
    let received = second.ask("book.take_over", json!({ "path": path }));
    assert_eq!(received["said"]["with"][1], "2");
    assert_eq!(second.arrivals()["lease"], "here");
    second.registers(2, "Số nối tiếp ở máy thứ hai");
    let waits = second.ask("line", json!({}));
    // The letter, and the hand-over itself.
    assert_eq!(waits["carried"], 2);
    town.comes_back();
    // The receiver meets the server first, and carries what the giver did.
    second.meets();
    first.meets();
    second.meets();
    assert_eq!(numbers(&first), numbers(&second));
    assert_eq!(
        numbers(&first),
        [
            ("01".to_owned(), "Chưa ai ngoài máy này biết".to_owned()),
            ("02".to_owned(), "Số nối tiếp ở máy thứ hai".to_owned()),
        ]
    );
    let flipped = {
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    std::fs::write(&path, flipped).unwrap();
    let refused = first.try_ask("book.take_over", json!({ "path": path })).unwrap_err();
    assert_eq!(refused.code, "bundle");
}

#[test]
fn a_dead_pc_s_book_goes_on_after_the_last_number_on_paper_was_read() {
    let Office { mut town, first, second } = office();
    first.registers(1, "Đã tới máy chủ");
    first.meets();
    let third = first.lets_in("Hồ Văn Thìn", "VP-01");
    town.goes_down();
    first.registers(2, "Chết theo máy");
    drop(first);
    town.comes_back();
    second.meets();
    third.meets();
    let book = third.arrivals()["id"].clone();
    let today = third.ask("session", json!({}))["today"].clone();
    let form = json!({
        "book": book, "to": "", "last_number": 3, "last_date": today, "reason": "Máy VT-01 cháy",
    });
    third.ask("book.force", form);
    third.meets();
    second.meets();
    assert_eq!(second.arrivals()["lease"], "server");
    second.registers(4, "Sau khi lấy lại sổ");
    second.meets();
    let all = numbers(&second);
    assert!(all.contains(&("04".to_owned(), "Sau khi lấy lại sổ".to_owned())), "{all:?}");
    let waits = |pc: &Pc| pc.arrivals()["paper"].as_array().unwrap().len();
    assert_eq!((second.arrivals()["on_paper"].clone(), waits(&second)), (json!(2), 2));
    second.enters_from_paper(2, "Chết theo máy");
    second.meets();
    third.meets();
    assert_eq!(numbers(&second), numbers(&third));
    assert_eq!(numbers(&third)[1], ("02".to_owned(), "Chết theo máy".to_owned()));
    assert_eq!(third.arrivals()["on_paper"], 1);
    let void = json!({
        "book": book, "year": second.arrivals()["paper"][0]["year"], "number": 3,
        "reason": "Đóng dấu hỏng",
    });
    second.ask("book.void_number", void);
    second.meets();
    assert_eq!((second.arrivals()["on_paper"].clone(), waits(&second)), (json!(0), 0));
    drop(town);
}

/// The book that takes official letters, as a PC shows it.
fn outgoing_book(pc: &Pc) -> Value {
    let books = pc.ask("books", json!({}))["books"].as_array().unwrap().clone();
    let takes = |book: &Value| {
        let kinds = book["kinds"].as_array().unwrap();
        kinds.is_empty() || kinds.iter().any(|kind| kind == "cong-van")
    };
    let is_one = |book: &Value| book["direction"] == "outgoing" && takes(book);
    books.into_iter().find(is_one).unwrap()
}

/// Registers a draft under the next number, or under one that stands on paper.
fn numbers_draft(pc: &Pc, subject: &str, paper: Option<u32>) -> Value {
    let form = json!({
        "kind": "cong-van", "subject": subject, "signer": "Lê Quang Thạch",
        "recipients": [{ "name": "Sở Nội vụ" }],
        "attachments": [pc.stores("cong-van.txt", subject.as_bytes())],
    });
    let id = pc.ask("outgoing.draft", form)["id"].clone();
    let book = pc.ask("outgoing.symbol", json!({ "id": id, "date": "" }))["book"].clone();
    let form = json!({
        "id": id, "book": book, "on": "", "symbol": "",
        "signed_on_paper": true, "paper_number": paper,
    });
    pc.ask("outgoing.register", form)["said"]["with"][0].clone()
}

#[test]
fn an_outgoing_number_of_a_dead_pc_is_entered_again_from_paper() {
    let Office { mut town, first, second } = office();
    let third = first.lets_in("Hồ Văn Thìn", "VP-01");
    town.goes_down();
    let stamped = numbers_draft(&first, "Gửi đi rồi máy cháy", None);
    assert!(stamped.as_str().unwrap().starts_with("01/"), "{stamped}");
    drop(first);
    town.comes_back();
    let book = outgoing_book(&third)["id"].clone();
    let today = third.ask("session", json!({}))["today"].clone();
    let form = json!({
        "book": book, "to": "", "last_number": 2, "last_date": today, "reason": "Máy VT-01 cháy",
    });
    third.ask("book.force", form);
    third.meets();
    second.meets();
    assert_eq!(outgoing_book(&second)["on_paper"], 2);
    let again = numbers_draft(&second, "Gửi đi rồi máy cháy", Some(1));
    assert_eq!(again, stamped, "the same number as on paper");
    second.meets();
    third.meets();
    let left = outgoing_book(&third);
    assert_eq!((&left["on_paper"], &left["paper"][0]["number"]), (&json!(1), &json!(2)));
    assert_eq!(left["next"], 3, "the next number did not change");
    let year = left["paper"][0]["year"].clone();
    let asked = json!({ "book": book, "year": year, "from": 0, "count": 50 });
    let page = third.ask("book.page", asked);
    assert_eq!(page["rows"][0]["cells"][0], stamped);
    let void = json!({ "book": book, "year": year, "number": 2, "reason": "Không có văn bản" });
    second.ask("book.void_number", void);
    second.meets();
    assert_eq!(outgoing_book(&second)["on_paper"], 0);
    drop(town);
}

#[test]
fn what_a_dead_pc_wrote_into_its_mirror_is_carried_by_another() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    let code = first.ask("session", json!({}))["recovery_code"].clone();
    let stick = tempfile::tempdir().unwrap();
    let mirror = stick.path().to_str().unwrap();
    first.ask("admin.backup", json!({ "copies": "", "mirror": mirror }));
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    town.goes_down();
    first.registers(1, "Chỉ có trong bản ghi song song");
    let began = std::time::Instant::now();
    while first.ask("backup", json!({}))["mirror_waiting"] != 0 {
        assert!(began.elapsed().as_secs() < 60, "the mirror does not catch up");
    }
    drop(first);
    town.comes_back();
    let wrong = json!({ "folder": mirror, "recovery_code": "AAAA-AAAA" });
    assert_eq!(second.try_ask("line.carry_mirror", wrong).unwrap_err().code, "field");
    second.ask("line.carry_mirror", json!({ "folder": mirror, "recovery_code": code }));
    let line = second.meets();
    assert_eq!((&line["carried"], &line["meeting"]), (&json!(0), &json!("met")));
    second.meets();
    let all = numbers(&second);
    assert_eq!(all, [("01".to_owned(), "Chỉ có trong bản ghi song song".to_owned())]);
}

#[test]
fn a_draft_registered_by_two_clerks_keeps_the_number_that_was_stamped_and_it_is_given_once() {
    let Office { mut town, mut first, second } = office();
    let draft = |subject: &str| {
        let form = json!({
            "kind": "cong-van", "subject": subject, "signer": "Lê Quang Thạch",
            "recipients": [{ "name": "Sở Nội vụ" }],
            "attachments": [first.stores("bao-cao.txt", subject.as_bytes())],
        });
        first.ask("outgoing.draft", form)["id"].clone()
    };
    let (one, other) = (draft("Báo cáo tuần"), draft("Báo cáo tháng"));
    first.meets();
    second.meets();
    town.goes_down();
    let register = |pc: &Pc, id: &Value| {
        let asked = json!({ "id": id, "date": "" });
        let book = pc.ask("outgoing.symbol", asked)["book"].clone();
        let form = json!({
            "id": id, "book": book, "on": "", "symbol": "", "signed_on_paper": true,
        });
        pc.ask("outgoing.register", form)["said"]["with"][0].as_str().unwrap().to_owned()
    };
    let stamped = register(&first, &one);
    assert!(register(&second, &one).starts_with("T-"));
    town.comes_back();
    // The one without the book is heard first.
    second.meets();
    first.meets();
    first.starts_again();
    let next = register(&first, &other);
    assert_ne!(next, stamped, "one number on two papers");
    first.meets();
    second.meets();
    for pc in [&first, &second] {
        let shown = pc.ask("document", json!({ "id": one, "seen": false }));
        assert_eq!(shown["row"]["reference"].as_str().unwrap(), stamped);
    }
}

#[test]
fn a_number_that_was_stamped_twice_stands_in_the_book_with_a_letter() {
    let Office { mut town, mut first, second } = office();
    let third = first.lets_in("Hồ Văn Thìn", "VP-01");
    first.meets();
    town.goes_down();
    first.registers(1, "Đóng dấu ở máy bị coi là hỏng");
    first.is_put_out();
    town.comes_back();
    let book = third.arrivals()["id"].clone();
    let today = third.ask("session", json!({}))["today"].clone();
    let form = json!({
        "book": book, "to": "", "last_number": 0, "last_date": today,
        "reason": "Máy VT-01 không lên nữa, sổ giấy chưa có số nào",
    });
    third.ask("book.force", form);
    third.meets();
    second.meets();
    second.registers(2, "Đóng dấu ở máy tiếp quản");
    second.meets();
    first.starts_again();
    first.meets();
    let held = first.ask("held", json!({}))["rows"][0].clone();
    let decided = json!({
        "id": held["id"], "direction": held["direction"], "given_by": held["given_by"],
        "verdict": "suffix", "reason": "Cả hai văn bản đã đóng dấu số 01",
    });
    first.ask("held.decide", decided);
    first.meets();
    second.meets();
    for pc in [&first, &second] {
        let asked = json!({ "book": book, "year": 2026, "from": 0, "count": 50 });
        let page = pc.ask("book.page", asked);
        let lines: Vec<_> =
            page["rows"].as_array().unwrap().iter().map(|row| row["cells"][1].clone()).collect();
        assert_eq!(lines, ["01", "01a"]);
    }
    drop(town);
}
