//! How many files one PC may have on their way at once, so that there is room for others.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use register::{AgencyId, DeviceId};

use crate::storage::Session;

type Pc = (AgencyId, DeviceId);

/// The files of all PCs that are on their way one way.
pub(super) struct Places {
    most: u32,
    taken: Mutex<BTreeMap<Pc, u32>>,
}

/// The place of one file; given back when it is dropped.
pub(super) struct Place {
    of: Pc,
    places: Arc<Places>,
}

impl Places {
    /// So many places for each PC.
    pub fn of_each(most: u32) -> Arc<Places> {
        Arc::new(Places { most, taken: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Pc, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, while the PC has one left.
    pub fn take(self: &Arc<Places>, session: &Session) -> Option<Place> {
        let of = (session.org, session.dev);
        let mut taken = self.lock();
        let mine = taken.entry(of).or_default();
        if *mine >= self.most {
            return None;
        }
        *mine += 1;
        Some(Place { of, places: Arc::clone(self) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(mine) = taken.get_mut(&self.of) {
            *mine = mine.saturating_sub(1);
            if *mine == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::storage::Session;
    use register::{AgencyId, DeviceId, Moment, OfficerId};

    fn session(pc: u8) -> Session {
        let (org, officer) = (AgencyId([1; 16]), OfficerId([2; 16]));
        Session { org, dev: DeviceId([pc; 16]), officer, until: Moment(0) }
    }

    #[test]
    fn a_pc_has_so_many_places_and_takes_none_of_another_one() {
        let places = Places::of_each(2);
        let first = places.take(&session(1));
        let _second = places.take(&session(1));
        assert!(places.take(&session(1)).is_none());
        assert!(places.take(&session(2)).is_some());
        drop(first);
        assert!(places.take(&session(1)).is_some());
    }
}
