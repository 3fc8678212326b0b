//! `vanthu` told as stories: what it is asked, what it prints, and how it ends.
#![cfg(feature = "demo")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

fn vanthu(profile: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vanthu"));
    command.env_remove("VANTHU_PIN").arg("--profile").arg(profile).args(words);
    command
}

fn run(profile: &Path, words: &[&str]) -> Output {
    vanthu(profile, words).output().unwrap()
}

/// The answer to a question that goes well.
fn asks(profile: &Path, words: &[&str]) -> Value {
    let ended = run(profile, words);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{words:?}: {said}");
    serde_json::from_slice(&ended.stdout).unwrap()
}

/// The failure of a question, and the exit code.
fn fails(profile: &Path, words: &[&str]) -> (Value, i32) {
    let ended = run(profile, words);
    assert!(ended.stdout.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&ended.stdout));
    let failure = serde_json::from_slice(&ended.stderr).unwrap();
    (failure, ended.status.code().unwrap())
}

/// A demo commune that is only read.
fn demo() -> &'static Path {
    static DEMO: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, profile) = DEMO.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let profile = folder.path().join("an-hieu");
        let made = Command::new(env!("CARGO_BIN_EXE_vanthu")).arg("demo").arg(&profile).output();
        let made = made.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        (folder, profile)
    });
    profile
}

fn filled(documents: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(["fill", "--quiet", "--documents", documents, "--seed", "4"])
        .arg(folder.path())
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(told["documents"].to_string(), documents);
    folder
}

#[test]
fn the_contract_is_listed_with_its_schemas_without_any_profile() {
    let nowhere = Path::new("/nowhere");
    let all = asks(nowhere, &["commands", "--json"]);
    let register = all.as_array().unwrap().iter().find(|c| c["name"] == "incoming.register");
    let register = register.unwrap();
    assert!(register["purpose"].as_str().unwrap().starts_with("Registers"));
    assert!(register["arguments"]["properties"]["arrived_on"].is_object());
    let lines = run(nowhere, &["commands"]).stdout;
    assert!(String::from_utf8(lines).unwrap().contains("incoming.register"));
}

#[test]
fn a_leader_of_the_demo_commune_finds_documents_waiting_and_search_needs_no_marks() {
    let bench = asks(demo(), &["--as", "leader", "ask", "bench"]);
    let waiting = bench["sections"].as_array().unwrap();
    let waiting = waiting.iter().find(|section| section["kind"] == "awaiting_directive").unwrap();
    assert!(waiting["total"].as_u64().unwrap() >= 5, "{waiting}");
    let found = asks(demo(), &["--as", "leader", "search", "dich ta lon", "--json"]);
    let first = &found["documents"][0]["row"]["subject"];
    assert!(first.as_str().unwrap().contains("dịch tả lợn"), "{first}");
    let lines = run(demo(), &["--as", "leader", "search", "dịch tả lợn"]).stdout;
    assert!(String::from_utf8(lines).unwrap().contains("4128/UBND-NNMT"));
}

#[test]
fn nobody_reads_a_locked_register_and_an_official_registers_nothing() {
    let (failure, code) = fails(demo(), &["ask", "bench"]);
    assert_eq!((failure["code"].as_str(), code), (Some("locked"), 3));
    let books = asks(demo(), &["--as", "clerk", "ask", "books"]);
    let form = json!({
        "book": books["books"][0]["id"], "arrived_on": "", "attachments": [], "card": null,
        "secret": false, "twin_reason": null, "submit_to": null,
        "fields": { "issuer": "UBND tỉnh", "kind": "cong-van", "subject": "Thử quyền" },
    });
    let form = form.to_string();
    let (failure, code) = fails(demo(), &["--as", "official", "ask", "incoming.register", &form]);
    assert_eq!((failure["code"].as_str(), code), (Some("forbidden"), 3), "{failure}");
}

#[test]
fn a_question_may_come_from_stdin_and_a_name_stands_for_an_id() {
    let mut asked = vanthu(demo(), &["--officer", "Phan Thi My Le", "ask", "search", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    asked.stdin.take().unwrap().write_all(br#"{"text":"ho dap"}"#).unwrap();
    let ended = asked.wait_with_output().unwrap();
    let found: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert!(!found["documents"].as_array().unwrap().is_empty());
    let (failure, code) = fails(demo(), &["--officer", "Không Có", "ask", "bench"]);
    assert_eq!((failure["code"].as_str(), code), (Some("unknown"), 3));
    let (failure, code) = fails(demo(), &["ask", "no.such.command"]);
    assert_eq!((failure["code"].as_str(), code), (Some("malformed"), 3));
}

#[test]
fn an_agency_founded_on_the_command_line_is_opened_with_its_pin_only() {
    let folder = TempDir::new().unwrap();
    let profile = folder.path();
    let mut setup = asks(profile, &["ask", "setup.defaults"]);
    let agency = setup["agency"].as_object_mut().unwrap();
    agency.insert("name".into(), json!("Uỷ ban nhân dân xã Thử"));
    setup["officers"] = json!([{ "name": "Đinh Công Sáng", "position": "Quản trị", "unit": "",
        "roles": ["administrator", "clerk"], "pin": "246810" }]);
    let session = asks(profile, &["ask", "setup.found", &setup.to_string()]);
    assert_eq!(session["phase"], "open");
    let pin_file = profile.join("pin");
    std::fs::write(&pin_file, "246810\n").unwrap();
    let pin_file = pin_file.to_string_lossy().into_owned();
    let books = asks(profile, &["--pin-file", &pin_file, "ask", "books"]);
    assert_eq!(books["books"][0]["next"], 1);
    std::fs::write(&pin_file, "135791\n").unwrap();
    let (failure, code) = fails(profile, &["--pin-file", &pin_file, "ask", "books"]);
    assert_eq!((failure["field"].as_str(), code), (Some("pin"), 3), "{failure}");
    let (failure, code) = fails(profile, &["--as", "clerk", "ask", "books"]);
    assert_eq!((failure["code"].as_str(), code), (Some("not_a_demo"), 4));
}

#[test]
fn a_filled_register_is_whole_and_is_not_filled_twice() {
    let folder = filled("400");
    let verified = asks(folder.path(), &["--as", "clerk", "verify"]);
    assert_eq!(verified["findings"], json!([]));
    assert!(verified["commands"].as_u64().unwrap() > 800);
    let again = Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(["fill", "--documents", "10"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(4));
}
