//! One act, one transaction: drafted, decided, signed, kept with everything that follows from it.
use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use register::{
    Answer, Ask, Change, Command, DeviceId, Moment, No, OfficerId, Picture, Refusal, decide,
};
use sync::replica::Placed;
use sync::{Envelope, Hash, Link, SigningKey, VerifyingKey, encode, genesis, link_hash, sign};

use crate::derive::AtTheEnd;
use crate::error::{Doing, PerformError, StoreError};
use crate::memory::Memory;
use crate::placing::Known;
use crate::shelf::Confirmed;
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
    /// [`View::revision`] after it.
    pub revision: u64,
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
    pub(crate) conn: &'a Connection,
    pub(crate) memory: &'a mut Memory,
    pub(crate) known: Known,
    pub(crate) confirmed: Confirmed,
    pub(crate) end: AtTheEnd,
    /// Places of a day that were given away and are in no list yet.
    pub(crate) given: BTreeSet<i64>,
    device: DeviceId,
    head: Head,
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
        let mut batch = Batch {
            conn: &tx,
            memory: &mut *memory,
            known: Known::new(),
            confirmed: Confirmed::new(),
            end: AtTheEnd::default(),
            given: BTreeSet::new(),
            device: self.device(),
            head,
            acts: 0,
        };
        let done = acts(&mut batch)?;
        batch.write_the_end()?;
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
    let n = n.max(View::over(conn).adopted_n()?);
    let (seq, hash) = last.map_or((0, None), |(seq, hash)| (seq, Some(hash)));
    Ok(Head { seq, hash, n, last_at: Moment(last_at) })
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
        let linked = self.linked()?;
        let mut turn =
            Turn { dev: self.device, n: head.n + 1, last_at: head.last_at, seen: head.seq };
        if let Some(line) = linked {
            turn.seen = line.head;
        }
        let command = draft(&View::over(self.conn), turn).map_err(PerformError::Draft)?;
        let in_turn = command.dev == turn.dev && command.n == turn.n && command.at > head.last_at;
        if !in_turn {
            return Err(PerformError::WrongTurn);
        }
        let change = if linked.is_some() {
            self.perform_over_the_log(&command, sign_with)?
        } else {
            let change = self.decide(&command)?.map_err(PerformError::Refused)?;
            let envelope = self.signed(&command, sign_with)?;
            self.keep(&command, &envelope, change)?
        };
        let seq = self.head.seq;
        let revision = seq.saturating_add(linked.map_or(0, |line| line.taken));
        Ok(Performed { seq, revision, command, change })
    }

    /// The command as its officer signs it.
    pub(crate) fn signed<E>(
        &self,
        command: &Command,
        sign_with: &SigningKey,
    ) -> Result<Envelope, PerformError<E>> {
        if !self.owns(command.actor, &sign_with.verifying_key())? {
            return Err(PerformError::KeyOfAnother);
        }
        Ok(sign(encode(command).map_err(PerformError::Command)?, sign_with))
    }

    /// Takes a signed command as it is, when a register is built anew from a copy of its log.
    pub(crate) fn take_in(
        &mut self,
        command: &Command,
        envelope: &Envelope,
    ) -> Result<Result<(), Refusal>, StoreError> {
        match self.decide(command)? {
            Ok(change) => self.keep(command, envelope, change).map(|_| Ok(())),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.conn
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.device
    }

    /// The place of the last command.
    pub(crate) fn seq(&self) -> u64 {
        self.head.seq
    }

    /// The commands of this device so far.
    pub(crate) fn last_n(&self) -> u64 {
        self.head.n
    }

    /// The log knows more commands of this device than this file.
    pub(crate) fn goes_on_after(&mut self, n: u64) {
        self.head.n = self.head.n.max(n);
    }

    fn decide(&mut self, command: &Command) -> Result<Result<Change, Refusal>, StoreError> {
        let mut picture = Picture::new();
        for _ in 0..ASKS_MAX {
            match decide(&picture, command) {
                Ok(change) => return Ok(Ok(change)),
                Err(No::Refused(refusal)) => return Ok(Err(refusal)),
                Err(No::Needs(ask)) => {
                    let answer = self.answer(&ask)?;
                    picture.learn(ask, answer);
                }
            }
        }
        Err(StoreError::AsksWithoutEnd { max: ASKS_MAX })
    }

    pub(crate) fn answer(&mut self, ask: &Ask) -> Result<Answer, StoreError> {
        if let Ask::State(key) = ask {
            if let Some(known) = self.memory.state(key) {
                return Ok(Answer::State(Some(known.clone())));
            }
            let state = self.placed(*key)?.map(|placed| placed.state);
            if let Some(state) = &state {
                self.memory.keep_state(state);
            }
            return Ok(Answer::State(state));
        }
        View::over(self.conn).answer(ask)
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

    /// Keeps a command and its effect, where no server has a word in it.
    fn keep(
        &mut self,
        command: &Command,
        envelope: &Envelope,
        change: Change,
    ) -> Result<Change, StoreError> {
        let seq = self.log(command, envelope)?;
        let news = change.states.iter().map(|state| {
            let placed = Placed { ver: seq, state: state.clone() };
            (state.key(), Some(placed))
        });
        self.place(news.collect())?;
        self.put_trail(seq, &change)?;
        Ok(change)
    }

    /// Adds a command to the log of this PC; returns its place.
    pub(crate) fn log(
        &mut self,
        command: &Command,
        envelope: &Envelope,
    ) -> Result<u64, StoreError> {
        let seq = self.head.seq + 1;
        let previous = self.head.hash.unwrap_or_else(|| genesis(command.org));
        let link = Link { seq, at: command.at.0, outcome: OUTCOME, eff: b"" };
        let hash = link_hash(&previous, link, envelope);
        self.put_command(seq, command, envelope, &hash)?;
        self.acts = self.acts.saturating_add(1);
        self.head.seq = seq;
        self.head.hash = Some(hash);
        if command.dev == self.device {
            self.head.n = command.n;
            self.head.last_at = command.at;
        }
        Ok(seq)
    }

    fn put_command(
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

    fn write_the_end(&mut self) -> Result<(), StoreError> {
        std::mem::take(&mut self.end).write(self.conn, self.memory)
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
