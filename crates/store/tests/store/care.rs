//! What is wrong with a file is seen and said; what was lost is built again.
use std::fs;

use register::{Act, DeviceId, Party};
use rusqlite::Connection;
use store::{
    Access, FileKey, Finding, Mirror, MirrorKey, OpenOptions, Store, StoreError, read_mirror,
};

use crate::office::{
    CLERK, DEVICE, KEY, LEADER, OFFICIAL, Office, TODAY, directed, fields, options, task,
};

/// An office in which every kind of thing has happened.
pub fn busy_office() -> Office {
    let mut office = Office::open();
    for number in 1..=6 {
        let made = office.enter(&number.to_string(), "Sở Nội vụ", "Về việc kiểm kê đất đai");
        if number % 2 == 0 {
            office.act(LEADER, directed(made, "Giao xử lý", Party::Officer(OFFICIAL))).unwrap();
        }
    }
    let text = "xong".to_string();
    office
        .act(OFFICIAL, Act::Report { task: task(2), text, files: vec![], product: None })
        .unwrap();
    office.act(LEADER, Act::AcceptResult { task: task(2), remarks: String::new() }).unwrap();
    let draft = office.draft("Trả lời");
    office.issue(draft);
    let reason = "mất điện".to_string();
    let book = crate::office::DEN;
    let year = TODAY.year();
    office.act(CLERK, Act::PaperRange { book, year, to: 9, last_date: TODAY, reason }).unwrap();
    let reason = "ghi nhầm".to_string();
    office.act(CLERK, Act::VoidNumber { book, year, number: 8, reason }).unwrap();
    office.enter_on(fields("77", "Sở Y tế", "Sau khi có điện"), TODAY);
    office
}

pub fn findings(office: &Office) -> Vec<Finding> {
    let mut steps = 0;
    let report = office.store.verify(&mut |_| steps += 1).unwrap();
    assert!(steps > 0 && report.commands > 10);
    report.findings
}

/// Writes into the file behind the program's back.
pub fn tampered(office: Office, sql: &str) -> Office {
    let path = office.store.path().to_path_buf();
    office.store.checkpoint().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "key", format!("x'{}'", "07".repeat(32))).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    office.reopened()
}

#[test]
fn a_register_in_order_is_found_in_order() {
    let office = busy_office();
    assert_eq!(findings(&office), []);
    let office = office.reopened();
    assert_eq!(findings(&office), []);
}

#[test]
fn every_kind_of_tampering_is_found() {
    type Wanted = fn(&Finding) -> bool;
    let cases: [(&str, Wanted); 8] = [
        (
            "UPDATE command SET raw = CAST(replace(raw, 'Sở', 'Bộ') AS BLOB) WHERE seq = 6",
            |found| {
                matches!(found, Finding::ChainBroken { seq: 6 } | Finding::Signature { seq: 6 })
            },
        ),
        ("DELETE FROM command WHERE seq = 6", |found| {
            matches!(found, Finding::ChainBroken { seq: 7 })
        }),
        ("UPDATE command SET hash = zeroblob(32) WHERE seq = 6", |found| {
            matches!(found, Finding::ChainBroken { .. })
        }),
        ("UPDATE state SET body = replace(body, 'kiểm kê', 'thống kê')", |found| {
            matches!(found, Finding::Differs { table: "state", .. })
        }),
        ("DELETE FROM trail WHERE seq = 7", |found| {
            matches!(found, Finding::Differs { table: "trail", .. })
        }),
        ("DELETE FROM number WHERE no = 2", |found| {
            matches!(found, Finding::Number { number: 2, .. })
        }),
        ("UPDATE bucket_day SET n = n + 1", |found| {
            matches!(found, Finding::Differs { table: "bucket_day", .. })
        }),
        ("DELETE FROM words WHERE rowid IN (SELECT min(ord) FROM doc)", |found| {
            matches!(found, Finding::Differs { table: "words", .. })
        }),
    ];
    for (sql, wanted) in cases {
        let office = tampered(busy_office(), sql);
        let findings = findings(&office);
        assert!(findings.iter().any(wanted), "{sql}: {findings:?}");
    }
}

#[test]
fn derived_tables_thrown_away_come_back_as_they_were() {
    let office = tampered(
        busy_office(),
        "DELETE FROM posting; DELETE FROM number; DELETE FROM bucket; DELETE FROM words;",
    );
    assert_ne!(findings(&office), []);
    office.store.rebuild_derived(&mut |_| {}).unwrap();
    assert_eq!(findings(&office), []);
}

#[test]
fn a_copy_is_the_register_as_it_was_when_the_copy_began() {
    let mut office = busy_office();
    let path = office.folder.path().join("copy.db");
    let copied = office.store.backup_to(&path).unwrap();
    assert_eq!(copied.heights, office.store.read(|view| view.heights()).unwrap());
    office.enter("99", "Sở Nội vụ", "Sau khi chép");
    assert_ne!(copied.heights, office.store.read(|view| view.heights()).unwrap());
    let again = office.store.backup_to(&path).unwrap();
    assert!(again.heights.seq > copied.heights.seq);
    assert!(!office.folder.path().join("copy.db.part").exists());
    let copy = Store::open(&path, &KEY, &options()).unwrap();
    assert_eq!(copy.read(|view| view.heights()).unwrap(), again.heights);
    assert_eq!(copy.verify(&mut |_| {}).unwrap().findings, []);
    let wrong = FileKey([8; 32]);
    assert!(matches!(Store::open(&path, &wrong, &options()), Err(StoreError::NotOurs { .. })));
}

#[test]
fn a_lost_register_is_built_again_from_its_mirror() {
    let office = busy_office();
    let key = MirrorKey([9; 32]);
    let mirror_path = office.folder.path().join("mirror.vtm");
    let mut mirror = Mirror::open(&mirror_path, &key).unwrap();
    let mirrored = mirror.catch_up(&office.store).unwrap();
    let heights = office.store.read(|view| view.heights()).unwrap();
    assert_eq!((mirrored.upto, mirrored.appended), (heights.seq, heights.seq));
    assert_eq!(mirror.catch_up(&office.store).unwrap().appended, 0);
    let path = office.folder.path().join("again.db");
    let mut kept = read_mirror(&mirror_path, &key).unwrap();
    let again = Store::rebuild_from(&path, &KEY, DEVICE, &options(), &mut kept).unwrap();
    assert_eq!(again.read(|view| view.heights()).unwrap(), heights);
    assert_eq!(again.verify(&mut |_| {}).unwrap().findings, []);
    let wrong = MirrorKey([1; 32]);
    assert!(matches!(Mirror::open(&mirror_path, &wrong), Err(StoreError::MirrorKey { .. })));
}

#[test]
fn a_mirror_torn_at_any_byte_of_its_end_loses_only_its_last_command() {
    let mut office = Office::open();
    let key = MirrorKey([9; 32]);
    let path = office.folder.path().join("mirror.vtm");
    Mirror::open(&path, &key).unwrap().catch_up(&office.store).unwrap();
    let whole = fs::read(&path).unwrap();
    office.enter("1", "Sở Nội vụ", "Dòng cuối");
    Mirror::open(&path, &key).unwrap().catch_up(&office.store).unwrap();
    let longer = fs::read(&path).unwrap();
    for cut in (whole.len()..longer.len()).step_by(37) {
        fs::write(&path, &longer[..cut]).unwrap();
        assert_eq!(read_mirror(&path, &key).unwrap().count(), 5);
        let mut mirror = Mirror::open(&path, &key).unwrap();
        assert_eq!(mirror.upto(), 5);
        assert_eq!(mirror.catch_up(&office.store).unwrap().appended, 1);
        assert_eq!(read_mirror(&path, &key).unwrap().count(), 6);
    }
}

#[test]
fn an_old_copy_put_back_does_not_go_on_in_the_mirror() {
    let mut office = Office::open();
    let key = MirrorKey([9; 32]);
    let path = office.folder.path().join("mirror.vtm");
    let copy = office.folder.path().join("copy.db");
    office.store.backup_to(&copy).unwrap();
    office.enter("1", "Sở Nội vụ", "Hôm nay");
    let mut mirror = Mirror::open(&path, &key).unwrap();
    mirror.catch_up(&office.store).unwrap();
    let old = Store::open(&copy, &KEY, &options()).unwrap();
    assert!(matches!(mirror.catch_up(&old), Err(StoreError::MirrorDiffers { .. })));
}

fn fault(office: &Office, options: &OpenOptions) -> StoreError {
    match Store::open(office.store.path(), &KEY, options) {
        Ok(_) => panic!("it opened"),
        Err(fault) => fault,
    }
}

#[test]
fn each_way_a_file_is_wrong_is_told_apart() {
    let office = Office::open();
    let path = office.store.path().to_path_buf();
    office.store.checkpoint().unwrap();
    let good = fs::read(&path).unwrap();
    let again = Store::create(&path, &KEY, DeviceId([1; 16]), &options());
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    for file in &office.store.files()[1..] {
        fs::remove_file(file).unwrap();
    }
    let lay = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
    lay(b"");
    assert!(matches!(fault(&office, &options()), StoreError::Truncated { bytes: 0, .. }));
    lay(&good[..3000]);
    assert!(matches!(fault(&office, &options()), StoreError::Truncated { .. }));
    lay(&good[..good.len() - 4096]);
    let cut = fault(&office, &options());
    // SQLite may see for itself that the last page is missing.
    let told = matches!(cut, StoreError::Truncated { .. } | StoreError::Damaged { .. });
    assert!(told, "{cut:?}");
    lay(&vec![b'x'; good.len()]);
    assert!(matches!(fault(&office, &options()), StoreError::NotOurs { .. }));
    let mut damaged = good.clone();
    damaged[100] ^= 1;
    lay(&damaged);
    assert!(matches!(fault(&office, &options()), StoreError::NotOurs { .. }));
    fs::remove_file(&path).unwrap();
    assert!(matches!(fault(&office, &options()), StoreError::Missing { .. }));
}

#[test]
fn a_damaged_page_is_a_damaged_register_and_not_a_panic() {
    let office = busy_office();
    office.store.checkpoint().unwrap();
    let path = office.store.path().to_path_buf();
    let mut bytes = fs::read(&path).unwrap();
    for page in 2..bytes.len() / 4096 {
        bytes[page * 4096 + 50] ^= 1;
    }
    let damaged = office.folder.path().join("damaged.db");
    fs::write(&damaged, bytes).unwrap();
    let opened = Store::open(&damaged, &KEY, &options());
    let read = opened.and_then(|store| store.read(|view| view.officers()).map(|_| ()));
    assert!(
        matches!(read, Err(StoreError::Damaged { .. } | StoreError::NotOurs { .. })),
        "{read:?}"
    );
}

#[test]
fn a_register_of_a_newer_program_is_left_alone() {
    let office = Office::open();
    let path = office.store.path().to_path_buf();
    office.store.checkpoint().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "key", format!("x'{}'", "07".repeat(32))).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let opened = Store::open(&path, &KEY, &options());
    assert!(matches!(opened, Err(StoreError::Newer { found: 99, known: 6 })));
}

#[test]
fn a_register_opened_for_reading_is_not_written() {
    let office = Office::open();
    let read_only = OpenOptions { access: Access::ReadOnly, ..options() };
    let reader = Store::open(office.store.path(), &KEY, &read_only).unwrap();
    assert_eq!(reader.read(|view| view.officers()).unwrap().len(), 4);
    let written = reader.keep_local("x", b"y");
    assert!(matches!(written, Err(StoreError::ReadOnly { .. })), "{written:?}");
}
