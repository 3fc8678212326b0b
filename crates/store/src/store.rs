//! The file opened: one writer, a few readers, and a thread that folds the log into the file.
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use register::DeviceId;

use crate::connection::{
    Access, Checkpoints, FileKey, OpenOptions, Part, Site, beside, sync_folder,
};
use crate::error::{Doing, StoreError};
use crate::keys::device_from;
use crate::memory::Memory;
use crate::migration::{is_current, migrate};
use crate::recall::Recall;
use crate::upkeep::{UnderWay, Upkeep};
use crate::view::View;

/// Connections that read at the same time.
pub(crate) const READERS_MAX: usize = 4;
/// How long a read waits for one of them.
const READER_WAIT: Duration = Duration::from_secs(20);

/// The one connection that writes, and what it remembers between acts.
pub(crate) struct Writer {
    pub conn: Connection,
    pub memory: Memory,
}

/// A connection that reads, and what it has just read.
struct Reading {
    conn: Connection,
    recall: Recall,
}

#[derive(Default)]
struct Readers {
    idle: Vec<Reading>,
    opened: usize,
}

/// The register of one agency on this PC.
pub struct Store {
    pub(crate) site: Site,
    device: DeviceId,
    writer: Mutex<Writer>,
    readers: Mutex<Readers>,
    freed: Condvar,
    upkeep: Option<Upkeep>,
}

impl Store {
    /// Makes a new, empty register.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file already, and faults of the disk.
    pub fn create(
        path: &Path,
        key: &FileKey,
        device: DeviceId,
        options: &OpenOptions,
    ) -> Result<Store, StoreError> {
        if options.vfs.is_none() && path.exists() {
            return Err(StoreError::Exists { path: path.to_path_buf() });
        }
        let options = OpenOptions { access: Access::ReadWrite, ..options.clone() };
        let site = Site { path: path.to_path_buf(), key: key.clone(), options };
        let mut conn = site.connect(Part::Writer)?;
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .doing("beginning the register")?;
        migrate(&tx)?;
        tx.execute(
            "
            INSERT INTO meta (name, value)
            VALUES ('device', ?1)",
            [device.0],
        )
        .doing("noting the device")?;
        tx.commit().doing("making the register")?;
        if site.options.vfs.is_none() {
            sync_folder(path)?;
        }
        Ok(Store::over(site, conn, device))
    }

    /// Opens a register, and brings it to this program's version.
    ///
    /// # Errors
    /// Each way a file can be wrong is a [`StoreError`] of its own.
    pub fn open(path: &Path, key: &FileKey, options: &OpenOptions) -> Result<Store, StoreError> {
        let site = Site { path: path.to_path_buf(), key: key.clone(), options: options.clone() };
        site.must_be_there()?;
        let mut conn = site.connect(Part::Writer)?;
        site.must_be_whole(&conn)?;
        if !is_current(&conn)? {
            let tx = conn
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .doing("beginning a migration")?;
            migrate(&tx)?;
            tx.commit().doing("keeping a migration")?;
        }
        let device: Vec<u8> = conn
            .query_row(
                "
                SELECT value
                FROM meta
                WHERE name = 'device'",
                [],
                |row| row.get(0),
            )
            .doing("reading the device")?;
        let device = device_from(&device)?;
        Ok(Store::over(site, conn, device))
    }

    fn over(site: Site, conn: Connection, device: DeviceId) -> Store {
        let writes = site.options.access == Access::ReadWrite;
        let background = site.options.checkpoints == Checkpoints::Background;
        let upkeep = (writes && background).then(|| Upkeep::start(&site));
        Store {
            site,
            device,
            writer: Mutex::new(Writer { conn, memory: Memory::default() }),
            readers: Mutex::new(Readers::default()),
            freed: Condvar::new(),
            upkeep,
        }
    }

    /// The device whose commands are numbered here.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Where the file stands.
    pub fn path(&self) -> &Path {
        &self.site.path
    }

    /// The files that together are the register while it is open.
    pub fn files(&self) -> [PathBuf; 3] {
        let path = &self.site.path;
        [path.clone(), beside(path, "-wal"), beside(path, "-shm")]
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic while writing rolled its transaction back; the memory says so itself.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads in one snapshot: nothing that is written meanwhile is half seen.
    ///
    /// # Errors
    /// Faults of the file, and those of the closure.
    pub fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = Reader { reading: Some(self.take_reader()?), of: self };
        let Some(Reading { conn, recall }) = reader.reading.as_ref() else {
            return Err(StoreError::Form { what: "reader" }.into());
        };
        let tx = conn.unchecked_transaction().doing("beginning to read")?;
        read(&View::recalling(&tx, recall)?)
    }

    fn take_reader(&self) -> Result<Reading, StoreError> {
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |readers: &mut Readers| readers.idle.is_empty() && readers.opened >= READERS_MAX;
        let (mut readers, _) = self
            .freed
            .wait_timeout_while(readers, READER_WAIT, full)
            .unwrap_or_else(PoisonError::into_inner);
        // The one given back last remembers the most.
        if let Some(reading) = readers.idle.pop() {
            return Ok(reading);
        }
        if readers.opened >= READERS_MAX {
            return Err(StoreError::ReadersBusy { max: READERS_MAX });
        }
        readers.opened += 1;
        drop(readers);
        let conn = self.site.connect(Part::Reader).inspect_err(|_| self.forget_reader())?;
        Ok(Reading { conn, recall: Recall::default() })
    }

    fn forget_reader(&self) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.opened = readers.opened.saturating_sub(1);
        self.freed.notify_one();
    }

    fn give_back(&self, reading: Reading) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.idle.push(reading);
        self.freed.notify_one();
    }

    /// Keeps the upkeep thread out of the way of an act.
    pub(crate) fn act(&self) -> Option<UnderWay<'_>> {
        self.upkeep.as_ref().map(Upkeep::act)
    }

    /// Tells the upkeep thread that something was written.
    pub(crate) fn wrote(&self, acts: u32) {
        if let Some(upkeep) = &self.upkeep {
            upkeep.wrote(acts);
        }
    }

    /// Tidies the file now, as after many acts: merges the search index and folds the log.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn tidy(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        while crate::upkeep::merge(&writer.conn)? {}
        crate::upkeep::fold(&writer.conn, "TRUNCATE")
    }

    /// Folds the write-ahead log into the file now.
    ///
    /// # Errors
    /// Faults of the disk.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        crate::upkeep::fold(&writer.conn, "TRUNCATE")
    }
}

/// A reader that goes back to the pool, also when the closure panics.
struct Reader<'a> {
    reading: Option<Reading>,
    of: &'a Store,
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.of.give_back(reading);
        }
    }
}
