//! An incoming document: what stands on it, when it came, what the leader wrote on it.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::command::ReadTo;
use crate::held::HeldNumber;
use crate::id::{BookId, DirectiveId, DocumentId, OfficerId, ParcelId, TaskId};
use crate::moment::Moment;
use crate::task::Party;

/// The boxed mark in red (NĐ 30/2020 PL I, III.2b).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
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

/// What the clerk reads off the page: the fields of Phụ lục IV and VI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct IncomingFields {
    /// Number as printed: any text, `45a` occurs (PL VI CodeNumber).
    pub number: String,
    /// Symbol after the slash: `UBND-KTN` (PL VI CodeNotation).
    pub symbol: String,
    /// Date on the document.
    pub issued_on: Option<Date>,
    /// Issuing agency.
    pub issuer: String,
    /// Short name of the kind.
    pub kind: String,
    /// The one-sentence summary.
    pub subject: String,
    /// Urgency mark.
    pub urgency: Urgency,
    /// Full name of the signer.
    pub signer: String,
    /// Position of the signer as printed.
    pub signer_position: String,
    /// Units or persons it is for, as typed (PL VI ToPlaces).
    pub to_places: String,
    /// Deadline for an answer, if the document states one.
    pub due: Option<Date>,
    /// Pages.
    pub pages: Option<u32>,
    /// Paper copies received.
    pub copies: Option<u32>,
    /// Language when not Vietnamese.
    pub language: String,
    /// Symbol of the case file.
    pub case_file: String,
    /// Notes.
    pub note: String,
}

/// A field that can be corrected after registration; the number and the arrival date cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each stands for the field of the same name")]
pub enum IncomingField {
    Number,
    Symbol,
    IssuedOn,
    Issuer,
    Kind,
    Subject,
    Urgency,
    Signer,
    SignerPosition,
    ToPlaces,
    Due,
    Pages,
    Copies,
    Language,
    CaseFile,
    Note,
}

/// A number that was given and is not valid: the line stays in the book with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Void {
    /// Why, printed in the book.
    pub reason: String,
    /// Who.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
}

/// What is kept of a document that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The reason its issuer gave.
    pub reason: String,
    /// Who agreed here.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// The files it had.
    pub files: Vec<Attachment>,
}

/// What a leader wrote on a document, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directive {
    /// Never changes.
    pub id: DirectiveId,
    /// Who wrote it.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// The words; may be empty when the assignment says it all.
    pub text: String,
    /// The task it gave, if it gave one.
    pub task: Option<TaskId>,
    /// Lead and co-operating parties of that task, kept here so that they see the document.
    pub parties: Vec<Party>,
    /// Those it goes to for information.
    pub information: Vec<Party>,
    /// Somebody other than its writer has opened the document since: it can no longer be undone.
    #[serde(default)]
    pub opened: bool,
    /// Taken back before anybody had seen it, or recalled with a reason after.
    pub withdrawn: Option<Void>,
}

/// An incoming document as the register holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Never changes.
    pub id: DocumentId,
    /// The book.
    pub book: BookId,
    /// The year of the count.
    pub year: i16,
    /// The arrival number; none while it awaits one.
    pub number: Option<u32>,
    /// The date of the number in the book: the arrival date, or later when it waited for a number.
    pub numbered_on: Option<Date>,
    /// Printed code of a document that awaits its number: `T-7F31-012`.
    pub slip: Option<String>,
    /// The day it came (NĐ 30/2020 Đ22).
    pub arrived_on: Date,
    /// What stands on it.
    pub fields: IncomingFields,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// When it was registered.
    pub registered_at: Moment,
    /// By whom.
    pub registered_by: OfficerId,
    /// Why it was registered although one like it was there.
    pub twin_reason: Option<String>,
    /// The leader it was submitted to, and when (Đ23.1).
    pub submitted: Option<(OfficerId, Moment)>,
    /// What the office proposes to the leader.
    pub proposal: String,
    /// Everything leaders wrote, oldest first.
    pub directives: Vec<Directive>,
    /// Nothing more to do, and since when; set when all tasks are accepted or it needs none.
    pub closed: Option<Moment>,
    /// Voided number.
    pub void: Option<Void>,
    /// Who has opened it, and when first.
    pub seen: BTreeMap<OfficerId, Moment>,
    /// Stamped numbers that clash with the book, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldNumber>,
    /// The parcel it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<ParcelId>,
    /// Taken back by who issued it: number and line stay, its files are open to nobody (PL VI,
    /// III.8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Withheld>,
    /// The server was set back, and a PC brought this back as it had read it up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_back: Option<ReadTo>,
}

impl Incoming {
    /// The directives in force.
    pub fn in_force(&self) -> impl Iterator<Item = &Directive> {
        self.directives.iter().filter(|directive| directive.withdrawn.is_none())
    }

    /// The tasks given from it and in force.
    pub fn tasks(&self) -> impl Iterator<Item = TaskId> {
        self.in_force().filter_map(|directive| directive.task)
    }
}
