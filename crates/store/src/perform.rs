//! One act, one transaction: drafted, decided, signed, kept with everything that follows from it.
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use register::{
    Answer, Ask, Change, Command, DeviceId, Key, Moment, No, OfficerId, Picture, Refusal, State,
    Task, decide,
};
use sync::{Envelope, Hash, Link, SigningKey, VerifyingKey, encode, genesis, link_hash, sign};

use crate::derive::{Derived, WordsWaiting};
use crate::error::{Doing, PerformError, StoreError};
use crate::filing::{Depth, Filing, file};
use crate::keys::{body_of, key_bytes, trail_body};
use crate::memory::Memory;
use crate::store::{Store, Writer};
use crate::view::View;

/// Things one decision may ask for.
const ASKS_MAX: usize = 2000;
/// What a desk's own log says of every command: only accepted ones are kept.
pub(crate) const OUTCOME: &str = "ok";

/// The place of the next command of this PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// This device.
    pub dev: DeviceId,
    /// The number of the command.
    pub n: u64,
    /// The time of the command before it; the new one is at least a millisecond later.
    pub last_at: Moment,
    /// Entries kept so far.
    pub seen: u64,
}

/// An act that was done and is kept.
#[derive(Debug, Clone)]
pub struct Performed {
    /// Its place in this PC's log.
    pub seq: u64,
    /// The command.
    pub command: Command,
    /// What it changed.
    pub change: Change,
}

/// The end of the log as a transaction found it.
#[derive(Debug, Clone, Copy)]
struct Head {
    seq: u64,
    hash: Option<Hash>,
    n: u64,
    last_at: Moment,
}

/// Several acts that become durable together, or not at all.
pub struct Batch<'a> {
    conn: &'a Connection,
    memory: &'a mut Memory,
    device: DeviceId,
    head: Head,
    words: WordsWaiting,
    acts: u32,
}

impl Store {
    /// Does one act. The closure reads what it needs and builds the command; both happen inside
    /// the transaction, so a number it reads is the number it gets.
    ///
    /// # Errors
    /// [`PerformError::Refused`] when the rules say no; nothing is kept then.
    pub fn perform<E>(
        &self,
        sign: &SigningKey,
        draft: impl FnOnce(&View<'_>, Turn) -> Result<Command, E>,
    ) -> Result<Performed, PerformError<E>> {
        self.batch(|batch| batch.perform(sign, draft))
    }

    /// Does many acts with one commit. When the closure fails, none of them was done.
    ///
    /// # Errors
    /// Faults of the file, and those of the closure.
    pub fn batch<T, E: From<StoreError>>(
        &self,
        acts: impl FnOnce(&mut Batch<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _under_way = self.act();
        let mut writer = self.writer();
        let Writer { conn, memory } = &mut *writer;
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .doing("beginning an act")?;
        memory.begin(&tx)?;
        let head = head(&tx, self.device())?;
        let words = WordsWaiting::default();
        let mut batch =
            Batch { conn: &tx, memory: &mut *memory, device: self.device(), head, words, acts: 0 };
        let done = acts(&mut batch)?;
        batch.write_words()?;
        let acts = batch.acts;
        tx.commit().doing("keeping an act")?;
        memory.committed();
        drop(writer);
        self.wrote(acts);
        Ok(done)
    }
}

fn head(conn: &Connection, device: DeviceId) -> Result<Head, StoreError> {
    let last: Option<(u64, Hash)> = conn
        .prepare_cached(
            "
            SELECT seq, hash
            FROM command
            ORDER BY seq DESC
            LIMIT 1",
        )
        .and_then(|mut last| last.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .doing("reading the end of the log")?;
    let own: Option<(u64, i64)> = conn
        .prepare_cached(
            "
            SELECT n, at
            FROM command
            WHERE dev = ?1
            ORDER BY n DESC
            LIMIT 1",
        )
        .and_then(|mut own| {
            own.query_row([device.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .doing("reading the last command")?;
    let (n, last_at) = own.unwrap_or((0, 0));
    let (seq, hash) = last.map_or((0, None), |(seq, hash)| (seq, Some(hash)));
    Ok(Head { seq, hash, n, last_at: Moment(last_at) })
}

/// What one decision asked for and what it decided.
struct Decided {
    asked: BTreeMap<Key, Option<State>>,
    change: Change,
}

impl Batch<'_> {
    /// Does one act; see [`Store::perform`]. A refused act leaves nothing behind in the batch.
    ///
    /// # Errors
    /// As [`Store::perform`].
    pub fn perform<E>(
        &mut self,
        sign_with: &SigningKey,
        draft: impl FnOnce(&View<'_>, Turn) -> Result<Command, E>,
    ) -> Result<Performed, PerformError<E>> {
        let head = self.head;
        let turn = Turn { dev: self.device, n: head.n + 1, last_at: head.last_at, seen: head.seq };
        let command = draft(&View::over(self.conn), turn).map_err(PerformError::Draft)?;
        let in_turn = command.dev == turn.dev && command.n == turn.n && command.at > head.last_at;
        if !in_turn {
            return Err(PerformError::WrongTurn);
        }
        let decided = match self.decide(&command)? {
            Ok(decided) => decided,
            Err(refusal) => return Err(PerformError::Refused(refusal)),
        };
        if !self.owns(command.actor, &sign_with.verifying_key())? {
            return Err(PerformError::KeyOfAnother);
        }
        let envelope = sign(encode(&command).map_err(PerformError::Command)?, sign_with);
        let change = self.keep(&command, &envelope, decided)?;
        Ok(Performed { seq: self.head.seq, command, change })
    }

    /// Takes a signed command as it is, when a register is built anew from a copy of its log.
    pub(crate) fn take_in(
        &mut self,
        command: &Command,
        envelope: &Envelope,
    ) -> Result<Result<(), Refusal>, StoreError> {
        match self.decide(command)? {
            Ok(decided) => self.keep(command, envelope, decided).map(|_| Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.conn
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.device
    }

    /// The commands of this device so far.
    pub(crate) fn last_n(&self) -> u64 {
        self.head.n
    }

    fn decide(&mut self, command: &Command) -> Result<Result<Decided, Refusal>, StoreError> {
        let mut picture = Picture::new();
        let mut asked = BTreeMap::new();
        for _ in 0..ASKS_MAX {
            match decide(&picture, command) {
                Ok(change) => return Ok(Ok(Decided { asked, change })),
                Err(No::Refused(refusal)) => return Ok(Err(refusal)),
                Err(No::Needs(ask)) => {
                    let answer = self.answer(&ask, &mut asked)?;
                    picture.learn(ask, answer);
                }
            }
        }
        Err(StoreError::AsksWithoutEnd { max: ASKS_MAX })
    }

    fn answer(
        &mut self,
        ask: &Ask,
        asked: &mut BTreeMap<Key, Option<State>>,
    ) -> Result<Answer, StoreError> {
        let view = View::over(self.conn);
        Ok(match ask {
            Ask::State(key) => {
                if let Some(known) = self.memory.state(key) {
                    return Ok(Answer::State(Some(known.clone())));
                }
                let state = view.state(*key)?;
                if let Some(state) = &state {
                    self.memory.keep_state(state);
                }
                asked.insert(*key, state.clone());
                Answer::State(state)
            }
            Ask::Number(book, year, number) => {
                Answer::Number(view.number_use(*book, *year, *number)?)
            }
            Ask::Reference(year, text) => Answer::Reference(view.reference_use(*year, text)?),
            Ask::Agency => Answer::Agency(view.agency_id()?),
            Ask::Accepted(command) => Answer::Accepted(view.has_command(*command)?.then_some(true)),
        })
    }

    /// Whether the key is one of the officer's; his first key is learned with his first command.
    fn owns(&self, officer: OfficerId, key: &VerifyingKey) -> Result<bool, StoreError> {
        let known = View::over(self.conn).officer_keys(officer)?;
        if known.is_empty() {
            keep_officer_key(self.conn, officer, key)?;
            return Ok(true);
        }
        Ok(known.contains(key.as_bytes()))
    }

    fn keep(
        &mut self,
        command: &Command,
        envelope: &Envelope,
        decided: Decided,
    ) -> Result<Change, StoreError> {
        let Decided { mut asked, change } = decided;
        let seq = self.head.seq + 1;
        let previous = self.head.hash.unwrap_or_else(|| genesis(command.org));
        let link = Link { seq, at: command.at.0, outcome: OUTCOME, eff: b"" };
        let hash = link_hash(&previous, link, envelope);
        self.log(seq, command, envelope, &hash)?;
        let touched = self.touched(&change, &mut asked)?;
        let mut before = BTreeMap::new();
        for (key, depth) in &touched {
            before.insert(*key, (*depth, self.filing(*key, *depth, &mut asked)?));
        }
        for state in &change.states {
            self.put_state(seq, state)?;
            self.memory.keep_state(state);
            asked.insert(state.key(), Some(state.clone()));
        }
        for (key, (depth, old)) in &before {
            let new = self.filing(*key, *depth, &mut asked)?;
            let mut derived = Derived { conn: self.conn, memory: self.memory };
            derived.refile(*key, old, &new, &mut self.words)?;
        }
        self.put_trail(seq, &change)?;
        self.acts = self.acts.saturating_add(1);
        self.head.seq = seq;
        self.head.hash = Some(hash);
        if command.dev == self.device {
            self.head.n = command.n;
            self.head.last_at = command.at;
        }
        Ok(change)
    }

    fn log(
        &self,
        seq: u64,
        command: &Command,
        envelope: &Envelope,
        hash: &Hash,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "
                INSERT INTO command (seq, dev, n, id, at, actor, raw, sig, hash)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut log| {
                log.execute((
                    seq,
                    command.dev.0,
                    command.n,
                    command.id.0,
                    command.at.0,
                    command.actor.0,
                    &envelope.raw,
                    envelope.sig,
                    hash,
                ))
            })
            .doing("keeping a command")?;
        Ok(())
    }

    /// The documents and tasks whose place in lists may change; a task moves its document.
    fn touched(
        &self,
        change: &Change,
        asked: &mut BTreeMap<Key, Option<State>>,
    ) -> Result<BTreeMap<Key, Depth>, StoreError> {
        let mut touched = BTreeMap::new();
        for state in &change.states {
            match state {
                State::Task(task) => {
                    touched.insert(state.key(), Depth::Whole);
                    if let Some(document) = task.document {
                        let key = Key::Incoming(document);
                        self.load(key, asked)?;
                        touched.entry(key).or_insert(Depth::Lists);
                    }
                }
                State::Incoming(_) | State::Outgoing(_) => {
                    touched.insert(state.key(), Depth::Whole);
                }
                State::Agency(_)
                | State::Unit(_)
                | State::Officer(_)
                | State::Device(_)
                | State::Book(_)
                | State::Year(_) => {}
            }
        }
        Ok(touched)
    }

    fn load<'k>(
        &self,
        key: Key,
        known: &'k mut BTreeMap<Key, Option<State>>,
    ) -> Result<&'k Option<State>, StoreError> {
        match known.entry(key) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(View::over(self.conn).state(key)?)),
        }
    }

    fn filing(
        &self,
        key: Key,
        depth: Depth,
        known: &mut BTreeMap<Key, Option<State>>,
    ) -> Result<Option<Filing>, StoreError> {
        let Some(state) = self.load(key, known)?.clone() else { return Ok(None) };
        let mut tasks: Vec<Task> = Vec::new();
        if let State::Incoming(document) = &state {
            for task in document.tasks() {
                if let Some(State::Task(task)) = self.load(Key::Task(task), known)? {
                    tasks.push(Task::clone(task));
                }
            }
        }
        Ok(Some(file(&state, &tasks, depth)))
    }

    fn put_state(&self, seq: u64, state: &State) -> Result<(), StoreError> {
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
            .and_then(|mut put| put.execute((key, seq, &body)))
            .doing("keeping a state")?;
        if changed > 0 {
            return Ok(());
        }
        let ord = crate::day::entry_day(state).map(|day| self.next_ord(day)).transpose()?;
        self.conn
            .prepare_cached(
                "
                INSERT INTO state (key, ver, ord, body)
                VALUES (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut put| put.execute((key, seq, ord, &body)))
            .doing("keeping a new state")?;
        Ok(())
    }

    /// The next free place of a day.
    fn next_ord(&self, day: i64) -> Result<i64, StoreError> {
        let start = crate::day::day_start(day);
        let last = start | crate::day::DAY_MASK;
        let taken: Option<i64> = self
            .conn
            .prepare_cached(
                "
                SELECT max(ord)
                FROM doc
                WHERE ord BETWEEN ?1 AND ?2",
            )
            .and_then(|mut taken| taken.query_row([start, last], |row| row.get(0)))
            .doing("finding a place for a document")?;
        let next = taken.map_or(start, |taken| taken + 1);
        if next > last { Err(StoreError::DayFull { day }) } else { Ok(next) }
    }

    fn put_trail(&self, seq: u64, change: &Change) -> Result<(), StoreError> {
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

    fn write_words(&mut self) -> Result<(), StoreError> {
        std::mem::take(&mut self.words).write(self.conn, self.memory)
    }
}

/// Notes a public key of an officer.
pub(crate) fn keep_officer_key(
    conn: &Connection,
    officer: OfficerId,
    key: &VerifyingKey,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "
        INSERT INTO officer_key (officer, public)
        VALUES (?1, ?2)
        ON CONFLICT DO NOTHING",
    )
    .and_then(|mut put| put.execute((officer.0, key.as_bytes())))
    .doing("keeping a public key")?;
    Ok(())
}
