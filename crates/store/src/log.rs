//! The log as it is read: for the mirror, for the foot of the window, for telling an old file.
use register::BookId;
use sync::{Envelope, Hash};

use crate::error::StoreError;
use crate::view::View;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its place.
    pub seq: u64,
    /// The signed bytes.
    pub envelope: Envelope,
    /// The hash of the chain up to here.
    pub hash: Hash,
}

/// The last number given in a book and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastNumber {
    /// The book.
    pub book: BookId,
    /// The year.
    pub year: i16,
    /// The number; one less than the first when none was given.
    pub number: u32,
}

/// How far the register has come: kept outside it too, so that an older copy put back shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heights {
    /// Last number of a command of this PC.
    pub n: u64,
    /// Entries of the log.
    pub seq: u64,
    /// The hash of the last entry; zeros when there is none.
    pub head: Hash,
    /// The last number of every book and year.
    pub numbers: Vec<LastNumber>,
}

impl View<'_> {
    /// Entries after a place, oldest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn commands_since(&self, seq: u64, limit: u32) -> Result<Vec<Logged>, StoreError> {
        let sql = "
            SELECT seq, raw, sig, hash
            FROM command
            WHERE seq > ?1
            ORDER BY seq
            LIMIT ?2";
        self.all(sql, (seq, limit), |row| {
            let envelope = Envelope { raw: row.get(1)?, sig: row.get(2)? };
            Ok(Logged { seq: row.get(0)?, envelope, hash: row.get(3)? })
        })
    }

    /// Commands kept on this PC.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn commands_kept(&self) -> Result<u64, StoreError> {
        let sql = "
            SELECT max(seq)
            FROM command";
        Ok(self.one(sql, [], |row| row.get::<_, Option<u64>>(0))?.flatten().unwrap_or(0))
    }

    /// How far the register has come.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn heights(&self) -> Result<Heights, StoreError> {
        let sql = "
            SELECT seq, hash
            FROM command
            ORDER BY seq DESC
            LIMIT 1";
        let last: Option<(u64, Hash)> = self.one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (seq, head) = last.unwrap_or_default();
        let sql = "
            SELECT max(n)
            FROM command
            WHERE dev = (SELECT value FROM meta WHERE name = 'device')";
        let n = self.one(sql, [], |row| row.get::<_, Option<u64>>(0))?.flatten().unwrap_or(0);
        let n = n.max(self.adopted_n()?);
        let mut numbers = Vec::new();
        for book in self.books()? {
            for (year, count) in &book.years {
                let number = count.next.saturating_sub(1);
                numbers.push(LastNumber { book: book.id, year: *year, number });
            }
        }
        numbers.sort_unstable();
        Ok(Heights { n, seq, head, numbers })
    }
}
