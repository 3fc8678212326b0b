//! What a PC holds of its agency's states, added up to be compared with the server (L8).
use std::collections::BTreeSet;

use register::{OfficerId, audience};
use sync::wire::{Total, Totals};

use crate::error::{Doing, StoreError};
use crate::keys::{key_from, state_from};
use crate::store::Store;
use crate::view::View;

/// Rows added up together.
const ROWS_TOGETHER: u32 = 500;

/// Each state as the log confirmed it: under what waits over it, where something does.
const CONFIRMED: &str = "
    SELECT state.key,
        CASE WHEN confirmed.key IS NULL THEN state.ver ELSE confirmed.ver END,
        CASE WHEN confirmed.key IS NULL THEN state.body ELSE confirmed.body END
    FROM state
    LEFT JOIN confirmed ON confirmed.key = state.key
    WHERE state.key > ?1
    ORDER BY state.key
    LIMIT ?2";

impl View<'_> {
    /// The totals of what the log has confirmed here, as far as these circles see it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn totals(&self, scopes: &BTreeSet<String>) -> Result<Vec<Total>, StoreError> {
        let mut totals = Totals::default();
        let mut after: Vec<u8> = Vec::new();
        loop {
            type Row = (Vec<u8>, u64, Option<String>);
            let rows: Vec<Row> = self.all(CONFIRMED, (&after, ROWS_TOGETHER), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            let Some((last, ..)) = rows.last() else { return Ok(totals.all()) };
            after.clone_from(last);
            for (key, ver, body) in rows {
                let Some(body) = body.filter(|_| ver > 0) else { continue };
                let key = key_from(&key)?;
                let state = state_from(key, &body)?;
                let names = audience(&state);
                if names.iter().any(|scope| scopes.contains(scope.name().as_str())) {
                    // As the server sends it: the file keeps a state without the word of its kind.
                    let text = serde_json::to_string(&state)
                        .map_err(|source| StoreError::Body { what: "state", source })?;
                    totals.add(key, ver, &text);
                }
            }
        }
    }
}

impl Store {
    /// Reads the whole register again: what the server does not bring goes at the end, and what
    /// waits stays (SYNC 2.4).
    ///
    /// # Errors
    /// Faults of the file.
    pub fn read_again(&self, reader: OfficerId) -> Result<(), StoreError> {
        self.batch(|batch| {
            batch.known.clear();
            batch.confirmed.clear();
            batch
                .conn
                .execute_batch(
                    "
                    UPDATE state
                    SET ver = 0;
                    UPDATE confirmed
                    SET ver = 0;
                    UPDATE line
                    SET standing = 2;",
                )
                .doing("beginning to read again")?;
            let sql = "
                UPDATE reader
                SET cursor = 0, from_head = NULL, below = NULL
                WHERE officer = ?1";
            batch.execute("reading from the beginning", sql, [reader.0]).map(|_| ())
        })
    }
}
