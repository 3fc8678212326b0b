//! Copies of a real profile: made, tried, opened elsewhere, let go, interrupted.
use std::collections::BTreeSet;
use std::fs;

use jiff::ToSpan;
use jiff::civil::Date;

use register::Moment;
use store::{OpenOptions, Store};

use crate::blobs::Blobs;
use crate::durable;
use crate::keyring::{Cost, Keyring, Person, Purpose};
use crate::keys::{FileKey, RecoveryCode};
use crate::place::PlaceError;
use crate::small_office::{CLERK, SmallOffice, store_key};

use super::{Copies, CopyError, DAILY_KEPT, MONTHLY_KEPT, Profile, dates_that_stay, due};

/// A profile on a PC; the mirror's tests use it too.
pub(crate) struct Pc {
    pub folder: tempfile::TempDir,
    pub key: FileKey,
    pub code: RecoveryCode,
    pub office: SmallOffice,
    pub blobs: Blobs,
}

impl Pc {
    pub fn new() -> Pc {
        let folder = tempfile::tempdir().unwrap();
        let clerk =
            Person { id: CLERK, name: "Trần Thị Hạnh".into(), position: "Văn thư".into() };
        let founded =
            Keyring::found(folder.path(), Purpose::Office, Cost::Cheap, &clerk, "482915").unwrap();
        let key = founded.unlocked.file_key.clone();
        let office = SmallOffice::found(&folder.path().join("register.db"), &key);
        let blobs = Blobs::open(&folder.path().join("blobs"), &key.blobs()).unwrap();
        Pc { folder, key, code: founded.recovery.clone(), office, blobs }
    }

    pub fn profile(&self) -> Profile<'_> {
        Profile { folder: self.folder.path(), store: &self.office.store, blobs: &self.blobs }
    }
}

fn on(day: Date) -> Moment {
    Moment::of(day.at(17, 0, 0, 0))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_copy_opens_on_another_pc_with_the_code_on_paper_after_the_disk_died() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    pc.office.registers(3);
    let file = pc.blobs.put(&mut &b"a scanned page"[..], 100).unwrap().id;
    let copies = Copies::adopt(&stick.path().join("copies"), &pc.key).unwrap();
    let copied = copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
    assert_eq!((copied.seq, copied.files, copied.damaged.len()), (6, 1, 0));
    assert_eq!(copied.bytes, fs::metadata(&copied.path).unwrap().len());
    let code = pc.code.to_string();
    drop(pc);

    let folder = stick.path().join("copies");
    let key = Keyring::recover(&folder, &RecoveryCode::parse(&code).unwrap()).unwrap();
    let store = Store::open(&copied.path, &store_key(&key), &OpenOptions::default()).unwrap();
    assert_eq!(store.read(|view| view.commands_kept()).unwrap(), 6);
    let blobs = Blobs::open(&folder.join("blobs"), &key.blobs()).unwrap();
    blobs.verify(file).unwrap();
}

#[test]
fn a_second_copy_on_one_day_replaces_the_first_and_brings_only_new_files() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let copies = Copies::adopt(stick.path(), &pc.key).unwrap();
    pc.blobs.put(&mut &b"one"[..], 100).unwrap();
    copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
    pc.office.registers(1);
    pc.blobs.put(&mut &b"two"[..], 100).unwrap();
    let copied = copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
    assert_eq!((copied.seq, copied.files), (4, 1));
    assert_eq!(copies.kept().unwrap().len(), 1);
}

#[test]
fn a_damaged_file_is_named_and_does_not_stop_the_copy() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let copies = Copies::adopt(stick.path(), &pc.key).unwrap();
    let id = pc.blobs.put(&mut &b"one"[..], 100).unwrap().id;
    fs::write(pc.blobs.file_of(id), b"rotten").unwrap();
    let copied = copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
    assert_eq!(copied.damaged, [id]);
}

#[test]
fn a_stick_that_is_out_is_told_of_and_nothing_is_written_to_its_empty_mount_point() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let copies = Copies::at(stick.path(), &pc.key);
    let answer = copies.copy_now(pc.profile(), on(day("2026-11-22")));
    assert!(matches!(answer, Err(CopyError::Place(PlaceError::NotThere { .. }))));
    assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 0);
}

#[test]
fn what_a_killed_copy_left_is_no_copy_and_stands_in_nobodys_way() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let copies = Copies::adopt(stick.path(), &pc.key).unwrap();
    let half = stick.path().join("register-2026-11-21.db.part");
    fs::write(&half, b"half a register").unwrap();
    fs::write(durable::beside(&half, "-journal"), b"half a log").unwrap();
    assert!(copies.kept().unwrap().is_empty());
    copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
    assert_eq!(copies.kept().unwrap().len(), 1);
    assert!(!half.exists() && !durable::beside(&half, "-journal").exists());
}

#[test]
fn while_one_program_copies_another_is_told_so() {
    let (pc, stick) = (Pc::new(), tempfile::tempdir().unwrap());
    let copies = Copies::adopt(stick.path(), &pc.key).unwrap();
    let lock = copies.lock().unwrap();
    let answer = copies.copy_now(pc.profile(), on(day("2026-11-22")));
    assert!(matches!(answer, Err(CopyError::Busy { .. })));
    drop(lock);
    copies.copy_now(pc.profile(), on(day("2026-11-22"))).unwrap();
}

#[test]
fn a_year_and_a_half_of_daily_copies_leaves_fourteen_days_and_twelve_months() {
    let (mut dates, mut today) = (BTreeSet::new(), day("2025-01-01"));
    while today <= day("2026-06-20") {
        dates.insert(today);
        dates = dates_that_stay(&dates, today);
        today += 1.day();
    }
    let kept: Vec<String> = dates.iter().map(ToString::to_string).collect();
    assert_eq!(kept.len(), DAILY_KEPT + MONTHLY_KEPT - 1);
    assert_eq!(kept[..5], ["2025-07-31", "2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30"]);
    assert_eq!(kept.last().unwrap(), "2026-06-20");
}

#[test]
fn a_copy_made_under_a_clock_gone_back_stays_and_removes_no_newer_one() {
    let mut dates: BTreeSet<Date> = (1..=20).map(|d| Date::constant(2026, 11, d)).collect();
    let wrong = day("2001-01-01");
    dates.insert(wrong);
    let stay = dates_that_stay(&dates, wrong);
    assert!(stay.contains(&wrong) && stay.contains(&day("2026-11-20")));
    assert_eq!(dates_that_stay(&BTreeSet::from([wrong]), wrong), BTreeSet::from([wrong]));
}

#[test]
fn a_copy_is_due_once_a_day_of_the_office() {
    let at = |text: &str| Moment::of(text.parse().unwrap());
    assert!(due(at("2026-11-22T08:00"), None));
    assert!(!due(at("2026-11-22T23:59"), Some(at("2026-11-22T00:01"))));
    assert!(due(at("2026-11-23T00:01"), Some(at("2026-11-22T23:59"))));
    assert!(due(at("2026-11-22T08:00"), Some(at("2030-01-01T08:00"))), "made under a wrong clock");
}
