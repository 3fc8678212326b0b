//! A transaction as jobs see it: what they wrote, then what is known, then the database.
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use tokio_postgres::Row;

use register::AgencyId;
use sha2::{Digest, Sha256};

use super::known::{Known, Pinned, Shelf, Stamp};
use super::line::{Line, Step, Values};
use super::pending::{Absent, Pending, Whose};
use super::rows;
use super::soon::Wanted;
use crate::fault::StorageFault;
use crate::storage::{Fate, Found, Soon};

const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const BEGIN_WRITING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// Ends a transaction that only read.
const END_READING: &str = "COMMIT";
const UNDO: &str = "ROLLBACK";
/// The row of an agency.
const PIN: &str = "
    SELECT id, head, hash, epoch, head0, durable, stamp
    FROM org
    WHERE id = $1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Reader,
    Writer,
}

/// How a reader looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// At the row of an agency first: often all the rest is known. When it is not, a transaction
    /// begins, and the row must still be the same.
    Light,
    /// The same, but the row of an agency for which this process writes need not be asked for: it
    /// is known as it stood behind the last commit here.
    Known,
    /// In a transaction from the first look-up on.
    Firm,
}

/// A transaction. A reader's begins with its first look-up, and all it sees is of that moment; a
/// writer's holds every agency its jobs have named.
pub(super) struct Tx<'s> {
    pub line: &'s Line,
    pub shelf: &'s Shelf,
    pub part: Part,
    look: Look,
    begun: Cell<bool>,
    moved: Cell<bool>,
    broken: Cell<bool>,
    /// Rows of agencies as this transaction sees them; none for one that is not there.
    pub pins: RefCell<BTreeMap<AgencyId, Option<Pinned>>>,
    pub pending: RefCell<Pending>,
    pub absent: RefCell<Absent>,
    /// What the job that runs has named.
    pub of: Cell<Option<AgencyId>>,
    /// Writes were sent before the commit, so that the database is asked for everything.
    spilled: Cell<bool>,
    /// The job that runs stands behind a savepoint.
    saved: Cell<bool>,
}

impl<'s> Tx<'s> {
    fn of_part(line: &'s Line, shelf: &'s Shelf, part: Part, look: Look) -> Tx<'s> {
        Tx {
            line,
            shelf,
            part,
            look,
            begun: Cell::new(false),
            moved: Cell::new(false),
            broken: Cell::new(false),
            pins: RefCell::default(),
            pending: RefCell::default(),
            absent: RefCell::default(),
            of: Cell::new(None),
            spilled: Cell::new(false),
            saved: Cell::new(false),
        }
    }

    pub fn reader(line: &'s Line, shelf: &'s Shelf, look: Look) -> Tx<'s> {
        Tx::of_part(line, shelf, Part::Reader, look)
    }

    /// Begins to write, holding these agencies, and asks for what its jobs will look up.
    pub fn writer(
        line: &'s Line,
        shelf: &'s Shelf,
        (orgs, soon): (&[AgencyId], &[(AgencyId, &Soon)]),
    ) -> Found<Tx<'s>> {
        let tx = Tx::of_part(line, shelf, Part::Writer, Look::Firm);
        match tx.hold(orgs, soon) {
            Ok(()) => Ok(tx),
            Err(fault) => {
                line.hang_up();
                Err(fault)
            }
        }
    }

    /// Locks the rows of agencies, in the order of their names, so that two who lock many never
    /// wait for each other. One that is not there yet is locked by its name.
    fn hold(&self, orgs: &[AgencyId], soon: &[(AgencyId, &Soon)]) -> Found<()> {
        let begin = Step::Plain(BEGIN_WRITING);
        self.begun.set(true);
        if orgs.is_empty() {
            return self.line.begin("beginning a group", &[begin]).map(|_| ());
        }
        let sql = "
            SELECT id, head, hash, epoch, head0, durable, stamp
            FROM org
            WHERE id = ANY($1)
            ORDER BY id
            FOR UPDATE";
        let ids: Vec<&[u8]> = orgs.iter().map(|org| &org.0[..]).collect();
        let values: Values<'_> = &[&ids];
        let wanted = Wanted::of(soon, self.shelf);
        let columns = wanted.columns();
        let mut steps = vec![begin, Step::Planned(sql, values)];
        let asked = columns.steps();
        steps.extend(asked.iter().map(|(sql, values)| Step::Planned(sql, values)));
        let mut found = self.line.begin("beginning a group", &steps)?;
        let answers = found.split_off(2);
        self.pins.borrow_mut().extend(orgs.iter().map(|org| (*org, None)));
        self.pin_held(&found.pop().unwrap_or_default())?;
        wanted.learn(self, &answers)?;
        let missing: Vec<&[u8]> = {
            let pins = self.pins.borrow();
            let there = |org: &&AgencyId| pins.get(org).is_some_and(Option::is_some);
            orgs.iter().filter(|org| !there(org)).map(|org| &org.0[..]).collect()
        };
        if missing.is_empty() {
            return Ok(());
        }
        let lock = "
            SELECT pg_advisory_xact_lock(name)
            FROM (SELECT name FROM unnest($1::BIGINT[]) AS name ORDER BY name) AS names";
        let mut names: Vec<i64> = missing.iter().map(|org| lock_name(org)).collect();
        names.sort_unstable();
        let (locked, again): (Values<'_>, Values<'_>) = (&[&names], &[&missing]);
        let steps = [Step::Planned(lock, locked), Step::Planned(sql, again)];
        let mut found = self.line.run("locking what is not there", &steps)?;
        self.pin_held(&found.pop().unwrap_or_default())
    }

    fn pin_held(&self, rows: &[Row]) -> Found<()> {
        for row in rows {
            let pinned = rows::pinned(row)?;
            self.shelf.held(&pinned);
            self.pins.borrow_mut().insert(pinned.org.id, Some(pinned));
        }
        Ok(())
    }

    /// Asks the database. A fault ends the transaction, as it does there.
    pub fn rows(
        &self,
        doing: &'static str,
        sql: &'static str,
        values: Values<'_>,
    ) -> Found<Vec<Row>> {
        if self.broken.get() {
            return Err(StorageFault::GroupUndone);
        }
        let step = Step::Planned(sql, values);
        let found = if self.begun.replace(true) {
            self.line.run(doing, &[step])
        } else {
            self.begin_reading(doing, step)
        };
        match found {
            Ok(mut found) => Ok(found.pop().unwrap_or_default()),
            Err(fault) => {
                self.broken.set(true);
                Err(fault)
            }
        }
    }

    /// Begins a reader's transaction with its first statement. What was looked at before must still
    /// be so.
    fn begin_reading(&self, doing: &'static str, step: Step<'_>) -> Found<Vec<Vec<Row>>> {
        let begin = Step::Plain(BEGIN_READING);
        let pinned = self.pins.borrow().iter().next().map(|(org, pin)| (*org, pin.clone()));
        let Some((org, before)) = pinned else { return self.line.begin(doing, &[begin, step]) };
        let values: Values<'_> = &[&&org.0[..]];
        let mut found = self.line.begin(doing, &[begin, Step::Planned(PIN, values), step])?;
        let again = found.get(1).and_then(|rows| rows.first()).map(rows::pinned).transpose()?;
        if again.map(|pin| pin.stamp) == before.map(|pin| pin.stamp) {
            return Ok(found.split_off(2));
        }
        self.moved.set(true);
        Err(StorageFault::Moved)
    }

    /// Whether the look-ups must be done again.
    pub fn has_moved(&self) -> bool {
        self.moved.get()
    }

    /// Asks for rows that never change, which are the same at any moment.
    pub fn lasting_rows(
        &self,
        doing: &'static str,
        sql: &'static str,
        values: Values<'_>,
    ) -> Found<Vec<Row>> {
        if self.begun.get() || self.broken.get() {
            return self.rows(doing, sql, values);
        }
        let found = self.line.begin(doing, &[Step::Planned(sql, values)]);
        self.broken.set(found.is_err());
        Ok(found?.pop().unwrap_or_default())
    }

    /// The row of an agency, of the moment of this transaction.
    pub fn pin(&self, org: AgencyId) -> Found<Option<Pinned>> {
        let pinned = self.pins.borrow().get(&org).cloned();
        if let Some(pinned) = pinned.filter(|_| !self.spilled.get()) {
            return Ok(pinned);
        }
        let is_first = !self.begun.get() && self.pins.borrow().is_empty();
        if self.look == Look::Known
            && is_first
            && let Some(pinned) = self.shelf.pinned(org)
        {
            self.pins.borrow_mut().insert(org, Some(pinned.clone()));
            return Ok(Some(pinned));
        }
        let values: Values<'_> = &[&&org.0[..]];
        let found = if self.look != Look::Firm && is_first {
            self.lasting_rows("reading an agency", PIN, values)?
        } else {
            self.rows("reading an agency", PIN, values)?
        };
        let pinned = found.first().map(rows::pinned).transpose()?;
        // A writer's look at an agency it does not hold is of no moment.
        if self.part == Part::Reader {
            if let Some(pinned) = &pinned {
                self.shelf.seen(pinned);
            }
            self.pins.borrow_mut().insert(org, pinned.clone());
        }
        Ok(pinned)
    }

    fn stamp(&self, org: AgencyId) -> Found<Option<Stamp>> {
        if self.spilled.get() {
            return Ok(None);
        }
        let held = self.pins.borrow().contains_key(&org);
        if self.part == Part::Writer && !held {
            return Ok(None);
        }
        Ok(self.pin(org)?.map(|pinned| pinned.stamp))
    }

    /// What is known of an agency, if it is.
    pub fn known<T>(
        &self,
        org: AgencyId,
        look: impl FnOnce(&Known) -> Option<T>,
    ) -> Found<Option<T>> {
        let stamp = self.stamp(org)?;
        Ok(stamp.and_then(|stamp| self.shelf.look(org, stamp, look)))
    }

    /// Remembers what the database said of an agency.
    pub fn learn(&self, org: AgencyId, learn: impl FnOnce(&mut Known)) -> Found<()> {
        if let Some(stamp) = self.stamp(org)? {
            self.shelf.learn(org, stamp, learn);
        }
        Ok(())
    }

    /// Before a look-up that reads over many rows: what was written is sent, so that the database
    /// has it all. What the job wrote stands behind a savepoint, so that it alone can be undone.
    pub fn spill(&self) -> Found<()> {
        if self.part == Part::Reader || self.pending.borrow().is_empty() {
            return Ok(());
        }
        let sent = self.send_pending();
        if sent.is_err() {
            self.broken.set(true);
        }
        sent
    }

    fn send_pending(&self) -> Found<()> {
        let mut pending = self.pending.borrow_mut();
        self.flush(&pending, Whose::Kept, None)?;
        if !self.saved.replace(true) {
            self.line.run("saving a job", &[Step::Plain("SAVEPOINT job")])?;
        }
        self.flush(&pending, Whose::Job, None)?;
        pending.clear();
        *self.absent.borrow_mut() = Absent::default();
        self.spilled.set(true);
        Ok(())
    }

    /// Ends a job of the group.
    pub fn end_job(&self, fate: Fate) -> Found<()> {
        let mut pending = self.pending.borrow_mut();
        let word = match fate {
            Fate::Keep => {
                pending.keep();
                "RELEASE SAVEPOINT job"
            }
            Fate::Undo => {
                pending.undo();
                "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job"
            }
        };
        self.of.set(None);
        if self.broken.get() {
            return Err(StorageFault::GroupUndone);
        }
        if self.saved.replace(false) {
            let ended = self.line.run("ending a job", &[Step::Plain(word)]);
            self.broken.set(ended.is_err());
            ended?;
        }
        Ok(())
    }

    pub fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// Ends a transaction that only read. Nobody waits for that.
    pub fn end_reading(self) {
        if self.broken.get() && !self.moved.get() {
            self.line.hang_up();
        } else if self.begun.get() {
            self.line.send(END_READING);
        }
    }

    /// Keeps what the jobs wrote; when this returns, it is on the disk.
    pub fn commit(self) -> Found<()> {
        let committed = if self.broken.get() {
            Err(StorageFault::GroupUndone)
        } else if self.pending.borrow().is_empty() && !self.spilled.get() {
            self.line.send(UNDO);
            return Ok(());
        } else {
            self.flush_and_commit()
        };
        if committed.is_err() {
            // Whatever stands open there ends with its line.
            self.line.hang_up();
        }
        committed
    }

    fn flush_and_commit(&self) -> Found<()> {
        let pending = self.pending.borrow();
        let pins = self.pins.borrow();
        let before = |org: &AgencyId| pins.get(org).and_then(Option::as_ref);
        if self.spilled.get() {
            pins.keys().for_each(|org| self.shelf.forget(*org));
        }
        let changed = pending.changed.of(Whose::Kept);
        changed.keys().for_each(|org| self.shelf.moves(*org));
        let flushed = self.flush(&pending, Whose::Kept, Some("COMMIT"));
        match &flushed {
            Ok(stamp) => {
                for org in changed.keys() {
                    let after = pending.orgs.of(Whose::Kept).get(org);
                    match (before(org), *stamp) {
                        (Some(before), Some(stamp)) => {
                            let org = after.unwrap_or(&before.org).clone();
                            self.shelf.moved(before, &Pinned { org, stamp }, &pending);
                        }
                        (None, _) | (_, None) => self.shelf.forget(*org),
                    }
                }
            }
            Err(_) => changed.keys().for_each(|org| self.shelf.forget(*org)),
        }
        flushed.map(|_| ())
    }
}

/// The name by which an agency is locked that has no row.
pub(super) fn lock_name(org: &[u8]) -> i64 {
    let hash: [u8; 32] =
        Sha256::new().chain_update(b"vanthu/org/1").chain_update(org).finalize().into();
    let (name, _) = hash.split_at(8);
    name.iter().fold(0, |name, byte| (name << 8) | i64::from(*byte))
}
