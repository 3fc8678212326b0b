//! Files on their way: named by acts of this PC, or by states that came from others.
use register::{BlobId, OfficerId};

use crate::error::{Doing, StoreError};
use crate::perform::Batch;
use crate::store::Store;
use crate::view::View;

/// In which order files come down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileLane {
    /// Of urgent documents.
    Urgent = 1,
    /// Somebody opened it.
    Opened = 2,
    /// Addressed to somebody who reads on this PC, and not seen yet.
    Mine = 3,
    /// The rest, newest first.
    Rest = 4,
}

/// How many files are on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilesOnTheirWay {
    /// Up.
    pub up: u64,
    /// Down.
    pub down: u64,
    /// Too large to come by themselves; they come when somebody opens them.
    pub kept_back: u64,
}

/// Which files come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetching {
    /// All.
    Everything,
    /// Those that somebody opened, and those of so many bytes at most.
    Upto(u64),
}

/// The last act here, where the server has answered every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered(u64);

impl Fetching {
    fn bytes_max(self) -> u64 {
        match self {
            Fetching::Everything => i64::MAX as u64,
            Fetching::Upto(bytes) => bytes.min(i64::MAX as u64),
        }
    }
}

impl FileLane {
    fn of(lane: i64) -> FileLane {
        match lane {
            1 => FileLane::Urgent,
            2 => FileLane::Opened,
            3 => FileLane::Mine,
            _ => FileLane::Rest,
        }
    }
}

impl Batch<'_> {
    /// Files that an act of this PC names have to go up, in the lane of the thing that names them.
    pub(crate) fn send_files(&self, blobs: &[BlobId]) -> Result<(), StoreError> {
        for blob in blobs {
            self.conn
                .prepare_cached(
                    "
                    INSERT INTO file_up (blob, lane)
                    SELECT ?1, coalesce(
                        (SELECT lane FROM file_down WHERE blob = ?1 AND lane = ?2), ?3)
                    WHERE true
                    ON CONFLICT DO NOTHING",
                )
                .and_then(|mut put| {
                    put.execute((blob.0, FileLane::Urgent as i64, FileLane::Rest as i64))
                })
                .doing("noting a file to send")?;
        }
        Ok(())
    }
}

impl Batch<'_> {
    /// A server that was set back may have lost files whose entries its copy has: those that acts
    /// of this PC ever named are asked for once more, and only what is missing there is sent.
    pub(crate) fn send_all_files_again(&self) -> Result<(), StoreError> {
        let sql = "
            INSERT INTO file_up (blob)
            SELECT DISTINCT unhex(named.value)
            FROM command, json_each(CAST(command.raw AS TEXT), '$.blobs') AS named
            WHERE command.dev = (SELECT value FROM meta WHERE name = 'device')
            ON CONFLICT DO NOTHING";
        let again = self.conn.execute(sql, []);
        again.doing("sending files again to a server that was set back").map(|_| ())
    }
}

impl View<'_> {
    /// The next file to send, those of the first lane first; behind one that cannot be sent now.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn next_file_up(
        &self,
        after: Option<(FileLane, BlobId)>,
    ) -> Result<Option<(FileLane, BlobId)>, StoreError> {
        let sql = "
            SELECT lane, blob
            FROM file_up
            WHERE (lane, blob) > (?1, ?2)
            ORDER BY lane, blob
            LIMIT 1";
        let (lane, blob) = match after {
            Some((lane, blob)) => (lane as i64, blob.0.to_vec()),
            None => (0, Vec::new()),
        };
        self.one(sql, (lane, blob), |row| Ok((FileLane::of(row.get(0)?), BlobId(row.get(1)?))))
    }

    /// The last act here when the server has answered every one, of this PC and carried ones;
    /// none while an act waits.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn answered_upto(&self) -> Result<Option<Answered>, StoreError> {
        let sql = "
            SELECT
                EXISTS (SELECT 1 FROM sending WHERE stage IN (1, 2) AND entry IS NULL)
                OR EXISTS (SELECT 1 FROM carried)";
        let waits = self.one(sql, [], |row| row.get::<_, bool>(0))?.unwrap_or(false);
        Ok(if waits { None } else { Some(Answered(self.commands_kept()?)) })
    }

    /// Whether a file of this PC has not been sent whole.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn is_going_up(&self, blob: BlobId) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM file_up
            WHERE blob = ?1";
        Ok(self.one(sql, [blob.0], |_| Ok(()))?.is_some())
    }

    /// Files to fetch, those of the first lane first, then the newest; behind the first so many.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn files_down(
        &self,
        fetching: Fetching,
        behind: u32,
        limit: u32,
    ) -> Result<Vec<(FileLane, BlobId)>, StoreError> {
        let sql = "
            SELECT lane, blob
            FROM file_down
            WHERE size <= ?1
            ORDER BY lane, day DESC, blob
            LIMIT ?2 OFFSET ?3";
        let asked = (fetching.bytes_max(), limit, behind);
        self.all(sql, asked, |row| Ok((FileLane::of(row.get(0)?), BlobId(row.get(1)?))))
    }

    /// Whether a file here is nothing but a copy: a copy of the server's log names it, and nothing
    /// of it waits to go up. Whether the server has it, the server says.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn is_a_copy(&self, blob: BlobId) -> Result<bool, StoreError> {
        let sql = "
            SELECT 1
            FROM blob_use
            JOIN state ON state.key = blob_use.key
            JOIN line ON state.ver <= line.durable
            WHERE blob_use.blob = ?1
            AND state.ver > 0
            AND NOT EXISTS (SELECT 1 FROM file_up WHERE file_up.blob = blob_use.blob)
            LIMIT 1";
        Ok(self.one(sql, [blob.0], |_| Ok(()))?.is_some())
    }

    /// The officers who read on this PC.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn readers(&self) -> Result<Vec<OfficerId>, StoreError> {
        self.all("SELECT officer FROM reader ORDER BY officer", [], |row| {
            Ok(OfficerId(row.get(0)?))
        })
    }

    /// How many files are on their way.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn files_on_their_way(&self, fetching: Fetching) -> Result<FilesOnTheirWay, StoreError> {
        let sql = "
            SELECT
                (SELECT count(*) FROM file_up),
                count(*) FILTER (WHERE size <= ?1),
                count(*) FILTER (WHERE size > ?1)
            FROM file_down";
        let counts = self.one(sql, [fetching.bytes_max()], |row| {
            Ok(FilesOnTheirWay { up: row.get(0)?, down: row.get(1)?, kept_back: row.get(2)? })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

impl Store {
    /// Files of another PC's acts that this one carries have to go up too.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn carry_files(&self, blobs: &[BlobId]) -> Result<(), StoreError> {
        self.batch(|batch| batch.send_files(blobs))
    }

    /// A file is whole with the server.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn file_is_up(&self, blob: BlobId) -> Result<(), StoreError> {
        self.batch(|batch| {
            let gone = batch.conn.execute("DELETE FROM file_up WHERE blob = ?1", [blob.0]);
            gone.doing("noting that a file was sent").map(|_| ())
        })
    }

    /// The server, asked after [`View::answered_upto`], knew nothing that names a file: it is sent
    /// no more; says whether that is so. What was done, carried or answered since may name it.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn file_is_not_wanted(&self, blob: BlobId, answered: Answered) -> Result<bool, StoreError> {
        self.batch(|batch| {
            if View::over(batch.conn).answered_upto()? != Some(answered) {
                return Ok(false);
            }
            let gone = batch.conn.execute("DELETE FROM file_up WHERE blob = ?1", [blob.0]);
            gone.doing("noting that nobody wants a file").map(|gone| gone > 0)
        })
    }

    /// Files are here, or will never be.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn files_are_here(&self, blobs: &[BlobId]) -> Result<(), StoreError> {
        self.batch(|batch| {
            for blob in blobs {
                let gone = batch.conn.execute("DELETE FROM file_down WHERE blob = ?1", [blob.0]);
                gone.doing("noting that a file is here")?;
            }
            Ok(())
        })
    }

    /// Somebody wants a file before the others, of whatever size.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn want_file(&self, blob: BlobId) -> Result<(), StoreError> {
        self.batch(|batch| {
            let sql = "
                INSERT INTO file_down (blob, lane, day, size)
                VALUES (?1, ?2, 0, 0)
                ON CONFLICT (blob)
                DO UPDATE SET lane = min(lane, excluded.lane), size = 0";
            let wanted = batch.conn.execute(sql, (blob.0, FileLane::Opened as i64));
            wanted.doing("noting a file that is wanted").map(|_| ())
        })
    }
}
