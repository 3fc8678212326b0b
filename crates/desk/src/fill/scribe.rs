//! Writes the acts of a made-up agency in the order of their time, each signed by who does it.
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use register::{Act, BlobId, BookId, Command, CommandId, Holder, LeaseClaim, Moment, OfficerId};
use store::{Batch, StoreError, Turn, View};

use super::fault::InventFault;
use super::office::{Office, lacks};

/// Acts that become durable together.
const ACTS_PER_BATCH: usize = 500;

/// One act to come.
pub(crate) struct Step {
    /// When it is done.
    pub at: Moment,
    /// By whom.
    pub by: OfficerId,
    /// The book whose next number it takes.
    pub numbered_in: Option<BookId>,
    /// What is done.
    pub act: Act,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Documents, incoming and outgoing.
    pub documents: u64,
    /// Tasks.
    pub tasks: u64,
    /// Acts in all.
    pub acts: u64,
}

/// Holds the acts that are to come and performs those whose time has come.
pub(crate) struct Scribe<'a> {
    office: &'a Office,
    coming: BTreeMap<(Moment, u64), Step>,
    added: u64,
    next: BTreeMap<(BookId, i16), u32>,
    epochs: BTreeMap<BookId, u32>,
    written: Written,
}

impl Scribe<'_> {
    /// A scribe with nothing to write yet.
    pub fn of(office: &Office) -> Scribe<'_> {
        let epochs = office
            .directory
            .books
            .values()
            .filter(|book| matches!(book.lease.holder, Holder::Device(_)))
            .map(|book| (book.id, book.lease.epoch))
            .collect();
        let mut next = BTreeMap::new();
        for book in office.directory.books.values() {
            next.extend(book.years.iter().map(|(year, count)| ((book.id, *year), count.next)));
        }
        let written = Written::default();
        Scribe { office, coming: BTreeMap::new(), added: 0, next, epochs, written }
    }

    /// Adds an act; acts of one moment are done in the order in which they were added.
    pub fn add(&mut self, step: Step) {
        self.added += 1;
        self.coming.insert((step.at, self.added), step);
    }

    /// Adds an act that takes no number.
    pub fn plain(&mut self, at: Moment, by: OfficerId, act: Act) {
        self.add(Step { at, by, numbered_in: None, act });
    }

    /// What was written so far.
    pub fn written(&self) -> Written {
        self.written
    }

    /// Performs every act up to a moment.
    pub fn write_until(&mut self, until: Moment) -> Result<(), InventFault> {
        loop {
            let mut due = Vec::with_capacity(ACTS_PER_BATCH);
            while due.len() < ACTS_PER_BATCH
                && let Some(first) = self.coming.first_entry()
                && first.key().0 <= until
            {
                due.push(first.remove());
            }
            if due.is_empty() {
                return Ok(());
            }
            let office = self.office;
            office.opened.store.batch(|batch| {
                for step in due {
                    self.perform(batch, step)?;
                }
                Ok::<(), InventFault>(())
            })?;
        }
    }

    fn perform(&mut self, batch: &mut Batch<'_>, step: Step) -> Result<(), InventFault> {
        let Step { at, by, numbered_in, act } = step;
        let office = self.office;
        let key = office.keys.get(&by).ok_or_else(|| lacks("key of an officer"))?;
        let claim = numbered_in.map(|book| self.claim(book, at)).transpose()?;
        self.count(&act);
        let told = told(&act);
        let blobs = blobs_of(&act);
        let id = CommandId(office.clock.id_at(at));
        let draft = |_: &View<'_>, turn: Turn| {
            Ok::<Command, StoreError>(Command {
                v: 1,
                id,
                org: office.opened.agency,
                dev: turn.dev,
                n: turn.n,
                actor: by,
                at: Moment(at.0.max(turn.last_at.0.saturating_add(1))),
                off: 0,
                seen: turn.seen,
                kv: 1,
                need: Vec::new(),
                lease: claim,
                blobs,
                act,
            })
        };
        batch.perform(key, draft).map_err(|source| InventFault::Act {
            act: told,
            on: at.date().to_string(),
            source,
        })?;
        if let Some(claim) = claim {
            self.next.insert((claim.book, claim.year), claim.number + 1);
        }
        self.written.acts += 1;
        Ok(())
    }

    fn claim(&self, book: BookId, at: Moment) -> Result<LeaseClaim, InventFault> {
        let year = at.date().year();
        let epoch = *self.epochs.get(&book).ok_or_else(|| lacks("lease of a book"))?;
        let number = self.next.get(&(book, year)).copied().unwrap_or(1);
        Ok(LeaseClaim { book, epoch, year, number })
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only what makes something is counted")]
    fn count(&mut self, act: &Act) {
        match act {
            Act::RegisterIncoming(_) | Act::Draft { .. } => self.written.documents += 1,
            Act::CreateTask { .. } => self.written.tasks += 1,
            Act::Direct(given) if given.task.is_some() => self.written.tasks += 1,
            _ => {}
        }
    }
}

/// Takes words until there are enough.
struct FewWords(String);

/// Bytes of an act that a fault shows.
const TOLD_BYTES_MAX: usize = 160;

impl fmt::Write for FewWords {
    fn write_str(&mut self, words: &str) -> fmt::Result {
        if self.0.len() > TOLD_BYTES_MAX {
            return Err(fmt::Error);
        }
        self.0.push_str(words);
        Ok(())
    }
}

/// The beginning of an act, for a fault.
fn told(act: &Act) -> String {
    let mut told = FewWords(String::new());
    // The error only says that there are words enough.
    let _ = write!(told, "{act:?}");
    told.0
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other acts name no files")]
fn blobs_of(act: &Act) -> Vec<BlobId> {
    let files = match act {
        Act::RegisterIncoming(registered) => &registered.attachments,
        Act::Draft { attachments, .. } => attachments,
        Act::Attach { files, .. } | Act::Report { files, .. } => files,
        _ => return Vec::new(),
    };
    files.iter().map(|file| file.blob).collect()
}
