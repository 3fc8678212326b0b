//! What can go wrong with the file, each told apart, so that the desk can say it in a sentence.
use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use register::Refusal;

/// A fault of the file or of the disk under it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum StoreError {
    #[error("there is no register at {path}")]
    Missing { path: PathBuf },
    #[error("there is a register at {path} already")]
    Exists { path: PathBuf },
    #[error("the file at {path} is no register, or the key is not its key")]
    NotOurs { path: PathBuf },
    #[error("the file at {path} is cut off: {bytes} bytes")]
    Truncated { path: PathBuf, bytes: u64 },
    #[error("the register is of version {found}, this program knows up to {known}")]
    Newer { found: i64, known: i64 },
    #[error("migration {number} of the register is not the one this program has")]
    Migrated { number: i64 },
    #[error("the register is damaged: {doing}")]
    Damaged { doing: &'static str, source: rusqlite::Error },
    #[error("the disk is full: {doing}")]
    Full { doing: &'static str, source: rusqlite::Error },
    #[error("the register cannot be written: {doing}")]
    ReadOnly { doing: &'static str, source: rusqlite::Error },
    #[error("another program held the register too long: {doing}")]
    Busy { doing: &'static str, source: rusqlite::Error },
    #[error("all {max} readers are busy")]
    ReadersBusy { max: usize },
    #[error("the disk failed: {doing}")]
    Disk { doing: &'static str, source: rusqlite::Error },
    #[error("the register's SQL failed: {doing}")]
    Sql { doing: &'static str, source: rusqlite::Error },
    #[error("{doing} at {path}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("a stored {what} cannot be read")]
    Body { what: &'static str, source: serde_json::Error },
    #[error("a stored {what} is not of the form it was written in")]
    Form { what: &'static str },
    #[error("a decision asked for more than {max} things")]
    AsksWithoutEnd { max: usize },
    #[error("no place is left in the order of day {day}")]
    DayFull { day: i64 },
    #[error("the key does not open the copy of commands at {path}")]
    MirrorKey { path: PathBuf },
    #[error("the copy of commands at {path} goes on where this register does not")]
    MirrorDiffers { path: PathBuf },
    #[error("command {seq} of the copy was not accepted again")]
    Replay { seq: u64, source: Box<ReplayFault> },
    #[error("the copy at {path} is not equal to the register")]
    CopyDiffers { path: PathBuf },
}

/// Why a kept command did not go through again.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each is named and worded by what it says")]
pub enum ReplayFault {
    #[error("the rules refuse it: {0:?}")]
    Refused(Refusal),
    #[error("its bytes are no command")]
    Command(#[source] sync::CommandFault),
    #[error("its public key is none")]
    Key,
    #[error("it does not follow the command before it")]
    Turn,
}

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum PerformError<E> {
    /// The draft of the command could not be made.
    #[error("drafting the command")]
    Draft(E),
    /// The rules say no.
    #[error("the rules refuse it: {0:?}")]
    Refused(Refusal),
    /// The command is too large.
    #[error("writing the command")]
    Command(#[source] sync::CommandFault),
    /// The signing key belongs to somebody else than the actor.
    #[error("the key is not one of the actor's")]
    KeyOfAnother,
    /// Device, number or time of the command are not those of its turn.
    #[error("the command is not the next one of this PC")]
    WrongTurn,
    /// The file failed.
    #[error("keeping the command")]
    Store(#[source] StoreError),
}

impl<E> From<StoreError> for PerformError<E> {
    fn from(fault: StoreError) -> PerformError<E> {
        PerformError::Store(fault)
    }
}

/// Says what was being done when SQLite failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, rusqlite::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| sorted(doing, source))
    }
}

/// Sorts a fault of SQLite by what a person can do about it.
#[allow(clippy::wildcard_enum_match_arm, reason = "the codes are SQLite's, and it adds some")]
pub(crate) fn sorted(doing: &'static str, source: rusqlite::Error) -> StoreError {
    // SQLITE_IOERR of a full disk comes as FULL; what is left of IOERR is a failing disk.
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged { doing, source }
        }
        Some(ErrorCode::DiskFull) => StoreError::Full { doing, source },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            StoreError::ReadOnly { doing, source }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy { doing, source }
        }
        Some(ErrorCode::SystemIoFailure) => StoreError::Disk { doing, source },
        _ => StoreError::Sql { doing, source },
    }
}
