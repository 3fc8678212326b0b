//! States put into their place, or taken out of it, with everything that follows from them.
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::sync_channel;
use std::thread;

use rusqlite::OptionalExtension;

use register::{Change, DocumentId, Key, State, Task};
use sync::replica::Placed;

use crate::day::{DAY_MASK, Wanted, day_start, wanted};
use crate::derive::Derived;
use crate::error::{Doing, StoreError};
use crate::filing::{Depth, Filing, file};
use crate::keys::{body_of, key_bytes, state_from, trail_body};
use crate::perform::Batch;

/// States a batch remembers between its acts.
const KNOWN_MAX: usize = 4096;
/// Places of a day looked through at once for a free one.
const PLACES_TOGETHER: i64 = 1024;

/// From so many states on they are filed beside being written.
const FILED_BESIDE_FROM: usize = 64;
/// Filings that wait to be written.
const FILED_AHEAD: usize = 64;

/// What a batch has read or put: nothing where there is no such state.
pub(crate) type Known = BTreeMap<Key, Option<Placed>>;

/// A state with all that its filing is made from.
struct ToFile {
    state: State,
    tasks: Vec<Task>,
    depth: Depth,
}

impl ToFile {
    fn file(&self) -> Filing {
        file(&self.state, &self.tasks, self.depth)
    }
}

fn document_of(state: &State) -> Option<DocumentId> {
    match state {
        State::Task(task) => task.document,
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Incoming(_)
        | State::Outgoing(_)
        | State::Year(_) => None,
    }
}

impl Batch<'_> {
    /// A state with the last entry that touched it.
    pub(crate) fn placed(&mut self, key: Key) -> Result<Option<Placed>, StoreError> {
        Ok(self.load(key)?.clone())
    }

    fn load(&mut self, key: Key) -> Result<&Option<Placed>, StoreError> {
        if self.known.len() > KNOWN_MAX {
            self.known.clear();
        }
        match self.known.entry(key) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => {
                let found: Option<(u64, String)> = self
                    .conn
                    .prepare_cached(
                        "
                        SELECT ver, body
                        FROM state
                        WHERE key = ?1",
                    )
                    .and_then(|mut find| {
                        find.query_row([key_bytes(key)], |row| Ok((row.get(0)?, row.get(1)?)))
                            .optional()
                    })
                    .doing("reading a state")?;
                let placed = found
                    .map(|(ver, body)| Ok(Placed { ver, state: state_from(key, &body)? }))
                    .transpose()?;
                Ok(free.insert(placed))
            }
        }
    }

    /// Puts states where they belong, or takes them away, and files what follows from them.
    pub(crate) fn place(&mut self, news: Vec<(Key, Option<Placed>)>) -> Result<(), StoreError> {
        let news = self.without_the_same(news)?;
        let touched = self.touched(&news)?;
        let mut before = BTreeMap::new();
        for (key, depth) in &touched {
            before.insert(*key, (*depth, self.filing(*key, *depth)?));
        }
        for (key, placed) in news {
            if let Some(placed) = placed {
                self.put_state(&placed)?;
                self.memory.keep_state(&placed.state);
                self.known.insert(key, Some(placed));
            } else {
                // What followed from it goes while its row still says where it stood.
                let old = before.remove(&key).and_then(|(_, old)| old);
                self.refile(key, &old, &None)?;
                self.drop_state(key)?;
                self.memory.forget_state(&key);
                self.known.insert(key, None);
            }
        }
        self.refile_all(&before)?;
        self.given.clear();
        Ok(())
    }

    fn refile_all(
        &mut self,
        before: &BTreeMap<Key, (Depth, Option<Filing>)>,
    ) -> Result<(), StoreError> {
        let mut all = Vec::with_capacity(before.len());
        for (key, (depth, _)) in before {
            all.push(self.what_to_file(*key, *depth)?);
        }
        thread::scope(|scope| {
            let (tells, comes) = sync_channel(FILED_AHEAD);
            let files = || all.iter().map(|one| one.as_ref().map(ToFile::file));
            // A page of a first copy is filed on one core while another writes it.
            let beside = (all.len() >= FILED_BESIDE_FROM).then(|| {
                let tells_all = move || files().all(|new| tells.send(new).is_ok());
                thread::Builder::new().name("filing".to_owned()).spawn_scoped(scope, tells_all)
            });
            let mut write = |new: &mut dyn Iterator<Item = Option<Filing>>| {
                before
                    .iter()
                    .zip(new)
                    .try_for_each(|((key, (_, old)), new)| self.refile(*key, old, &new))
            };
            match beside {
                Some(Ok(_)) => write(&mut comes.into_iter()),
                // Without a second thread it only takes longer.
                Some(Err(_)) | None => write(&mut files()),
            }
        })
    }

    /// What stands here already in the same words gets its new version, and nothing follows from
    /// that: an own act, mostly, which the log has confirmed as it was foreseen.
    fn without_the_same(
        &mut self,
        news: Vec<(Key, Option<Placed>)>,
    ) -> Result<Vec<(Key, Option<Placed>)>, StoreError> {
        let mut others = Vec::with_capacity(news.len());
        // One that stands twice in the news is another one by then.
        let mut changed = BTreeSet::new();
        for (key, placed) in news {
            let there = self.load(key)?.as_ref().map(|there| &there.state);
            match placed {
                Some(placed) if there == Some(&placed.state) && !changed.contains(&key) => {
                    self.put_version(key, placed.ver)?;
                    self.known.insert(key, Some(placed));
                }
                Some(_) | None => {
                    changed.insert(key);
                    others.push((key, placed));
                }
            }
        }
        Ok(others)
    }

    fn refile(
        &mut self,
        key: Key,
        old: &Option<Filing>,
        new: &Option<Filing>,
    ) -> Result<(), StoreError> {
        let mut derived = Derived { conn: self.conn, memory: self.memory };
        derived.refile(key, old, new, &mut self.end)
    }

    /// The documents and tasks whose place in lists may change; a task moves its document.
    fn touched(
        &mut self,
        news: &[(Key, Option<Placed>)],
    ) -> Result<BTreeMap<Key, Depth>, StoreError> {
        let mut touched = BTreeMap::new();
        for (key, placed) in news {
            match key {
                Key::Task(_) => {
                    touched.insert(*key, Depth::Whole);
                    let old = self.load(*key)?.as_ref().and_then(|old| document_of(&old.state));
                    let new = placed.as_ref().and_then(|new| document_of(&new.state));
                    for document in old.into_iter().chain(new) {
                        touched.entry(Key::Incoming(document)).or_insert(Depth::Lists);
                    }
                }
                Key::Incoming(_) | Key::Outgoing(_) | Key::Arrival(_) => {
                    touched.insert(*key, Depth::Whole);
                }
                Key::Agency(_)
                | Key::Unit(_)
                | Key::Officer(_)
                | Key::Device(_)
                | Key::Parcel(_)
                | Key::Book(_)
                | Key::Year(_) => {}
            }
        }
        Ok(touched)
    }

    fn filing(&mut self, key: Key, depth: Depth) -> Result<Option<Filing>, StoreError> {
        Ok(self.what_to_file(key, depth)?.as_ref().map(ToFile::file))
    }

    fn what_to_file(&mut self, key: Key, depth: Depth) -> Result<Option<ToFile>, StoreError> {
        let Some(Placed { state, .. }) = self.load(key)?.clone() else { return Ok(None) };
        let mut tasks: Vec<Task> = Vec::new();
        if let State::Incoming(document) = &state {
            for task in document.tasks() {
                if let Some(Placed { state: State::Task(task), .. }) = self.load(Key::Task(task))? {
                    tasks.push(Task::clone(task));
                }
            }
        }
        Ok(Some(ToFile { state, tasks, depth }))
    }

    fn put_state(&mut self, placed: &Placed) -> Result<(), StoreError> {
        let Placed { ver, state } = placed;
        let key = key_bytes(state.key());
        let body = body_of(state)?;
        let changed = self
            .conn
            .prepare_cached(
                "
                UPDATE state
                SET ver = ?2, body = ?3
                WHERE key = ?1",
            )
            .and_then(|mut put| put.execute((key, ver, &body)))
            .doing("keeping a state")?;
        if changed > 0 {
            return Ok(());
        }
        let ord = wanted(state).map(|wanted| self.free_ord(wanted)).transpose()?;
        self.given.extend(ord);
        self.conn
            .prepare_cached(
                "
                INSERT INTO state (key, ver, ord, body)
                VALUES (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut put| put.execute((key, ver, ord, &body)))
            .doing("keeping a new state")?;
        Ok(())
    }

    fn put_version(&self, key: Key, ver: u64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "
                UPDATE state
                SET ver = ?2
                WHERE key = ?1",
            )
            .and_then(|mut put| put.execute((key_bytes(key), ver)))
            .doing("keeping the version of a state")?;
        Ok(())
    }

    fn drop_state(&self, key: Key) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM state WHERE key = ?1")
            .and_then(|mut gone| gone.execute([key_bytes(key)]))
            .doing("taking a state away")?;
        Ok(())
    }

    /// The first free place from the wanted one on.
    fn free_ord(&mut self, wanted: Wanted) -> Result<i64, StoreError> {
        let last = day_start(wanted.day) | DAY_MASK;
        let mut from = self.memory.taken.behind(wanted.ord);
        while from <= last {
            let end = last.min(from.saturating_add(PLACES_TOGETHER - 1));
            let taken = self.taken_ords(from, end)?;
            let mut free = from;
            for ord in taken {
                if ord > free {
                    break;
                }
                free = ord + 1;
            }
            if free <= end {
                if free > wanted.ord {
                    self.memory.taken.take(wanted.ord, free);
                }
                return Ok(free);
            }
            from = end + 1;
        }
        Err(StoreError::DayFull { day: wanted.day })
    }

    fn taken_ords(&self, from: i64, end: i64) -> Result<Vec<i64>, StoreError> {
        let first = |from: i64, end: i64| -> Result<Vec<i64>, StoreError> {
            self.conn
                .prepare_cached(
                    "
                    SELECT ord
                    FROM doc
                    WHERE ord BETWEEN ?1 AND ?2
                    ORDER BY ord",
                )
                .and_then(|mut taken| taken.query_map([from, end], |row| row.get(0))?.collect())
                .doing("finding a place for a document")
        };
        // Nearly always the wanted place itself is free.
        if !self.given.contains(&from) && first(from, from)?.is_empty() {
            return Ok(Vec::new());
        }
        let mut taken = first(from, end)?;
        taken.extend(self.given.range(from..=end));
        taken.sort_unstable();
        Ok(taken)
    }

    pub(crate) fn put_trail(&self, seq: u64, change: &Change) -> Result<(), StoreError> {
        for (part, line) in change.trail.iter().enumerate() {
            let body = trail_body(line)?;
            self.conn
                .prepare_cached(
                    "
                    INSERT INTO trail (key, seq, part, body)
                    VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut put| put.execute((key_bytes(line.of), seq, part as i64, body)))
                .doing("keeping a line of history")?;
        }
        Ok(())
    }
}
