//! What the server asks of a storage: one writer, many readers, and a commit that is on the disk.
//!
//! The first backend is SQLite; the conformance suite in `tests/` is written against these traits.
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use register::{
    AgencyId, BlobId, BookId, CommandId, DeviceId, DocumentId, Key, Moment, OfficerId, ParcelId,
    PublicKey, StatementId,
};
use sync::{Envelope, Hash};

use crate::fault::StorageFault;

/// The end of one agency's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// The agency.
    pub id: AgencyId,
    /// Number of the last entry; 0 before the first.
    pub head: u64,
    /// Its hash; the agency's id before the first.
    pub hash: Hash,
    /// The life of the server; rises when it was set back from a copy.
    pub epoch: u32,
    /// The head when this life began.
    pub head0: u64,
    /// The last entry known to be in a copy on another machine.
    pub durable: u64,
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place: 1, 2, 3 …
    pub seq: u64,
    /// When the server took it in.
    pub at: Moment,
    /// The PC that signed it.
    pub dev: DeviceId,
    /// Its number there.
    pub n: u64,
    /// The command's name.
    pub id: CommandId,
    /// Who acted.
    pub actor: OfficerId,
    /// The signed bytes.
    pub envelope: Envelope,
    /// What the server said, as the text in the chain.
    pub eff: String,
    /// The circles that may read it, by name, between blanks.
    pub aud: String,
    /// The hash of the chain up to here.
    pub hash: Hash,
}

/// One state as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Its name.
    pub key: Key,
    /// The last entry that touched it.
    pub ver: u64,
    /// The JSON of a `register::State`.
    pub body: &'a str,
    /// The circles that may see it, by name, between blanks.
    pub aud: &'a str,
    /// Those that ever might.
    pub aud_ever: &'a str,
}

/// Which states are read, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Above a version, oldest first.
    After(u64),
    /// Below a version, newest first.
    Below(u64),
    /// What everything else is read by: agency, units, officers, books, years and PCs.
    Frame,
}

/// What can be looked up of a document by another name than its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filed {
    /// It holds this number.
    Number(BookId, i16, u32),
    /// It carries this reference in this year.
    Reference(i16, String),
    /// It waits in this book since then.
    Waiting(BookId, Moment),
}

/// The key of an officer on a PC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKey {
    /// The PC.
    pub dev: DeviceId,
    /// Whose.
    pub officer: OfficerId,
    /// The public half.
    pub public: PublicKey,
    /// The name of the PC, while the officer does not stand in the log yet.
    pub pending: Option<String>,
}

/// A session as it is kept, without what opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The agency.
    pub org: AgencyId,
    /// The PC.
    pub dev: DeviceId,
    /// The officer at it.
    pub officer: OfficerId,
    /// When it ends.
    pub until: Moment,
}

/// A code as it is kept, without its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The officer it lets in; an agency that is adopted when none.
    pub of: Option<(AgencyId, OfficerId)>,
    /// When it ends.
    pub until: Moment,
    /// What it let in.
    pub used: Option<Hash>,
}

/// A file as a thing names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlobUse {
    /// The thing.
    pub key: Key,
    /// The PC whose command named it there, or carried that command.
    pub dev: DeviceId,
    /// Whether the thing opens the file to those who see it.
    pub proof: Proof,
}

/// Whether somebody has had the bytes of a file whose hash he named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// He knows the hash.
    Named,
    /// He has sent every byte, or could read them here already.
    Proven,
}

/// One matter on its way to another agency's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Out {
    /// Derived from its cause, so that the same cause never goes twice.
    pub id: [u8; 16],
    /// The agency whose log says so.
    pub from: AgencyId,
    /// The agency that is told.
    pub to: AgencyId,
    /// The parcel it is about.
    pub parcel: ParcelId,
    /// Lower goes first.
    pub rank: u8,
    /// The document itself: nothing else of its parcel goes before it.
    pub deliver: bool,
    /// When it was written.
    pub at: Moment,
    /// Not before.
    pub due: Moment,
    /// How often it was tried.
    pub tries: u32,
    /// A `register::Matter` as JSON.
    pub body: String,
    /// The server it goes to; none while it is for this one, or nobody has looked.
    pub via: Option<PublicKey>,
}

/// Where matters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whither {
    /// Wherever they go.
    Anywhere,
    /// To this server, or nobody has looked.
    Here,
    /// To another one.
    Peer(PublicKey),
}

/// Which matters of an agency have waited for something that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behind {
    /// What follows the document of a parcel.
    Parcel(ParcelId),
    /// Documents, for their files.
    Files,
}

impl Behind {
    /// Whether a matter waits so.
    pub fn holds(self, out: &Out) -> bool {
        match self {
            Behind::Parcel(parcel) => out.parcel == parcel,
            Behind::Files => out.deliver,
        }
    }
}

/// What waits for one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// The server; none for what goes to this one.
    pub via: Option<PublicKey>,
    /// Matters.
    pub count: u64,
    /// Since when the oldest of them waits.
    pub since: Moment,
}

/// That an agency lives on another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// The agency.
    pub org: AgencyId,
    /// The server.
    pub peer: PublicKey,
    /// Since when that is said.
    pub at: Moment,
    /// It is believed; of two that say so, one is.
    pub stands: bool,
}

/// A statement of a keeper of the directory that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementKept {
    /// Its place: 1, 2, 3 …
    pub nth: u64,
    /// Its name.
    pub id: StatementId,
    /// The agency that is listed.
    pub about: AgencyId,
    /// Who signed what and the entry it made, as JSON.
    pub body: String,
}

/// The outcome of a look-up.
pub type Found<T> = Result<T, StorageFault>;
/// What is done with each state on the way.
pub type OnState<'a> = &'a mut dyn FnMut(Kept<'_>) -> ControlFlow<()>;
/// What is done with each entry on the way.
pub type OnEntry<'a> = &'a mut dyn FnMut(Entry) -> ControlFlow<()>;

/// What is done with each entry that touched a thing, and with the lines of history it wrote there.
pub type OnTouched<'a> = &'a mut dyn FnMut(Entry, &str) -> ControlFlow<()>;

/// What is done with the lines of history that an entry wrote on a thing.
pub type OnHistory<'a> = &'a mut dyn FnMut(Key, u64, &str) -> ControlFlow<()>;

/// What is done with each file that a thing names.
pub type OnBlobUse<'a> = &'a mut dyn FnMut(BlobId, BlobUse) -> ControlFlow<()>;

/// The histories that are kept, of one thing in one entry each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histories {
    /// The first entry that has one.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// Look-ups, all of one moment.
#[allow(missing_docs, reason = "each is named by what it looks up")]
pub trait Reading {
    fn orgs(&self) -> Found<Vec<AgencyId>>;
    fn org(&self, org: AgencyId) -> Found<Option<Org>>;
    fn last_n(&self, org: AgencyId, dev: DeviceId) -> Found<u64>;
    fn entry_of(&self, org: AgencyId, dev: DeviceId, n: u64) -> Found<Option<Entry>>;
    /// What the server said of a command, if it is in the log.
    fn said_of(&self, org: AgencyId, id: CommandId) -> Found<Option<String>>;
    /// Entries from one number on, in their order.
    fn entries(&self, org: AgencyId, from: u64, on_entry: OnEntry<'_>) -> Found<()>;
    /// Entries that touched a thing, from one number on, in their order.
    fn entries_of(&self, org: AgencyId, key: Key, from: u64, on: OnTouched<'_>) -> Found<()>;
    /// How many histories are kept, if any.
    fn histories(&self, org: AgencyId) -> Found<Option<Histories>>;
    /// Every history that is kept.
    fn all_histories(&self, org: AgencyId, on: OnHistory<'_>) -> Found<()>;
    /// The lines of history one entry wrote on a thing, as JSON.
    fn history(&self, org: AgencyId, key: Key, seq: u64) -> Found<Option<String>>;
    /// Every file that a thing has ever named.
    fn all_blob_uses(&self, org: AgencyId, on: OnBlobUse<'_>) -> Found<()>;
    /// The things that have ever named a file.
    fn blob_uses(&self, org: AgencyId, blob: BlobId) -> Found<Vec<BlobUse>>;
    fn state(&self, org: AgencyId, key: Key, on_state: OnState<'_>) -> Found<()>;
    fn states(&self, org: AgencyId, span: Span, on_state: OnState<'_>) -> Found<()>;
    fn number(&self, org: AgencyId, book: BookId, year: i16, no: u32) -> Found<Option<Key>>;
    fn reference(&self, org: AgencyId, year: i16, text: &str) -> Found<Option<DocumentId>>;
    /// Documents that wait in a book, the longest waiting first.
    fn waiting(&self, org: AgencyId, book: BookId, limit: u32) -> Found<Vec<Key>>;
    /// The keys of a PC, pending ones too.
    fn keys(&self, org: AgencyId, dev: DeviceId) -> Found<Vec<DeviceKey>>;
    /// The keys of every PC, pending ones too.
    fn all_keys(&self, org: AgencyId) -> Found<Vec<DeviceKey>>;
    /// The pending keys of an officer on any PC.
    fn pending_keys(&self, org: AgencyId, officer: OfficerId) -> Found<Vec<DeviceKey>>;
    /// Matters that are due, by their rank, the oldest first.
    fn outs(&self, whither: Whither, due: Moment, limit: u32) -> Found<Vec<Out>>;
    /// When the next matter that goes there is due.
    fn next_out(&self, whither: Whither) -> Found<Option<Moment>>;
    fn out(&self, id: &[u8; 16]) -> Found<Option<Out>>;
    /// The names of what goes to another server, due or not: documents first, then by rank and age.
    fn out_names(&self, via: PublicKey, limit: u32) -> Found<Vec<[u8; 16]>>;
    /// What waits, by the server it goes to.
    fn waits(&self) -> Found<Vec<Waits>>;
    /// Every other server that is known, as JSON of a `Peer`.
    fn peers(&self) -> Found<Vec<(PublicKey, String)>>;
    fn peer(&self, key: PublicKey) -> Found<Option<String>>;
    /// Which agencies live on other servers, or are said to.
    fn homes(&self) -> Found<Vec<Home>>;
    /// The other servers that say that they have an agency.
    fn homes_of(&self, org: AgencyId) -> Found<Vec<Home>>;
    /// What an agency says of a parcel and that has not gone yet.
    fn outs_of(&self, from: AgencyId, parcel: ParcelId) -> Found<Vec<Out>>;
    /// What has arrived up to an entry and was not read yet, the oldest first.
    fn unfetched(&self, org: AgencyId, upto: u64, limit: u32) -> Found<Vec<(u64, ParcelId)>>;
    /// Entries of the directory above a version, in its order, as JSON of a `register::Listed`.
    fn listed(&self, above: u64, limit: u32) -> Found<Vec<(u64, String)>>;
    fn listed_of(&self, id: AgencyId) -> Found<Option<String>>;
    /// The version of the directory.
    fn listed_head(&self) -> Found<u64>;
    /// Every release of the program by its name, with what is kept of it as JSON.
    fn releases(&self) -> Found<Vec<(String, String)>>;
    /// What a PC runs, as JSON.
    fn program(&self, org: AgencyId, dev: DeviceId) -> Found<Option<String>>;
    /// What every PC runs.
    fn programs(&self) -> Found<Vec<(AgencyId, DeviceId, String)>>;
    /// The agencies that keep the directory, and since when.
    fn keepers(&self) -> Found<Vec<(AgencyId, Moment)>>;
    /// Statements above one, in their order.
    fn statements(&self, above: u64, limit: u32) -> Found<Vec<StatementKept>>;
    fn statement(&self, id: StatementId) -> Found<Option<StatementKept>>;
    /// The last statement about an agency.
    fn last_statement(&self, about: AgencyId) -> Found<Option<StatementKept>>;
    /// The place of the last statement.
    fn statement_head(&self) -> Found<u64>;
    fn session(&self, hash: &Hash) -> Found<Option<Session>>;
    fn code(&self, hash: &Hash) -> Found<Option<Code>>;
    /// Every code, by its hash.
    fn all_codes(&self) -> Found<Vec<(Hash, Code)>>;
}

/// Changes of one transaction.
#[allow(missing_docs, reason = "each is named by what it keeps")]
pub trait Writing: Reading {
    fn put_org(&self, org: &Org) -> Found<()>;
    /// Adds an entry; one of the same number, name, or PC and number there is a fault.
    fn append(&self, org: AgencyId, entry: &Entry) -> Found<()>;
    /// Notes that an entry touched a thing, with the lines of its history as JSON.
    fn put_touched(&self, org: AgencyId, key: Key, seq: u64, trail: &str) -> Found<()>;
    /// Notes who names a file; what was proven stays so.
    fn put_blob_use(&self, org: AgencyId, blob: BlobId, named: &BlobUse) -> Found<()>;
    fn put_state(&self, org: AgencyId, state: Kept<'_>) -> Found<()>;
    fn put_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()>;
    fn drop_filed(&self, org: AgencyId, key: Key, filed: &Filed) -> Found<()>;
    fn put_key(&self, org: AgencyId, key: &DeviceKey) -> Found<()>;
    fn put_peer(&self, key: PublicKey, body: &str) -> Found<()>;
    fn drop_peer(&self, key: PublicKey) -> Found<()>;
    fn put_home(&self, home: &Home) -> Found<()>;
    fn drop_home(&self, org: AgencyId, peer: PublicKey) -> Found<()>;
    /// Keeps a matter; of one that is there, when it is due, how often it was tried, and where it
    /// goes.
    fn put_out(&self, out: &Out) -> Found<()>;
    fn drop_out(&self, id: &[u8; 16]) -> Found<()>;
    /// What an agency says and has waited goes at this time, unless it is due before. Nothing else
    /// is written: tens of thousands may be due already.
    fn hurry_outs(&self, from: AgencyId, behind: Behind, due: Moment) -> Found<()>;
    fn put_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()>;
    fn drop_unfetched(&self, org: AgencyId, seq: u64, parcel: ParcelId) -> Found<()>;
    /// Keeps an entry of the directory under the next version of it.
    fn put_listed(&self, id: AgencyId, body: &str) -> Found<()>;
    fn put_release(&self, name: &str, body: &str) -> Found<()>;
    fn put_program(&self, org: AgencyId, dev: DeviceId, body: &str) -> Found<()>;
    /// Whoever else changes the directory waits until this job has ended.
    fn hold_directory(&self) -> Found<()>;
    /// Lets an agency keep the directory; since when stays where it does already.
    fn put_keeper(&self, org: AgencyId, at: Moment) -> Found<()>;
    fn drop_keeper(&self, org: AgencyId) -> Found<()>;
    /// Adds a statement; one of the same place or name is a fault.
    fn append_statement(&self, statement: &StatementKept) -> Found<()>;
    /// Keeps a session, and forgets those that ended before `now`.
    fn put_session(&self, hash: &Hash, session: &Session, now: Moment) -> Found<()>;
    fn put_code(&self, hash: &Hash, code: &Code) -> Found<()>;
}

/// Whether what a job wrote stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It becomes durable before the call returns.
    Keep,
    /// None of it was done.
    Undo,
}

/// What a job of an agency is going to look up, as far as that is known: a storage that is far away
/// asks for it together with what others need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Soon {
    /// Commands that may be in the log already.
    pub names: Vec<CommandId>,
    /// States.
    pub states: Vec<Key>,
    /// Numbers that may be given already.
    pub numbers: Vec<(BookId, i16, u32)>,
}

/// What is done by the writer of an agency.
pub type WriteJob = Box<dyn FnOnce(&dyn Writing) -> Fate + Send>;

/// How jobs became durable since the storage was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commits {
    /// Commits.
    pub groups: u64,
    /// Jobs in them.
    pub jobs: u64,
    /// Jobs in the largest.
    pub largest: u64,
}

/// How new what is looked up must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// As things stand now.
    Now,
    /// For an agency for which this process has just written: as things stood then, or later.
    /// Another process may have written since, which need not be seen.
    AsWritten,
}

/// A storage.
pub trait Storage: Send + Sync {
    /// How jobs became durable.
    fn commits(&self) -> Commits;

    /// Runs a job that changes what belongs to one agency, or, with none, sessions and codes. Jobs
    /// of one agency run one after another, whatever process asks; what is kept is on the disk when
    /// this returns.
    ///
    /// # Errors
    /// Faults of the storage. Nothing of the job was done then, unless the line to the storage
    /// broke while it was being kept: then it was done as a whole or not at all.
    fn write(&self, of: Option<AgencyId>, job: WriteJob) -> Result<(), StorageFault>;

    /// The same for a job that tells what it is going to look up.
    ///
    /// # Errors
    /// As of [`Storage::write`].
    fn write_soon(&self, of: AgencyId, soon: Soon, job: WriteJob) -> Result<(), StorageFault> {
        let Soon { names: _, states: _, numbers: _ } = soon;
        self.write(Some(of), job)
    }

    /// The head of every agency, where other servers may write to the same storage; none where only
    /// this process does.
    ///
    /// # Errors
    /// Faults of the storage.
    fn shared_heads(&self) -> Result<Option<Vec<(AgencyId, u64)>>, StorageFault> {
        Ok(None)
    }

    /// Runs look-ups that all see the same moment.
    ///
    /// # Errors
    /// Faults of the storage.
    fn read(
        &self,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault>;

    /// The same for look-ups that may be run once more from their beginning, when something was
    /// changed between them; only what they find then counts.
    ///
    /// # Errors
    /// Faults of the storage.
    fn read_lightly(
        &self,
        _: Fresh,
        job: &mut dyn FnMut(&dyn Reading) -> Result<(), StorageFault>,
    ) -> Result<(), StorageFault> {
        self.read(job)
    }
}

/// Runs a job of one agency, or of none, and hands back what it made; an error undoes it.
///
/// # Errors
/// Those of the job and of the storage.
pub fn written<T, E>(
    storage: &dyn Storage,
    of: Option<AgencyId>,
    job: impl FnOnce(&dyn Writing) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StorageFault> + Send + 'static,
{
    handed_back(job, |job| storage.write(of, job))
}

/// The same for a job of an agency that tells what it is going to look up.
///
/// # Errors
/// Those of the job and of the storage.
pub fn written_soon<T, E>(
    storage: &dyn Storage,
    (of, soon): (AgencyId, Soon),
    job: impl FnOnce(&dyn Writing) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StorageFault> + Send + 'static,
{
    handed_back(job, |job| storage.write_soon(of, soon, job))
}

fn handed_back<T, E>(
    job: impl FnOnce(&dyn Writing) -> Result<T, E> + Send + 'static,
    write: impl FnOnce(WriteJob) -> Result<(), StorageFault>,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StorageFault> + Send + 'static,
{
    let made = Arc::new(Mutex::new(None));
    let put = Arc::clone(&made);
    write(Box::new(move |writing| {
        let done = job(writing);
        let fate = if done.is_ok() { Fate::Keep } else { Fate::Undo };
        *put.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        fate
    }))?;
    let done = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    done.unwrap_or_else(|| Err(StorageFault::Unanswered.into()))
}

/// Runs look-ups of one moment and hands back what they found.
///
/// # Errors
/// Those of the look-ups and of the storage.
pub fn looked_up<T, E: From<StorageFault>>(
    storage: &dyn Storage,
    job: impl FnOnce(&dyn Reading) -> Result<T, E>,
) -> Result<T, E> {
    let mut job = Some(job);
    let mut found = None;
    storage.read(&mut |reading| {
        found = job.take().map(|job| job(reading));
        Ok(())
    })?;
    found.unwrap_or_else(|| Err(StorageFault::Unanswered.into()))
}

/// The same for look-ups that may be run once more from their beginning.
///
/// # Errors
/// Those of the look-ups and of the storage.
pub fn looked_up_lightly<T, E: From<StorageFault>>(
    storage: &dyn Storage,
    fresh: Fresh,
    mut job: impl FnMut(&dyn Reading) -> Result<T, E>,
) -> Result<T, E> {
    let mut found = None;
    storage.read_lightly(fresh, &mut |reading| {
        found = Some(job(reading));
        Ok(())
    })?;
    found.unwrap_or_else(|| Err(StorageFault::Unanswered.into()))
}
