//! A clock that stands where it was set, and ids that a seed fixes.
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use register::{Id, Moment};

use super::chance::mixed;
use crate::clock::Source;

/// The clock of a made-up agency.
pub(crate) struct SetClock {
    now: AtomicI64,
    ids: AtomicU64,
}

impl SetClock {
    /// A clock that stands at a moment.
    pub fn new(now: Moment, seed: u64) -> SetClock {
        SetClock { now: AtomicI64::new(now.0), ids: AtomicU64::new(mixed(seed)) }
    }

    /// Sets it.
    pub fn set(&self, now: Moment) {
        self.now.store(now.0, Ordering::Relaxed);
    }

    /// An id as it would have been made at that moment.
    pub fn id_at(&self, at: Moment) -> Id {
        let count = self.ids.fetch_add(1, Ordering::Relaxed);
        let mut random = [0u8; 10];
        let bits = mixed(count).to_be_bytes().into_iter().chain(mixed(!count).to_be_bytes());
        for (slot, byte) in random.iter_mut().zip(bits) {
            *slot = byte;
        }
        let millis = u64::try_from(at.0).unwrap_or(0);
        *uuid::Builder::from_unix_timestamp_millis(millis, &random).as_uuid().as_bytes()
    }
}

impl Source for SetClock {
    fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::Relaxed))
    }

    fn id(&self) -> Id {
        self.id_at(self.now())
    }
}
