//! One agency's register on one PC, in one encrypted SQLite file.
//!
//! An act is one transaction: the signed command, the states it changes, the history and every
//! derived row, or none of it. Reads obey the scopes they are handed.

mod checkpoint;
mod connection;
mod day;
mod derive;
mod error;
mod filing;
mod keys;
mod mark;
mod memory;
mod migration;
mod perform;
mod standing;
mod store;
mod view;

pub use connection::{Access, Checkpoints, FileKey, OpenOptions, Synchronous};
pub use error::{PerformError, ReplayFault, StoreError};
pub use perform::{Batch, Performed, Turn};
pub use standing::{DocumentStanding, standing_of_incoming, standing_of_outgoing};
pub use store::Store;
pub use view::{NumberedLine, View};
