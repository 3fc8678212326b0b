//! The heights beside a real register: an older copy, another history, a broken file.
use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use store::{Heights, LastNumber};

use crate::durable;
use crate::keys::FileKey;
use crate::small_office::{BOOK, SmallOffice};

use super::{HEIGHTS_FILE, HeightsError, HeightsPen, check, read, write};

fn key() -> FileKey {
    FileKey::new([7; 32])
}

fn heights(office: &SmallOffice) -> Heights {
    office.store.read(|view| view.heights()).unwrap()
}

/// Copies the files of a register that nobody has open.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_file(durable::beside(to, "-wal"));
    let _ = fs::remove_file(durable::beside(to, "-shm"));
    fs::copy(from, to).unwrap();
}

#[test]
fn the_same_register_and_a_longer_one_are_well() {
    let folder = tempfile::tempdir().unwrap();
    let office = SmallOffice::found(&folder.path().join("register.db"), &key());
    office.registers(3);
    assert_eq!(check(folder.path(), &office.store).unwrap(), heights(&office));
    write(folder.path(), &heights(&office)).unwrap();
    assert_eq!(read(folder.path()).unwrap(), Some(heights(&office)));
    check(folder.path(), &office.store).unwrap();
    // Killed before the heights were written again.
    office.registers(2);
    assert_eq!(check(folder.path(), &office.store).unwrap().seq, heights(&office).seq);
}

#[test]
fn yesterdays_copy_put_back_is_told_with_the_numbers_that_stand_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("register.db"), folder.path().join("yesterday.db"));
    let office = SmallOffice::found(&path, &key());
    office.registers(3);
    office.store.checkpoint().unwrap();
    drop(office);
    copy(&path, &copied);
    let office = SmallOffice::open(&path, &key());
    office.registers(2);
    write(folder.path(), &heights(&office)).unwrap();
    drop(office);

    copy(&copied, &path);
    let office = SmallOffice::open(&path, &key());
    let Err(HeightsError::OlderCopy(older)) = check(folder.path(), &office.store) else {
        panic!("the older copy was not seen");
    };
    assert_eq!((older.found.seq, older.kept.seq), (6, 8));
    assert_eq!(older.numbers_lost, [LastNumber { book: BOOK, year: 2026, number: 5 }]);
}

#[test]
fn yesterdays_copy_worked_in_beyond_today_is_another_history() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("register.db"), folder.path().join("yesterday.db"));
    let office = SmallOffice::found(&path, &key());
    office.store.checkpoint().unwrap();
    drop(office);
    copy(&path, &copied);
    let office = SmallOffice::open(&path, &key());
    office.registers(1);
    write(folder.path(), &heights(&office)).unwrap();
    drop(office);

    // Somewhere else, other things were registered under the same numbers.
    let office = SmallOffice::open(&copied, &key());
    office.registers_for_others(2);
    drop(office);
    copy(&copied, &path);
    let office = SmallOffice::open(&path, &key());
    let answer = check(folder.path(), &office.store);
    assert!(matches!(answer, Err(HeightsError::AnotherHistory { seq: 4 })));
}

#[test]
fn a_broken_file_of_heights_is_told_as_broken() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Ok(None)));
    for bytes in [&b""[..], b"{", b"{\"v\":1}", b"{\"v\":2,\"n\":0}", b"[]"] {
        fs::write(folder.path().join(HEIGHTS_FILE), bytes).unwrap();
        assert!(matches!(read(folder.path()), Err(HeightsError::Broken { .. })));
    }
}

#[test]
fn a_touch_is_written_after_a_while_and_many_touches_once() {
    let folder = tempfile::tempdir().unwrap();
    let (to, written) = channel();
    let now = move || {
        to.send(()).unwrap();
        Ok(Heights { seq: 9, ..Heights::default() })
    };
    let pen = HeightsPen::start_after(folder.path(), Duration::from_millis(50), now).unwrap();
    for _ in 0..1000 {
        pen.touch();
    }
    written.recv_timeout(Duration::from_secs(60)).unwrap();
    drop(pen);
    assert!(written.try_iter().count() <= 1);
    assert_eq!(read(folder.path()).unwrap().unwrap().seq, 9);
}

#[test]
fn what_was_touched_last_is_written_when_the_program_ends() {
    let folder = tempfile::tempdir().unwrap();
    let now = || Ok(Heights { seq: 9, ..Heights::default() });
    let pen = HeightsPen::start_after(folder.path(), Duration::from_secs(3600), now).unwrap();
    pen.touch();
    drop(pen);
    assert_eq!(read(folder.path()).unwrap().unwrap().seq, 9);
    let untouched = tempfile::tempdir().unwrap();
    let now = || Ok(Heights::default());
    drop(HeightsPen::start(untouched.path(), now).unwrap());
    assert_eq!(read(untouched.path()).unwrap(), None);
}
