//! The program itself: its version, the next one, and the way back.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::Failure;
use crate::line::LineProgress;

/// A version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgramVersion {
    /// Its number: `0.2.0`.
    pub version: String,
    /// What is new, by its publisher.
    pub notes: String,
    /// When it was made.
    #[ts(type = "number")]
    pub made: i64,
}

/// A version that is on its way here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgramComing {
    /// Its number.
    pub version: String,
    /// Bytes.
    pub progress: LineProgress,
    /// It waits because large files wait until they are opened.
    pub kept_back: bool,
}

/// A version that is not begun with any more on this PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgramGivenUp {
    /// Its number.
    pub version: String,
    /// It did not come up; else somebody went back from it.
    pub fell: bool,
    /// That was within the last day.
    pub recent: bool,
}

/// How the program stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgramState {
    /// The version that runs.
    pub version: String,
    /// Whether this build takes new versions from its server.
    pub takes: bool,
    /// The version that runs from the next start on.
    pub next: Option<ProgramVersion>,
    /// One that is on its way.
    pub coming: Option<ProgramComing>,
    /// Why none comes just now.
    pub trouble: Option<Failure>,
    /// The version that comes back when somebody goes back from this one.
    pub back_to: Option<String>,
    /// Somebody has gone back: it comes with the next start.
    pub leaving: bool,
    /// The newest version that was given up here.
    pub given_up: Option<ProgramGivenUp>,
}

/// Goes back to the version before this one, or stays with this one after all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct ProgramBack {
    /// Stays with this one.
    pub stay: bool,
}
