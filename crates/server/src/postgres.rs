//! The second storage: one PostgreSQL, a few writers that commit in groups, lines for readers.
//!
//! Jobs of one agency all go to the same writer, and its row is locked while one runs, so that two
//! servers on one database write one after the other. What jobs write is kept in memory and sent
//! with the commit: what counts is how often the database is asked.
mod filed;
mod flush;
mod known;
mod line;
mod migration;
mod pending;
mod post;
mod reading;
mod rows;
mod sealed;
mod soon;
mod spans;
mod stated;
mod tx;
mod writer;
mod writing;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::Config;

use register::AgencyId;

use self::known::Shelf;
use self::line::Line;
use self::tx::{Look, Tx};
use self::writer::{Asked, Writer};
use crate::fault::StorageFault;
use crate::storage::{Commits, Found, Fresh, Reading, Soon, Storage, WriteJob};

/// Cores for each writer. A writer has a line and a transaction of its own: while one waits for the
/// disk, another decides. Where there are few cores, one writer with larger groups asks less of the
/// database for each command.
const CORES_OF_WRITER: usize = 2;
const WRITERS_MAX: usize = 4;
/// Jobs that may wait for a writer; a further one waits before it is queued.
const QUEUE_MAX: usize = 1000;
/// Lines of readers. One that is open is kept: opening it takes longer than a hundred look-ups.
const READERS_MAX: usize = 32;
/// How long a reader waits for a line.
const READER_WAIT: Duration = Duration::from_secs(10);

/// Lines that readers borrow.
#[derive(Default)]
struct Readers {
    kept: Vec<Line>,
    lent: usize,
}

/// One database with everything of one or more servers.
pub struct PostgresStorage {
    config: Arc<Config>,
    shelf: Arc<Shelf>,
    writers: Vec<Writer>,
    /// Whose turn it is for a job of no agency.
    next: AtomicUsize,
    readers: Mutex<Readers>,
    given_back: Condvar,
    commits: Arc<Mutex<Commits>>,
}

impl PostgresStorage {
    /// Opens a database, making or migrating what it holds, and starts the writers. `chance` is
    /// random and belongs to this process alone.
    ///
    /// # Errors
    /// Faults of the address, the line and the database.
    pub fn open(url: &str, chance: [u8; 8]) -> Found<PostgresStorage> {
        let config = line::config_of(url)
            .map_err(|source| StorageFault::Line { doing: "reading the address", source })?;
        let config = Arc::new(config);
        migration::migrate(&Line::new(Arc::clone(&config)))?;
        let shelf = Arc::new(Shelf::new(chance));
        let commits = Arc::<Mutex<Commits>>::default();
        let many = cores().div_ceil(CORES_OF_WRITER).clamp(1, WRITERS_MAX);
        let mut writers = Vec::with_capacity(many);
        for _ in 0..many {
            let line = Line::new(Arc::clone(&config));
            writers.push(Writer::start(line, Arc::clone(&shelf), Arc::clone(&commits))?);
        }
        Ok(PostgresStorage {
            config,
            shelf,
            writers,
            next: AtomicUsize::new(0),
            readers: Mutex::default(),
            given_back: Condvar::new(),
            commits,
        })
    }

    fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn borrow_line(&self) -> Found<Borrowed<'_>> {
        let until = Instant::now() + READER_WAIT;
        let mut readers = self.readers();
        while readers.lent >= READERS_MAX {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StorageFault::NoLine { seconds: READER_WAIT.as_secs() });
            }
            let waited = self.given_back.wait_timeout(readers, left);
            readers = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        readers.lent += 1;
        let line = readers.kept.pop().unwrap_or_else(|| Line::new(Arc::clone(&self.config)));
        Ok(Borrowed { line: Some(line), of: self })
    }
}

/// A reader's line; given back when it is dropped, also by a job that panics.
struct Borrowed<'s> {
    line: Option<Line>,
    of: &'s PostgresStorage,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut readers = self.of.readers();
        readers.lent = readers.lent.saturating_sub(1);
        if let Some(line) = self.line.take()
            && !std::thread::panicking()
        {
            readers.kept.push(line);
        }
        self.of.given_back.notify_one();
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// The same writer for every job of an agency, so that this process is never in its own way.
fn writer_of(org: AgencyId, writers: usize) -> usize {
    let name = tx::lock_name(&org.0).unsigned_abs();
    usize::try_from(name % writers.max(1) as u64).unwrap_or_default()
}

impl Storage for PostgresStorage {
    fn commits(&self) -> Commits {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, of: Option<AgencyId>, job: WriteJob) -> Result<(), StorageFault> {
        self.ask(of, Soon::default(), job)
    }

    fn write_soon(&self, of: AgencyId, soon: Soon, job: WriteJob) -> Result<(), StorageFault> {
        self.ask(Some(of), soon, job)
    }

    fn shared_heads(&self) -> Result<Option<Vec<(AgencyId, u64)>>, StorageFault> {
        let borrowed = self.borrow_line()?;
        let Some(line) = &borrowed.line else { return Err(StorageFault::WriterGone) };
        let tx = Tx::reader(line, &self.shelf, Look::Light);
        let heads = tx.all_heads();
        tx.end_reading();
        heads.map(Some)
    }

    fn read(
        &self,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault> {
        self.look(Look::Firm, job).0
    }

    fn read_lightly(
        &self,
        fresh: Fresh,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault> {
        let look = match fresh {
            Fresh::Now => Look::Light,
            Fresh::AsWritten => Look::Known,
        };
        match self.look(look, job) {
            (_, Still::Moved) => self.look(Look::Firm, job).0,
            (read, Still::Same) => read,
        }
    }
}

/// Whether all look-ups were of one moment.
enum Still {
    Same,
    Moved,
}

impl PostgresStorage {
    fn look(
        &self,
        look: Look,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> (Found<()>, Still) {
        let borrowed = match self.borrow_line() {
            Ok(borrowed) => borrowed,
            Err(fault) => return (Err(fault), Still::Same),
        };
        let Some(line) = &borrowed.line else {
            return (Err(StorageFault::WriterGone), Still::Same);
        };
        let tx = Tx::reader(line, &self.shelf, look);
        let read = job(&tx);
        let still = if tx.has_moved() { Still::Moved } else { Still::Same };
        tx.end_reading();
        (read, still)
    }

    fn ask(&self, of: Option<AgencyId>, soon: Soon, job: WriteJob) -> Found<()> {
        let (answer, answered) = sync_channel(1);
        let index = match of {
            Some(org) => writer_of(org, self.writers.len()),
            None => self.next.fetch_add(1, Ordering::Relaxed) % self.writers.len().max(1),
        };
        let writer = self.writers.get(index).ok_or(StorageFault::WriterGone)?;
        writer.ask(Asked { of, soon, job, answer })?;
        answered.recv().map_err(|_| StorageFault::WriterGone)?
    }
}

/// Where the outcome of a job goes.
type Answer = SyncSender<Result<(), StorageFault>>;
