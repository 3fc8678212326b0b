//! History as the log told it: of things somebody looked at here, kept for when there is no line.
use register::{Key, TrailLine};

use crate::error::{Doing, StoreError};
use crate::keys::{key_bytes, trail_body};
use crate::store::Store;
use crate::view::View;

impl View<'_> {
    /// How far the history of a thing was asked for.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn told_upto(&self, key: Key) -> Result<u64, StoreError> {
        let sql = "
            SELECT upto
            FROM told
            WHERE key = ?1";
        Ok(self.one(sql, [key_bytes(key)], |row| row.get(0))?.unwrap_or(0))
    }

    /// The last entry that touched a thing; 0 while no log has it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn version_of(&self, key: Key) -> Result<u64, StoreError> {
        let sql = "
            SELECT ver
            FROM state
            WHERE key = ?1";
        Ok(self.one(sql, [key_bytes(key)], |row| row.get(0))?.unwrap_or(0))
    }
}

impl Store {
    /// Keeps what the log told of a thing, entry by entry, up to an entry.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn keep_told(
        &self,
        key: Key,
        upto: u64,
        told: &[(u64, Vec<TrailLine>)],
    ) -> Result<(), StoreError> {
        self.batch(|batch| {
            for (entry, lines) in told {
                for (part, line) in lines.iter().enumerate() {
                    let sql = "
                        INSERT INTO told_line (key, entry, part, id, actor, at, body)
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                        ON CONFLICT (key, entry, part) DO UPDATE SET body = excluded.body";
                    let by = (line.by_command.0, line.by.0, line.at.0);
                    let body = trail_body(line)?;
                    let place = (key_bytes(key), entry, part as i64);
                    batch
                        .conn
                        .prepare_cached(sql)
                        .and_then(|mut put| {
                            put.execute((place.0, place.1, place.2, by.0, by.1, by.2, &body))
                        })
                        .doing("keeping what the log told")?;
                }
            }
            let sql = "
                INSERT INTO told (key, upto)
                VALUES (?1, ?2)
                ON CONFLICT (key) DO UPDATE SET upto = max(upto, excluded.upto)";
            let noted = batch.conn.execute(sql, (key_bytes(key), upto));
            noted.doing("noting how far the log told").map(|_| ())
        })
    }
}
