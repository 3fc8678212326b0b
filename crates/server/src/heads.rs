//! Tells those who wait that the log of their agency has grown.
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use register::AgencyId;

/// The newest head of every agency somebody has asked for.
#[derive(Default)]
pub struct Heads {
    known: Mutex<BTreeMap<AgencyId, watch::Sender<u64>>>,
}

impl Heads {
    /// Says that the log of an agency reaches this entry; whether that is news to who listens.
    pub fn grew(&self, org: AgencyId, head: u64) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let news = known.get(&org).map(|sender| {
            sender.send_if_modified(|before| {
                let grew = *before < head;
                *before = head.max(*before);
                grew
            })
        });
        news.unwrap_or(false)
    }

    /// Listens to an agency whose head was just read.
    pub fn listen(&self, org: AgencyId, head: u64) -> watch::Receiver<u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(org).or_insert_with(|| watch::Sender::new(head)).subscribe()
    }

    /// Whether anybody listens at all.
    pub fn is_listened_to(&self) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.values().any(|sender| sender.receiver_count() > 0)
    }

    /// How many listen to an agency.
    pub fn listeners(&self, org: AgencyId) -> usize {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&org).map_or(0, watch::Sender::receiver_count)
    }
}
