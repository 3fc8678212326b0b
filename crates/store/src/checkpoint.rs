//! The thread that folds the write-ahead log into the file, so that no act waits for it.
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use crate::connection::{Part, Site};
use crate::error::{Doing, StoreError};

/// Acts after which the log is folded at the next pause; some ten megabytes.
const ACTS_BETWEEN: u32 = 64;
/// Acts after which it is folded without a pause; some eighty megabytes, a second of recovery.
const ACTS_MAX: u32 = 512;
/// A pause: nobody has done anything for so long. On an old disk a fold takes many syncs, and an
/// act that comes meanwhile would wait behind them.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Wanted {
    acts: u32,
    stop: bool,
}

impl Wanted {
    fn is_idle(&self) -> bool {
        self.acts < ACTS_BETWEEN && !self.stop
    }

    fn may_pause(&self) -> bool {
        self.acts < ACTS_MAX && !self.stop
    }
}

/// The thread and its bell.
pub(crate) struct Checkpointer {
    wanted: Arc<(Mutex<Wanted>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub fn start(site: &Site) -> Checkpointer {
        let wanted = Arc::new((Mutex::new(Wanted::default()), Condvar::new()));
        let bell = Arc::clone(&wanted);
        let site =
            Site { path: site.path.clone(), key: site.key.clone(), options: site.options.clone() };
        let run = move || fold_when_wanted(&site, &bell);
        let thread = thread::Builder::new().name(String::from("checkpoint")).spawn(run);
        if let Err(fault) = &thread {
            tracing::error!(%fault, "the checkpoint thread did not start; the log will grow");
        }
        Checkpointer { wanted, thread: thread.ok() }
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

impl Drop for Checkpointer {
    fn drop(&mut self) {
        let (wanted, bell) = &*self.wanted;
        wanted.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        bell.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread panicked");
        }
    }
}

fn fold_when_wanted(site: &Site, wanted: &(Mutex<Wanted>, Condvar)) {
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
        waiting.acts = 0;
        drop(waiting);
        let folded = match conn.take() {
            Some(open) => Ok(open),
            None => site.connect(Part::Writer),
        }
        .and_then(|open| fold(&open, "PASSIVE").map(|()| open));
        match folded {
            Ok(open) => conn = Some(open),
            Err(fault) => tracing::warn!(%fault, "the log was not folded into the register"),
        }
    }
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
