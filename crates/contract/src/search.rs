//! Search over every field and attachment name, marks optional, as it is typed.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::Named;
use crate::documents::{DocumentFilter, DocumentRow};
use crate::tasks::TaskRow;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct SearchAsked {
    /// What was typed.
    pub text: String,
    /// Narrows it.
    pub filter: DocumentFilter,
    /// Rows; at most 200, 50 when 0.
    pub count: u32,
    /// Also tasks, people and books: for the palette.
    pub everything: bool,
}

/// Group of a hit.
pub type FoundGroup = String;

/// A document found, with where the words stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FoundRow {
    /// The document.
    pub row: DocumentRow,
    /// Character ranges of the subject that match.
    pub marks: Vec<(u32, u32)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Found {
    /// Documents, newest first.
    pub documents: Vec<FoundRow>,
    /// There are more.
    pub more: bool,
    /// Tasks.
    pub tasks: Vec<TaskRow>,
    /// People.
    pub people: Vec<Named>,
}
