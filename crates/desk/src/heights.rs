//! How far the register had come, kept outside it: an older copy put back shows at once.
//!
//! It is written by a thread of its own, at most once a second and when the program ends, so that
//! an act costs no sync more. It may lag behind the register, never the other way round.
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use contract::Failure;
use register::BookId;
use store::{Heights, LastNumber, Membership, Store, StoreError};

use crate::durable;
use crate::faults::{fault, log, of_store};

/// Name of the file inside a profile.
pub const HEIGHTS_FILE: &str = "heights.json";
const HEIGHTS_VERSION: u32 = 1;
const HEIGHTS_BYTES_MAX: u64 = 1 << 20;
/// After an act the heights are written at the latest after this time.
const WRITE_AFTER: Duration = Duration::from_secs(1);

/// The register is not the one that was worked in last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlderCopy {
    /// How far the register had come.
    pub kept: Heights,
    /// How far this one has come.
    pub found: Heights,
    /// Books whose last number was higher: these numbers stand on paper.
    pub numbers_lost: Vec<LastNumber>,
}

/// What is wrong with the heights, or with the register measured by them.
#[derive(Debug, Error)]
pub enum HeightsError {
    /// The register is older than it was.
    #[error("the register ends at {}, it had come to {}", .0.found.seq, .0.kept.seq)]
    OlderCopy(Box<OlderCopy>),
    /// The register is as long or longer, but an entry is another one than it was.
    #[error("entry {seq} of the register is not the one that was there")]
    AnotherHistory {
        /// The entry.
        seq: u64,
    },
    /// The file is damaged: nothing is known.
    #[error("{path} is damaged")]
    Broken {
        /// The file.
        path: PathBuf,
    },
    /// The register could not be read.
    #[error("reading how far the register has come")]
    Store(#[source] StoreError),
    /// The disk did not do it.
    #[error("{doing} {path}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

type Result<T> = std::result::Result<T, HeightsError>;

#[derive(Serialize, Deserialize)]
struct Version1 {
    v: u32,
    n: u64,
    seq: u64,
    head: String,
    numbers: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    book: BookId,
    year: i16,
    number: u32,
}

/// Reads the heights of a profile; `None` where none were written yet.
pub fn read(folder: &Path) -> Result<Option<Heights>> {
    let path = folder.join(HEIGHTS_FILE);
    let bytes = match fs::metadata(&path) {
        Ok(facts) if facts.len() > HEIGHTS_BYTES_MAX => {
            return Err(HeightsError::Broken { path });
        }
        Ok(_) => fs::read(&path).map_err(disk("reading", &path))?,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(disk("reading", &path)(why)),
    };
    let read: Option<Version1> = serde_json::from_slice(&bytes).ok();
    let Some(Version1 { v: HEIGHTS_VERSION, n, seq, head, numbers }) = read else {
        return Err(HeightsError::Broken { path });
    };
    let Some(head) = durable::unhex(&head) else { return Err(HeightsError::Broken { path }) };
    let number = |Line { book, year, number }| LastNumber { book, year, number };
    Ok(Some(Heights { n, seq, head, numbers: numbers.into_iter().map(number).collect() }))
}

/// Writes the heights of a profile, in one step.
pub fn write(folder: &Path, heights: &Heights) -> Result<()> {
    let path = folder.join(HEIGHTS_FILE);
    let Heights { n, seq, head, numbers } = heights;
    let line = |last: &LastNumber| {
        let LastNumber { book, year, number } = *last;
        Line { book, year, number }
    };
    let file = Version1 {
        v: HEIGHTS_VERSION,
        n: *n,
        seq: *seq,
        head: durable::hex(head),
        numbers: numbers.iter().map(line).collect(),
    };
    let bytes = serde_json::to_vec(&file)
        .map_err(|why| disk("writing", &path)(io::Error::other(why.to_string())))?;
    durable::replace(&path, &bytes).map_err(disk("writing", &path))
}

/// Compares a register that was just opened with the heights kept of it.
pub fn check(folder: &Path, store: &Store) -> Result<Heights> {
    let found = store.read(|view| view.heights()).map_err(HeightsError::Store)?;
    let Some(kept) = read(folder)? else { return Ok(found) };
    let last_of = |book, year| {
        let same = found.numbers.iter().find(|last| last.book == book && last.year == year);
        same.map_or(0, |last| last.number)
    };
    let lost = |kept: &&LastNumber| kept.number > last_of(kept.book, kept.year);
    let numbers_lost: Vec<LastNumber> = kept.numbers.iter().filter(lost).copied().collect();
    // Beside a server a number may go back by itself: one that the log did not take is held on its
    // document. There the length and the entries alone tell an older copy.
    let is_linked = store.read(|view| view.line()).map_err(HeightsError::Store)?.is_some();
    let numbers_tell = !is_linked && !numbers_lost.is_empty();
    if found.seq < kept.seq || found.n < kept.n || numbers_tell {
        let older = OlderCopy { kept, found, numbers_lost };
        return Err(HeightsError::OlderCopy(Box::new(older)));
    }
    let Some(before) = kept.seq.checked_sub(1) else { return Ok(found) };
    let then = store.read(|view| view.commands_since(before, 1)).map_err(HeightsError::Store)?;
    let same = then.first().is_some_and(|entry| entry.seq == kept.seq && entry.hash == kept.head);
    if same { Ok(found) } else { Err(HeightsError::AnotherHistory { seq: kept.seq }) }
}

/// Whether a server has what this PC did, so that it can be read again.
fn reads_back(store: &Store) -> bool {
    let line = store.read(|view| view.line()).unwrap_or_else(|error| {
        log("reading how the line stands", &error);
        None
    });
    line.is_some_and(|line| line.membership == Membership::Joined)
}

/// Refuses yesterday's copy of the database put back: its numbers would be given twice. Beside a
/// server it is opened, and gives none until all is read again.
pub(crate) fn refuse_older_copy(profile: &Path, store: &Store) -> std::result::Result<(), Failure> {
    match check(profile, store) {
        Ok(_) => Ok(()),
        // What it lacks the server has, mostly: it goes on after that, and numbers once it is read.
        Err(HeightsError::OlderCopy(older)) if reads_back(store) => {
            let n = older.kept.n;
            log("opening the register", &HeightsError::OlderCopy(older));
            let noted = store.is_older_copy(n).and_then(|()| store.read(|view| view.heights()));
            let found = noted.map_err(|error| of_store(&error))?;
            // From now on this is how far it has come.
            write(profile, &found).unwrap_or_else(|error| log("writing the heights", &error));
            Ok(())
        }
        Err(HeightsError::OlderCopy(older)) => {
            log("opening the register", &HeightsError::OlderCopy(older));
            Err(fault(
                "older_copy",
                "Tệp sổ trên máy này cũ hơn lần mở trước: có người đã chép đè bản sao cũ.",
                "Chương trình không ghi gì, nên không số nào bị cấp trùng.",
                "Đặt lại tệp sổ mới nhất, hoặc dựng lại từ bản ghi song song, rồi mở lại.",
            ))
        }
        Err(HeightsError::AnotherHistory { seq }) => {
            log("opening the register", &HeightsError::AnotherHistory { seq });
            Err(fault(
                "another_history",
                "Tệp sổ trên máy này không nối tiếp lần mở trước.",
                "Chương trình không ghi gì vào tệp đó.",
                "Đặt lại tệp sổ của máy này rồi mở lại; nếu cần, khôi phục từ bản sao.",
            ))
        }
        Err(HeightsError::Store(error)) => Err(of_store(&error)),
        // A lost or broken note of the heights does not stop the office; it is written anew.
        Err(error) => {
            log("reading the heights", &error);
            Ok(())
        }
    }
}

/// Writes the heights some time after each act; the last ones when dropped.
pub struct HeightsPen {
    touched: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl HeightsPen {
    /// Starts the thread; `now` reads how far the register has come.
    pub fn start(
        folder: &Path,
        now: impl Fn() -> std::result::Result<Heights, StoreError> + Send + 'static,
    ) -> io::Result<HeightsPen> {
        HeightsPen::start_after(folder, WRITE_AFTER, now)
    }

    fn start_after(
        folder: &Path,
        wait: Duration,
        now: impl Fn() -> std::result::Result<Heights, StoreError> + Send + 'static,
    ) -> io::Result<HeightsPen> {
        // One touch that waits stands for all that come meanwhile.
        let (touched, heard) = sync_channel(1);
        let folder = folder.to_owned();
        let thread = thread::Builder::new().name("heights".into()).spawn(move || {
            write_when_touched(&heard, wait, &|| {
                let written = now().map_err(HeightsError::Store);
                if let Err(why) = written.and_then(|heights| write(&folder, &heights)) {
                    tracing::warn!(?why, "the heights were not written");
                }
            });
        })?;
        Ok(HeightsPen { touched: Some(touched), thread: Some(thread) })
    }

    /// Tells that the register has grown. Costs nothing and never waits.
    pub fn touch(&self) {
        if let Some(touched) = &self.touched {
            // Full means that a write is due anyway.
            let _ = touched.try_send(());
        }
    }
}

impl Drop for HeightsPen {
    fn drop(&mut self) {
        // Hanging up is the sign to write what is left and to end.
        self.touched = None;
        if let Some(thread) = self.thread.take() {
            // A thread that broke down has written nothing wrong.
            let _ = thread.join();
        }
    }
}

fn write_when_touched(heard: &Receiver<()>, wait: Duration, write_now: &dyn Fn()) {
    while heard.recv().is_ok() {
        // Waits the time out while touches go on coming, or ends early when the program does.
        let until = std::time::Instant::now() + wait;
        let hung_up = loop {
            let left = until.saturating_duration_since(std::time::Instant::now());
            match heard.recv_timeout(left) {
                Ok(()) => (),
                Err(RecvTimeoutError::Timeout) => break false,
                Err(RecvTimeoutError::Disconnected) => break true,
            }
        };
        write_now();
        if hung_up {
            return;
        }
    }
}

fn disk<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> HeightsError + 'a {
    move |source| HeightsError::Disk { doing, path: path.to_owned(), source }
}

#[cfg(test)]
#[path = "heights_tests.rs"]
mod tests;
