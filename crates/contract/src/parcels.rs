//! Between agencies: sending, receipts, reminders, recalls, and what comes from others.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::Direction;
use crate::documents::DocumentRow;
use crate::line::Reach;

/// Where a parcel stands at its recipient; the numbers are those of QCVN 102.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParcelStanding {
    /// With the server, or on the way to it.
    Sent,
    /// It cannot arrive.
    Undeliverable,
    /// 01.
    Arrived,
    /// 02.
    Refused,
    /// 03.
    Accepted,
    /// 04.
    Assigned,
    /// 05.
    InProgress,
    /// 06.
    Done,
    /// 13.
    RecallAsked,
    /// 15.
    Recalled,
}

/// A recall, and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RecallShown {
    /// When it was asked.
    #[ts(type = "number")]
    pub at: i64,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it was answered.
    #[ts(type = "number | null")]
    pub answered_at: Option<i64>,
    /// Given back.
    pub agreed: bool,
    /// Nobody had taken it in, so nobody was asked.
    pub by_itself: bool,
    /// Who answered.
    pub answered_by: String,
    /// Why not, or a remark.
    pub answer: String,
    /// The document that is sent in its place, where its sender has named one.
    pub replaced_by: Option<Replacement>,
}

/// A document beside another one: what that takes the place of, or what takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Replacement {
    /// Number and symbol; empty for a draft, and for what has not come here.
    pub reference: String,
    /// The date on it.
    pub dated: Option<String>,
    /// The one-sentence summary.
    pub subject: String,
    /// Which way it went.
    pub direction: Direction,
    /// The document on this PC.
    pub document: Option<String>,
    /// Its card, while it waits in the tray.
    pub card: Option<String>,
}

/// One recipient of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ParcelRow {
    /// The parcel.
    pub id: String,
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What it is sent for.
    pub purpose: String,
    /// Until when it is to answer.
    pub due: Option<String>,
    /// Where it stands.
    pub standing: ParcelStanding,
    /// How far it has come from this PC.
    pub reach: Reach,
    /// Files that are still to go up from this PC before it can leave; 0 once it has arrived.
    pub files_left: u32,
    /// When it was issued.
    #[ts(type = "number")]
    pub sent_at: i64,
    /// 01.
    #[ts(type = "number | null")]
    pub arrived_at: Option<i64>,
    /// When a PC of the recipient had it.
    #[ts(type = "number | null")]
    pub fetched_at: Option<i64>,
    /// 02 or 03.
    #[ts(type = "number | null")]
    pub answered_at: Option<i64>,
    /// Who accepted or refused it.
    pub answered_by: String,
    /// Số đến there.
    pub number: String,
    /// Why it was sent back; empty otherwise.
    pub refused: String,
    /// It was sent to the wrong agency.
    pub misaddressed: bool,
    /// 04.
    #[ts(type = "number | null")]
    pub assigned_at: Option<i64>,
    /// 05.
    #[ts(type = "number | null")]
    pub in_progress_at: Option<i64>,
    /// 06.
    #[ts(type = "number | null")]
    pub done_at: Option<i64>,
    /// Reminders.
    pub chased: u32,
    /// The last of them.
    #[ts(type = "number | null")]
    pub chased_at: Option<i64>,
    /// 13, 15, 16.
    pub recall: Option<RecallShown>,
    /// Why it cannot arrive: `no_such_agency`, `name_taken`.
    pub lost: Option<String>,
    /// It may be reminded.
    pub may_chase: bool,
    /// It may be called back.
    pub may_recall: bool,
}

/// Everybody a document was sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Parcels {
    /// The document.
    pub document: DocumentRow,
    /// In the order they were sent.
    pub rows: Vec<ParcelRow>,
    /// Those that have it in a book.
    pub accepted: u32,
    /// Those that sent it back, or cannot be reached.
    pub refused: u32,
    /// Those that said nothing yet.
    pub unanswered: u32,
    /// It may be sent to more.
    pub may_issue: bool,
    /// A document may be drafted that takes its place.
    pub may_replace: bool,
    /// Why it was taken back from everybody.
    pub recalled: Option<String>,
    /// What it takes the place of.
    pub replaces: Option<Replacement>,
    /// What takes its place, oldest first; drafts too.
    pub replaced_by: Vec<Replacement>,
}

/// An agency one can write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AgencyFound {
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
    /// Its last day, where it has ended.
    pub ended: Option<String>,
    /// A document can be sent to it now.
    pub takes: bool,
    /// Who took over its duties.
    pub heirs: Vec<AgencyFound>,
}

/// Agencies that are written to together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RecipientsTogether {
    /// What clerks call the group; number and symbol where it is who got a document before.
    pub name: String,
    /// It is who got the last document of that kind, and no group.
    pub last: bool,
    /// Who is in it.
    pub members: Vec<AgencyFound>,
    /// Members that the directory does not have any more.
    pub unknown: u32,
}

/// Looks for agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AgenciesAsked {
    /// As typed; marks may be left out.
    pub text: String,
    /// The document that is to be sent, for who got the last one of its kind.
    #[serde(default)]
    pub document: Option<String>,
}

/// Agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AgenciesFound {
    /// The likeliest first.
    pub agencies: Vec<AgencyFound>,
    /// Groups whose name fits; all of them while nothing is typed.
    pub groups: Vec<RecipientsTogether>,
}

/// Keeps a group of recipients; without any it is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct GroupForm {
    /// What it is called; a group of that name is changed.
    pub name: String,
    /// Who is in it.
    pub agencies: Vec<String>,
}

/// Whom the recipients of a draft mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Meant {
    /// Those that can only be one agency, and have not been sent to.
    pub agencies: Vec<AgencyFound>,
    /// The others, as the draft calls them: they get it on paper.
    pub on_paper: Vec<String>,
    /// Until when the document asks for an answer; empty without.
    pub due: String,
}

/// One recipient as chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AddresseeForm {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its code.
    #[serde(default)]
    pub code: String,
    /// What it is sent for.
    #[serde(default)]
    pub purpose: String,
    /// Until when it is to answer; empty without.
    #[serde(default)]
    pub due: String,
}

/// Sends a document to agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct IssueForm {
    /// The document.
    pub id: String,
    /// Day it leaves; empty is today.
    pub on: String,
    /// Where to.
    pub to: Vec<AddresseeForm>,
}

/// Reminds recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ChaseForm {
    /// The document.
    pub id: String,
    /// Which parcels; empty: all that have said nothing.
    #[serde(default)]
    pub parcels: Vec<String>,
    /// The words.
    pub note: String,
}

/// Calls a document back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RecallForm {
    /// The document.
    pub id: String,
    /// Which parcels; empty: all.
    #[serde(default)]
    pub parcels: Vec<String>,
    /// Why.
    pub reason: String,
    /// The document that is sent in its place.
    pub replaced_by: Option<String>,
}

/// What came with a document from another agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ArrivalShown {
    /// The parcel.
    pub id: String,
    /// Who sent it.
    pub from: String,
    /// Its code.
    pub code: String,
    /// What it is sent for.
    pub purpose: String,
    /// Until when an answer is asked for.
    pub due: Option<String>,
    /// When it was issued.
    #[ts(type = "number")]
    pub issued_at: i64,
    /// By whom there.
    pub issued_by: String,
    /// When all of it was here.
    #[ts(type = "number")]
    pub arrived_at: i64,
    /// Reminders.
    pub chased: u32,
    /// Words of the last one.
    pub chase_note: String,
    /// The sender wants it back.
    pub recall: Option<RecallShown>,
    /// What it takes the place of.
    pub replaces: Option<Replacement>,
    /// What came in its place, or is to come, oldest first.
    pub replaced_by: Vec<Replacement>,
    /// The document it became here.
    pub document: Option<String>,
    /// Its number here.
    pub number: String,
}

/// A file that proves what became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EvidenceWritten {
    /// Where it is.
    pub path: String,
    /// Receipts in it.
    pub receipts: u32,
}

/// Sends back what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RefuseArrivalForm {
    /// The parcel.
    pub id: String,
    /// Why.
    pub reason: String,
    /// It was meant for another agency.
    #[serde(default)]
    pub misaddressed: bool,
}

/// Answers a recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AnswerRecallForm {
    /// The parcel.
    pub id: String,
    /// Give it back.
    pub agree: bool,
    /// Why not, or a remark.
    #[serde(default)]
    pub reason: String,
}
