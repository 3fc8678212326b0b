//! The line to the server: one thread that talks, one that listens for news, nothing on screen
//! waits for either.
mod ahead;
mod bundle;
mod caller;
mod files;
mod programs;
mod room;
mod talk;
pub(crate) mod totals;
mod trouble;
mod worker;

pub(crate) use bundle::{Bundle, BundleFault, FILE_END};
pub(crate) use caller::Caller;
pub(crate) use files::{Saver, fetching, keep_saver};
pub(crate) use talk::{Signs, TalkFault, Talker, open_session};
pub(crate) use trouble::{differs, of_call};
pub(crate) use worker::{LineWorker, Meeting, Standing, Wipe};
