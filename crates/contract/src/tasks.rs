//! Tasks in lists and open: progress, result, more time, acceptance.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::{Action, Attachment, By, Deadline, PartyForm, Urgency};
use crate::documents::DocumentRow;
use crate::line::Reach;

/// Where a task stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskStanding {
    /// Chưa xử lý.
    NotStarted,
    /// Đang xử lý.
    InProgress,
    /// Chờ duyệt kết quả.
    AwaitingAcceptance,
    /// Trả lại.
    Returned,
    /// Hoàn thành.
    Done,
    /// Thu hồi.
    Withdrawn,
}

/// Whose tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskView {
    /// Those I lead or help with.
    #[default]
    Mine,
    /// Those of my unit.
    Unit,
    /// Those I assigned.
    Assigned,
    /// All I may see.
    All,
}

/// Which tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct TaskFilter {
    /// Whose.
    pub view: TaskView,
    /// Done and withdrawn ones instead of open ones.
    pub closed: bool,
    /// Only overdue ones.
    pub overdue: bool,
}

/// How many open tasks each view has; at most 1,000 each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TaskCounts {
    /// View and count.
    pub counts: Vec<(TaskView, u32)>,
}

/// One line of a list of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TaskRow {
    /// Id.
    pub id: String,
    /// What is to be done.
    pub content: String,
    /// Where it stands.
    pub standing: TaskStanding,
    /// Deadline.
    pub deadline: Option<Deadline>,
    /// Lead.
    pub lead: PartyForm,
    /// Who assigned it.
    pub assigner: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Progress in percent.
    pub percent: u32,
    /// The document it comes from: id and reference.
    pub document: Option<(String, String)>,
    /// Extension asked for: the new date.
    pub extension: Option<String>,
    /// The day the result was handed in that was accepted.
    pub done_on: Option<String>,
    /// Times reminded.
    pub reminders: u32,
    /// Not yet opened by this officer.
    pub unread: bool,
    /// How far it has come on its way to others.
    pub reach: Reach,
}

/// Tasks, the most pressing first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TaskWindow {
    /// At most 1,000.
    pub rows: Vec<TaskRow>,
    /// More than are shown.
    pub more: bool,
}

/// Alias for the page.
pub type Tasks = TaskWindow;

/// One progress line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgressShown {
    /// Who and when.
    pub by: By,
    /// Percent.
    pub percent: u32,
    /// The words.
    pub note: String,
}

/// One result report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ReportShown {
    /// Who and when.
    pub by: By,
    /// The words.
    pub text: String,
    /// Files.
    pub files: Vec<Attachment>,
    /// Outgoing document that is the product.
    pub product: Option<String>,
    /// Answered: accepted or not, by whom, with which words.
    pub verdict: Option<(bool, By, String)>,
}

/// One request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ExtensionShown {
    /// Who and when.
    pub by: By,
    /// Old deadline.
    pub old: Option<String>,
    /// New deadline asked for.
    pub new: String,
    /// Why.
    pub reason: String,
    /// Answered: granted or not, by whom, with which words.
    pub verdict: Option<(bool, By, String)>,
}

/// One task, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TaskOpened {
    /// Its line.
    pub row: TaskRow,
    /// Co-operating.
    pub co: Vec<PartyForm>,
    /// For information.
    pub information: Vec<PartyForm>,
    /// Product asked for.
    pub product: String,
    /// When it was assigned.
    #[ts(type = "number")]
    pub assigned_at: i64,
    /// Directive it came with.
    pub directive: String,
    /// Progress, newest first.
    pub progress: Vec<ProgressShown>,
    /// Reports, newest first.
    pub reports: Vec<ReportShown>,
    /// Requests for more time, newest first.
    pub extensions: Vec<ExtensionShown>,
    /// The document it comes from.
    pub document: Option<DocumentRow>,
    /// Files of that document.
    pub attachments: Vec<Attachment>,
    /// Drafts that are its product.
    pub drafts: Vec<DocumentRow>,
    /// Those it can be passed on to.
    pub transfer_to: Vec<PartyForm>,
    /// What this officer may do now.
    pub actions: Vec<Action>,
}

/// Assigns work without a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TaskForm {
    /// What is to be done.
    pub content: String,
    /// Lead.
    pub lead: String,
    /// Co-operating.
    pub co: Vec<String>,
    /// For information.
    pub information: Vec<String>,
    /// Deadline: ISO date, working days as digits, or empty.
    pub deadline: String,
    /// Product asked for.
    pub product: String,
}

/// Reports progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ProgressForm {
    /// The task.
    pub id: String,
    /// 0 to 100.
    pub percent: u32,
    /// The words.
    pub note: String,
}

/// Hands in the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ReportForm {
    /// The task.
    pub id: String,
    /// The words.
    pub text: String,
    /// Files.
    pub files: Vec<Attachment>,
    /// Outgoing document that is the product.
    pub product: Option<String>,
}

/// Asks for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ExtensionAsking {
    /// The task.
    pub id: String,
    /// New deadline: ISO date.
    pub until: String,
    /// Why.
    pub reason: String,
}

/// Passes work on within the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TransferForm {
    /// The task.
    pub id: String,
    /// To whom.
    pub to: String,
    /// The words.
    pub note: String,
}
