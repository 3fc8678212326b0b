//! How long the window took from the start of the process to the first rows on screen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Set by whoever measures: the moment of the start in milliseconds since 1970.
const STARTED_AT_VARIABLE: &str = "VANTHU_STARTED_AT";

/// Remembers when the process was started, until the page says that it has painted.
pub(crate) struct Stopwatch {
    started: Option<SystemTime>,
    stopped: AtomicBool,
}

impl Stopwatch {
    /// Reads the moment of the start, if anyone measures.
    pub(crate) fn of_this_start() -> Stopwatch {
        let started = std::env::var(STARTED_AT_VARIABLE)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(|millis| UNIX_EPOCH + Duration::from_millis(millis));
        Stopwatch { started, stopped: AtomicBool::new(false) }
    }

    /// Prints the time once, for the program that measures.
    pub(crate) fn stop(&self) {
        let Some(started) = self.started else { return };
        if self.stopped.swap(true, Ordering::SeqCst) {
            return;
        }
        let took = SystemTime::now().duration_since(started).unwrap_or_default();
        println!("painted after {} ms", took.as_millis());
    }
}
