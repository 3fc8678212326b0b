//! What the writer remembers between acts: small states and numbers of buckets.
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use register::{Key, State};
use sync::replica::Offered;

use crate::connection::Cache;
use crate::error::{Doing, StoreError};
use crate::runs::Runs;

/// States kept; an agency has some hundred officers, units and books.
const STATES_MAX: usize = 2000;
/// Buckets kept.
const BUCKETS_MAX: usize = 20_000;
/// Words kept; Vietnamese has some seven thousand syllables.
const FORMS_MAX: usize = 20_000;

/// States and bucket numbers as of the last commit of this connection.
#[derive(Default)]
pub(crate) struct Memory {
    states: BTreeMap<Key, State>,
    buckets: BTreeMap<String, i64>,
    forms: BTreeSet<(String, String)>,
    /// Places of days where many documents came at once.
    pub taken: Runs,
    /// What a server that was set back was offered.
    pub offered: Offered,
    /// How much of the file the connection may keep.
    cache: Cache,
    data_version: i64,
    unsure: bool,
}

impl Memory {
    /// Begins a transaction: forgets everything if it was rolled back or another program wrote.
    pub fn begin(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let version: i64 = conn
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .doing("asking for other writers")?;
        if self.unsure || version != self.data_version {
            self.states.clear();
            self.buckets.clear();
            self.forms.clear();
            self.taken.clear();
            self.offered = Offered::default();
        }
        self.data_version = version;
        self.unsure = true;
        Ok(())
    }

    /// Sets how much of the file the connection keeps, where that is news.
    pub fn keeps_of_the_file(&mut self, conn: &Connection, cache: Cache) -> Result<(), StoreError> {
        if self.cache != cache {
            cache.set(conn)?;
            self.cache = cache;
        }
        Ok(())
    }

    /// The transaction was committed: what is remembered is true.
    pub fn committed(&mut self) {
        self.unsure = false;
    }

    pub fn state(&self, key: &Key) -> Option<&State> {
        self.states.get(key)
    }

    /// Keeps a state that many acts need.
    pub fn keep_state(&mut self, state: &State) {
        match state {
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Book(_)
            | State::Year(_) => {
                if self.states.len() >= STATES_MAX {
                    self.states.clear();
                }
                self.states.insert(state.key(), state.clone());
            }
            State::Incoming(_)
            | State::Outgoing(_)
            | State::Task(_)
            | State::Parcel(_)
            | State::Arrival(_) => {}
        }
    }

    /// A state is no more to be seen here.
    pub fn forget_state(&mut self, key: &Key) {
        self.states.remove(key);
    }

    pub fn bucket(&self, name: &str) -> Option<i64> {
        self.buckets.get(name).copied()
    }

    /// Whether a word is known to stand among the words of all documents.
    pub fn has_form(&self, form: &(String, String)) -> bool {
        self.forms.contains(form)
    }

    pub fn keep_form(&mut self, form: (String, String)) {
        if self.forms.len() >= FORMS_MAX {
            self.forms.clear();
        }
        self.forms.insert(form);
    }

    /// The derived tables are about to be made anew.
    pub fn forget_derived(&mut self) {
        self.buckets.clear();
        self.forms.clear();
    }

    pub fn keep_bucket(&mut self, name: &str, id: i64) {
        if self.buckets.len() >= BUCKETS_MAX {
            self.buckets.clear();
        }
        self.buckets.insert(String::from(name), id);
    }
}
