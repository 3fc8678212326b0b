//! The directory on the wire: `GET /v1/directory?above=N`, what keepers state of it
//! (`POST /v1/directory`), and what was stated (`GET /v1/directory/statements?above=N`).
use alloc::string::String;
use alloc::vec::Vec;

use register::{AgencyId, Listed, Moment, StatementId, Unlisted};
use serde::{Deserialize, Serialize};

use super::Hex64;

/// Entries in one page.
pub const LISTED_AT_ONCE: usize = 1000;
/// Statements in one call, and in one page.
pub const STATED_AT_ONCE: usize = 20;

/// A page of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryPage {
    /// The version of the whole.
    pub head: u64,
    /// The version up to which this page goes.
    pub to: u64,
    /// There is more behind it.
    pub more: bool,
    /// Entries that changed, each as it is now.
    pub listed: Vec<Listed>,
    /// The agencies that keep it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keepers: Vec<AgencyId>,
}

/// A statement as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementSent {
    /// The JSON text that was signed.
    pub raw: String,
    /// Ed25519 over the domain of the directory and the text.
    pub sig: Hex64,
}

/// What keepers state, in the order in which it is to be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedAsked {
    /// At most [`STATED_AT_ONCE`].
    pub stated: Vec<StatementSent>,
}

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "became")]
pub enum StatedBecame {
    /// The directory says so now, or did when it came first.
    Stands,
    /// It does not, and why.
    Refused {
        /// The rule.
        why: Unlisted,
    },
}

/// What became of statements, each at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedAnswer {
    /// The version of the directory.
    pub head: u64,
    /// As many as were asked.
    pub became: Vec<StatedBecame>,
}

/// One statement that was taken, as those who keep the directory read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Its place: 1, 2, 3 …
    pub nth: u64,
    /// Its name.
    pub id: StatementId,
    /// When the server took it.
    pub at: Moment,
    /// Who stated it.
    pub by: String,
    /// Of which agency.
    pub of: String,
    /// The entry before; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Listed>,
    /// The entry it made.
    pub after: Listed,
}

/// A page of what was stated, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementsPage {
    /// The last one there is.
    pub head: u64,
    /// Those of this page; empty where nothing is above.
    pub stated: Vec<Stated>,
}
