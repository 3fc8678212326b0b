//! An older copy of this file was put back: commands of this PC that the log has and the file has
//! not (SYNC F16).
//!
//! Their numbers are never used again. What they made comes back with the states, and until that
//! is read no number of a book is given.
use sync::wire::SyncAnswer;

use crate::error::StoreError;
use crate::perform::Batch;
use crate::store::Store;
use crate::view::View;

/// Begins the local names; the number of the last such command follows.
const ADOPTED: &str = "adopted/";
/// After every name that begins so.
const ADOPTED_END: &str = "adopted0";
/// Known from beside the file only: the log has not said yet that it has them.
const UNHEARD: [u8; 8] = [u8::MAX; 8];
/// Digits of a number in a local name, so that names sort as numbers do.
const DIGITS: usize = 20;

fn name_of(n: u64) -> String {
    format!("{ADOPTED}{n:0DIGITS$}")
}

impl Batch<'_> {
    /// Goes on after the last command of this PC that the log knows.
    pub(crate) fn adopt_last_n(&mut self, answer: &SyncAnswer) -> Result<(), StoreError> {
        let head = answer.head.head.seq.to_be_bytes();
        let sql = "
            UPDATE local
            SET value = ?1
            WHERE name >= ?2 AND name <= ?3 AND value = ?4";
        let row = (head, ADOPTED, name_of(answer.last_n), UNHEARD);
        self.execute("noting what the log has of this PC", sql, row)?;
        if answer.last_n <= self.last_n() {
            return Ok(());
        }
        let (here, log) = (self.last_n(), answer.last_n);
        tracing::warn!(here, log, "an older copy of this register was put back");
        let sql = "
            INSERT INTO local (name, value)
            VALUES (?1, ?2)
            ON CONFLICT (name) DO NOTHING";
        let row = (name_of(log), head);
        self.execute("noting what the log has of this PC", sql, row)?;
        self.goes_on_after(log);
        Ok(())
    }

    /// Entries of another life have other numbers: nothing is read back up to one of them.
    pub(crate) fn forget_what_is_read_back(&self) -> Result<(), StoreError> {
        let sql = "
            UPDATE local
            SET value = zeroblob(8)
            WHERE name >= ?1 AND name < ?2 AND value <> ?3";
        self.execute("beginning anew", sql, (ADOPTED, ADOPTED_END, UNHEARD)).map(|_| ())
    }
}

impl View<'_> {
    /// The last command of this PC that the log had and this file had not; 0 without any.
    pub(crate) fn adopted_n(&self) -> Result<u64, StoreError> {
        let sql = "
            SELECT name
            FROM local
            WHERE name >= ?1 AND name < ?2
            ORDER BY name DESC
            LIMIT 1";
        let name: Option<String> = self.one(sql, (ADOPTED, ADOPTED_END), |row| row.get(0))?;
        let n = name.as_deref().and_then(|name| name.strip_prefix(ADOPTED));
        Ok(n.and_then(|digits| digits.parse().ok()).unwrap_or(0))
    }

    /// Whether the log had the commands of this PC up to a number when the file had not.
    pub(crate) fn was_adopted(&self, n: u64) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM local
            WHERE name = ?1";
        Ok(self.one(sql, [name_of(n)], |_| Ok(()))?.is_some())
    }

    /// Whether this PC did something that is neither here nor in the log: it is on paper only, or
    /// in the mirror.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn lacks_acts(&self) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM local
            WHERE name >= ?1 AND name < ?2 AND value = ?3
            LIMIT 1";
        Ok(self.one(sql, (ADOPTED, ADOPTED_END, UNHEARD), |_| Ok(()))?.is_some())
    }

    /// Whether what such commands made is not all here yet.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn reads_back(&self) -> Result<bool, StoreError> {
        let sql = "
            SELECT max(value)
            FROM local
            WHERE name >= ?1 AND name < ?2";
        let head: Option<[u8; 8]> =
            self.one(sql, (ADOPTED, ADOPTED_END), |row| row.get(0))?.flatten();
        let sql = "
            SELECT coalesce(max(cursor), 0)
            FROM reader";
        let read: u64 = self.one(sql, [], |row| row.get(0))?.unwrap_or(0);
        Ok(head.is_some_and(|head| u64::from_be_bytes(head) > read))
    }
}

impl Store {
    /// What stands beside the file says that this PC had done more: an older copy was put back.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn is_older_copy(&self, n: u64) -> Result<(), StoreError> {
        self.batch(|batch| {
            if n <= batch.last_n() {
                return Ok(());
            }
            let sql = "
                INSERT INTO local (name, value)
                VALUES (?1, ?2)
                ON CONFLICT (name) DO NOTHING";
            batch.execute("noting what this file lacks", sql, (name_of(n), UNHEARD))?;
            batch.goes_on_after(n);
            Ok(())
        })
    }
}
