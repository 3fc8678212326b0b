//! The scan folder and its traps: each a story with the time as an argument.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use intake::{
    Ending, FileFacts, FileId, GATE_PATIENCE_MS, GATE_QUIET_MS, Gate, GateLimits, Ready, Seen,
    Taken,
};

/// A folder with files in it, the gate before it, and a clock.
struct Folder {
    gate: Gate,
    files: BTreeMap<PathBuf, (FileFacts, &'static [u8])>,
    now_ms: u64,
    next_id: u128,
}

const WHOLE: &[u8] = b"startxref\n1234\n%%EOF\n";
const HALF: &[u8] = b"stream of a page that is not";

impl Folder {
    fn new() -> Folder {
        let gate = Gate::new(GateLimits::default());
        Folder { gate, files: BTreeMap::new(), now_ms: 1_000, next_id: 1 }
    }

    /// Somebody writes a file up to a size; `end` is how it ends now.
    fn write(&mut self, name: &str, size: u64, end: &'static [u8]) {
        let modified_ms = self.now_ms as i64;
        let id = match self.files.get(Path::new(name)) {
            Some((facts, _)) => facts.id,
            None => Some(FileId(self.next_id)),
        };
        self.next_id += 1;
        self.files.insert(name.into(), (FileFacts { size, modified_ms, id }, end));
    }

    fn rename(&mut self, from: &str, to: &str) {
        let file = self.files.remove(Path::new(from)).unwrap();
        self.files.insert(to.into(), file);
    }

    /// A second passes and the folder is walked; what was ready is returned.
    fn second(&mut self) -> Vec<Ready> {
        self.now_ms += 1_000;
        for (path, (facts, _)) in &self.files {
            self.gate.seen(path, *facts, self.now_ms);
        }
        let files = &self.files;
        self.gate.ready(self.now_ms, &mut |path| Some(files.get(path)?.1.to_vec()))
    }

    fn seconds(&mut self, seconds: u64) -> Vec<Ready> {
        (0..seconds).flat_map(|_| self.second()).collect()
    }

    /// Takes what was offered, as it looks now.
    fn take(&mut self, ready: &Ready) -> Taken {
        let (facts, _) = self.files.get(&ready.path).unwrap();
        self.gate.taken(&ready.path, *facts, self.now_ms)
    }
}

fn names(ready: &[Ready]) -> Vec<&str> {
    ready.iter().map(|ready| ready.path.to_str().unwrap()).collect()
}

#[test]
fn a_finished_file_is_ready_after_the_quiet_time_and_only_once() {
    let mut folder = Folder::new();
    folder.write("scan.pdf", 9_000, WHOLE);
    assert_eq!(names(&folder.seconds(3)), Vec::<&str>::new());
    let ready = folder.seconds(1);
    assert_eq!(names(&ready), ["scan.pdf"]);
    assert_eq!(ready[0].ending, Ending::Whole);
    assert_eq!(folder.take(&ready[0]), Taken::AsOffered);
    assert_eq!(folder.seconds(300), []);
}

#[test]
fn a_writer_that_sleeps_between_chunks_is_waited_for() {
    let mut folder = Folder::new();
    for chunk in 1..=10 {
        folder.write("scan.pdf", chunk * 1_000, HALF);
        // Longer than the quiet time: the missing end mark keeps it back.
        assert_eq!(folder.seconds(8), []);
    }
    folder.write("scan.pdf", 11_000, WHOLE);
    let ready = folder.seconds(4);
    assert_eq!((ready.len(), ready[0].facts.size), (1, 11_000));
}

#[test]
fn a_file_reopened_after_twenty_seconds_and_not_yet_taken_starts_over() {
    let mut folder = Folder::new();
    folder.write("scan.pdf", 9_000, WHOLE);
    let ready = folder.seconds(4);
    assert_eq!(names(&ready), ["scan.pdf"]);
    assert_eq!(folder.seconds(16), []);
    // The scanner adds a page before anybody took the file.
    folder.write("scan.pdf", 18_000, HALF);
    assert_eq!(folder.take(&ready[0]), Taken::ChangedSince);
    assert_eq!(folder.seconds(10), []);
    folder.write("scan.pdf", 18_500, WHOLE);
    let ready = folder.seconds(4);
    assert_eq!(ready[0].facts.size, 18_500);
    assert_eq!(folder.take(&ready[0]), Taken::AsOffered);
}

#[test]
fn a_temporary_name_is_nobodys_until_it_is_renamed() {
    let mut folder = Folder::new();
    for name in ["~$a.docx", "a.pdf.tmp", "a.pdf.part", "a.pdf.crdownload", ".a.pdf", "Thumbs.db"] {
        folder.write(name, 9_000, WHOLE);
    }
    assert_eq!(folder.seconds(10), []);
    assert!(folder.gate.is_empty());
    folder.rename("a.pdf.part", "a.pdf");
    assert_eq!(names(&folder.seconds(4)), ["a.pdf"]);
}

#[test]
fn a_file_renamed_after_it_was_taken_is_not_taken_twice() {
    let mut folder = Folder::new();
    folder.write("scan0001.pdf", 9_000, WHOLE);
    let ready = folder.seconds(4);
    folder.take(&ready[0]);
    folder.rename("scan0001.pdf", "cong van 15.pdf");
    assert_eq!(folder.seconds(30), []);
}

#[test]
fn a_file_renamed_while_it_waits_keeps_its_waiting_time() {
    let mut folder = Folder::new();
    folder.write("scan0001.pdf", 9_000, WHOLE);
    folder.seconds(3);
    folder.gate.renamed(Path::new("scan0001.pdf"), Path::new("cong van 15.pdf"));
    folder.rename("scan0001.pdf", "cong van 15.pdf");
    assert_eq!(names(&folder.seconds(1)), ["cong van 15.pdf"]);
}

#[test]
fn five_hundred_files_at_once_are_each_offered_once() {
    let mut folder = Folder::new();
    for number in 0..500 {
        folder.write(&format!("scan{number:04}.pdf"), 9_000, WHOLE);
    }
    let mut taken = Vec::new();
    for _ in 0..60 {
        for ready in folder.second() {
            assert_eq!(folder.take(&ready), Taken::AsOffered);
            taken.push(ready.path);
        }
    }
    let offers = taken.len();
    taken.sort();
    taken.dedup();
    assert_eq!((offers, taken.len()), (500, 500));
}

#[test]
fn a_pdf_that_never_ends_is_offered_with_a_warning_when_patience_is_over() {
    let mut folder = Folder::new();
    folder.write("cut.pdf", 9_000, HALF);
    folder.write("nothing.jpg", 0, b"");
    assert_eq!(folder.seconds(GATE_PATIENCE_MS / 1_000), []);
    let ready = folder.seconds(1);
    assert_eq!(names(&ready), ["cut.pdf", "nothing.jpg"]);
    assert!(ready.iter().all(|ready| ready.ending == Ending::Doubtful));
}

#[test]
fn a_locked_file_is_tried_again_after_longer_and_longer_waits() {
    let mut folder = Folder::new();
    folder.write("scan.pdf", 9_000, WHOLE);
    let mut tries = Vec::new();
    for _ in 0..120 {
        for ready in folder.second() {
            tries.push(folder.now_ms / 1_000);
            folder.gate.refused(&ready.path, folder.now_ms);
        }
    }
    let waits: Vec<u64> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
}

#[test]
fn an_offer_nobody_answered_is_made_again() {
    let mut folder = Folder::new();
    folder.write("scan.pdf", 9_000, WHOLE);
    assert_eq!(folder.seconds(60).len(), 1);
    assert_eq!(folder.seconds(10).len(), 1);
}

#[test]
fn a_new_scan_under_a_taken_name_is_a_new_file() {
    let mut folder = Folder::new();
    folder.write("scan.pdf", 9_000, WHOLE);
    let ready = folder.seconds(4);
    folder.take(&ready[0]);
    folder.write("scan.pdf", 7_000, WHOLE);
    assert_eq!(names(&folder.seconds(4)), ["scan.pdf"]);
    folder.gate.gone(Path::new("scan.pdf"));
    assert!(folder.gate.is_empty());
}

#[test]
fn files_above_the_limit_wait_outside_until_others_have_gone() {
    let limits = GateLimits { files_max: 2, ..GateLimits::default() };
    let mut gate = Gate::new(limits);
    let facts = FileFacts { size: 1, modified_ms: 0, id: None };
    assert_eq!(gate.seen(Path::new("a.jpg"), facts, 0), Seen::Watched);
    assert_eq!(gate.seen(Path::new("b.jpg"), facts, 0), Seen::Watched);
    assert_eq!(gate.seen(Path::new("c.jpg"), facts, 0), Seen::Full);
    gate.gone(Path::new("a.jpg"));
    assert_eq!(gate.seen(Path::new("c.jpg"), facts, 0), Seen::Watched);
    assert_eq!(gate.ready(GATE_QUIET_MS, &mut |_| None).len(), 2);
}
