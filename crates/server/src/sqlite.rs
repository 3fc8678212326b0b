//! The first storage: one SQLite file, one writer that commits in groups, a pool of readers.
mod post;
mod reading;
mod stated;
mod writing;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use register::AgencyId;

use crate::fault::{Doing, StorageFault};
use crate::migration::migrate;
use crate::storage::{Commits, Fate, Reading, Storage, WriteJob};

/// Jobs that become durable with one commit.
const GROUP_JOBS_MAX: usize = 200;
/// How long jobs are gathered before a commit.
const GROUP_TIME_MAX: Duration = Duration::from_millis(5);
/// Jobs that may wait for the writer; a further one waits before it is queued.
const QUEUE_MAX: usize = 1000;
/// Readers kept open when nobody reads.
const READERS_KEPT: usize = 8;
/// How long one connection waits for another program's transaction.
const BUSY_WAIT: Duration = Duration::from_secs(5);
const STATEMENTS_KEPT: usize = 64;
/// Page cache of the writer and of each reader, in KiB.
const WRITER_CACHE_KIB: i64 = 64 << 10;
const READER_CACHE_KIB: i64 = 8 << 10;

/// A transaction as jobs see it, and whose a job is.
pub(crate) struct Tx<'c>(&'c Connection, Option<AgencyId>);

struct Asked {
    of: Option<AgencyId>,
    job: WriteJob,
    answer: SyncSender<Result<(), StorageFault>>,
}

/// One file with everything of one server.
pub struct SqliteStorage {
    path: PathBuf,
    queue: Option<SyncSender<Asked>>,
    writer: Option<JoinHandle<()>>,
    readers: Mutex<Vec<Connection>>,
    commits: Arc<Mutex<Commits>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Writer,
    Reader,
}

fn connect(path: &Path, part: Part) -> Result<Connection, StorageFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).doing("opening the file")?;
    conn.busy_timeout(BUSY_WAIT).doing("setting the wait")?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
        .doing("choosing the write-ahead log")?;
    let cache = match part {
        Part::Writer => WRITER_CACHE_KIB,
        Part::Reader => READER_CACHE_KIB,
    };
    let set = |name: &str, value: &str| conn.pragma_update(None, name, value);
    // SYNC L13: what was answered must be there after a power cut.
    set("synchronous", "FULL").doing("setting synchronous")?;
    set("trusted_schema", "OFF").doing("setting the schema's trust")?;
    set("temp_store", "MEMORY").doing("setting the temporary store")?;
    conn.pragma_update(None, "cache_size", -cache).doing("setting the cache")?;
    if part == Part::Reader {
        set("query_only", "ON").doing("setting a reader")?;
    }
    Ok(conn)
}

impl SqliteStorage {
    /// Opens the file, making or migrating it, and starts its writer.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn open(path: &Path) -> Result<SqliteStorage, StorageFault> {
        let mut conn = connect(path, Part::Writer)?;
        migrate(&mut conn)?;
        let (queue, asked) = sync_channel(QUEUE_MAX);
        let commits = Arc::<Mutex<Commits>>::default();
        let counted = Arc::clone(&commits);
        let writer = Builder::new()
            .name("writer".to_owned())
            .spawn(move || write_groups(&conn, &asked, &counted))
            .map_err(|source| StorageFault::Io {
                doing: "starting the writer",
                path: path.to_path_buf(),
                source,
            })?;
        Ok(SqliteStorage {
            path: path.to_path_buf(),
            queue: Some(queue),
            writer: Some(writer),
            readers: Mutex::new(Vec::new()),
            commits,
        })
    }

    /// Writes everything as it stands at one moment into a new file; the writer goes on meanwhile.
    ///
    /// # Errors
    /// Faults of the file; one that is there already.
    pub fn copy_to(&self, file: &Path) -> Result<(), StorageFault> {
        let name = file.to_str().ok_or(StorageFault::Form { what: "file name" })?;
        let reader = connect(&self.path, Part::Writer)?;
        reader.execute("VACUUM INTO ?1", [name]).doing("copying everything").map(|_| ())
    }

    fn reader(&self) -> Result<Connection, StorageFault> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.map_or_else(|| connect(&self.path, Part::Reader), Ok)
    }

    fn put_back(&self, reader: Connection) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
    }
}

impl Storage for SqliteStorage {
    fn commits(&self) -> Commits {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, of: Option<AgencyId>, job: WriteJob) -> Result<(), StorageFault> {
        let (answer, answered) = sync_channel(1);
        let queue = self.queue.as_ref().ok_or(StorageFault::WriterGone)?;
        queue.send(Asked { of, job, answer }).map_err(|_| StorageFault::WriterGone)?;
        answered.recv().map_err(|_| StorageFault::WriterGone)?
    }

    fn read(
        &self,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault> {
        let reader = self.reader()?;
        reader.execute_batch("BEGIN").doing("beginning to read")?;
        let read = job(&Tx(&reader, None));
        // A reader that cannot end its transaction is dropped, and its transaction with it.
        if reader.execute_batch("ROLLBACK").is_ok() {
            self.put_back(reader);
        }
        read
    }
}

impl Drop for SqliteStorage {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer of the storage ended in a panic");
        }
    }
}

fn write_groups(conn: &Connection, queue: &Receiver<Asked>, commits: &Mutex<Commits>) {
    while let Ok(first) = queue.recv() {
        let jobs = write_group(conn, first, queue);
        let mut commits = commits.lock().unwrap_or_else(PoisonError::into_inner);
        commits.groups += 1;
        commits.jobs += jobs;
        commits.largest = commits.largest.max(jobs);
    }
}

/// Runs what has gathered in one transaction, commits it, and only then answers. Says how many jobs
/// that were.
fn write_group(conn: &Connection, first: Asked, queue: &Receiver<Asked>) -> u64 {
    let mut answers = Vec::new();
    if let Err(fault) = conn.execute_batch("BEGIN IMMEDIATE").doing("beginning a group") {
        answer(&first.answer, Err(fault));
        return 1;
    }
    let begun = Instant::now();
    let mut next = Some(first);
    while let Some(Asked { of, job, answer }) = next {
        answers.push((answer, run(conn, of, job)));
        // SQLite has given up the whole transaction: a full disk, a failed read.
        let goes_on = !conn.is_autocommit()
            && answers.len() < GROUP_JOBS_MAX
            && begun.elapsed() < GROUP_TIME_MAX;
        next = if goes_on { queue.try_recv().ok() } else { None };
    }
    let kept = if conn.is_autocommit() {
        Err(StorageFault::GroupUndone)
    } else {
        conn.execute_batch("COMMIT").doing("keeping a group")
    };
    if kept.is_err() && !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
        tracing::error!("a group that was not kept could not be undone");
    }
    let jobs = answers.len() as u64;
    let mut fault = kept.err();
    let broke = fault.is_some();
    for (to, ran) in answers {
        let said = match (broke, ran) {
            (_, Err(fault)) => Err(fault),
            (false, Ok(())) => Ok(()),
            (true, Ok(())) => Err(fault.take().unwrap_or(StorageFault::GroupUndone)),
        };
        answer(&to, said);
    }
    jobs
}

fn answer(to: &SyncSender<Result<(), StorageFault>>, said: Result<(), StorageFault>) {
    if to.send(said).is_err() {
        tracing::debug!("a caller went away before its answer");
    }
}

/// Runs one job inside the group; when it is undone, the others stay.
fn run(conn: &Connection, of: Option<AgencyId>, job: WriteJob) -> Result<(), StorageFault> {
    conn.execute_batch("SAVEPOINT job").doing("beginning a job")?;
    let tx = Tx(conn, of);
    match catch_unwind(AssertUnwindSafe(|| job(&tx))) {
        Ok(Fate::Keep) => conn.execute_batch("RELEASE job").doing("ending a job"),
        Ok(Fate::Undo) => undo(conn),
        Err(_) => {
            undo(conn)?;
            Err(StorageFault::Panicked)
        }
    }
}

fn undo(conn: &Connection) -> Result<(), StorageFault> {
    conn.execute_batch("ROLLBACK TO job; RELEASE job").doing("undoing a job")
}
