//! Files on their way: named by acts of this PC, or by states that came from others.
use register::BlobId;

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
    /// The rest, newest first.
    Rest = 3,
}

/// How many files are on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilesOnTheirWay {
    /// Up.
    pub up: u64,
    /// Down.
    pub down: u64,
}

impl Batch<'_> {
    /// Files that an act of this PC names have to go up.
    pub(crate) fn send_files(&self, blobs: &[BlobId]) -> Result<(), StoreError> {
        for blob in blobs {
            self.conn
                .prepare_cached("INSERT INTO file_up (blob) VALUES (?1) ON CONFLICT DO NOTHING")
                .and_then(|mut put| put.execute([blob.0]))
                .doing("noting a file to send")?;
        }
        Ok(())
    }
}

impl View<'_> {
    /// The next file to send; after one that cannot be sent now.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn next_file_up(&self, after: Option<BlobId>) -> Result<Option<BlobId>, StoreError> {
        let sql = "
            SELECT blob
            FROM file_up
            WHERE blob > ?1
            ORDER BY blob
            LIMIT 1";
        let after = after.map(|blob| blob.0.to_vec()).unwrap_or_default();
        self.one(sql, [after], |row| Ok(BlobId(row.get(0)?)))
    }

    /// The next files to fetch, those of the first lane first, then the newest.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn files_down(&self, limit: u32) -> Result<Vec<BlobId>, StoreError> {
        let sql = "
            SELECT blob
            FROM file_down
            ORDER BY lane, day DESC, blob
            LIMIT ?1";
        self.all(sql, [limit], |row| Ok(BlobId(row.get(0)?)))
    }

    /// How many files are on their way.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn files_on_their_way(&self) -> Result<FilesOnTheirWay, StoreError> {
        let sql = "
            SELECT (SELECT count(*) FROM file_up), (SELECT count(*) FROM file_down)";
        let counts =
            self.one(sql, [], |row| Ok(FilesOnTheirWay { up: row.get(0)?, down: row.get(1)? }))?;
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

    /// Somebody wants a file before the others.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn want_file(&self, blob: BlobId) -> Result<(), StoreError> {
        self.batch(|batch| {
            let sql = "
                INSERT INTO file_down (blob, lane, day)
                VALUES (?1, ?2, 0)
                ON CONFLICT (blob) DO UPDATE SET lane = min(lane, excluded.lane)";
            let wanted = batch.conn.execute(sql, (blob.0, FileLane::Opened as i64));
            wanted.doing("noting a file that is wanted").map(|_| ())
        })
    }
}
