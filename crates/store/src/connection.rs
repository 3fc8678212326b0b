//! One connection to the encrypted file: key, settings, and what is wrong when it does not open.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use sha2::{Digest, Sha256};

use crate::error::{Doing, StoreError, sorted};

/// How long one connection waits for another program's transaction.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Prepared statements kept by a connection.
const STATEMENTS_KEPT: usize = 128;
/// Page cache of the writer and of each reader, in KiB.
const WRITER_CACHE_KIB: i64 = 16 << 10;
/// The same while a whole register is read in: each page of it touches every tree of the file.
const COPY_CACHE_KIB: i64 = 64 << 10;
const READER_CACHE_KIB: i64 = 8 << 10;
/// Bytes of a page; a file shorter than one page is cut off.
const PAGE_BYTES: u64 = 4096;

/// The key of the file; kept wrapped by the desk.
#[derive(Clone)]
pub struct FileKey(pub [u8; 32]);

/// What may be done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Read and write.
    #[default]
    ReadWrite,
    /// Only read.
    ReadOnly,
}

/// When SQLite waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// At every commit: what was shown as done is there after a power cut.
    #[default]
    Full,
    /// At checkpoints only: the power-cut test must fail with it.
    Normal,
    /// Never: for files that are thrown away when the PC stops.
    Off,
}

/// When the write-ahead log is folded into the file and the search index merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checkpoints {
    /// By a thread of the store, beside the acts.
    #[default]
    Background,
    /// Only by [`crate::Store::checkpoint`] and [`crate::Store::tidy`].
    ByCall,
}

/// How a register is opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// Read and write, or only read.
    pub access: Access,
    /// When SQLite waits for the disk.
    pub synchronous: Synchronous,
    /// Name of a registered VFS; none is the system's.
    pub vfs: Option<String>,
    /// When the write-ahead log is folded into the file.
    pub checkpoints: Checkpoints,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Writer,
    Reader,
}

/// Where the file stands and how it is opened; every connection is made from it.
pub(crate) struct Site {
    pub path: PathBuf,
    pub key: FileKey,
    pub options: OpenOptions,
}

/// What the salt of a file is derived with.
const SALT_DOMAIN: &[u8] = b"vanthu/salt/1\0";

/// The key and the salt in the form the cipher takes. The salt comes from the key, not from the
/// file: a power cut while the log is folded may leave the file's first sector as rubbish, and a
/// salt that stands only there would take the whole log with it.
fn key_text(key: &FileKey) -> String {
    let salt = Sha256::new().chain_update(SALT_DOMAIN).chain_update(key.0).finalize();
    let mut text = String::from("x'");
    for byte in key.0.iter().chain(salt.iter().take(16)) {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push('\'');
    text
}

impl Site {
    /// Opens a connection to a file that is there, or may now be made.
    pub fn connect(&self, part: Part) -> Result<Connection, StoreError> {
        let conn = self.connect_bare()?;
        self.must_be_ours(&conn)?;
        self.settle(&conn, part)?;
        Ok(conn)
    }

    /// Opens a connection that has its key and nothing else.
    pub fn connect_bare(&self) -> Result<Connection, StoreError> {
        let access = match self.options.access {
            Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = match &self.options.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str()),
            None => Connection::open_with_flags(&self.path, flags),
        };
        let conn = opened.doing("opening the file")?;
        // The cipher would write its own lines to standard error; its faults come back as errors.
        conn.pragma_update(None, "cipher_log_level", "NONE").doing("quieting the cipher")?;
        conn.pragma_update(None, "key", key_text(&self.key)).doing("setting the key")?;
        conn.busy_timeout(BUSY_WAIT).doing("setting the wait")?;
        Ok(conn)
    }

    fn must_be_ours(&self, conn: &Connection) -> Result<(), StoreError> {
        let read = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
        let read: Result<i64, rusqlite::Error> = read;
        match read {
            Ok(_) => Ok(()),
            Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                Err(StoreError::NotOurs { path: self.path.clone() })
            }
            Err(fault) => Err(sorted("reading the first page", fault)),
        }
    }

    fn settle(&self, conn: &Connection, part: Part) -> Result<(), StoreError> {
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        let set = |name: &str, value: &str| conn.pragma_update(None, name, value);
        if self.options.access == Access::ReadWrite {
            conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
                .doing("choosing the write-ahead log")?;
        }
        let synchronous = match self.options.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
            Synchronous::Off => "OFF",
        };
        set("synchronous", synchronous).doing("setting synchronous")?;
        set("foreign_keys", "ON").doing("setting foreign keys")?;
        set("trusted_schema", "OFF").doing("setting the schema's trust")?;
        // A plan must not change with what is bound: statements would be prepared anew each time.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .doing("setting the planner")?;
        set("temp_store", "MEMORY").doing("setting the temporary store")?;
        conn.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))
            .doing("setting checkpoints")?;
        let cache = match part {
            Part::Writer => WRITER_CACHE_KIB,
            Part::Reader => READER_CACHE_KIB,
        };
        conn.pragma_update(None, "cache_size", -cache).doing("setting the cache")?;
        if part == Part::Reader {
            set("query_only", "ON").doing("setting a reader")?;
        }
        Ok(())
    }

    /// Refuses a file that is missing or shorter than what its first page says.
    pub fn must_be_there(&self) -> Result<(), StoreError> {
        if self.options.vfs.is_some() {
            return Ok(());
        }
        let path = || self.path.clone();
        let there = fs::metadata(&self.path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::NotFound {
                return StoreError::Missing { path: path() };
            }
            StoreError::Io { doing: "looking for the register", path: path(), source }
        })?;
        if !there.is_file() {
            return Err(StoreError::NotOurs { path: path() });
        }
        if there.len() < PAGE_BYTES && !self.has_log() {
            return Err(StoreError::Truncated { path: path(), bytes: there.len() });
        }
        Ok(())
    }

    fn has_log(&self) -> bool {
        fs::metadata(beside(&self.path, "-wal")).is_ok_and(|log| log.len() > 0)
    }

    /// Refuses a file that has fewer pages than it counts, unless they are still in its log.
    pub fn must_be_whole(&self, conn: &Connection) -> Result<(), StoreError> {
        if self.options.vfs.is_some() || self.has_log() {
            return Ok(());
        }
        let pages: i64 = conn
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .doing("counting the pages")?;
        let bytes = fs::metadata(&self.path).map_or(0, |there| there.len());
        if bytes < u64::try_from(pages).unwrap_or(0) * PAGE_BYTES {
            return Err(StoreError::Truncated { path: self.path.clone(), bytes });
        }
        Ok(())
    }
}

/// What a writer keeps of the file in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Cache {
    /// As much as a day's work needs.
    #[default]
    Usual,
    /// As much as a whole register needs that is read in.
    Copying,
}

impl Cache {
    /// Sets it; what is not needed any more is given back to the system.
    pub fn set(self, conn: &Connection) -> Result<(), StoreError> {
        let kib = match self {
            Cache::Usual => WRITER_CACHE_KIB,
            Cache::Copying => COPY_CACHE_KIB,
        };
        conn.pragma_update(None, "cache_size", -kib).doing("setting the cache")?;
        if self == Cache::Usual {
            conn.execute_batch("PRAGMA shrink_memory").doing("giving memory back")?;
        }
        Ok(())
    }
}

/// A file beside another: its name with an ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a new or renamed entry of a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Windows has no folder sync; NTFS journals the entry itself.
    if cfg!(windows) {
        return Ok(());
    }
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| StoreError::Io {
        doing: "syncing the folder",
        path: folder.to_path_buf(),
        source,
    })
}
