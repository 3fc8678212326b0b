//! The scan folder with real files: half written, locked, renamed, many, killed in between.
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, thread};

use jiff::civil::Date;

use intake::{Ending, Gate, GateLimits};

use super::{
    Answer, Looked, NOTICES_MAX, Notice, Notices, Offer, REFUSED_FOLDER, Rounds, ScanFolder,
    ScanTrouble, TAKEN_FOLDER, Watching, run,
};

const PDF: &[u8] = b"%PDF-1.7 one page %%EOF";
/// Generous, since the machine may be busy; nobody waits that long when all is well.
const WAIT: Duration = Duration::from_secs(60);

/// Name, bytes, whether it looked whole.
type Offered = (String, Vec<u8>, Ending);

/// A folder, a clock that stands still until told, and everything that was offered.
struct Scanner {
    folder: tempfile::TempDir,
    clock: Arc<AtomicU64>,
    answer: Arc<Mutex<Answer>>,
    offered: Arc<Mutex<Vec<Offered>>>,
    troubles: Arc<Mutex<Vec<String>>>,
    rounds: Rounds,
}

impl Scanner {
    fn new() -> Scanner {
        Scanner::in_folder(tempfile::tempdir().unwrap())
    }

    fn in_folder(folder: tempfile::TempDir) -> Scanner {
        let clock = Arc::new(AtomicU64::new(1_000_000));
        let answer = Arc::new(Mutex::new(Answer::Taken));
        let offered = Arc::new(Mutex::new(Vec::new()));
        let troubles = Arc::new(Mutex::new(Vec::new()));
        let steady = clock.clone();
        let how = Watching {
            steady_ms: Box::new(move || steady.load(Ordering::SeqCst)),
            ..Watching::new(folder.path(), || Date::constant(2026, 11, 22))
        };
        let (to, with, told) = (offered.clone(), answer.clone(), troubles.clone());
        let on_ready = Box::new(move |offer: Offer<'_>| {
            let name = offer.path.file_name().unwrap().to_str().unwrap().to_owned();
            to.lock().unwrap().push((name, fs::read(offer.path).unwrap(), offer.ending));
            *with.lock().unwrap()
        });
        let on_trouble = Box::new(move |trouble: Option<&ScanTrouble>| {
            let words = trouble.map_or("well again".to_owned(), |trouble| trouble.to_string());
            told.lock().unwrap().push(words);
        });
        let rounds = Rounds::new(how, on_ready, on_trouble);
        Scanner { folder, clock, answer, offered, troubles, rounds }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn after(&mut self, ms: u64) -> Looked {
        self.clock.fetch_add(ms, Ordering::SeqCst);
        self.rounds.round()
    }

    fn offered(&self) -> Vec<String> {
        self.offered.lock().unwrap().drain(..).map(|(name, ..)| name).collect()
    }

    fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(folder)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_finished_file_is_offered_once_and_moved_aside_under_the_date() {
    let mut scanner = Scanner::new();
    scanner.write("Quét 1.pdf", PDF);
    assert_eq!(scanner.after(0), Looked::Waiting);
    assert!(scanner.offered().is_empty());
    assert_eq!(scanner.after(5_000), Looked::Quiet);
    assert_eq!(scanner.offered(), ["Quét 1.pdf"]);
    assert_eq!(scanner.names_in(TAKEN_FOLDER), ["2026-11-22 Quét 1.pdf"]);
    assert!(scanner.names_in("").is_empty());
    scanner.after(500_000);
    assert!(scanner.offered().is_empty());
}

#[test]
fn two_files_of_one_name_on_one_day_are_both_kept() {
    let mut scanner = Scanner::new();
    for bytes in [PDF, b"%PDF-1.7 another page %%EOF"] {
        scanner.write("scan.pdf", bytes);
        scanner.after(0);
        scanner.after(5_000);
    }
    assert_eq!(scanner.offered().len(), 2);
    assert_eq!(scanner.names_in(TAKEN_FOLDER), ["2026-11-22 scan (2).pdf", "2026-11-22 scan.pdf"]);
}

#[test]
fn a_writer_that_pauses_between_chunks_is_waited_for() {
    let mut scanner = Scanner::new();
    let path = scanner.write("scan.pdf", b"%PDF-1.7 first half");
    scanner.after(0);
    scanner.after(20_000);
    assert!(scanner.offered().is_empty());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b" second half %%EOF").unwrap();
    scanner.after(1_000);
    assert!(scanner.offered().is_empty());
    scanner.after(5_000);
    let offered = scanner.offered.lock().unwrap();
    assert_eq!(offered.len(), 1);
    assert!(offered[0].1.ends_with(b"%%EOF") && offered[0].2 == Ending::Whole);
}

#[test]
fn a_file_without_an_end_is_offered_with_a_warning_after_two_minutes() {
    let mut scanner = Scanner::new();
    scanner.write("scan.pdf", b"%PDF-1.7 the scanner lost its power");
    scanner.after(0);
    scanner.after(121_000);
    assert_eq!(scanner.offered.lock().unwrap()[0].2, Ending::Doubtful);
}

#[test]
fn a_locked_file_is_taken_when_the_lock_is_gone() {
    let mut scanner = Scanner::new();
    let path = scanner.write("scan.pdf", PDF);
    let writer = fs::OpenOptions::new().append(true).open(&path).unwrap();
    writer.lock().unwrap();
    scanner.after(0);
    assert_eq!(scanner.after(5_000), Looked::Waiting);
    assert!(scanner.offered().is_empty());
    writer.unlock().unwrap();
    scanner.after(60_000);
    assert_eq!(scanner.offered(), ["scan.pdf"]);
}

#[test]
fn a_file_renamed_when_it_is_finished_is_taken_once_under_its_last_name() {
    let mut scanner = Scanner::new();
    let unfinished = scanner.write("scan.pdf.tmp", PDF);
    scanner.after(0);
    scanner.after(60_000);
    assert!(scanner.offered().is_empty());
    fs::rename(&unfinished, scanner.folder.path().join("scan.pdf")).unwrap();
    scanner.after(0);
    scanner.after(5_000);
    scanner.after(500_000);
    assert_eq!(scanner.offered(), ["scan.pdf"]);
}

#[test]
fn five_hundred_files_at_once_are_each_taken_once() {
    let mut scanner = Scanner::new();
    for number in 0..500 {
        scanner.write(&format!("scan-{number:03}.pdf"), PDF);
    }
    scanner.after(0);
    let mut looked = scanner.after(5_000);
    while looked == Looked::More {
        looked = scanner.after(0);
    }
    assert_eq!(looked, Looked::Quiet);
    let offered = scanner.offered();
    let different: BTreeSet<_> = offered.iter().collect();
    assert_eq!((offered.len(), different.len()), (500, 500));
    assert_eq!(scanner.names_in(TAKEN_FOLDER).len(), 500);
}

#[test]
fn a_program_killed_between_storing_and_moving_is_offered_the_same_bytes_again() {
    // The taker keeps documents by hash, as the desk does: the second offer makes no second one.
    let mut documents: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let mut scanner = Scanner::new();
    scanner.write("scan.pdf", PDF);
    scanner.after(0);
    *scanner.answer.lock().unwrap() = Answer::Later;
    scanner.after(5_000);
    let mut taken = std::mem::take(&mut *scanner.offered.lock().unwrap());

    // Killed here. The next run begins with nothing in its head.
    let mut scanner = Scanner::in_folder(scanner.folder);
    scanner.after(0);
    scanner.after(5_000);
    taken.append(&mut scanner.offered.lock().unwrap());
    assert_eq!(taken.len(), 2);
    for (_, bytes, _) in taken {
        *documents.entry(bytes).or_default() += 1;
    }
    assert_eq!(documents.len(), 1);
    assert_eq!(scanner.names_in(TAKEN_FOLDER), ["2026-11-22 scan.pdf"]);
}

#[test]
fn a_refused_file_is_moved_where_a_person_sees_it() {
    let mut scanner = Scanner::new();
    *scanner.answer.lock().unwrap() = Answer::Refused;
    scanner.write("virus.exe", b"MZ");
    scanner.after(0);
    scanner.after(5_000);
    assert_eq!(scanner.names_in(REFUSED_FOLDER), ["2026-11-22 virus.exe"]);
}

#[test]
fn a_file_that_changes_while_it_is_taken_stays_and_is_offered_again() {
    let mut scanner = Scanner::new();
    let path = scanner.write("scan.pdf", PDF);
    let (again, growing) = (scanner.offered.clone(), path.clone());
    scanner.rounds.on_ready = Box::new(move |offer| {
        let bytes = fs::read(offer.path).unwrap();
        again.lock().unwrap().push((String::new(), bytes, offer.ending));
        if again.lock().unwrap().len() == 1 {
            fs::write(&growing, b"%PDF-1.7 one page, and one more %%EOF").unwrap();
        }
        Answer::Taken
    });
    scanner.after(0);
    scanner.after(5_000);
    assert!(path.exists());
    scanner.after(0);
    scanner.after(5_000);
    assert!(!path.exists());
    assert_eq!(scanner.offered.lock().unwrap().len(), 2);
}

#[test]
fn a_taker_that_breaks_down_is_told_of_and_the_file_is_offered_again() {
    let mut scanner = Scanner::new();
    scanner.write("scan.pdf", PDF);
    let mut calls = 0;
    scanner.rounds.on_ready = Box::new(move |_| {
        calls += 1;
        assert!(calls > 1, "a fault of ours");
        Answer::Taken
    });
    scanner.after(0);
    scanner.after(5_000);
    assert_eq!(scanner.troubles.lock().unwrap().len(), 1);
    scanner.after(60_000);
    assert_eq!(scanner.names_in(TAKEN_FOLDER), ["2026-11-22 scan.pdf"]);
    assert_eq!(scanner.troubles.lock().unwrap()[1], "well again");
}

#[test]
fn a_folder_that_goes_and_comes_back_is_told_of_once_each() {
    let mut scanner = Scanner::new();
    let path = scanner.folder.path().to_owned();
    fs::remove_dir(&path).unwrap();
    assert_eq!(scanner.after(0), Looked::Missing);
    fs::create_dir(&path).unwrap();
    scanner.write("scan.pdf", PDF);
    scanner.after(0);
    scanner.after(5_000);
    assert_eq!(scanner.offered(), ["scan.pdf"]);
    let troubles = scanner.troubles.lock().unwrap();
    assert!(troubles[0].starts_with("reading the scan folder") && troubles[1] == "well again");
}

#[test]
fn a_file_that_cannot_be_moved_is_not_taken_twice() {
    let mut scanner = Scanner::new();
    scanner.write("scan.pdf", PDF);
    // A file where the folder should be.
    scanner.write(TAKEN_FOLDER, PDF);
    scanner.rounds.round();
    scanner.after(5_000);
    scanner.after(500_000);
    let mut offered = scanner.offered();
    offered.sort();
    assert_eq!(offered, ["scan.pdf", TAKEN_FOLDER]);
    assert!(scanner.troubles.lock().unwrap().iter().all(|words| words != "well again"));
}

#[test]
fn a_name_too_long_for_the_disk_is_cut_between_letters() {
    let mut scanner = Scanner::new();
    // 80 letters of three bytes each: the longest name that this disk takes.
    let name = format!("{}.pdf", "ệ".repeat(80));
    scanner.write(&name, PDF);
    scanner.after(0);
    scanner.after(5_000);
    let names = scanner.names_in(TAKEN_FOLDER);
    assert!(names[0].starts_with("2026-11-22 ệệ") && names[0].ends_with("ệ.pdf"));
}

#[test]
fn too_many_files_are_told_of_and_all_are_taken_in_the_end() {
    let mut scanner = Scanner::new();
    scanner.rounds.how.limits.files_max = 3;
    scanner.rounds.gate = Gate::new(scanner.rounds.how.limits);
    for number in 0..8 {
        scanner.write(&format!("scan-{number}.pdf"), PDF);
    }
    for _ in 0..6 {
        scanner.after(5_000);
    }
    assert_eq!(scanner.names_in(TAKEN_FOLDER).len(), 8);
    let troubles = scanner.troubles.lock().unwrap();
    assert!(troubles[0].starts_with("more than 3 files"));
    assert_eq!(troubles.last().unwrap(), "well again");
}

fn watch(folder: &Path, look_every: Duration, to: Sender<String>) -> ScanFolder {
    let limits = GateLimits { quiet_ms: 20, ..GateLimits::default() };
    let today = || Date::constant(2026, 11, 22);
    let how = Watching { limits, look_every, ..Watching::new(folder, today) };
    let on_ready = Box::new(move |offer: Offer<'_>| {
        to.send(offer.path.file_name().unwrap().to_str().unwrap().to_owned()).unwrap();
        Answer::Taken
    });
    ScanFolder::watch(how, on_ready, Box::new(|_| ())).unwrap()
}

#[test]
fn a_watched_folder_offers_what_was_there_and_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("before.pdf"), PDF).unwrap();
    let (to, offered) = channel();
    // Without notices this would take an hour.
    let watched = watch(folder.path(), Duration::from_secs(3600), to);
    assert_eq!(offered.recv_timeout(WAIT).unwrap(), "before.pdf");
    fs::write(folder.path().join("after.pdf"), PDF).unwrap();
    assert_eq!(offered.recv_timeout(WAIT).unwrap(), "after.pdf");
    drop(watched);
    assert!(offered.try_recv().is_err());
    assert!(!folder.path().join("after.pdf").exists());
}

#[test]
fn a_share_that_tells_of_nothing_is_looked_through() {
    let folder = tempfile::tempdir().unwrap();
    let limits = GateLimits { quiet_ms: 20, ..GateLimits::default() };
    let look_every = Duration::from_millis(30);
    let today = || Date::constant(2026, 11, 22);
    let how = Watching { limits, look_every, ..Watching::new(folder.path(), today) };
    let (to, offered) = channel();
    let (notices, heard) = sync_channel(NOTICES_MAX);
    let on_ready = Box::new(move |offer: Offer<'_>| {
        to.send(offer.path.to_owned()).unwrap();
        Answer::Taken
    });
    let mut rounds = Rounds::new(how, on_ready, Box::new(|_| ()));
    // Notices that go nowhere, as on a share.
    let (nowhere, _unheard) = sync_channel(NOTICES_MAX);
    let silent = Notices { told: nowhere, watcher: None };
    let thread = thread::spawn(move || run(&mut rounds, silent, &heard));
    fs::write(folder.path().join("scan.pdf"), PDF).unwrap();
    assert!(offered.recv_timeout(WAIT).unwrap().ends_with("scan.pdf"));
    notices.send(Notice::Stop).unwrap();
    thread.join().unwrap();
}
