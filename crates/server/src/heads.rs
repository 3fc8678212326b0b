//! Tells those who wait that the log of their agency has grown by something they may see.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use register::{AgencyId, DeviceId};

use crate::states::meets;
use crate::storage::Session;

/// What was taken in last is remembered of each agency, so many times; who knows less is told.
const REMEMBERED: usize = 128;
/// PCs whose circles are remembered; one that is forgotten is told of everything.
const PCS_MAX: usize = 50_000;

/// What came into a log at once, and whom it concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grown {
    /// The end of the log before it.
    pub before: u64,
    /// The end behind it.
    pub head: u64,
    /// The circles that may see something of it, or might before, between blanks.
    pub circles: String,
}

struct Known {
    head: watch::Sender<u64>,
    recent: VecDeque<Grown>,
}

/// Of everybody who has read at a PC: somebody else may sit down while its call still waits in the
/// name of who stood up.
type Circles = Arc<BTreeSet<String>>;

/// The newest head of every agency somebody has asked for, and what led to it.
#[derive(Default)]
pub struct Heads {
    known: Mutex<BTreeMap<AgencyId, Known>>,
    circles: Mutex<BTreeMap<(AgencyId, DeviceId), Circles>>,
}

impl Heads {
    fn known(&self) -> MutexGuard<'_, BTreeMap<AgencyId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the log of an agency reaches this entry, by what nobody here has seen; whether
    /// that is news to who listens.
    pub fn grew(&self, org: AgencyId, head: u64) -> bool {
        let known = self.known();
        let news = known.get(&org).map(|known| {
            known.head.send_if_modified(|before| {
                let grew = *before < head;
                *before = head.max(*before);
                grew
            })
        });
        news.unwrap_or(false)
    }

    /// Says that the log has grown by this; who is not concerned goes on waiting.
    pub fn grew_by(&self, org: AgencyId, grown: Grown) {
        let head = grown.head;
        self.passes_over(org, grown);
        self.grew(org, head);
    }

    /// Notes that the log has grown by what nobody has to be told of at once.
    pub fn passes_over(&self, org: AgencyId, grown: Grown) {
        let mut known = self.known();
        let has_grown = grown.before < grown.head;
        let Some(known) = known.get_mut(&org).filter(|_| has_grown) else { return };
        if known.recent.len() >= REMEMBERED {
            known.recent.pop_front();
        }
        known.recent.push_back(grown);
    }

    /// Listens to an agency whose head was just read.
    pub fn listen(&self, org: AgencyId, head: u64) -> watch::Receiver<u64> {
        let new = || Known { head: watch::Sender::new(head), recent: VecDeque::new() };
        self.known().entry(org).or_insert_with(new).head.subscribe()
    }

    /// Remembers what may be seen at the PC of a session, which was just told so.
    pub fn reads(&self, session: &Session, circles: &[String]) {
        let mut all = self.circles.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= PCS_MAX {
            all.clear();
        }
        let known = all.entry((session.org, session.dev)).or_default();
        if !circles.iter().all(|circle| known.contains(circle)) {
            Arc::make_mut(known).extend(circles.iter().cloned());
        }
    }

    /// Whether somebody at the PC of a session may see something of what came behind one entry, up
    /// to another. Where that is not known, he may.
    pub fn concerns(&self, session: &Session, behind: u64, upto: u64) -> bool {
        let circles = self.circles.lock().unwrap_or_else(PoisonError::into_inner);
        let circles = circles.get(&(session.org, session.dev)).cloned();
        let known = self.known();
        let Some((circles, known)) = circles.zip(known.get(&session.org)) else { return true };
        let mut unseen = upto.saturating_sub(behind);
        for grown in &known.recent {
            let (from, to) = (grown.before.max(behind), grown.head.min(upto));
            if from < to {
                if meets(&grown.circles, &circles) {
                    return true;
                }
                unseen = unseen.saturating_sub(to - from);
            }
        }
        unseen > 0
    }

    /// Whether anybody listens at all.
    pub fn is_listened_to(&self) -> bool {
        self.known().values().any(|known| known.head.receiver_count() > 0)
    }

    /// How many listen to an agency.
    pub fn listeners(&self, org: AgencyId) -> usize {
        self.known().get(&org).map_or(0, |known| known.head.receiver_count())
    }
}
