//! The thread that keeps the file tidy in pauses, so that no act waits for it: it folds the
//! write-ahead log into the file and merges the segments that acts leave in the search index.
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use crate::connection::{Part, Site};
use crate::error::{Doing, StoreError};

/// Acts after which the file is tidied at the next pause; some two megabytes of log.
const ACTS_BETWEEN: u32 = 16;
/// Acts after which it is done without a pause; some eighty megabytes, a second of recovery.
const ACTS_MAX: u32 = 512;
/// A pause: nobody has done anything for so long. On an old disk a fold takes many syncs, and an
/// act that comes meanwhile would wait behind them.
const PAUSE: Duration = Duration::from_secs(2);
/// Between two merges; longer than the steps in which SQLite asks for a file that is held.
const BREATH: Duration = Duration::from_millis(120);
/// Pages of the search index that one transaction merges; an act may have to wait for it.
const MERGED_PAGES: i64 = 64;

#[derive(Default)]
struct Wanted {
    acts: u32,
    /// Acts that hold the file or wait for it.
    under_way: u32,
    stop: bool,
}

impl Wanted {
    fn is_idle(&self) -> bool {
        self.acts < ACTS_BETWEEN && !self.stop
    }

    fn may_pause(&self) -> bool {
        self.acts < ACTS_MAX && !self.stop
    }

    fn is_quiet(&self) -> bool {
        self.acts == 0 && self.under_way == 0 && !self.stop
    }
}

/// The thread and its bell.
pub(crate) struct Upkeep {
    wanted: Arc<(Mutex<Wanted>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    pub fn start(site: &Site) -> Upkeep {
        let wanted = Arc::new((Mutex::new(Wanted::default()), Condvar::new()));
        let bell = Arc::clone(&wanted);
        let site =
            Site { path: site.path.clone(), key: site.key.clone(), options: site.options.clone() };
        let run = move || tidy_when_wanted(&site, &bell);
        let thread = thread::Builder::new().name(String::from("upkeep")).spawn(run);
        if let Err(fault) = &thread {
            tracing::error!(%fault, "the upkeep thread did not start; the log will grow");
        }
        Upkeep { wanted, thread: thread.ok() }
    }

    /// An act begins; until what is returned is dropped, nothing is merged in its way.
    pub fn act(&self) -> UnderWay<'_> {
        let mut wanted = self.wanted.0.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.under_way = wanted.under_way.saturating_add(1);
        drop(wanted);
        UnderWay { of: self }
    }

    pub fn wrote(&self, acts: u32) {
        let (wanted, bell) = &*self.wanted;
        let mut wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.acts = wanted.acts.saturating_add(acts);
        if wanted.acts >= ACTS_BETWEEN {
            bell.notify_one();
        }
    }
}

/// An act that holds the file or waits for it.
pub(crate) struct UnderWay<'a> {
    of: &'a Upkeep,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut wanted = self.of.wanted.0.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.under_way = wanted.under_way.saturating_sub(1);
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        let (wanted, bell) = &*self.wanted;
        wanted.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        bell.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the upkeep thread panicked");
        }
    }
}

fn tidy_when_wanted(site: &Site, wanted: &(Mutex<Wanted>, Condvar)) {
    let mut conn: Option<Connection> = None;
    let (wanted, bell) = wanted;
    loop {
        let waiting = wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |wanted: &mut Wanted| wanted.is_idle();
        let waiting = bell.wait_while(waiting, idle).unwrap_or_else(PoisonError::into_inner);
        let mut waiting = until_a_pause(waiting, bell);
        if waiting.stop {
            return;
        }
        let without_pause = waiting.acts >= ACTS_MAX;
        waiting.acts = 0;
        drop(waiting);
        let open = match conn.take() {
            Some(open) => Ok(open),
            None => site.connect(Part::Writer),
        };
        let tidied = open.and_then(|open| {
            tidy(&open, wanted, bell)?;
            if without_pause {
                // Acts went on meanwhile, so the log could not begin anew; the rest is short now.
                fold(&open, "TRUNCATE")?;
            }
            Ok(open)
        });
        match tidied {
            Ok(open) => conn = Some(open),
            Err(fault) => tracing::warn!(%fault, "the register was not tidied"),
        }
    }
}

/// Merges until the search index is tidy or somebody acts, and folds the log.
fn tidy(conn: &Connection, wanted: &Mutex<Wanted>, bell: &Condvar) -> Result<(), StoreError> {
    // SQLite gives the file to whoever asks first: without a breath another program might ask in
    // vain for as long as there is something to merge.
    let is_quiet = || {
        let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let breath = bell.wait_timeout_while(wanted, BREATH, |wanted| wanted.is_quiet());
        breath.unwrap_or_else(PoisonError::into_inner).0.is_quiet()
    };
    while is_quiet() && merge(conn)? {}
    fold(conn, "PASSIVE")
}

/// Merges some pages of the search index; says whether there was anything to merge.
pub(crate) fn merge(conn: &Connection) -> Result<bool, StoreError> {
    let before = conn.total_changes();
    conn.prepare_cached("INSERT INTO words (words, rank) VALUES ('merge', ?1)")
        .and_then(|mut merge| merge.execute([MERGED_PAGES]))
        .doing("merging the search index")?;
    // One change is the command itself.
    Ok(conn.total_changes().saturating_sub(before) > 1)
}

/// Waits until no act came for a while, or too many have come.
fn until_a_pause<'a>(
    mut waiting: MutexGuard<'a, Wanted>,
    bell: &Condvar,
) -> MutexGuard<'a, Wanted> {
    while waiting.may_pause() {
        let before = waiting.acts;
        let (now, _) = bell.wait_timeout(waiting, PAUSE).unwrap_or_else(PoisonError::into_inner);
        waiting = now;
        if waiting.acts == before {
            break;
        }
    }
    waiting
}

/// Folds the log into the file.
pub(crate) fn fold(conn: &Connection, how: &str) -> Result<(), StoreError> {
    conn.pragma(None, "wal_checkpoint", how, |_| Ok(())).doing("folding the log into the register")
}
