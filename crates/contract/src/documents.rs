//! Documents in lists and open: rows by exact index, fields, directives, history.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::{
    Action, Attachment, By, Deadline, Direction, HistoryLine, Named, PartyForm, Urgency,
};
use crate::line::Reach;
use crate::outgoing::OutgoingShown;
use crate::parcels::{ArrivalShown, Replacement};

/// Where a document stands, in one word.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Chờ cấp số.
    AwaitingNumber,
    /// Chờ trình: registered, not yet before a leader.
    ToSubmit,
    /// Chờ ý kiến.
    AwaitingDirective,
    /// Đang xử lý.
    InProgress,
    /// Chờ duyệt kết quả.
    AwaitingAcceptance,
    /// Đã xong.
    Done,
    /// Dự thảo.
    Draft,
    /// Chờ duyệt.
    Submitted,
    /// Trả lại.
    Returned,
    /// Đã duyệt, chờ số.
    Approved,
    /// Có số, chờ phát hành.
    ToSend,
    /// Đã phát hành.
    Sent,
    /// Huỷ số.
    Void,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DocumentRow {
    /// Id.
    pub id: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// Arrival number, or number of an outgoing document; empty while it has none.
    pub number: String,
    /// Number and symbol as printed: `2417/SNV-CCHC`.
    pub reference: String,
    /// Date on the document.
    pub issued_on: Option<String>,
    /// The day it came, was drafted or issued: the order of the list.
    pub day: String,
    /// Issuer of an incoming, drafting unit of an outgoing document.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// Name of the kind.
    pub kind: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Where it stands.
    pub state: DocumentState,
    /// Nearest deadline of its open tasks, or the one on the document.
    pub deadline: Option<Deadline>,
    /// Who handles it.
    pub handler: String,
    /// Not yet opened by this officer.
    pub unread: bool,
    /// Files.
    pub attachments: u32,
    /// How far it has come on its way to others.
    pub reach: Reach,
    /// A stamped number that clashes with another's: `58`.
    pub clash: Option<String>,
}

/// What a list shows. Every field narrows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct DocumentFilter {
    /// Incoming or outgoing; none is both.
    pub direction: Option<Direction>,
    /// One book.
    pub book: Option<String>,
    /// One state; `open` is everything not done, `urgent` everything urgent and not done,
    /// `overdue` incoming documents with work past its deadline.
    pub state: Option<String>,
    /// One unit or officer that handles it: `u:…`, `unit:…`.
    pub party: Option<String>,
    /// From this day.
    pub from: Option<String>,
    /// To this day.
    pub to: Option<String>,
}

/// Asks for rows by index, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct WindowAsked {
    /// What the list shows.
    pub filter: DocumentFilter,
    /// Index of the first row.
    #[ts(type = "number")]
    pub first: u64,
    /// Rows; at most 200.
    pub count: u32,
}

/// Rows of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DocumentWindow {
    /// The rows.
    pub rows: Vec<DocumentRow>,
    /// Index of the first row.
    #[ts(type = "number")]
    pub first: u64,
    /// Rows in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Whether `total` is exact; else there are at least so many.
    pub exact: bool,
}

/// Asks how many documents some states have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct CountsAsked {
    /// Incoming or outgoing.
    pub direction: Direction,
    /// States as in a filter.
    pub states: Vec<String>,
}

/// How many documents some states have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Counts {
    /// State and count, in the order asked.
    #[ts(type = "[string, number][]")]
    pub counts: Vec<(String, u64)>,
}

/// Asks for one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DocumentAsked {
    /// Id.
    pub id: String,
    /// Records that this officer has opened it.
    pub seen: bool,
}

/// The fields of an incoming document as typed. Dates are ISO or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct Fields {
    /// Number as printed.
    pub number: String,
    /// Symbol.
    pub symbol: String,
    /// Date on the document.
    pub issued_on: String,
    /// Issuer.
    pub issuer: String,
    /// Short name of the kind.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Signer.
    pub signer: String,
    /// Position of the signer.
    pub signer_position: String,
    /// Units or persons it is for.
    pub to_places: String,
    /// Deadline for an answer.
    pub due: String,
    /// Pages.
    pub pages: String,
    /// Copies.
    pub copies: String,
    /// Language.
    pub language: String,
    /// Case file.
    pub case_file: String,
    /// Notes.
    pub note: String,
}

/// Registers an incoming document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct IncomingForm {
    /// The book.
    pub book: String,
    /// The day it came; empty is today.
    pub arrived_on: String,
    /// What stands on it.
    pub fields: Fields,
    /// Stored files.
    pub attachments: Vec<Attachment>,
    /// The tray card it comes from.
    pub card: Option<String>,
    /// The clerk says the page bears a mark of secrecy.
    pub secret: bool,
    /// Why it is registered although one like it is there.
    pub twin_reason: Option<String>,
    /// Leader it goes to.
    pub submit_to: Option<String>,
    /// The number it bears on paper already, when it is entered again.
    pub paper_number: Option<u32>,
}

/// Asks which number comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct NextAsked {
    /// The book.
    pub book: String,
    /// The date; empty is today.
    pub date: String,
}

/// The next number of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Next {
    /// The number; none when this PC may not give it.
    pub number: Option<u32>,
    /// As printed: `05`.
    pub text: String,
    /// The last date of the book.
    pub last_date: Option<String>,
    /// Who may give the number, when it is not this PC.
    pub holder: Option<String>,
}

/// Looks for documents like this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TwinsAsked {
    /// Number as printed.
    pub number: String,
    /// Symbol.
    pub symbol: String,
    /// Issuer.
    pub issuer: String,
    /// Date on the document, for the year.
    pub issued_on: String,
    /// Files by hash.
    pub blobs: Vec<String>,
}

/// A document like this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Twin {
    /// The document.
    pub row: DocumentRow,
    /// The same file; else the same issuer, number, symbol and year.
    pub same_file: bool,
}

/// Documents like this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Twins {
    /// At most ten.
    pub twins: Vec<Twin>,
}

/// One document, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DocumentOpened {
    /// Its line.
    pub row: DocumentRow,
    /// Fields of an incoming document.
    pub fields: Option<Fields>,
    /// The parts of an outgoing document.
    pub outgoing: Option<OutgoingShown>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Those of them that are with the server only; opened, they come.
    pub elsewhere: Vec<String>,
    /// Name of the book.
    pub book: Option<Named>,
    /// The day it came.
    pub arrived_on: Option<String>,
    /// Slip code while it waits for a number.
    pub slip: Option<String>,
    /// Who registered or drafted it.
    pub entered: By,
    /// The leader it was submitted to.
    pub submitted_to: Option<PartyForm>,
    /// What the office proposes.
    pub proposal: String,
    /// Directives, newest first.
    pub directives: Vec<DirectiveShown>,
    /// The way it has gone and what comes next.
    pub steps: Vec<Step>,
    /// Documents it answers or that answer it.
    pub related: Vec<DocumentRow>,
    /// What it takes the place of.
    pub replaces: Option<Replacement>,
    /// What takes its place, oldest first; drafts too.
    pub replaced_by: Vec<Replacement>,
    /// Why the number was voided.
    pub void_reason: Option<String>,
    /// What this officer may do now.
    pub actions: Vec<Action>,
    /// How it came from another agency.
    pub arrival: Option<ArrivalShown>,
    /// Why it was taken back by who issued it.
    pub recalled: Option<String>,
    /// How many agencies it was sent to, and how many of them have it in a book.
    pub sent_to: (u32, u32),
    /// What the law wants and by when: `register`, `submit`, `send`.
    pub statutory: Vec<(String, Deadline)>,
}

/// A directive as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DirectiveShown {
    /// Id.
    pub id: String,
    /// Who and when.
    pub by: By,
    /// The words.
    pub text: String,
    /// The task it gave.
    pub task: Option<String>,
    /// Lead.
    pub lead: Option<PartyForm>,
    /// Co-operating.
    pub co: Vec<PartyForm>,
    /// For information.
    pub information: Vec<PartyForm>,
    /// Deadline of the task.
    pub deadline: Option<Deadline>,
    /// Progress of the task in percent.
    pub percent: u32,
    /// Standing of the task by wire name.
    pub standing: Option<String>,
    /// Why it was recalled; empty text when it was undone.
    pub withdrawn: Option<String>,
    /// Whether this officer may undo it now.
    pub can_undo: bool,
    /// Whether this officer may recall it now.
    pub can_recall: bool,
}

/// Where a step of the way stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Behind.
    Done,
    /// Now.
    Current,
    /// Ahead.
    Ahead,
}

/// A step of the way: the page has the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Step {
    /// Name: `registered`, `directed`, `reported`, `accepted`, `drafted`, `approved`, …
    pub name: String,
    /// What fills its words.
    pub with: String,
    /// Where it stands.
    pub state: StepState,
    /// When.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
}

/// History of a document or task, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct History {
    /// At most 500 lines.
    pub lines: Vec<HistoryLine>,
}

/// Work given by a directive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Assigning {
    /// Lead: `u:…` or `unit:…`.
    pub lead: String,
    /// Co-operating.
    pub co: Vec<String>,
    /// Deadline: ISO date, or a number of working days as digits, or empty for none.
    pub deadline: String,
    /// What is to be done; the subject when empty.
    pub content: String,
}

/// Gives a directive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Directed {
    /// The documents; the same directive goes on each.
    pub ids: Vec<String>,
    /// The words.
    pub text: String,
    /// Work; none when it is for information only.
    pub assign: Option<Assigning>,
    /// For information.
    pub information: Vec<String>,
}

/// Submits an incoming document to a leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SubmitForm {
    /// The document.
    pub id: String,
    /// The leader.
    pub to: String,
    /// What the office proposes.
    pub proposal: String,
}

/// Somebody who may lead, proposed first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Suggestion {
    /// Who.
    pub party: PartyForm,
    /// Open tasks he leads now.
    pub open_tasks: u32,
}

/// What the assignment box offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Suggestions {
    /// For a digit each: at most nine.
    pub first: Vec<Suggestion>,
    /// Everybody work can be given to.
    pub all: Vec<PartyForm>,
    /// Leaders.
    pub leaders: Vec<PartyForm>,
    /// Own phrases, most used first.
    pub phrases: Vec<String>,
    /// Proposed deadline as a date.
    pub deadline: Option<Deadline>,
}
