//! One agency's register on one PC, in one encrypted SQLite file.
//!
//! An act is one transaction: the signed command, the states it changes, the history and every
//! derived row, or none of it. Reads obey the scopes they are handed.

mod adopted;
mod backup;
mod connection;
mod day;
mod derive;
mod error;
mod files;
mod filing;
mod given;
mod keys;
mod lens;
mod line;
mod listed;
mod local;
mod log;
mod mark;
mod matching;
mod memory;
mod migration;
mod mirror;
mod outbox;
mod perform;
mod placing;
mod rebuild;
mod recall;
mod replay;
mod runs;
mod search;
mod shelf;
mod shown;
mod standing;
mod stated;
mod store;
mod taking_in;
mod tasks;
mod told;
mod totals;
mod upkeep;
mod verify;
mod verify_line;
mod view;
mod window;

pub use backup::Copied;
pub use connection::{Access, Checkpoints, FileKey, OpenOptions, Synchronous};
pub use error::{PerformError, ReplayFault, StoreError};
pub use files::{Answered, Fetching, FileLane, FilesOnTheirWay};
pub use lens::{Lens, ListFilter, Narrow};
pub use line::{
    Carried, Line, Membership, Met, Outbox, Reader, SENDING_ROWS_MAX, Sending, Traffic,
};
pub use local::{FormDraft, TrayEntry};
pub use log::{Heights, LastNumber, Logged};
pub use migration::form;
pub use mirror::{Mirror, MirrorKey, MirrorReader, Mirrored, read_mirror};
pub use outbox::UNSENT_MAX;
pub use perform::{Batch, Performed, Turn};
pub use rebuild::Progress;
pub use replay::Kept;
pub use search::{SEARCH_ROWS_MAX, Search, TwinOf};
pub use standing::{DocumentStanding, standing_of_incoming, standing_of_outgoing};
pub use stated::{OwnStatement, STATEMENTS_MAX};
pub use store::Store;
pub use tasks::{TASKS_MAX, TaskPhase, TaskQuery, TasksOf};
pub use verify::{Finding, VerifyReport};
pub use view::{LetteredLine, NumberedLine, View};
pub use window::{Found, WINDOW_ROWS_MAX, Window};
