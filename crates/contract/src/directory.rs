//! The directory of agencies as those who keep it see it.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{AgencyFound, Failure};

/// Looks into the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DirectoryAsked {
    /// As typed; marks may be left out. With nothing, what the server lists.
    pub text: String,
}

/// An agency as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EntryRow {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What stands above it.
    pub parent: String,
    /// It takes documents over the exchange.
    pub on_exchange: bool,
    /// Its last day, where one is known.
    pub ended: Option<String>,
    /// The names of who came after it.
    pub heirs: Vec<String>,
    /// Something that was stated of it here waits for the server.
    pub waits: bool,
}

/// One field that was stated otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EntryChange {
    /// `listed`, `name`, `code`, `unit`, `parent`, `ended`, `heirs`.
    pub field: String,
    /// What stood there.
    pub before: String,
    /// What stands there.
    pub after: String,
}

/// Something that was stated on this PC and that the directory does not say yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct StatementRow {
    /// Its name.
    pub id: String,
    /// What it calls the agency that it is about.
    pub name: String,
    /// When it was stated.
    #[ts(type = "number")]
    pub at: i64,
    /// By whom.
    pub by: String,
    /// What is to change.
    pub changes: Vec<EntryChange>,
    /// Why the server did not take it; none while it waits.
    pub refused: Option<Failure>,
    /// The same over the entry that stands now, to be stated again.
    pub again: EntryForm,
    /// Who is named in it as having come after the agency.
    pub heirs: Vec<AgencyFound>,
}

/// The directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DirectoryShown {
    /// Whoever sits here may change it.
    pub may: bool,
    /// The names of the agencies that keep it.
    pub keepers: Vec<String>,
    /// What was found, the likeliest first; at most 200.
    pub found: Vec<EntryRow>,
    /// What was stated here and waits, or was refused.
    pub stated: Vec<StatementRow>,
}

/// An entry as typed; without an agency it is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EntryForm {
    /// The agency.
    pub agency: Option<String>,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Number of its unit in the national catalogue.
    pub unit: String,
    /// What stands above it.
    pub parent: String,
    /// Its last day; empty while it is there.
    pub ended: String,
    /// Who came after it, the most likely first.
    pub heirs: Vec<String>,
    /// The refused statement that this one takes the place of.
    #[serde(default)]
    pub instead_of: Option<String>,
    /// Names what was seen of the entry when the form was opened: what changed since is not written
    /// over.
    #[serde(default)]
    pub seen: String,
}

/// What was stated of an entry, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct StatedLine {
    /// When the server took it.
    #[ts(type = "number")]
    pub at: i64,
    /// Who stated it.
    pub by: String,
    /// Of which agency.
    pub of: String,
    /// What changed.
    pub changes: Vec<EntryChange>,
}

/// One entry, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DirectoryEntry {
    /// The entry as a form.
    pub form: EntryForm,
    /// Whoever sits here may change it.
    pub may: bool,
    /// The agency is on a server and says name and code itself.
    pub states_itself: bool,
    /// Who came after it, to be shown.
    pub heirs: Vec<AgencyFound>,
    /// What was stated of it, the newest first; empty for those who do not keep the directory.
    pub history: Vec<StatedLine>,
}
