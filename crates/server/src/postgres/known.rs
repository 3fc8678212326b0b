//! What a server remembers of an agency between transactions, while nobody else has written there.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use register::{AgencyId, BookId, DeviceId, Key, Moment};

use super::pending::{Pending, StateKept, Whose};
use crate::states::{KEY_BYTES, key_bytes};
use crate::storage::{DeviceKey, Entry, Org};

/// What is remembered of all agencies together, in bytes of states and entries.
const KNOWN_BYTES_MAX: usize = 96 << 20;
/// Of one agency.
const AGENCY_BYTES_MAX: usize = 4 << 20;
/// The last entries of a log, of which PCs ask whether they have seen them.
const RECENT_ENTRIES: usize = 32;
/// A queue that is longer is not remembered: who waits long is rare.
pub(super) const WAITING_KNOWN_MAX: usize = 32;
/// What a fact costs besides its text.
const FACT_BYTES: usize = 160;

const QUEUE_BYTES: usize = FACT_BYTES + WAITING_KNOWN_MAX * size_of::<Place>();
const LEAST_BOOK: BookId = BookId([0; 16]);

/// Set anew with every change of an agency; two that are equal mean the same rows.
pub(super) type Stamp = [u8; 16];

/// A place in the queue of those who wait for a number.
pub(super) type Place = (Moment, [u8; KEY_BYTES]);

/// The row of an agency as a transaction sees it.
#[derive(Debug, Clone)]
pub(super) struct Pinned {
    pub org: Org,
    pub stamp: Stamp,
}

/// Facts of one agency at one stamp.
pub(super) struct Known {
    stamp: Stamp,
    org: Org,
    /// A commit is on its way to another stamp.
    moves: bool,
    pub states: BTreeMap<Key, Option<Arc<StateKept>>>,
    by_ver: BTreeSet<(u64, Key)>,
    /// Every state of a later version is among `states`.
    complete_after: u64,
    pub last_n: BTreeMap<DeviceId, u64>,
    pub keys: BTreeMap<DeviceId, Vec<DeviceKey>>,
    /// The highest number of a book in a year; none above it is there.
    pub tops: BTreeMap<(BookId, i16), u32>,
    /// Who waits in a book: all of them, or nothing is known.
    pub waiting: BTreeMap<BookId, BTreeSet<Place>>,
    /// Number of the last entry there is.
    pub last_seq: Option<u64>,
    /// The last entries, without a gap up to `last_seq`.
    recent: VecDeque<Arc<Entry>>,
    bytes: usize,
}

fn weight(state: &StateKept) -> usize {
    state.body.len() + state.aud.len() + state.aud_ever.len()
}

impl Known {
    fn at(pinned: &Pinned) -> Known {
        Known {
            stamp: pinned.stamp,
            org: pinned.org.clone(),
            moves: false,
            states: BTreeMap::new(),
            by_ver: BTreeSet::new(),
            complete_after: pinned.org.head,
            last_n: BTreeMap::new(),
            keys: BTreeMap::new(),
            tops: BTreeMap::new(),
            waiting: BTreeMap::new(),
            last_seq: None,
            recent: VecDeque::new(),
            bytes: FACT_BYTES,
        }
    }

    pub fn put_state(&mut self, key: Key, state: Option<Arc<StateKept>>) {
        if let Some(state) = &state {
            self.by_ver.insert((state.ver, key));
            self.bytes += weight(state);
        }
        match self.states.insert(key, state.clone()) {
            Some(Some(before)) => {
                self.bytes -= weight(&before);
                if state.is_none_or(|state| state.ver != before.ver) {
                    self.by_ver.remove(&(before.ver, key));
                }
            }
            Some(None) => {}
            None => self.bytes += FACT_BYTES,
        }
    }

    /// A queue is weighed as if it were full.
    pub fn put_queue(&mut self, book: BookId, queue: BTreeSet<Place>) {
        if self.waiting.insert(book, queue).is_none() {
            self.bytes += QUEUE_BYTES;
        }
    }

    pub fn put_top(&mut self, of: (BookId, i16), top: u32) {
        if self.tops.insert(of, top).is_none() {
            self.bytes += FACT_BYTES;
        }
    }

    /// Every state above a version in its order, if all of them are known.
    pub fn states_after(&self, ver: u64) -> Option<Vec<(Key, Arc<StateKept>)>> {
        if ver < self.complete_after {
            return None;
        }
        let above = self.by_ver.iter().rev().take_while(|(of, _)| *of > ver);
        let mut states = above
            .map(|(_, key)| Some((*key, self.states.get(key)?.clone()?)))
            .collect::<Option<Vec<_>>>()?;
        states.reverse();
        Some(states)
    }

    /// Every entry from one number on, if all of them are known.
    pub fn entries_from(&self, from: u64) -> Option<Vec<Arc<Entry>>> {
        let last = self.last_seq?;
        let first = self.recent.front()?.seq;
        let is_whole = self.recent.back()?.seq == last && from >= first;
        is_whole.then(|| self.recent.iter().filter(|entry| entry.seq >= from).cloned().collect())
    }

    pub fn put_entry(&mut self, entry: Arc<Entry>) {
        if self.recent.back().is_some_and(|last| last.seq + 1 != entry.seq) {
            self.bytes -= self.recent.drain(..).map(|entry| entry_weight(&entry)).sum::<usize>();
        }
        self.bytes += entry_weight(&entry);
        self.recent.push_back(entry);
        if self.recent.len() > RECENT_ENTRIES
            && let Some(oldest) = self.recent.pop_front()
        {
            self.bytes -= entry_weight(&oldest);
        }
    }

    /// Makes of what was known before a commit what is known after it.
    fn take(&mut self, org: AgencyId, pending: &Pending) {
        let of_agency = (org, Key::Agency(AgencyId([0; 16])))..;
        let states = pending.states.of(Whose::Kept).range(of_agency);
        for ((_, key), state) in states.take_while(|((of, _), _)| *of == org) {
            self.put_state(*key, Some(Arc::clone(state)));
        }
        let turns = pending.turns.of(Whose::Kept).range((org, DeviceId([0; 16]), 0)..);
        for ((_, dev, n), _) in turns.take_while(|((of, _, _), _)| *of == org) {
            if let Some(last) = self.last_n.get_mut(dev) {
                *last = (*last).max(*n);
            }
        }
        for (of, dev, _, _) in pending.keys.of(Whose::Kept).keys() {
            if *of == org {
                self.keys.remove(dev);
            }
        }
        self.take_filed(org, pending);
        let entries = pending.entries.of(Whose::Kept).range((org, 0)..=(org, u64::MAX));
        for ((_, seq), entry) in entries {
            if let Some(last) = self.last_seq {
                self.last_seq = Some(last.max(*seq));
                if last < *seq {
                    self.put_entry(Arc::clone(entry));
                }
            }
        }
    }
}

impl Known {
    /// The same for numbers and queues.
    fn take_filed(&mut self, org: AgencyId, pending: &Pending) {
        let numbers = pending.numbers.of(Whose::Kept).range((org, LEAST_BOOK, i16::MIN, 0)..);
        for ((_, book, year, no), key) in numbers.take_while(|((of, ..), _)| *of == org) {
            if let Some(top) = self.tops.get_mut(&(*book, *year)).filter(|_| key.is_some()) {
                *top = (*top).max(*no);
            }
        }
        let least = (org, LEAST_BOOK, Moment(i64::MIN), Key::Agency(AgencyId([0; 16])));
        let places = pending.waiting.of(Whose::Kept).range(least..);
        for ((_, book, at, key), waits) in places.take_while(|((of, ..), _)| *of == org) {
            let Some(queue) = self.waiting.get_mut(book) else { continue };
            let place = (*at, key_bytes(*key));
            if *waits {
                queue.insert(place);
            } else {
                queue.remove(&place);
            }
            if queue.len() > WAITING_KNOWN_MAX {
                self.waiting.remove(book);
                self.bytes -= QUEUE_BYTES;
            }
        }
    }
}

fn entry_weight(entry: &Entry) -> usize {
    FACT_BYTES + entry.envelope.raw.len() + entry.eff.len() + entry.aud.len()
}

/// What is known of every agency.
pub(super) struct Shelf {
    /// Chance that belongs to this process, before a number: no two stamps are ever the same.
    chance: [u8; 8],
    stamps: AtomicU64,
    agencies: Mutex<BTreeMap<AgencyId, Arc<Mutex<Known>>>>,
    bytes: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    pub fn new(chance: [u8; 8]) -> Shelf {
        let (stamps, agencies) = (AtomicU64::new(0), Mutex::default());
        Shelf { chance, stamps, agencies, bytes: AtomicUsize::new(0) }
    }

    /// A stamp that was never set before.
    pub fn stamp(&self) -> Stamp {
        let number = self.stamps.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut stamp = [0; 16];
        for (slot, byte) in stamp.iter_mut().zip(self.chance.into_iter().chain(number)) {
            *slot = byte;
        }
        stamp
    }

    fn of(&self, org: AgencyId) -> Option<Arc<Mutex<Known>>> {
        lock(&self.agencies).get(&org).cloned()
    }

    /// What is known at this stamp, if it is.
    pub fn look<T>(
        &self,
        org: AgencyId,
        stamp: Stamp,
        look: impl FnOnce(&Known) -> Option<T>,
    ) -> Option<T> {
        let known = self.of(org)?;
        let known = lock(&known);
        if known.stamp == stamp { look(&known) } else { None }
    }

    /// The row of an agency as it was last seen or written here.
    pub fn pinned(&self, org: AgencyId) -> Option<Pinned> {
        let known = self.of(org)?;
        let known = lock(&known);
        Some(Pinned { org: known.org.clone(), stamp: known.stamp })
    }

    /// Whether a state is known at whatever stamp.
    pub fn has_state(&self, org: AgencyId, key: Key) -> bool {
        self.of(org).is_some_and(|known| lock(&known).states.contains_key(&key))
    }

    /// Whether a number may be taken, as far as is known.
    pub fn may_be_taken(&self, org: AgencyId, (book, year, no): (BookId, i16, u32)) -> bool {
        let top = self.of(org).and_then(|known| lock(&known).tops.get(&(book, year)).copied());
        top.is_none_or(|top| no <= top)
    }

    /// Remembers what the database says at this stamp.
    pub fn learn(&self, org: AgencyId, stamp: Stamp, learn: impl FnOnce(&mut Known)) {
        let Some(known) = self.of(org) else { return };
        {
            let mut known = lock(&known);
            if known.stamp != stamp {
                return;
            }
            let before = known.bytes;
            learn(&mut known);
            self.weigh(before, known.bytes);
            if known.bytes <= AGENCY_BYTES_MAX {
                return;
            }
        }
        self.forget(org);
    }

    fn weigh(&self, before: usize, after: usize) {
        self.bytes.fetch_add(after, Ordering::Relaxed);
        self.bytes.fetch_sub(before, Ordering::Relaxed);
    }

    /// Begins to remember an agency at a stamp that a reader saw. Where two servers write, the one
    /// that only reads here follows the other by its growing log.
    pub fn seen(&self, pinned: &Pinned) {
        self.begin(pinned, |known| !known.moves && pinned.org.head > known.org.head);
    }

    /// The same for a writer, who holds the agency: what is known at another stamp is old.
    pub fn held(&self, pinned: &Pinned) {
        self.begin(pinned, |_| true);
    }

    fn begin(&self, pinned: &Pinned, is_old: impl FnOnce(&Known) -> bool) {
        let mut agencies = lock(&self.agencies);
        match agencies.entry(pinned.org.id) {
            std::collections::btree_map::Entry::Occupied(there) => {
                let mut known = lock(there.get());
                if known.stamp != pinned.stamp && is_old(&known) {
                    let before = known.bytes;
                    *known = Known::at(pinned);
                    self.weigh(before, known.bytes);
                }
            }
            std::collections::btree_map::Entry::Vacant(free) => {
                let known = Known::at(pinned);
                self.weigh(0, known.bytes);
                free.insert(Arc::new(Mutex::new(known)));
            }
        }
        let mut over = self.bytes.load(Ordering::Relaxed).saturating_sub(KNOWN_BYTES_MAX);
        let mut behind = pinned.org.id;
        while over > 0 && agencies.len() > 1 {
            // Any will do, but not always the same: what is needed is soon known again.
            let next = agencies.range((Excluded(behind), Unbounded)).next();
            let Some((&id, _)) = next.or_else(|| agencies.iter().next()) else { break };
            let Some(known) = agencies.remove(&id) else { break };
            let bytes = lock(&known).bytes;
            self.weigh(bytes, 0);
            over = over.saturating_sub(bytes);
            behind = id;
        }
    }

    /// A commit is about to give the agency another stamp.
    pub fn moves(&self, org: AgencyId) {
        if let Some(known) = self.of(org) {
            lock(&known).moves = true;
        }
    }

    /// The commit is there: what was known before it is carried over.
    pub fn moved(&self, before: &Pinned, after: &Pinned, pending: &Pending) {
        let Some(known) = self.of(after.org.id) else { return };
        let mut known = lock(&known);
        known.moves = false;
        if known.stamp == before.stamp {
            let weight = known.bytes;
            known.take(after.org.id, pending);
            (known.stamp, known.org) = (after.stamp, after.org.clone());
            self.weigh(weight, known.bytes);
        }
    }

    /// Nothing is known of an agency any more.
    pub fn forget(&self, org: AgencyId) {
        if let Some(known) = lock(&self.agencies).remove(&org) {
            let bytes = lock(&known).bytes;
            self.weigh(bytes, 0);
        }
    }
}
