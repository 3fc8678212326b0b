//! What really happened in a run: a fault that never came shows nothing.
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Counts by name.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    counts: BTreeMap<String, u64>,
}

impl Tally {
    /// One more of it.
    pub fn add(&mut self, what: &str) {
        self.more(what, 1);
    }

    /// So many more of it.
    pub fn more(&mut self, what: &str, count: u64) {
        match self.counts.get_mut(what) {
            Some(known) => *known += count,
            None => {
                self.counts.insert(what.to_owned(), count);
            }
        }
    }

    /// How often it happened.
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }

    /// For which reasons the log refused or held a command that was new to it.
    pub fn words_of_the_log(&self) -> impl Iterator<Item = &str> {
        let words = self.counts.keys().map(String::as_str);
        words.filter(|what| what.starts_with("held_") || what.starts_with("rejected_"))
    }

    /// Takes in the counts of another run.
    pub fn join(&mut self, other: &Tally) {
        for (what, count) in &other.counts {
            self.more(what, *count);
        }
    }

    /// All counts, as the last line of a run.
    pub fn line(&self, seed: u64, ops: u64) -> Value {
        let mut line = Map::new();
        line.insert("seed".into(), json!(seed));
        line.insert("ops".into(), json!(ops));
        for wrong in ["lost", "doubled", "gaps", "renumbered", "diverged", "stuck"] {
            line.insert(wrong.into(), json!(self.count(wrong)));
        }
        for (what, count) in &self.counts {
            line.insert(what.clone(), json!(count));
        }
        Value::Object(line)
    }
}
