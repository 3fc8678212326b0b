//! What the jobs of one transaction wrote and the database has not got yet.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeBounds;
use std::sync::Arc;

use register::{AgencyId, BlobId, BookId, CommandId, DeviceId, Key, Moment, OfficerId, ParcelId};
use sync::Hash;

use crate::storage::{Behind, Code, Entry, Home, Org, Out, Proof, Session, StatementKept};

/// A state as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StateKept {
    pub ver: u64,
    pub body: String,
    pub aud: String,
    pub aud_ever: String,
}

/// Whose writes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those of jobs that have ended and stay.
    Kept,
    /// Those of the job that runs.
    Job,
}

/// Rows of one kind: those of jobs that stay, and over them those of the job that runs.
pub(super) struct Layered<K, V> {
    kept: BTreeMap<K, V>,
    job: BTreeMap<K, V>,
}

impl<K, V> Default for Layered<K, V> {
    fn default() -> Layered<K, V> {
        Layered { kept: BTreeMap::new(), job: BTreeMap::new() }
    }
}

impl<K: Ord, V> Layered<K, V> {
    pub fn get(&self, key: &K) -> Option<&V> {
        self.job.get(key).or_else(|| self.kept.get(key))
    }

    pub fn put(&mut self, key: K, value: V) {
        self.job.insert(key, value);
    }

    /// What is written between two keys.
    pub fn range<R: RangeBounds<K> + Clone>(&self, span: R) -> BTreeMap<&K, &V> {
        self.kept.range(span.clone()).chain(self.job.range(span)).collect()
    }

    /// What is written from a key on, as long as the keys are meant.
    pub fn from(&self, least: K, is_meant: impl Fn(&K) -> bool) -> BTreeMap<&K, &V> {
        let here = |(key, _): &(&K, &V)| is_meant(key);
        let kept = self.kept.range(&least..).take_while(here);
        kept.chain(self.job.range(&least..).take_while(here)).collect()
    }

    pub fn of(&self, whose: Whose) -> &BTreeMap<K, V> {
        match whose {
            Whose::Kept => &self.kept,
            Whose::Job => &self.job,
        }
    }
}

trait Layer {
    fn keep(&mut self);
    fn undo(&mut self);
    fn clear(&mut self);
}

impl<K: Ord, V> Layer for Layered<K, V> {
    fn keep(&mut self) {
        self.kept.append(&mut self.job);
    }

    fn undo(&mut self) {
        self.job.clear();
    }

    fn clear(&mut self) {
        self.kept.clear();
        self.job.clear();
    }
}

/// Everything that was written and not sent. A row that was taken out is `None` or false.
#[derive(Default)]
pub(super) struct Pending {
    pub orgs: Layered<AgencyId, Org>,
    /// Agencies of which anything changed.
    pub changed: Layered<AgencyId, ()>,
    pub entries: Layered<(AgencyId, u64), Arc<Entry>>,
    pub turns: Layered<(AgencyId, DeviceId, u64), u64>,
    pub names: Layered<(AgencyId, CommandId), u64>,
    pub touched: Layered<(AgencyId, Key, u64), String>,
    pub states: Layered<(AgencyId, Key), Arc<StateKept>>,
    pub blob_uses: Layered<(AgencyId, BlobId, Key, DeviceId), Proof>,
    pub numbers: Layered<(AgencyId, BookId, i16, u32), Option<Key>>,
    pub references: Layered<(AgencyId, i16, String), Option<Key>>,
    pub waiting: Layered<(AgencyId, BookId, Moment, Key), bool>,
    pub keys: Layered<(AgencyId, DeviceId, OfficerId, [u8; 32]), Option<String>>,
    pub sessions: Layered<Hash, Session>,
    /// Sessions that ended before this are forgotten.
    pub ended: Layered<(), Moment>,
    pub codes: Layered<Hash, Code>,
    pub outs: Layered<[u8; 16], Option<Out>>,
    /// What these agencies say and that waits so goes by then.
    pub hurried: Layered<(AgencyId, Behind), Moment>,
    pub unfetched: Layered<(AgencyId, u64, ParcelId), bool>,
    pub listed: Layered<AgencyId, String>,
    pub peers: Layered<[u8; 32], Option<String>>,
    pub homes: Layered<(AgencyId, [u8; 32]), Option<Home>>,
    pub releases: Layered<String, String>,
    pub programs: Layered<(AgencyId, DeviceId), String>,
    pub keepers: Layered<AgencyId, Option<Moment>>,
    pub statements: Layered<u64, StatementKept>,
}

impl Pending {
    fn layers(&mut self) -> [&mut dyn Layer; 25] {
        let Pending {
            orgs,
            changed,
            entries,
            turns,
            names,
            touched,
            states,
            blob_uses,
            numbers,
            references,
            waiting,
            keys,
            sessions,
            ended,
            codes,
            outs,
            hurried,
            unfetched,
            listed,
            peers,
            homes,
            releases,
            programs,
            keepers,
            statements,
        } = self;
        [
            orgs, changed, entries, turns, names, touched, states, blob_uses, numbers, references,
            waiting, keys, sessions, ended, codes, outs, hurried, unfetched, listed, peers, homes,
            releases, programs, keepers, statements,
        ]
    }

    /// What the job wrote stays.
    pub fn keep(&mut self) {
        self.layers().into_iter().for_each(|layer| layer.keep());
    }

    /// What the job wrote was never written.
    pub fn undo(&mut self) {
        self.layers().into_iter().for_each(|layer| layer.undo());
    }

    /// The database has it all, or none of it counts.
    pub fn clear(&mut self) {
        self.layers().into_iter().for_each(|layer| layer.clear());
    }

    /// Whether nothing is to be sent.
    pub fn is_empty(&self) -> bool {
        let Pending { changed, sessions, codes, ended, outs, hurried, .. } = self;
        let Pending {
            unfetched,
            listed,
            peers,
            homes,
            releases,
            programs,
            keepers,
            statements,
            ..
        } = self;
        let of = |whose| {
            changed.of(whose).is_empty()
                && sessions.of(whose).is_empty()
                && ended.of(whose).is_empty()
                && codes.of(whose).is_empty()
                && outs.of(whose).is_empty()
                && hurried.of(whose).is_empty()
                && unfetched.of(whose).is_empty()
                && listed.of(whose).is_empty()
                && peers.of(whose).is_empty()
                && homes.of(whose).is_empty()
                && releases.of(whose).is_empty()
                && programs.of(whose).is_empty()
                && keepers.of(whose).is_empty()
                && statements.of(whose).is_empty()
        };
        of(Whose::Kept) && of(Whose::Job)
    }
}

/// What was looked for in the database and is not there; for as long as its agency is locked.
#[derive(Default)]
pub(super) struct Absent {
    pub names: BTreeSet<(AgencyId, CommandId)>,
    pub numbers: BTreeSet<(AgencyId, BookId, i16, u32)>,
    pub references: BTreeSet<(AgencyId, i16, String)>,
}
