//! Why a made-up agency could not be made.
use std::path::PathBuf;

use contract::Failure;
use store::{PerformError, StoreError};

/// Why a made-up agency could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InventFault {
    /// It would have to be mixed with what is there.
    #[error("there is a register at {path} already")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The desk said no.
    #[error("{doing}: {}", .said.what)]
    Desk {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        said: Failure,
    },
    /// An act was not done.
    #[error("performing `{act}` of {on}")]
    Act {
        /// The wire name of the act and what it is about.
        act: String,
        /// The day of the act.
        on: String,
        /// Why not.
        source: PerformError<StoreError>,
    },
    /// The file failed.
    #[error("keeping acts")]
    Store {
        /// How.
        source: StoreError,
    },
    /// A file could not be handed over or kept.
    #[error("keeping the file {name}")]
    File {
        /// Its name.
        name: String,
        /// How it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The cast of the agency lacks somebody or something.
    #[error("the made-up agency has no {what}")]
    Lacks {
        /// What it lacks.
        what: String,
    },
}

impl From<StoreError> for InventFault {
    fn from(source: StoreError) -> InventFault {
        InventFault::Store { source }
    }
}

/// Puts what was being done before what the desk said.
pub(crate) fn desk_said(doing: &'static str) -> impl FnOnce(Failure) -> InventFault {
    move |said| InventFault::Desk { doing, said }
}
