//! How long calls took.
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;

/// The times of calls, by their path.
#[derive(Debug, Default)]
pub struct Times {
    took: Mutex<BTreeMap<&'static str, Vec<u32>>>,
    turned_away: AtomicU64,
}

/// The middle, the slowest of a hundred, and the slowest of all, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantiles {
    pub count: usize,
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Times {
    pub fn took(&self, path: &'static str, time: Duration) {
        let micros = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
        self.took.lock().unwrap().entry(path).or_default().push(micros);
    }

    pub fn turned_away(&self) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls that were told to come later.
    pub fn were_turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// Everything before now is forgotten.
    pub fn begin(&self) {
        self.took.lock().unwrap().clear();
        self.turned_away.store(0, Ordering::Relaxed);
    }

    /// Of each path on which something was asked.
    pub fn all(&self) -> BTreeMap<&'static str, Quantiles> {
        let took = self.took.lock().unwrap();
        took.iter().map(|(path, times)| (*path, quantiles(times.clone()))).collect()
    }
}

fn quantiles(mut micros: Vec<u32>) -> Quantiles {
    micros.sort_unstable();
    let at = |share: f64| {
        let place = (share * micros.len().saturating_sub(1) as f64).round() as usize;
        micros.get(place).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    Quantiles { count: micros.len(), p50: at(0.5), p99: at(0.99), max: at(1.0) }
}
