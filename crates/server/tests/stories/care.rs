//! The operator takes care: copies, another life, codes, logs for others, numbers to watch.
use std::fs;
use std::path::Path;

use server::{Identity, SqliteStorage, verify};
use sync::wire::{Enrolled, SyncAnswer, Trouble};

use crate::cast::{LAN, MAI, ORG, Pc, arrival};
use crate::operator::{says, serving_behind, serving_with, way};

fn says_all(arguments: &[&str], paths: &[&Path]) -> (bool, String) {
    let paths = paths.iter().map(|path| path.to_str().unwrap());
    let all: Vec<&str> = arguments.iter().copied().chain(paths).collect();
    let (last, rest) = all.split_last().unwrap();
    says(rest, Path::new(last))
}

/// A server in a folder with an agency on it, stopped again.
fn with_an_agency(dir: &Path) -> Pc {
    says(&["init"], dir);
    let (_, text) = says(&["org", "create"], dir);
    let code = text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let mut pc = Pc::founded();
    let (mut server, lines, first) = serving_with(&[], dir);
    way(&first).posts::<_, Enrolled>("/v1/adopt", "", &pc.adoption(&code)).unwrap();
    let token = way(&first).session(&pc, LAN);
    let answer: SyncAnswer = way(&first).posts("/v1/sync", &token, &pc.asks()).unwrap();
    pc.unsent.clear();
    pc.takes(answer);
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    pc
}

#[test]
fn an_operator_copies_a_server_that_runs_and_sets_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, to) = (folder.path().join("may-chu"), folder.path().join("ban-sao"));
    let again = folder.path().join("may-chu-moi");
    let mut pc = with_an_agency(&dir);
    let (mut server, lines, first) = serving_with(&[], &dir);
    let (made, text) = says_all(&["backup"], &[&dir, &to]);
    assert!(made && text.contains("Đã sao lưu 1 cơ quan, 7 mục nhật ký"), "{text}");
    let token = way(&first).session(&pc, LAN);
    let answer: SyncAnswer = way(&first).posts("/v1/sync", &token, &pc.asks()).unwrap();
    assert_eq!(answer.durable, 7, "the running server says so");
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let (made, text) = says_all(&["restore"], &[&to, &again]);
    assert!(!made && text.contains("server.key"), "a key has to be brought: {text}");
    let key = dir.join("server.key");
    let key = key.to_str().unwrap();
    let (made, text) = says_all(&["restore", "--key", key], &[&to, &again]);
    assert!(made && text.contains("1 sổ tạm dừng cấp số"), "{text}");
    assert!(says(&["verify"], &again).0);
    assert!(says(&["status"], &again).1.contains("đã khôi phục từ bản sao"));
    let (mut server, lines, first) = serving_with(&[], &again);
    let token = way(&first).session(&pc, LAN);
    pc.does(LAN, arrival(9));
    let (status, told) =
        way(&first).posts::<_, SyncAnswer>("/v1/sync", &token, &pc.asks()).unwrap_err();
    assert!(matches!((status, told), (409, Trouble::OtherEpoch { head0: 7, .. })));
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let (made, text) = says_all(&["restore", "--key", key], &[&to, &again]);
    assert!(!made && text.contains("không trống"), "{text}");
}

#[test]
fn an_operator_prints_a_code_where_no_administrator_can() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    with_an_agency(dir);
    let (listed, text) = says(&["org", "list"], dir);
    assert!(listed && text.contains(&format!("{ORG}  Uỷ ban nhân dân xã An Hiếu")), "{text}");
    let (org, mai) = (ORG.to_string(), MAI.to_string());
    let (made, text) = says(&["code", "create", "--org", &org, "--officer", &mai], dir);
    assert!(made && text.contains("trong 72 giờ"), "{text}");
    let code = text.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(text.contains(&Identity::open(dir).unwrap().public_hex().to_string()), "{text}");
    let (mut server, lines, first) = serving_with(&[], dir);
    let pc = Pc::new(2);
    let enrolled: Enrolled = way(&first).posts("/v1/enrol", "", &pc.enrolment(&code, MAI)).unwrap();
    assert_eq!(enrolled.officer, MAI);
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let nobody = "0".repeat(32);
    let (made, text) = says(&["code", "create", "--org", &org, "--officer", &nobody], dir);
    assert!(!made && text.contains("không có cán bộ ấy"), "{text}");
    let (made, text) = says(&["code", "create", "--org", "x", "--officer", &mai], dir);
    assert!(!made && text.contains("không phải là mã cơ quan"), "{text}");
}

#[test]
fn a_log_leaves_as_lines_and_is_checked_where_there_is_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, file) = (folder.path().join("may-chu"), folder.path().join("nhat-ky.jsonl"));
    with_an_agency(&dir);
    let org = ORG.to_string();
    let (made, text) = says_all(&["export", "--org", &org], &[&dir, &file]);
    assert!(made && text.contains("Đã ghi 7 mục"), "{text}");
    let (whole, text) = says(&["verify", "--export"], &file);
    assert!(whole && text.contains("Mọi thứ đều khớp"), "{text}");
    let lines = fs::read_to_string(&file).unwrap();
    fs::write(&file, lines.replacen("Công văn thứ 1", "Công văn thứ 7", 1)).unwrap();
    let (whole, text) = says(&["verify", "--export"], &file);
    assert!(!whole && text.contains("đã bị sửa sau khi ghi"), "{text}");
    let shorter: Vec<&str> = lines.lines().take(7).collect();
    fs::write(&file, shorter.join("\n")).unwrap();
    let (whole, text) = says(&["verify", "--export"], &file);
    assert!(!whole && text.contains("không kết thúc ở mục 7"), "{text}");
    fs::write(&file, lines.replacen("\"head\":7", "\"head\":6", 1)).unwrap();
    let (whole, text) = says(&["verify", "--export"], &file);
    assert!(!whole && text.contains("không ký cho chỗ kết thúc"), "{text}");
}

#[test]
fn a_watcher_on_this_machine_reads_numbers_and_no_names() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let pc = with_an_agency(dir);
    let (mut server, lines, first) = serving_with(&[], dir);
    let token = way(&first).session(&pc, LAN);
    let _: SyncAnswer = way(&first).posts("/v1/sync", &token, &pc.asks()).unwrap();
    let page = way(&first).text("/metrics");
    for row in [
        "vanthu_calls_total{route=\"/v1/sync\",code=\"200\"} 1",
        "vanthu_call_seconds_count{route=\"/v1/sync\"} 1",
        "vanthu_entries_total 7",
        "vanthu_entries_not_durable 7",
        "vanthu_waiting 0",
        "vanthu_agencies 1",
    ] {
        assert!(page.contains(row), "{row} is not in {page}");
    }
    assert!(!page.contains(&ORG.to_string()) && !page.contains("An Hiếu"));
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
}

/// Bytes that the file system gives to one file, in blocks of 512; the register has some hundred.
#[cfg(unix)]
const FILE_BLOCKS: &str = "400";

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_is_kept_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let mut pc = with_an_agency(dir);
    let before = pc.cursor;
    // Who may not write further is told as by a full disk, and goes on.
    let (mut server, lines, first) = serving_behind(
        &["sh", "-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", FILE_BLOCKS],
        dir,
    );
    let token = way(&first).session(&pc, LAN);
    let mut broke = None;
    for n in 0..100 {
        pc.claims(LAN, arrival(100 + n), pc.claim(3 + u32::from(n)));
        match way(&first).posts::<_, SyncAnswer>("/v1/sync", &token, &pc.asks()) {
            Ok(answer) => {
                pc.unsent.clear();
                pc.takes(answer);
            }
            Err(told) => {
                broke = Some(told);
                break;
            }
        }
    }
    assert_eq!(broke, Some((503, Trouble::Broken)), "after {} calls", pc.cursor - before);
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let (mut server, lines, first) = serving_with(&[], dir);
    let token = way(&first).session(&pc, LAN);
    let known = pc.cursor;
    let answer: SyncAnswer = way(&first).posts("/v1/sync", &token, &pc.asks()).unwrap();
    assert_eq!(answer.acks.len(), 1, "the same call again");
    assert_eq!(answer.acks[0].seq, known + 1, "of the call that broke nothing had stayed");
    server.kill().unwrap();
    server.wait().unwrap();
    drop(lines);
    let storage = SqliteStorage::open(&dir.join("server.db")).unwrap();
    let found = verify(&storage, &Identity::open(dir).unwrap()).unwrap();
    assert_eq!(found[0].flaws, []);
}
