//! What an answer of the server does to the file: all of it in one transaction, or nothing.
use std::collections::BTreeSet;

use register::{Book, OfficerId, State, audience};
use sync::replica::{self, Placed, Shelf, Taken};
use sync::wire::{Offer, SyncAnswer};

use crate::connection::Cache;
use crate::error::StoreError;
use crate::keys::{key_bytes, key_from, state_from};
use crate::line::{Membership, Reader};
use crate::perform::Batch;
use crate::shelf::FileShelf;
use crate::store::Store;
use crate::view::View;

/// States taken away together.
const SWEPT_TOGETHER: u32 = 500;

impl Store {
    /// Takes in one answer of the server, as this officer asked for it: all of it, or nothing.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn take_in(
        &self,
        reader: OfficerId,
        answer: &SyncAnswer,
        states: &[Placed],
    ) -> Result<Taken, StoreError> {
        self.batch(|batch| {
            let cache = if answer.below.is_some() { Cache::Copying } else { Cache::Usual };
            batch.memory.keeps_of_the_file(batch.conn, cache)?;
            let known = View::over(batch.conn).reader(reader)?;
            // Files of what is addressed to him overtake others from the first page on.
            let sql = "
                INSERT INTO reader (officer, cursor, scopes)
                VALUES (?1, 0, '')
                ON CONFLICT DO NOTHING";
            batch.execute("noting who reads", sql, [reader.0])?;
            let answer = &without_what_others_see(batch, reader, answer)?;
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            let taken = if still_adopting(shelf.batch)? {
                // Its own log goes up whole before anything is read.
                note_acks(&mut shelf, answer)?
            } else {
                replica::take_in(&mut shelf, answer, states)?
            };
            note_line(batch, answer, &taken)?;
            batch.adopt_last_n(answer)?;
            if !taken.stale {
                note_reader(batch, (reader, &known), answer)?;
            }
            Ok(taken)
        })
    }

    /// The server was set back from a copy (SYNC 2.9). Says whether that is news here.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn begin_anew(&self, reader: OfficerId, epoch: u32) -> Result<bool, StoreError> {
        self.batch(|batch| {
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            let news = replica::begin_anew(&mut shelf, epoch)?;
            if news {
                let sql = "
                    UPDATE reader
                    SET cursor = 0, from_head = NULL, below = NULL";
                batch.execute("reading from the beginning", sql, [])?;
                // Entries of another life have other numbers.
                batch.execute("forgetting what was told", "DELETE FROM told", [])?;
                batch.execute("forgetting what was told", "DELETE FROM told_line", [])?;
                let sql = "
                    UPDATE line
                    SET head = 0, head_hash = zeroblob(32), durable = 0";
                batch.execute("forgetting the head of a life that is lost", sql, [])?;
                batch.forget_what_is_read_back()?;
            }
            Ok(news)
        })
    }

    /// What is to be offered to a server that was set back, and whether commands may be sent.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn offer(&self, reader: OfficerId) -> Result<(Option<Offer>, bool), StoreError> {
        self.batch(|batch| {
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            Ok((replica::offer(&mut shelf)?, replica::may_push(&mut shelf)?))
        })
    }

    /// Takes a book over from the PC beside this one, both without a line; false when as much is
    /// known here already.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn receive_book(&self, reader: OfficerId, book: &Book) -> Result<bool, StoreError> {
        self.batch(|batch| {
            let mut shelf = FileShelf { batch: &mut *batch, reader };
            let taken = replica::receive_book(&mut shelf, book)?;
            changed(batch)?;
            Ok(taken)
        })
    }

    /// All that was done before the server is up there, and all this officer may see of what it
    /// made is here: what no entry made, of what he may see, is taken away. What only others of
    /// this PC may see stays until they have read it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn finish_adoption(&self, reader: OfficerId) -> Result<(), StoreError> {
        let mut after = Vec::new();
        loop {
            let last = self.batch(|batch| {
                let seen = View::over(batch.conn).reader(reader)?.scopes;
                let some = View::over(batch.conn).unmade(&after, SWEPT_TOGETHER)?;
                let sees = |state: &State| {
                    audience(state).iter().any(|scope| seen.contains(scope.name().as_str()))
                };
                let gone = some.iter().filter(|(_, state)| sees(state));
                batch.place(gone.map(|(key, _)| (*key, None)).collect())?;
                changed(batch)?;
                Ok::<_, StoreError>(some.last().map(|(key, _)| key_bytes(*key).to_vec()))
            })?;
            let Some(last) = last else { break };
            after = last;
        }
        self.batch(|batch| {
            let sql = "
                UPDATE line
                SET standing = 3";
            batch.execute("ending the adoption", sql, []).map(|_| ())
        })
    }
}

/// What is gone for one officer of this PC may still be seen by another, who reads for himself.
fn without_what_others_see(
    batch: &mut Batch<'_>,
    reader: OfficerId,
    answer: &SyncAnswer,
) -> Result<SyncAnswer, StoreError> {
    let mut left = SyncAnswer { states: Vec::new(), ..answer.clone() };
    if left.gone.is_empty() {
        return Ok(left);
    }
    let sql = "
        SELECT scopes
        FROM reader
        WHERE officer <> ?1";
    let others: Vec<String> = View::over(batch.conn).all(sql, [reader.0], |row| row.get(0))?;
    let seen: BTreeSet<&str> = others.iter().flat_map(|names| names.split_whitespace()).collect();
    let mut gone = Vec::with_capacity(left.gone.len());
    for one in left.gone {
        let placed = batch.placed(one.of)?;
        let by_others = placed.is_some_and(|placed| {
            audience(&placed.state).iter().any(|scope| seen.contains(scope.name().as_str()))
        });
        if !by_others {
            gone.push(one);
        }
    }
    left.gone = gone;
    Ok(left)
}

/// Whether commands of before the server wait for their answers.
fn still_adopting(batch: &Batch<'_>) -> Result<bool, StoreError> {
    let line = View::over(batch.conn).line()?;
    if line.is_none_or(|line| line.membership != Membership::Adopting) {
        return Ok(false);
    }
    let sql = "
        SELECT 1
        FROM sending
        WHERE stage = 2
        LIMIT 1";
    let waits = View::over(batch.conn).one(sql, [], |_| Ok(()))?.is_some();
    if !waits {
        let sql = "
            UPDATE line
            SET standing = 2";
        batch.execute("noting that the own log is up", sql, [])?;
    }
    Ok(waits)
}

fn note_acks(shelf: &mut FileShelf<'_, '_>, answer: &SyncAnswer) -> Result<Taken, StoreError> {
    for ack in &answer.acks {
        shelf.acknowledge((ack.dev, ack.n), ack.seq, &ack.stamp)?;
    }
    Ok(Taken { stale: true, ..Taken::default() })
}

/// Something is shown otherwise than before.
fn changed(batch: &Batch<'_>) -> Result<(), StoreError> {
    let sql = "
        UPDATE line
        SET taken = taken + 1";
    batch.execute("noting a change", sql, []).map(|_| ())
}

fn note_line(batch: &Batch<'_>, answer: &SyncAnswer, taken: &Taken) -> Result<(), StoreError> {
    let head = answer.head.head;
    let sql = "
        UPDATE line
        SET head = ?1, head_hash = ?2, durable = ?3, met_at = ?4
        WHERE head <= ?1";
    let row = (head.seq, head.hash.0, answer.durable, answer.now.0);
    batch.execute("noting how far the log is", sql, row)?;
    let sql = "
        DELETE FROM sending
        WHERE stage = 0 AND entry <= ?1";
    batch.execute("forgetting answers that are safe elsewhere", sql, [answer.durable])?;
    if taken.changed.is_empty() { Ok(()) } else { changed(batch) }
}

/// Keeps how far the officer has read. A new circle means that older states are new to him: he
/// reads from the beginning. A lost one takes with it what nobody at this PC may see any more.
fn note_reader(
    batch: &mut Batch<'_>,
    (officer, known): (OfficerId, &Reader),
    answer: &SyncAnswer,
) -> Result<(), StoreError> {
    let scopes: BTreeSet<String> = answer.scopes.iter().cloned().collect();
    let gained = !known.scopes.is_empty() && !scopes.is_subset(&known.scopes);
    let lost = !known.scopes.is_subset(&scopes);
    let joined = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    let (from_head, below) = match answer.below {
        Some(below) => (Some(below.from_head), Some(below.below)),
        None => (None, None),
    };
    let cursor = if gained { 0 } else { answer.to };
    let sql = "
        INSERT INTO reader (officer, cursor, scopes, from_head, below)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (officer) DO UPDATE SET
            cursor = excluded.cursor, scopes = excluded.scopes,
            from_head = excluded.from_head, below = excluded.below";
    let row = (officer.0, cursor, joined, from_head, below);
    batch.execute("keeping how far was read", sql, row)?;
    if lost { sweep_unseen(batch) } else { Ok(()) }
}

/// Takes away what none of the officers of this PC may see.
fn sweep_unseen(batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let view = View::over(batch.conn);
    let scopes: Vec<String> = view.all("SELECT scopes FROM reader", [], |row| row.get(0))?;
    let seen: BTreeSet<&str> = scopes.iter().flat_map(|names| names.split_whitespace()).collect();
    let sql = "
        SELECT key, body
        FROM state
        WHERE key > ?1
        ORDER BY key
        LIMIT ?2";
    let mut after: Vec<u8> = Vec::new();
    loop {
        let rows: Vec<(Vec<u8>, String)> =
            View::over(batch.conn)
                .all(sql, (&after, SWEPT_TOGETHER), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((last, _)) = rows.last() else { return changed(batch) };
        after.clone_from(last);
        let mut unseen = Vec::new();
        for (key, body) in &rows {
            let key = key_from(key)?;
            let state = state_from(key, body)?;
            let sees = |scope: &register::Scope| seen.contains(scope.name().as_str());
            let shelf =
                FileShelf { batch: &mut *batch, reader: OfficerId([0; 16]) }.is_touched(key)?;
            if !audience(&state).iter().any(sees) && !shelf {
                unseen.push((key, None));
            }
        }
        batch.place(unseen)?;
    }
}
