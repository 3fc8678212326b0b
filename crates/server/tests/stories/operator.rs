//! The operator at his command line, with the real program in a real folder.
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Sender, channel};

use server::{Identity, SqliteStorage, verify};
use sync::wire::{Ack, Enrolled, LogAnswer, SyncAnswer};

use crate::cast::{LAN, Pc, arrival};
use crate::line::Line;

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
    program.env_remove("RUST_LOG");
    program
}

pub fn says(arguments: &[&str], dir: &Path) -> (bool, String) {
    let ran = program().args(arguments).arg(dir).output().unwrap();
    let text = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8(text).unwrap())
}

/// The real server, and what it says.
pub fn serving(dir: &Path) -> (Child, Lines<BufReader<ChildStdout>>, String) {
    serving_with(&[], dir)
}

pub fn serving_with(more: &[&str], dir: &Path) -> (Child, Lines<BufReader<ChildStdout>>, String) {
    started(program(), more, dir)
}

/// The real server, started by another program.
pub fn serving_behind(by: &[&str], dir: &Path) -> (Child, Lines<BufReader<ChildStdout>>, String) {
    let mut starter = Command::new(by[0]);
    starter.args(&by[1..]).arg(env!("CARGO_BIN_EXE_vanthu-server"));
    started(starter, &[], dir)
}

fn started(
    mut by: Command,
    more: &[&str],
    dir: &Path,
) -> (Child, Lines<BufReader<ChildStdout>>, String) {
    let mut serving = by
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(more)
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    (serving, lines, first)
}

#[test]
fn a_slip_of_the_operator_is_told_to_him_and_to_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("server");
    assert!(says(&["init"], &dir).0);
    let slip = ["code", "create", "--org", "zz", "--officer", "yy"];
    let told = "Không làm được: “zz” không phải là mã cơ quan (xem `vanthu-server org list`).\n";
    assert_eq!(says(&slip, &dir), (false, told.to_owned()));
    // What is broken stands in the log, too.
    std::fs::remove_file(dir.join("server.key")).unwrap();
    let (worked, said) = says(&["verify"], &dir);
    assert!(!worked && said.contains("ERROR"), "{said}");
}

#[test]
fn a_server_is_made_once_looked_at_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("may-chu");
    assert!(says(&["status"], &dir).1.contains("chưa có máy chủ"));
    let (made, text) = says(&["init"], &dir);
    assert!(made && text.contains("Đã lập máy chủ"), "{text}");
    let (again, text) = says(&["init"], &dir);
    assert!(!again && text.contains("đã có một máy chủ"), "{text}");
    let (created, text) = says(&["org", "create"], &dir);
    assert!(created && text.contains("Mã đưa sổ lên máy chủ: "), "{text}");
    assert!(says(&["status"], &dir).1.contains("Chưa có cơ quan nào."));
    assert!(says(&["verify"], &dir).0);
}

#[test]
fn a_server_listens_at_home_only_alone_in_its_folder_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    says(&["init"], dir);
    let (ran, text) = says(&["serve", "--listen", "0.0.0.0:0"], dir);
    assert!(!ran && text.contains("chứng thư"), "{text}");
    let (mut serving, mut lines, first) = serving(dir);
    assert!(first.contains("http://127.0.0.1:"), "{first}");
    let (ran, text) = says(&["serve", "--listen", "127.0.0.1:0"], dir);
    assert!(!ran && text.contains("một máy chủ khác đang chạy"), "{text}");
    assert!(says(&["org", "create"], dir).0, "beside the server that runs");
    let told = Command::new("kill").arg(serving.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(lines.next().unwrap().unwrap(), "Máy chủ đã dừng.");
    assert!(serving.wait().unwrap().success());
}

/// The way to a server that has said where it listens.
pub fn way(first: &str) -> Line {
    let (_, at) = first.trim_end_matches('.').split_once("http://").unwrap();
    Line(at.parse().unwrap())
}

/// Makes a server in a folder; says with which code an agency comes to it.
pub fn code_of_a_new_server(dir: &Path) -> String {
    says(&["init"], dir);
    let (_, text) = says(&["org", "create"], dir);
    text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned()
}

/// The agency of a PC is adopted, and its commands are pushed.
pub fn comes_to_it(pc: &mut Pc, line: Line, code: &str) {
    line.posts::<_, Enrolled>("/v1/adopt", "", &pc.adoption(code)).unwrap();
    let token = line.session(pc, LAN);
    let answer: SyncAnswer = line.posts("/v1/sync", &token, &pc.asks()).unwrap();
    pc.unsent.clear();
    pc.takes(answer);
}

/// Pushes one registration a call until the line breaks; tells every answer.
fn pushes_until_killed(line: Line, token: &str, mut pc: Pc, tell: &Sender<Ack>) -> Pc {
    loop {
        let n = pc.n as u32 - 2;
        if pc.unsent.is_empty() {
            pc.claims(LAN, arrival(n as u8), pc.claim(n));
        }
        match line.try_posts::<_, SyncAnswer>("/v1/sync", token, &pc.asks()) {
            Some(Ok(answer)) => {
                answer.acks.iter().for_each(|ack| tell.send(ack.clone()).unwrap());
                pc.unsent.clear();
                pc.takes(answer);
            }
            Some(Err(told)) => panic!("{told:?}"),
            None => return pc,
        }
    }
}

#[test]
fn what_was_answered_is_there_after_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let code = code_of_a_new_server(dir);
    let mut pc = Pc::founded();
    let (mut server, mut lines, mut first) = serving(dir);
    comes_to_it(&mut pc, way(&first), &code);
    let mut answered = Vec::new();
    for round in 1..=4 {
        let (tell, told) = channel();
        let line = way(&first);
        let token = line.session(&pc, LAN);
        pc = std::thread::scope(|scope| {
            let pushing = scope.spawn(|| pushes_until_killed(line, &token, pc, &tell));
            answered.extend(told.iter().take(round * 3));
            server.kill().unwrap();
            server.wait().unwrap();
            pushing.join().unwrap()
        });
        answered.extend(told.try_iter());
        (server, lines, first) = serving(dir);
    }
    let line = way(&first);
    let token = line.session(&pc, LAN);
    let log: LogAnswer = line.gets("/v1/log?from=1&to=999", &token).unwrap();
    assert!(answered.len() >= 30);
    for ack in answered {
        let entry = &log.entries[ack.seq as usize - 1];
        assert_eq!(entry.outcome, serde_json::to_string(&ack.stamp).unwrap());
        assert!(entry.command.raw.contains(&format!("\"n\":{},", ack.n)));
    }
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let storage = SqliteStorage::open(&dir.join("server.db")).unwrap();
    let found = verify(&storage, &Identity::open(dir).unwrap()).unwrap();
    assert!(found[0].flaws.is_empty(), "{:?}", found[0].flaws);
    assert!(says(&["status"], dir).1.contains("VT-01: 2 người ký"));
}

#[test]
fn the_operator_lists_those_who_are_not_on_the_server_and_who_came_after_whom() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("may-chu");
    let file = folder.path().join("danh-ba.jsonl");
    let put = || says(&["directory", "put", "--file", file.to_str().unwrap()], &dir);
    says(&["init"], &dir);
    let three = [
        r#"{"name":"UBND huyện Cũ","code":"H49.01","to":"2025-06-30","heirs":["H49.30"]}"#,
        r#"{"name":"UBND xã Mới","code":"H49.30","from":"2025-07-01"}"#,
        r#"{"name":"Sở Nội vụ","code":"H49.05","codes_before":["H49.5"]}"#,
    ];
    std::fs::write(&file, three.join("\n")).unwrap();
    let (taken, text) = put();
    assert!(taken && text.contains("đã nhận 3 cơ quan"), "{text}");
    let (_, printed) = says(&["directory", "list"], &dir);
    let listed: Vec<register::Listed> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(listed[0].heirs, [listed[1].id]);

    // What is printed is taken again as it is; a new code keeps the old one.
    std::fs::write(&file, printed.replace(r#""code":"H49.05""#, r#""code":"H49.55""#)).unwrap();
    assert!(put().0);
    let (_, again) = says(&["directory", "list"], &dir);
    let office = again.lines().find(|line| line.contains("Sở Nội vụ")).unwrap();
    let office: register::Listed = serde_json::from_str(office).unwrap();
    assert_eq!(office.id, listed[2].id);
    assert_eq!(office.codes_before, ["H49.5", "H49.05"]);

    for wrong in [
        r#"{"name":"A"}"#,
        r#"{"name":" ","code":"A"}"#,
        r#"{"name":"A","code":"A","heir":[]}"#,
        r#"{"name":"A","code":"A","heirs":["H1.2"]}"#,
        r#"{"name":"A","code":"A","heirs":["A"]}"#,
        r#"{"name":"A","code":"A","from":"2026-01-02","to":"2026-01-01"}"#,
        "không phải JSON",
    ] {
        std::fs::write(&file, format!("{}\n{wrong}\n", three[0].replace("Cũ", "Khác"))).unwrap();
        let (taken, text) = put();
        assert!(!taken && text.contains("dòng 2") && text.contains("chưa đổi gì"), "{text}");
    }
    assert_eq!(says(&["directory", "list"], &dir).1, again);
}
