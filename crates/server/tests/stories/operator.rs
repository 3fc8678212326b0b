//! The operator at his command line, with the real program in a real folder.
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vanthu-server"));
    program.env_remove("RUST_LOG");
    program
}

fn says(arguments: &[&str], dir: &Path) -> (bool, String) {
    let ran = program().args(arguments).arg(dir).output().unwrap();
    let text = [ran.stdout, ran.stderr].concat();
    (ran.status.success(), String::from_utf8(text).unwrap())
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
    let mut serving = program()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("http://127.0.0.1:"), "{first}");
    let (ran, text) = says(&["serve", "--listen", "127.0.0.1:0"], dir);
    assert!(!ran && text.contains("một máy chủ khác đang chạy"), "{text}");
    assert!(says(&["org", "create"], dir).0, "beside the server that runs");
    let told = Command::new("kill").arg(serving.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(lines.next().unwrap().unwrap(), "Máy chủ đã dừng.");
    assert!(serving.wait().unwrap().success());
}
