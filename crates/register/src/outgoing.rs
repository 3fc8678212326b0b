//! An outgoing document from draft to dispatch: draft, submit, approve or return, number, send.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::command::ReadTo;
use crate::held::HeldNumber;
use crate::id::{BookId, DocumentId, OfficerId, ParcelId, TaskId, UnitId};
use crate::incoming::{Urgency, Void};
use crate::moment::Moment;

/// Somebody it goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Name as printed under Nơi nhận.
    pub name: String,
    /// Agency code, when it is an agency that can be reached by exchange.
    pub code: String,
}

/// What stands on it: the fields of Phụ lục IV and VI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct OutgoingFields {
    /// Short name of the kind.
    pub kind: String,
    /// The one-sentence summary.
    pub subject: String,
    /// Urgency: the drafter proposes, the signer decides.
    pub urgency: Urgency,
    /// Full name of the signer.
    pub signer: String,
    /// Capacity and position: `KT. CHỦ TỊCH`, `PHÓ CHỦ TỊCH`.
    pub signer_position: String,
    /// Drafting unit; part of the symbol of a công văn.
    pub unit: Option<UnitId>,
    /// Who receives it.
    pub recipients: Vec<Recipient>,
    /// Unit or person who keeps the file copy.
    pub keeper: String,
    /// Copies made.
    pub copies: Option<u32>,
    /// Pages.
    pub pages: Option<u32>,
    /// Deadline for an answer.
    pub due: Option<Date>,
    /// Language when not Vietnamese.
    pub language: String,
    /// Symbol of the case file.
    pub case_file: String,
    /// Notes.
    pub note: String,
}

/// A field that can be corrected; number, symbol and date cannot once given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each stands for the field of the same name")]
pub enum OutgoingField {
    Kind,
    Subject,
    Urgency,
    Signer,
    SignerPosition,
    Unit,
    Recipients,
    Keeper,
    Copies,
    Pages,
    Due,
    Language,
    CaseFile,
    Note,
}

/// Where a draft stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stage {
    /// With its drafter.
    Draft,
    /// With the leader.
    Submitted {
        /// Which leader.
        to: OfficerId,
        /// Since when.
        at: Moment,
    },
    /// Back with the drafter, with remarks.
    Returned {
        /// By whom.
        by: OfficerId,
        /// When.
        at: Moment,
    },
    /// The leader agrees; it waits for signature on paper and its number.
    Approved {
        /// By whom.
        by: OfficerId,
        /// When.
        at: Moment,
    },
}

/// What a leader said about a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Who.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// The words.
    pub text: String,
}

/// The number it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The book.
    pub book: BookId,
    /// The year of the count.
    pub year: i16,
    /// The number; none while it awaits one.
    pub number: Option<u32>,
    /// Printed code while it awaits its number.
    pub slip: Option<String>,
    /// The symbol: `UBND-VP`.
    pub symbol: String,
    /// The date on the document.
    pub on: Date,
    /// When it was registered.
    pub at: Moment,
    /// By whom.
    pub by: OfficerId,
}

/// How it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// Ngày chuyển.
    pub on: Date,
    /// By post, by hand, by exchange: as typed.
    pub how: String,
    /// Who sent it.
    pub by: OfficerId,
    /// When that was recorded.
    pub at: Moment,
}

/// An outgoing document as the register holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Never changes.
    pub id: DocumentId,
    /// What stands on it.
    pub fields: OutgoingFields,
    /// Its files; the first is the document itself.
    pub attachments: Vec<Attachment>,
    /// Who drafted it.
    pub drafted_by: OfficerId,
    /// When.
    pub drafted_at: Moment,
    /// The incoming document it answers.
    pub answers: Option<DocumentId>,
    /// The task it is the product of.
    pub task: Option<TaskId>,
    /// The document of this agency that it takes the place of (Đ18.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<DocumentId>,
    /// Where the draft stands.
    pub stage: Stage,
    /// What leaders said, oldest first.
    pub remarks: Vec<Remark>,
    /// Times it was submitted.
    pub submissions: u32,
    /// Its number.
    pub given: Option<Given>,
    /// How it left.
    pub dispatch: Option<Dispatch>,
    /// Its way to agencies of the exchange, one a recipient, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parcels: Vec<ParcelId>,
    /// Taken back from everybody (Đ18.4): it stands as it was, and nothing more is done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Void>,
    /// Voided number, or a draft given up.
    pub void: Option<Void>,
    /// Who has opened it, and when first; the leader's opening counts from the last submission.
    pub seen: BTreeMap<OfficerId, Moment>,
    /// Stamped numbers that clash with the book, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldNumber>,
    /// The server was set back, and a PC brought this back as it had read it up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_back: Option<ReadTo>,
}
