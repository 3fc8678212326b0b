//! The gate of the scan folder: a file passes when its writer has truly finished.
//!
//! A machine without clock or disk: the caller tells what it saw and what time it is, and asks what
//! is ready. Whether a file can be opened for oneself alone is the caller's to try.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How long neither size nor time of a file may change before it counts as written.
pub const GATE_QUIET_MS: u64 = 3_000;
/// How long a file that looks unfinished is waited for before it is offered with a warning.
pub const GATE_PATIENCE_MS: u64 = 120_000;
/// How many files are watched at once; the rest is told of and seen again later.
pub const GATE_FILES_MAX: usize = 10_000;
/// How many files are offered in one go.
pub const GATE_READY_MAX: usize = 64;
/// The first wait after a file could not be opened; it doubles each time.
const BACK_OFF_FIRST_MS: u64 = 1_000;
/// The longest wait between two tries.
const BACK_OFF_MS_MAX: u64 = 30_000;
/// An offer that was neither taken nor refused is made again after this time.
const OFFER_STANDS_MS: u64 = 60_000;
/// The mark of a whole PDF stands within this many bytes of its end.
pub const PDF_TAIL_BYTES: usize = 1_024;

/// The waits and limits of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateLimits {
    /// See [`GATE_QUIET_MS`].
    pub quiet_ms: u64,
    /// See [`GATE_PATIENCE_MS`].
    pub patience_ms: u64,
    /// See [`GATE_FILES_MAX`].
    pub files_max: usize,
    /// See [`GATE_READY_MAX`].
    pub ready_max: usize,
}

impl Default for GateLimits {
    fn default() -> GateLimits {
        GateLimits {
            quiet_ms: GATE_QUIET_MS,
            patience_ms: GATE_PATIENCE_MS,
            files_max: GATE_FILES_MAX,
            ready_max: GATE_READY_MAX,
        }
    }
}

/// What the file system calls a file, whatever its name; kept through renames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u128);

/// What was seen of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written, in the file system's own milliseconds.
    pub modified_ms: i64,
    /// Its identity, where the file system gives one.
    pub id: Option<FileId>,
}

/// What the gate made of a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The file is watched.
    Watched,
    /// The name says that it is nobody's document: temporary, hidden, half downloaded.
    Ignored,
    /// Too many files; show it again when some have gone.
    Full,
}

/// A file that may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Where it is.
    pub path: PathBuf,
    /// What it looked like when it was found ready; compare before taking it.
    pub facts: FileFacts,
    /// Whether it looks finished.
    pub ending: Ending,
    /// How often it could not be opened so far.
    pub refusals: u32,
}

/// Whether a file looks finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It does.
    Whole,
    /// It is quiet, yet empty or a PDF without its end mark: a person should look.
    Doubtful,
}

/// What became of the wish to take a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is the file that was offered; it will not be offered again.
    AsOffered,
    /// It changed since: throw the copy away, it will be offered again when it is quiet.
    ChangedSince,
}

/// One file being watched.
#[derive(Debug, Clone, Copy)]
struct Watch {
    facts: FileFacts,
    /// When the facts last changed.
    quiet_since_ms: u64,
    /// Nothing is tried before this time.
    not_before_ms: u64,
    refusals: u32,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Offered,
    Taken,
}

/// The gate.
#[derive(Debug)]
pub struct Gate {
    limits: GateLimits,
    files: BTreeMap<PathBuf, Watch>,
    by_id: BTreeMap<FileId, PathBuf>,
}

impl Gate {
    /// A gate that has seen nothing yet.
    pub fn new(limits: GateLimits) -> Gate {
        Gate { limits, files: BTreeMap::new(), by_id: BTreeMap::new() }
    }

    /// Tells what a file looks like now; from a notice of the system or a round over the folder.
    pub fn seen(&mut self, path: &Path, facts: FileFacts, now_ms: u64) -> Seen {
        if is_nobodys(path) {
            self.gone(path);
            return Seen::Ignored;
        }
        self.follow_rename(path, facts);
        if let Some(watch) = self.files.get_mut(path) {
            let old_id = watch.facts.id;
            if watch.facts != facts {
                *watch = Watch::new(facts, now_ms);
            }
            self.forget_id(old_id, path);
        } else if self.files.len() >= self.limits.files_max {
            return Seen::Full;
        } else {
            self.files.insert(path.to_owned(), Watch::new(facts, now_ms));
        }
        if let Some(id) = facts.id {
            self.by_id.insert(id, path.to_owned());
        }
        Seen::Watched
    }

    /// Tells that a file is no longer there.
    pub fn gone(&mut self, path: &Path) {
        if let Some(watch) = self.files.remove(path) {
            self.forget_id(watch.facts.id, path);
        }
    }

    /// Tells that a file was given another name.
    pub fn renamed(&mut self, from: &Path, to: &Path) {
        let Some(watch) = self.files.remove(from) else { return };
        self.forget_id(watch.facts.id, from);
        if is_nobodys(to) {
            return;
        }
        if let Some(id) = watch.facts.id {
            self.by_id.insert(id, to.to_owned());
        }
        self.files.insert(to.to_owned(), watch);
    }

    /// Tells that a file could not be opened: it is tried again later, each time after longer.
    pub fn refused(&mut self, path: &Path, now_ms: u64) {
        if let Some(watch) = self.files.get_mut(path) {
            let wait = BACK_OFF_FIRST_MS << watch.refusals.min(BACK_OFF_MS_MAX.ilog2());
            watch.not_before_ms = now_ms.saturating_add(wait.min(BACK_OFF_MS_MAX));
            watch.refusals = watch.refusals.saturating_add(1);
            watch.state = State::Waiting;
        }
    }

    /// Tells that a file was copied or moved away, and what it looked like at that moment.
    pub fn taken(&mut self, path: &Path, facts: FileFacts, now_ms: u64) -> Taken {
        match self.files.get_mut(path) {
            Some(watch) if watch.facts == facts => {
                watch.state = State::Taken;
                Taken::AsOffered
            }
            Some(watch) => {
                *watch = Watch::new(facts, now_ms);
                Taken::ChangedSince
            }
            None => Taken::ChangedSince,
        }
    }

    /// The files that may be taken now, each offered once; `tail` reads the last
    /// [`PDF_TAIL_BYTES`] of a file, or none if it cannot be opened.
    pub fn ready(
        &mut self,
        now_ms: u64,
        tail: &mut dyn FnMut(&Path) -> Option<Vec<u8>>,
    ) -> Vec<Ready> {
        let mut offers = Vec::new();
        for (path, watch) in &mut self.files {
            if offers.len() >= self.limits.ready_max {
                break;
            }
            if !watch.is_due(now_ms, self.limits) {
                continue;
            }
            let patient = now_ms.saturating_sub(watch.quiet_since_ms) >= self.limits.patience_ms;
            let ending = if is_whole(path, watch.facts, tail) {
                Ending::Whole
            } else if patient {
                Ending::Doubtful
            } else {
                continue;
            };
            watch.state = State::Offered;
            watch.not_before_ms = now_ms.saturating_add(OFFER_STANDS_MS);
            let (facts, refusals) = (watch.facts, watch.refusals);
            offers.push(Ready { path: path.clone(), facts, ending, refusals });
        }
        offers
    }

    /// How many files are watched, those taken and still in the folder among them.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether no file is watched.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A file that turns up under a new name with the same identity is the same file.
    fn follow_rename(&mut self, path: &Path, facts: FileFacts) {
        let Some(old) = facts.id.and_then(|id| self.by_id.get(&id)) else { return };
        let same = self.files.get(old).is_some_and(|watch| watch.facts == facts);
        if old != path && same && !self.files.contains_key(path) {
            let old = old.clone();
            self.renamed(&old, path);
        }
    }

    fn forget_id(&mut self, id: Option<FileId>, path: &Path) {
        if let Some(id) = id
            && self.by_id.get(&id).is_some_and(|known| known == path)
        {
            self.by_id.remove(&id);
        }
    }
}

impl Watch {
    fn new(facts: FileFacts, now_ms: u64) -> Watch {
        Watch {
            facts,
            quiet_since_ms: now_ms,
            not_before_ms: 0,
            refusals: 0,
            state: State::Waiting,
        }
    }

    fn is_due(&self, now_ms: u64, limits: GateLimits) -> bool {
        let quiet = now_ms.saturating_sub(self.quiet_since_ms) >= limits.quiet_ms;
        match self.state {
            State::Waiting | State::Offered => quiet && now_ms >= self.not_before_ms,
            State::Taken => false,
        }
    }
}

/// Names that programs give to what is not finished or not meant to be seen.
fn is_nobodys(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_lowercase()) else {
        return true;
    };
    let ends = [".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart"];
    name.starts_with('.')
        || name.starts_with("~")
        || ends.iter().any(|end| name.ends_with(end))
        || ["thumbs.db", "desktop.ini"].contains(&name.as_str())
}

/// Whether a file has the end that its kind must have.
fn is_whole(path: &Path, facts: FileFacts, tail: &mut dyn FnMut(&Path) -> Option<Vec<u8>>) -> bool {
    if facts.size == 0 {
        return false;
    }
    let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
    if !is_pdf {
        return true;
    }
    let Some(tail) = tail(path) else { return false };
    tail.windows(5).any(|window| window == b"%%EOF")
}
