//! Who is at the desk: first run, lock, PIN, what the foot of the window says, saved typing.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::books::Books;
use crate::line::LineShort;

/// Where the program stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No agency yet: the wizard.
    FirstRun,
    /// An officer must unlock.
    Locked,
    /// At work.
    Open,
}

/// Asks for the session.
pub type SessionAsked = crate::common::Nothing;

/// An officer who has a PIN on this PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OfficerOnPc {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Wrong PINs left before the PIN must be set anew by an administrator.
    pub tries_left: u32,
}

/// The state of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Session {
    /// Where the program stands.
    pub phase: Phase,
    /// Name of the agency.
    pub agency: String,
    /// Those who can unlock on this PC.
    pub officers: Vec<OfficerOnPc>,
    /// Who is at the desk.
    pub officer: Option<OfficerOnPc>,
    /// Roles of who is at the desk: `clerk`, `leader`, `office_head`, `unit_head`, `official`,
    /// `administrator`.
    pub roles: Vec<String>,
    /// Unit of who is at the desk.
    pub unit: String,
    /// Today at the office.
    pub today: String,
    /// Idle minutes before the lock.
    pub lock_minutes: u32,
    /// A demo profile: officers can be switched without a PIN.
    pub demo: bool,
    /// Names of screens this officer has, in order.
    pub screens: Vec<String>,
    /// Version of the program.
    pub version: String,
    /// The recovery code, told to an administrator after it was made and until he has confirmed
    /// that it is on paper. With it the copies and the mirror open on another PC.
    pub recovery_code: Option<String>,
    /// This administrator has yet to write the recovery code down. Without a code beside it the
    /// program ended before he did: then a new one must be made.
    pub recovery_owed: bool,
    /// The register that was here is gone: this PC was shut out of its agency.
    pub shut_out: bool,
}

/// Says that the recovery code is on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RecoveryWritten {
    /// The last group of the code, read from the paper.
    pub last_group: String,
}

/// The foot of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct StatusLine {
    /// Books this PC holds, with their next numbers.
    pub books: Vec<Books>,
    /// Commands kept on this PC.
    #[ts(type = "number")]
    pub kept: u64,
    /// When the last good copy was made.
    #[ts(type = "number | null")]
    pub copied_at: Option<i64>,
    /// When the mirror last took a command.
    #[ts(type = "number | null")]
    pub mirrored_at: Option<i64>,
    /// A sentence when a copy, the mirror or the disk needs somebody.
    pub warning: Option<String>,
    /// Counts beside the names of screens: screen, count.
    pub counts: Vec<(String, u32)>,
    /// How it goes with the server.
    pub line: LineShort,
}

/// Unlocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Unlock {
    /// Who.
    pub officer: String,
    /// PIN of at least six digits; empty in a demo profile.
    pub pin: String,
}

/// Sets a PIN: one's own with the old one, or another's as administrator with an empty old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PinChange {
    /// Whose.
    pub officer: String,
    /// The old PIN.
    pub old: String,
    /// The new PIN.
    pub new: String,
}

/// Keeps what is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DraftSaved {
    /// Name of the form and what it is about: `incoming/tray:<id>`.
    pub form: String,
    /// The form as JSON text; empty forgets it.
    pub content: String,
}

/// What was being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DraftStored {
    /// Name of the form.
    pub form: String,
    /// The form as JSON text.
    pub content: String,
    /// When it was last typed in.
    #[ts(type = "number")]
    pub at: i64,
}

/// All that this officer was typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Drafts {
    /// Newest first.
    pub drafts: Vec<DraftStored>,
}

/// Where the window stood: kept for each officer, opaque to everything but the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct WindowPlace {
    /// JSON text of the page; empty when there is none.
    pub place: String,
}
