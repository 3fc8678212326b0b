//! The folder that the scanner writes into: each finished file is offered once, then moved aside.
//!
//! The list of the folder is what counts; a notice of the system only brings the next look
//! forward. So a notice that never comes (a share, a file opened again) costs seconds and no
//! document. A file is moved only after it was taken: killed in between, the program offers it
//! again, and the taker knows it by its hash.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use thiserror::Error;

use intake::{Ending, FileFacts, Gate, GateLimits, PDF_TAIL_BYTES, Ready, Seen, Taken};

use crate::durable;
use crate::folders::{FolderKind, folder_kind};

/// Where files lie that were taken.
pub const TAKEN_FOLDER: &str = "Đã nhận";
/// Where files lie that a person has to look at.
pub const REFUSED_FOLDER: &str = "Chưa nhận được";

/// The list of a local folder is read this often, for notices that never came.
const LOOK_LOCAL: Duration = Duration::from_secs(5);
/// The list of a folder on a share: nobody tells of new files there.
const LOOK_SHARE: Duration = Duration::from_secs(2);
/// While a file is waited for, its facts are looked at this often.
const LOOK_WAITING: Duration = Duration::from_secs(1);
/// Notices come in bursts; two looks have at least this time between them.
const LOOK_GAP: Duration = Duration::from_millis(200);
/// Notices that wait; one is enough, since a look sees everything.
const NOTICES_MAX: usize = 1;
/// File names on disk have at most 255 bytes; this leaves room for date, number and ending.
const NAME_BYTES_MAX: usize = 200;
const NAME_ENDING_BYTES_MAX: usize = 16;
/// Files of one name on one day.
const SAME_NAME_MAX: u32 = 10_000;

/// A finished file.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Its bytes.
    pub size: u64,
    /// Whether it looks whole; a doubtful one is offered with a warning.
    pub ending: Ending,
}

/// What became of an offer. The taker may be offered the same bytes again and must know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is stored for good: it is moved to `Đã nhận`.
    Taken,
    /// It can never be stored: it is moved to `Chưa nhận được`.
    Refused,
    /// Not now: it is offered again later, each time after longer.
    Later,
}

/// What a person should know about the folder.
#[derive(Debug, Error)]
pub enum ScanTrouble {
    /// The folder is not there, or not now.
    #[error("reading the scan folder {path}")]
    NotReadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file was taken and stays where it is.
    #[error("moving {path} aside")]
    NotMoved {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// More files than are watched at once; the rest waits.
    #[error("more than {max} files in {path}")]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// How many are watched.
        max: usize,
    },
    /// The taker broke down over a file; it is offered again later.
    #[error("taking {path} in broke down")]
    BrokeDown {
        /// The file.
        path: PathBuf,
    },
}

type OnReady = Box<dyn FnMut(Offer<'_>) -> Answer + Send>;
type OnTrouble = Box<dyn FnMut(Option<&ScanTrouble>) + Send>;

/// How a folder is watched.
pub struct Watching {
    /// The folder.
    pub folder: PathBuf,
    /// Waits and limits of the gate.
    pub limits: GateLimits,
    /// Milliseconds that never go back.
    pub steady_ms: Box<dyn Fn() -> u64 + Send>,
    /// The civil date at the office.
    pub today: Box<dyn Fn() -> Date + Send>,
    /// How often the list is read when nothing happens.
    pub look_every: Duration,
}

impl Watching {
    /// The usual way; `today` is the civil date at the office.
    pub fn new(folder: &Path, today: impl Fn() -> Date + Send + 'static) -> Watching {
        let start = Instant::now();
        let steady = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let look_every = match folder_kind(folder) {
            FolderKind::NetworkShare => LOOK_SHARE,
            FolderKind::Local | FolderKind::Synchronised { .. } => LOOK_LOCAL,
        };
        Watching {
            folder: folder.to_owned(),
            limits: GateLimits::default(),
            steady_ms: Box::new(steady),
            today: Box::new(today),
            look_every,
        }
    }
}

enum Notice {
    Look,
    Stop,
}

/// A folder being watched, until this is dropped.
pub struct ScanFolder {
    notices: SyncSender<Notice>,
    thread: Option<JoinHandle<()>>,
}

impl ScanFolder {
    /// Watches a folder in a thread of its own. A folder that is not there is trouble to be told,
    /// and waited for. `on_trouble` hears `None` once all is well again.
    pub fn watch(
        watching: Watching,
        on_ready: OnReady,
        on_trouble: OnTrouble,
    ) -> io::Result<ScanFolder> {
        let (notices, heard) = sync_channel(NOTICES_MAX);
        let watcher = Notices { told: notices.clone(), watcher: None };
        let thread = thread::Builder::new().name("scan folder".into()).spawn(move || {
            let mut rounds = Rounds::new(watching, on_ready, on_trouble);
            run(&mut rounds, watcher, &heard);
        })?;
        Ok(ScanFolder { notices, thread: Some(thread) })
    }

    /// Looks at once instead of at the next occasion.
    pub fn look_now(&self) {
        // A full queue holds a look already.
        let _ = self.notices.try_send(Notice::Look);
    }
}

impl Drop for ScanFolder {
    fn drop(&mut self) {
        // The thread reads on until it hears this, so sending waits for a moment at most.
        if self.notices.send(Notice::Stop).is_ok()
            && let Some(thread) = self.thread.take()
        {
            // A thread that broke down has nothing left to stop.
            let _ = thread.join();
        }
    }
}

fn run(rounds: &mut Rounds, mut notices: Notices, heard: &Receiver<Notice>) {
    loop {
        let looked = rounds.round();
        match looked {
            Looked::Missing => notices.watcher = None,
            Looked::Quiet | Looked::Waiting | Looked::More => notices.watch(&rounds.how),
        }
        let wait = match looked {
            Looked::More => Duration::ZERO,
            Looked::Waiting => LOOK_WAITING.min(rounds.how.look_every),
            Looked::Quiet | Looked::Missing => rounds.how.look_every,
        };
        match heard.recv_timeout(wait) {
            Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => (),
            Ok(Notice::Look) => match heard.recv_timeout(LOOK_GAP) {
                Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Notice::Look) | Err(RecvTimeoutError::Timeout) => (),
            },
        }
    }
}

/// The system's notices of a folder; without them the folder is only looked at less often.
struct Notices {
    told: SyncSender<Notice>,
    watcher: Option<RecommendedWatcher>,
}

impl Notices {
    fn watch(&mut self, how: &Watching) {
        if self.watcher.is_some() || folder_kind(&how.folder) == FolderKind::NetworkShare {
            return;
        }
        let told = self.told.clone();
        let heard = move |event: notify::Result<notify::Event>| {
            // An error may be a lost notice, so it is a reason to look as well.
            if event.map_or(true, |event| is_of_interest(&event.kind)) {
                let _ = told.try_send(Notice::Look);
            }
        };
        let watcher = notify::recommended_watcher(heard).and_then(|mut watcher| {
            watcher.watch(&how.folder, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        match watcher {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(why) => {
                tracing::warn!(folder = %how.folder.display(), %why, "no notices of this folder");
            }
        }
    }
}

/// Reading a file is a notice too; our own reading must not wake us.
fn is_of_interest(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

/// How a look ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looked {
    /// The folder is not there.
    Missing,
    /// Nothing is waited for.
    Quiet,
    /// Some file is not finished, or could not be taken yet.
    Waiting,
    /// As many files as go at once were offered; there may be more.
    More,
}

/// The folder without thread and without waiting: one round is one look.
struct Rounds {
    how: Watching,
    gate: Gate,
    known: BTreeSet<PathBuf>,
    /// Taken and moved, or taken and stuck: of these nothing is waited for.
    done: BTreeSet<PathBuf>,
    on_ready: OnReady,
    on_trouble: OnTrouble,
    in_trouble: bool,
}

impl Rounds {
    fn new(how: Watching, on_ready: OnReady, on_trouble: OnTrouble) -> Rounds {
        let gate = Gate::new(how.limits);
        let (known, done) = (BTreeSet::new(), BTreeSet::new());
        Rounds { how, gate, known, done, on_ready, on_trouble, in_trouble: false }
    }

    fn round(&mut self) -> Looked {
        let trouble = match self.look() {
            Ok(trouble) => trouble,
            Err(source) => {
                let path = self.how.folder.clone();
                self.tell(Some(&ScanTrouble::NotReadable { path, source }));
                return Looked::Missing;
            }
        };
        let now = (self.how.steady_ms)();
        let offers = self.gate.ready(now, &mut |path| tail(path).ok());
        let full = offers.len() >= self.how.limits.ready_max;
        let mut told = trouble;
        for offer in offers {
            if let Some(trouble) = self.offer(&offer) {
                told = Some(trouble);
            }
        }
        // A file that could not be moved is trouble for as long as it lies there.
        let stuck = self.known.iter().any(|path| self.done.contains(path));
        if told.is_some() || !stuck {
            self.tell(told.as_ref());
        }
        match (full, self.known.len() > self.done.len()) {
            (true, _) => Looked::More,
            (false, true) => Looked::Waiting,
            (false, false) => Looked::Quiet,
        }
    }

    /// Reads the list of the folder and tells the gate.
    fn look(&mut self) -> io::Result<Option<ScanTrouble>> {
        let now = (self.how.steady_ms)();
        let (mut present, mut trouble) = (BTreeSet::new(), None);
        for entry in fs::read_dir(&self.how.folder)? {
            let entry = entry?;
            // A file may go between the list and the look at it. Links are not followed.
            let Ok(facts) = entry.metadata() else { continue };
            if !facts.is_file() {
                continue;
            }
            let path = entry.path();
            match self.gate.seen(&path, facts_of(&facts), now) {
                Seen::Watched => {
                    present.insert(path);
                }
                Seen::Ignored => (),
                Seen::Full => {
                    let (path, max) = (self.how.folder.clone(), self.how.limits.files_max);
                    trouble = Some(ScanTrouble::TooMany { path, max });
                }
            }
        }
        for path in self.known.difference(&present) {
            self.gate.gone(path);
            self.done.remove(path);
        }
        self.known = present;
        Ok(trouble)
    }

    fn offer(&mut self, ready: &Ready) -> Option<ScanTrouble> {
        let now = (self.how.steady_ms)();
        let path = ready.path.as_path();
        // Held while the file is taken: on Windows nobody else can write to it meanwhile.
        let held = match durable::open_alone(path) {
            Ok(held) => held,
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                self.gate.gone(path);
                return None;
            }
            Err(_) => {
                self.gate.refused(path, now);
                return None;
            }
        };
        if !self.is_as_offered(ready, &held) {
            return None;
        }
        let offer = Offer { path, size: ready.facts.size, ending: ready.ending };
        let on_ready = &mut self.on_ready;
        let answer = catch_unwind(AssertUnwindSafe(|| on_ready(offer)));
        let folder = match answer {
            Ok(Answer::Taken) => TAKEN_FOLDER,
            Ok(Answer::Refused) => REFUSED_FOLDER,
            Ok(Answer::Later) => {
                self.gate.refused(path, now);
                return None;
            }
            Err(_) => {
                self.gate.refused(path, now);
                return Some(ScanTrouble::BrokeDown { path: path.to_owned() });
            }
        };
        // Written to since: it stays, and is offered again when it is quiet.
        if !self.is_as_offered(ready, &held) {
            return None;
        }
        drop(held);
        self.done.insert(path.to_owned());
        match move_aside(path, &self.how.folder.join(folder), (self.how.today)()) {
            Ok(_) => {
                self.gate.gone(path);
                self.known.remove(path);
                self.done.remove(path);
                None
            }
            Err(source) => Some(ScanTrouble::NotMoved { path: path.to_owned(), source }),
        }
    }

    /// Tells the gate what the file looks like now.
    fn is_as_offered(&mut self, ready: &Ready, held: &File) -> bool {
        let now = (self.how.steady_ms)();
        let Ok(facts) = held.metadata() else {
            self.gate.refused(&ready.path, now);
            return false;
        };
        match self.gate.taken(&ready.path, facts_of(&facts), now) {
            Taken::AsOffered => true,
            Taken::ChangedSince => false,
        }
    }

    fn tell(&mut self, trouble: Option<&ScanTrouble>) {
        if trouble.is_some() || self.in_trouble {
            (self.on_trouble)(trouble);
        }
        self.in_trouble = trouble.is_some();
    }
}

fn facts_of(facts: &fs::Metadata) -> FileFacts {
    let modified = facts.modified().ok().and_then(|at| {
        let since = at.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_millis()).ok()
    });
    FileFacts {
        size: facts.len(),
        modified_ms: modified.unwrap_or(0),
        id: durable::file_identity(facts).map(intake::FileId),
    }
}

/// The last bytes of a file.
fn tail(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(end.saturating_sub(PDF_TAIL_BYTES as u64)))?;
    let mut bytes = Vec::with_capacity(PDF_TAIL_BYTES);
    file.take(PDF_TAIL_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Moves a file into a folder under the date and its name; never over another file.
fn move_aside(path: &Path, folder: &Path, today: Date) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = Path::new(name.as_ref());
    let ending = name.extension().map(|end| end.to_string_lossy()).unwrap_or_default();
    let stem = name.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let ending = cut(&ending, NAME_ENDING_BYTES_MAX);
    let stem = cut(&stem, NAME_BYTES_MAX);
    let dot = if ending.is_empty() { "" } else { "." };
    for turn in 1..=SAME_NAME_MAX {
        let number = if turn == 1 { String::new() } else { format!(" ({turn})") };
        let to = folder.join(format!("{today} {stem}{number}{dot}{ending}"));
        // The empty file keeps the name for us; the rename then replaces nothing but it.
        match File::create_new(&to) {
            Ok(_) => {
                return fs::rename(path, &to).map(|()| to.clone()).inspect_err(|_| {
                    // The first error is the one to tell; an empty left-over harms nobody.
                    let _ = fs::remove_file(&to);
                });
            }
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => (),
            Err(why) => return Err(why),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The beginning of a text, at most so many bytes, never half a letter.
fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}

#[cfg(test)]
#[path = "scan_folder_tests.rs"]
mod tests;
