//! Small forms that only one command uses.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::admin::KindForm;
use crate::books::Books;
use crate::common::{Attachment, Deadline};

/// Adds stored files to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AttachForm {
    /// The document.
    pub id: String,
    /// The files.
    pub files: Vec<Attachment>,
}

/// Takes a file off a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DetachForm {
    /// The document.
    pub id: String,
    /// The file.
    pub blob: String,
    /// Why.
    pub reason: String,
}

/// The catalogue of kinds, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct KindsForm {
    /// All kinds.
    pub kinds: Vec<KindForm>,
}

/// A date as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TypedDate {
    /// What was typed: `3`, `t6`, `mai`, `25/11`, `25/11/2026`.
    pub text: String,
    /// Digits alone are working days from today; else a day of the month.
    pub deadline: bool,
}

/// A date as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DateRead {
    /// ISO date; none when it cannot be read or there is no such day.
    pub date: Option<String>,
    /// Counted as a deadline.
    pub deadline: Option<Deadline>,
    /// Why it cannot be read, in words.
    pub reason: String,
}

/// All books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookList {
    /// Incoming first.
    pub books: Vec<Books>,
}

/// A book and a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct YearOfBook {
    /// The book.
    pub book: String,
    /// The year.
    pub year: i16,
}

/// What the check of the register's file found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Verified {
    /// Commands checked.
    #[ts(type = "number")]
    pub commands: u64,
    /// Documents checked.
    #[ts(type = "number")]
    pub documents: u64,
    /// What is wrong, in words; nothing when all is well.
    pub findings: Vec<String>,
}

/// Own phrases for directives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Phrases {
    /// In order.
    pub phrases: Vec<String>,
}
