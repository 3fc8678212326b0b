//! Derived tables thrown away and made again from states; reading goes on meanwhile.
use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior};

use register::{Key, State, Task};

use crate::derive::{AtTheEnd, Derived};
use crate::error::{Doing, StoreError};
use crate::filing::{Depth, file};
use crate::keys::{key_from, state_from};
use crate::memory::Memory;
use crate::store::{Store, Writer};
use crate::view::View;

/// Documents whose search rows are written together, in rising order.
const WORDS_TOGETHER: usize = 2000;
/// Rows between two words of progress.
const PROGRESS_STEP: u64 = 1000;
const TASK_TAG: u8 = 7;
/// Tag of what came from other agencies.
const ARRIVAL_TAG: u8 = 11;

/// How far a long piece of work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

impl Store {
    /// Makes every derived table and the search index anew. Reads go on; acts wait for the end.
    ///
    /// # Errors
    /// Faults of the file; the old tables stay then.
    pub fn rebuild_derived(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let Writer { conn, memory } = &mut *writer;
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .doing("beginning to rebuild")?;
        memory.begin(&tx)?;
        memory.forget_derived();
        clear(&tx)?;
        let ords = places(&tx)?;
        let others = others(&tx)?;
        let total = (ords.len() + others.len()) as u64;
        let mut done = 0;
        let mut end = AtTheEnd::default();
        for row in ords.values().chain(&others) {
            refile(&tx, memory, *row, &mut end)?;
            if end.len() >= WORDS_TOGETHER {
                std::mem::take(&mut end).write(&tx, memory)?;
            }
            done += 1;
            if done % PROGRESS_STEP == 0 {
                progress(Progress { done, total });
            }
        }
        end.write(&tx, memory)?;
        tx.commit().doing("keeping what was rebuilt")?;
        memory.committed();
        progress(Progress { done, total });
        drop(writer);
        self.wrote(u32::MAX);
        Ok(())
    }
}

fn clear(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "
        DELETE FROM doc;
        DELETE FROM posting;
        DELETE FROM bucket_day;
        DELETE FROM personal;
        DELETE FROM bucket;
        DELETE FROM number;
        DELETE FROM lettered;
        DELETE FROM reference;
        DELETE FROM waiting;
        DELETE FROM typed_number;
        DELETE FROM twin;
        DELETE FROM blob_use;
        DELETE FROM issuer;
        DELETE FROM task_scope;
        DELETE FROM relation;
        DELETE FROM unread;
        DELETE FROM form;
        INSERT INTO words (words) VALUES ('delete-all');",
    )
    .doing("clearing derived tables")
}

/// Rows of documents by their place.
fn places(conn: &Connection) -> Result<BTreeMap<i64, i64>, StoreError> {
    let sql = "
        SELECT ord, row
        FROM state
        WHERE ord IS NOT NULL";
    let rows = View::over(conn).all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Rows of what is no document and yet has something derived from it: tasks, and what came.
fn others(conn: &Connection) -> Result<Vec<i64>, StoreError> {
    let sql = "
        SELECT row
        FROM state
        WHERE key BETWEEN ?1 AND ?2
        ORDER BY row";
    let mut rows = Vec::new();
    for tag in [TASK_TAG, ARRIVAL_TAG] {
        let (low, high) = crate::view::tag_range(tag);
        rows.extend(View::over(conn).all(sql, (low, high), |row| row.get::<_, i64>(0))?);
    }
    Ok(rows)
}

fn refile(
    conn: &Connection,
    memory: &mut Memory,
    row: i64,
    end: &mut AtTheEnd,
) -> Result<(), StoreError> {
    let view = View::over(conn);
    let sql = "
        SELECT key, body
        FROM state
        WHERE row = ?1";
    let stored: Option<(Vec<u8>, String)> =
        view.one(sql, [row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (key, body) = stored.ok_or(StoreError::Form { what: "state" })?;
    let key = key_from(&key)?;
    let state = state_from(key, &body)?;
    let tasks = tasks_of(&view, &state)?;
    Derived { conn, memory }.refile(key, &None, &Some(file(&state, &tasks, Depth::Whole)), end)
}

fn tasks_of(view: &View<'_>, state: &State) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::new();
    if let State::Incoming(document) = state {
        for task in document.tasks() {
            if let Some(State::Task(task)) = view.state(Key::Task(task))? {
                tasks.push(*task);
            }
        }
    }
    Ok(tasks)
}
