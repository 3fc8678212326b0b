//! What the page is told: topics touched in the background, kept until the page asks for them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time;

/// A page that missed more than this renews everything.
const TELLS_KEPT_MAX: usize = 256;

/// Shorter than the patience of any browser.
const WAIT: Duration = Duration::from_secs(25);

pub(super) struct Tells {
    kept: Mutex<Kept>,
    newest: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    /// The number of the last tell; the first one is 1.
    newest: u64,
    topics: VecDeque<String>,
}

impl Default for Tells {
    fn default() -> Tells {
        Tells { kept: Mutex::default(), newest: watch::Sender::new(0) }
    }
}

impl Tells {
    /// Keeps a JSON list of topics for every page that waits.
    pub(super) fn tell(&self, topics: String) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.newest += 1;
        kept.topics.push_back(topics);
        if kept.topics.len() > TELLS_KEPT_MAX {
            kept.topics.pop_front();
        }
        self.newest.send_replace(kept.newest);
    }

    /// Waits for tells after the given one. The answer is `{at, all, topics}`: topics is a list of
    /// lists, and `all` says that some were missed, so that everything may have been touched.
    pub(super) async fn wait(&self, after: u64) -> String {
        let mut newest = self.newest.subscribe();
        // No tell in this time is an answer too.
        let _ = time::timeout(WAIT, newest.wait_for(|newest| *newest != after)).await;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = kept.newest.checked_sub(after).and_then(|missed| usize::try_from(missed).ok());
        let (missed_some, wanted) = match missed {
            Some(missed) if missed <= kept.topics.len() => (false, missed),
            // Too far behind, or a page left over from an earlier host.
            Some(_) | None => (true, 0),
        };
        let topics: Vec<&str> = kept
            .topics
            .iter()
            .skip(kept.topics.len().saturating_sub(wanted))
            .map(String::as_str)
            .collect();
        format!(r#"{{"at":{},"all":{missed_some},"topics":[{}]}}"#, kept.newest, topics.join(","))
    }
}
