//! What need not be asked at every call, because it was so a moment ago: far from the storage each
//! look-up is a way there and back.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use register::{AgencyId, Moment};

use super::releases::Releases;

/// So long what another process wrote may go unseen.
const SEEN_AGAIN_MS: i64 = 2_000;
/// Agencies remembered at once.
const AGENCIES_MAX: usize = 20_000;

/// What was so, and when.
#[derive(Default)]
pub(super) struct Quiet {
    /// The version of the directory.
    directory: Mutex<Option<(Moment, u64)>>,
    /// Agencies that had nothing unread.
    read: Mutex<BTreeMap<AgencyId, Moment>>,
    /// The releases of the program.
    releases: Mutex<Option<(Moment, Arc<Releases>)>>,
}

fn is_fresh(then: Moment, now: Moment) -> bool {
    (then.0..then.0.saturating_add(SEEN_AGAIN_MS)).contains(&now.0)
}

impl Quiet {
    /// The version of the directory, if it was just looked at.
    pub fn directory(&self, now: Moment) -> Option<u64> {
        let known = *self.directory.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|(then, _)| is_fresh(*then, now)).map(|(_, version)| version)
    }

    /// It was looked at.
    pub fn directory_is(&self, now: Moment, version: u64) {
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, version));
    }

    /// Somebody listed something here.
    pub fn directory_changed(&self) {
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The releases, if they were just looked at.
    pub fn releases(&self, now: Moment) -> Option<Arc<Releases>> {
        let known = self.releases.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.as_ref().filter(|(then, _)| is_fresh(*then, now));
        fresh.map(|(_, releases)| Arc::clone(releases))
    }

    /// They were looked at; with none, somebody changed them here.
    pub fn releases_are(&self, known: Option<(Moment, Arc<Releases>)>) {
        *self.releases.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Whether an agency had nothing unread just now.
    pub fn has_read_all(&self, org: AgencyId, now: Moment) -> bool {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(&org).is_some_and(|then| is_fresh(*then, now))
    }

    /// It had nothing unread.
    pub fn read_all(&self, org: AgencyId, now: Moment) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= AGENCIES_MAX {
            read.clear();
        }
        read.insert(org, now);
    }

    /// Something has come for it.
    pub fn something_came(&self, org: AgencyId) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).remove(&org);
    }
}
