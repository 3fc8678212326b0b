//! What two people do to one thing without a line, and a server whose disk is full.
#[cfg(unix)]
use std::path::{Path, PathBuf};

#[cfg(unix)]
use agency::ServerProcess;
use agency::{Pc, Town};
use serde_json::{Value, json};

/// Documents that a server without room cannot take in together.
#[cfg(unix)]
const TOO_MANY: u32 = 60;
/// Bytes a server may add to the largest of its files: less than those documents need.
#[cfg(unix)]
const ROOM_BYTES: u64 = 96 * 1024;

/// Looks at a history until what others did must have been told.
const LOOKS_MAX: usize = 200;

/// What came back to the officer at a PC: each act with the code of why.
fn returned(pc: &Pc) -> Vec<(String, String)> {
    let rows = pc.ask("line.returned", json!({}))["rows"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (text(&row["act"]), text(&row["why"]["code"]))).collect()
}

#[test]
fn of_two_changes_of_one_field_without_a_line_the_later_to_come_stands_and_both_are_told() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let second = first.lets_in("Trần Thị Mai", "VT-02");
    first.registers(1, "Như trên giấy");
    first.meets();
    second.meets();
    let id = first.document_of("Như trên giấy");
    town.goes_down();
    let edit =
        |new: &str| json!({ "id": id, "field": "subject", "old": "Như trên giấy", "new": new });
    first.ask("incoming.edit", edit("Chị Lệ sửa"));
    second.ask("incoming.edit", edit("Chị Mai sửa"));
    assert_eq!(
        (&first.incoming()[0].1, &second.incoming()[0].1),
        (&"Chị Lệ sửa".into(), &"Chị Mai sửa".into())
    );
    town.comes_back();
    for pc in [&first, &second, &first, &second] {
        assert_eq!(pc.meets()["meeting"], "met");
    }
    let subject = first.incoming()[0].1.clone();
    assert_eq!(second.incoming()[0].1, subject, "both see the same");
    assert!(["Chị Lệ sửa", "Chị Mai sửa"].contains(&subject.as_str()), "{subject}");
    assert_eq!((returned(&first), returned(&second)), (vec![], vec![]), "it is no dispute");
    // What others did is told when somebody looks at it.
    let tells_both = |pc: &Pc| {
        let history = pc.ask("document.history", json!({ "id": id }))["lines"].to_string();
        pc.meets();
        history.contains("Chị Lệ sửa") && history.contains("Chị Mai sửa")
    };
    for pc in [&first, &second] {
        assert!((0..LOOKS_MAX).any(|_| tells_both(pc)), "one of the words is nowhere");
    }
}

#[test]
fn a_task_given_without_a_line_to_who_has_left_meanwhile_comes_back_to_who_gave_it() {
    let mut town = Town::open();
    let first = Pc::new();
    first.founds();
    first.comes_to(&town);
    let mut leader = first.lets_in("Lê Quang Thạch", "CT-01");
    let office_head = first.officer("Hồ Văn Thìn");
    town.goes_down();
    let task = json!({
        "content": "Rà soát hộ nghèo", "lead": office_head, "co": [], "information": [],
        "deadline": "", "product": "",
    });
    leader.ask("task.create", task);
    let gone = json!({
        "id": office_head, "name": "Hồ Văn Thìn", "position": "Chánh Văn phòng", "unit": "",
        "roles": ["office_head"], "active": false,
    });
    first.ask("admin.officer", gone);
    // The leader meets the server last, whoever is quicker.
    leader.is_put_out();
    town.comes_back();
    assert_eq!(first.meets()["meeting"], "met");
    leader.starts_again();
    for pc in [&leader, &first] {
        assert_eq!(pc.meets()["meeting"], "met");
    }
    assert_eq!(returned(&leader), [("task.create".to_owned(), "not_active".to_owned())]);
    assert_eq!(returned(&first), []);
}

/// The server of the same build, which the workspace builds beside every program of tests.
#[cfg(unix)]
fn server() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_blobs")).with_file_name("vanthu-server")
}

#[cfg(unix)]
#[test]
fn a_server_whose_disk_is_full_takes_nothing_by_half_and_everybody_works_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = ServerProcess::in_folder(&server(), &folder.path().join("server"));
    server.starts();
    server.listens();
    let pc = Pc::new();
    pc.founds();
    let form = json!({
        "address": format!("http://{}", server.address()), "code": server.adoption_code(),
        "server_key": server.key(), "pc_name": "VT-01",
    });
    pc.ask("line.adopt", form);
    assert_eq!(pc.meets()["meeting"], "met");
    server.is_killed();
    server.starts_with_room(ROOM_BYTES);
    server.listens();
    for number in 1..=TOO_MANY {
        pc.registers(number, &format!("Báo cáo rà soát hộ nghèo, hộ cận nghèo đợt {number}"));
    }
    let line = pc.meets();
    assert_eq!(line["meeting"], "no_line");
    assert!(line["unanswered"].as_u64() > Some(0), "{line}");
    assert_eq!(pc.incoming().len(), TOO_MANY as usize, "the office works on");
    server.is_killed();
    server.starts();
    server.listens();
    let line = pc.meets();
    assert_eq!((&line["meeting"], &line["unanswered"]), (&json!("met"), &json!(0)), "{line}");
    server.is_killed();
    let looked = server.runs(&["verify"], &[]);
    assert!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stdout));
}
