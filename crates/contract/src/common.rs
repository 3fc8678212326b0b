//! The small shared words of the contract.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Failure codes on which the page acts; every other code is only shown.
pub const WARN_CODES: &[&str] = &["locked", "twin", "secret", "not_holder", "seen_already"];

/// What the page drops from its cache when it is touched.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Lists and counts of documents.
    Documents,
    /// One open document.
    Document,
    /// Tasks.
    Tasks,
    /// Books and their next numbers.
    Books,
    /// Intake tray.
    Tray,
    /// Agency, units, officers, calendar, kinds.
    Administration,
    /// Who is at the desk, lock.
    Session,
    /// Daily copy, mirror, disk.
    Backup,
    /// The line to the server, and what is on its way.
    Line,
    /// What the log told of a thing somebody looks at.
    History,
}

/// Why something was not done: three sentences in Vietnamese, and a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Failure {
    /// Stable short name.
    pub code: String,
    /// What happened.
    pub what: String,
    /// What is safe.
    pub safe: String,
    /// What to do.
    pub todo: String,
    /// Name of the form field it belongs to, if it belongs to one.
    pub field: Option<String>,
}

/// No argument, or nothing to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct Nothing {}

/// One thing by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OneId {
    /// The id.
    pub id: String,
}

/// An id and the words that go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Reasoned {
    /// The id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// An id and an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Remarks {
    /// The id.
    pub id: String,
    /// The words; may be empty where the act says it all.
    pub remarks: String,
}

/// What was done, for a toast: the page makes the sentence from `said`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Done {
    /// Id of what was made or changed.
    pub id: String,
    /// The act and the words that fill its sentence.
    pub said: Said,
    /// How to take it back, while that is possible.
    pub undo: Option<Undo>,
    /// What the page must ask again.
    pub topics: Vec<Topic>,
}

/// The act and what fills its sentence: `registered`, `1236`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Said {
    /// Name of the sentence in the page's text.
    pub sentence: String,
    /// What fills it, in order.
    pub with: Vec<String>,
}

/// A command that takes an act back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Undo {
    /// Token given to `undo`.
    pub token: String,
}

/// Answer of `undo`.
pub type Undone = Done;

/// Incoming or outgoing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Đến.
    Incoming,
    /// Đi.
    Outgoing,
}

/// The mark on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// No mark.
    #[default]
    Normal,
    /// Khẩn.
    Urgent,
    /// Thượng khẩn.
    VeryUrgent,
    /// Hoả tốc.
    Express,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Attachment {
    /// SHA-256 in hexadecimal: the name under which its bytes are asked for.
    pub blob: String,
    /// The name people see.
    pub name: String,
    /// Kind of bytes.
    pub mime: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Pages, where it has pages.
    pub pages: Option<u32>,
}

/// A file on this PC by its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FileNamed {
    /// Full path.
    pub path: String,
}

/// Who and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct By {
    /// Name of the officer.
    pub name: String,
    /// Position.
    pub position: String,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An officer or a unit: `u:…` or `unit:…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PartyForm {
    /// `u:<id>` or `unit:<id>`.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Position of an officer and his unit; empty for a unit.
    #[serde(default)]
    pub detail: String,
    /// Whether it has opened the document or task.
    #[serde(default)]
    pub seen: bool,
}

/// A deadline, counted by the office calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Deadline {
    /// The last day.
    pub date: String,
    /// Working days left: 0 is today, negative is overdue.
    pub left: i32,
    /// Late: done after the deadline, by so many working days.
    pub late: Option<u32>,
    /// The year has no decided days yet: "tạm tính".
    pub provisional: bool,
    /// Days on the way that are no weekend and yet off.
    pub skipped: Vec<String>,
    /// The deadline before an extension.
    pub old: Option<String>,
}

/// What may be done now, by this officer, with this thing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Give a directive, assign (G, B).
    Direct,
    /// Pass on for information (C).
    Inform,
    /// Submit to a leader.
    Submit,
    /// Undo the own directive.
    UndoDirective,
    /// Recall a directive that was seen.
    RecallDirective,
    /// Correct a field.
    Edit,
    /// Add or take off files.
    Attach,
    /// Void the number.
    Void,
    /// Nothing more to do with it (L).
    Close,
    /// Take the closing back.
    Reopen,
    /// Give the number of a waiting document.
    GiveNumber,
    /// Change the draft.
    EditDraft,
    /// Submit the draft.
    SubmitDraft,
    /// Take the submission back.
    UndoSubmit,
    /// Approve (K).
    Approve,
    /// Return with remarks (T).
    Return,
    /// Number and register (V).
    Register,
    /// Mark as sent (P).
    Send,
    /// Report progress.
    Progress,
    /// Hand in the result.
    Report,
    /// Take the result back.
    UndoReport,
    /// Ask for more time (H).
    AskExtension,
    /// Grant or refuse more time (H).
    DecideExtension,
    /// Accept the result (K).
    Accept,
    /// Return the result (T).
    ReturnResult,
    /// Pass on within the unit.
    Transfer,
    /// Remind (N).
    Remind,
    /// Take the work back.
    Withdraw,
    /// Draft an answer.
    Answer,
    /// Send to agencies of the exchange (P).
    Issue,
    /// See who got it (R).
    Parcels,
    /// Answer a recall.
    AnswerRecall,
    /// Draft what takes its place (T).
    Replace,
}

/// One line of history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HistoryLine {
    /// Who and when.
    pub by: By,
    /// Name of what was done: the page has the words.
    pub deed: String,
    /// Values before and after.
    pub altered: Vec<HistoryAltered>,
    /// Reason, remarks.
    pub words: String,
    /// The act that was refused, by its wire name: it has no effect, and only its author is told.
    pub refused: Option<String>,
}

/// A value before and after, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HistoryAltered {
    /// Name of the field.
    pub field: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// One corrected field; `old` is what stood on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FieldEdit {
    /// The document.
    pub id: String,
    /// Name of the field.
    pub field: String,
    /// What stood there.
    pub old: String,
    /// What is to stand there.
    pub new: String,
}
