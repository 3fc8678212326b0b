//! A writer: gathers jobs, runs them one after another in one transaction, commits, then answers.
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use register::AgencyId;

use super::known::Shelf;
use super::line::Line;
use super::tx::Tx;
use super::{Answer, QUEUE_MAX};
use crate::fault::StorageFault;
use crate::storage::{Commits, Fate, Found, Soon, WriteJob};

/// Jobs that become durable with one commit.
const GROUP_JOBS_MAX: usize = 100;
/// How long jobs are run before a commit.
const GROUP_TIME_MAX: Duration = Duration::from_millis(25);

/// A job and where its outcome goes.
pub(super) struct Asked {
    pub of: Option<AgencyId>,
    pub soon: Soon,
    pub job: WriteJob,
    pub answer: Answer,
}

/// A thread that writes.
pub(super) struct Writer {
    queue: Option<SyncSender<Asked>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(line: Line, shelf: Arc<Shelf>, commits: Arc<Mutex<Commits>>) -> Found<Writer> {
        let (queue, asked) = sync_channel(QUEUE_MAX);
        let thread = Builder::new()
            .name("writer".to_owned())
            .spawn(move || write_groups(&line, &shelf, (&asked, &commits)))
            .map_err(|source| StorageFault::Io {
                doing: "starting a writer",
                path: std::path::PathBuf::new(),
                source,
            })?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    pub fn ask(&self, asked: Asked) -> Found<()> {
        let queue = self.queue.as_ref().ok_or(StorageFault::WriterGone)?;
        queue.send(asked).map_err(|_| StorageFault::WriterGone)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a writer of the storage ended in a panic");
        }
    }
}

fn write_groups(line: &Line, shelf: &Shelf, (queue, commits): (&Receiver<Asked>, &Mutex<Commits>)) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            match queue.recv() {
                Ok(first) => waiting.push_back(first),
                Err(_) => return,
            }
        }
        while waiting.len() < GROUP_JOBS_MAX
            && let Ok(next) = queue.try_recv()
        {
            waiting.push_back(next);
        }
        let jobs = write_group(line, shelf, &mut waiting);
        let mut commits = commits.lock().unwrap_or_else(PoisonError::into_inner);
        commits.groups += 1;
        commits.jobs += jobs;
        commits.largest = commits.largest.max(jobs);
    }
}

/// Runs what has gathered, as far as its time goes. Says how many jobs that were.
fn write_group(line: &Line, shelf: &Shelf, waiting: &mut VecDeque<Asked>) -> u64 {
    let orgs: BTreeSet<AgencyId> = waiting.iter().filter_map(|asked| asked.of).collect();
    let orgs: Vec<AgencyId> = orgs.into_iter().collect();
    let soon: Vec<_> = waiting.iter().filter_map(|asked| Some((asked.of?, &asked.soon))).collect();
    let tx = match Tx::writer(line, shelf, (&orgs, &soon)) {
        Ok(tx) => tx,
        Err(fault) => {
            let jobs = waiting.len() as u64;
            let mut fault = Some(fault);
            for asked in waiting.drain(..) {
                answer(&asked.answer, Err(fault.take().unwrap_or(StorageFault::GroupUndone)));
            }
            return jobs;
        }
    };
    let begun = Instant::now();
    let mut answers = Vec::new();
    while !tx.is_broken()
        && (answers.is_empty() || begun.elapsed() < GROUP_TIME_MAX)
        && let Some(Asked { of, soon: _, job, answer }) = waiting.pop_front()
    {
        tx.of.set(of);
        answers.push((answer, run(&tx, job)));
    }
    let mut fault = tx.commit().err();
    let broke = fault.is_some();
    let jobs = answers.len() as u64;
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

/// Runs one job inside the group; when it is undone, the others stay.
fn run(tx: &Tx<'_>, job: WriteJob) -> Found<()> {
    match catch_unwind(AssertUnwindSafe(|| job(tx))) {
        Ok(fate) => tx.end_job(fate),
        Err(_) => {
            tx.end_job(Fate::Undo)?;
            Err(StorageFault::Panicked)
        }
    }
}

fn answer(to: &Answer, said: Found<()>) {
    if to.send(said).is_err() {
        tracing::debug!("a caller went away before its answer");
    }
}
