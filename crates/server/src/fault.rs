//! What can go wrong at the server: faults of the storage, and troubles the caller is told.
use std::io;
use std::path::PathBuf;

use register::AgencyId;
use sync::wire::Trouble;

use crate::blobs::{NoBucket, NoCredentials};

/// Something broke under the server.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum StorageFault {
    #[error("the storage failed: {doing}")]
    Sql { doing: &'static str, source: rusqlite::Error },
    #[error("the line to the storage, or the storage behind it, failed: {doing}")]
    Line { doing: &'static str, source: tokio_postgres::Error },
    #[error("no certificate is known to the system, so no line to the storage can be sealed")]
    Seal { source: rustls::Error },
    #[error("an agency was changed between two look-ups of one moment")]
    Moved,
    #[error("no line to the storage was free for {seconds} s")]
    NoLine { seconds: u64 },
    #[error("a {what} of this name is there already")]
    Taken { what: &'static str },
    #[error("a job wrote to agency {org}, which it had not named")]
    OtherAgency { org: AgencyId },
    #[error("the object store said no: {doing}")]
    Bucket { doing: &'static str, source: Box<object_store::Error> },
    #[error("the object store does not answer: {doing}")]
    BucketAway { doing: &'static str },
    #[error("the address of the object store")]
    BucketAddress { source: NoBucket },
    #[error("no key for the object store")]
    Credentials { source: NoCredentials },
    #[error("{doing} at {path}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("the file is of version {found}, this program knows up to {known}")]
    Newer { found: i64, known: i64 },
    #[error("migration {number} of the file is not the one this program has")]
    Migrated { number: i64 },
    #[error("entry {seq} is not of the form it was written in")]
    Entry { seq: u64 },
    #[error("a stored {what} is not of the form it was written in")]
    Form { what: &'static str },
    #[error("a stored {what} cannot be read or written")]
    Body { what: &'static str, source: serde_json::Error },
    #[error("the writer is gone")]
    WriterGone,
    #[error("a job of the writer ended in a panic")]
    Panicked,
    #[error("the transaction around this call was undone")]
    GroupUndone,
    #[error("a job was not run")]
    Unanswered,
    #[error("a decision asked for more than {max} things")]
    AsksWithoutEnd { max: usize },
    #[error("the system's randomness failed")]
    Randomness,
}

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The caller is told.
    #[error("the call was not answered: {0:?}")]
    Trouble(Trouble),
    /// Something broke; the caller is told only that.
    #[error("the storage broke")]
    Fault(#[source] StorageFault),
}

impl From<StorageFault> for CallError {
    fn from(fault: StorageFault) -> CallError {
        CallError::Fault(fault)
    }
}

impl From<Trouble> for CallError {
    fn from(trouble: Trouble) -> CallError {
        CallError::Trouble(trouble)
    }
}

/// A call that is out of bounds.
pub(crate) fn malformed(what: &str) -> CallError {
    CallError::Trouble(Trouble::Malformed { what: what.to_owned() })
}

/// Says what was being done when SQLite failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StorageFault>;
}

impl<T> Doing<T> for Result<T, rusqlite::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StorageFault> {
        self.map_err(|source| StorageFault::Sql { doing, source })
    }
}
