//! Outgoing documents: the draft form, numbering, sending.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::{Attachment, By, Urgency};

/// Somebody it goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RecipientForm {
    /// Name.
    pub name: String,
    /// Agency code, if known.
    #[serde(default)]
    pub code: String,
}

/// A draft as typed. Without `id` it is new.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct DraftForm {
    /// The draft, when it exists.
    pub id: Option<String>,
    /// Short name of the kind.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Signer.
    pub signer: String,
    /// Capacity and position.
    pub signer_position: String,
    /// Drafting unit.
    pub unit: String,
    /// Recipients.
    pub recipients: Vec<RecipientForm>,
    /// Who keeps the file copy.
    pub keeper: String,
    /// Copies.
    pub copies: String,
    /// Pages.
    pub pages: String,
    /// Deadline for an answer.
    pub due: String,
    /// Language.
    pub language: String,
    /// Case file.
    pub case_file: String,
    /// Notes.
    pub note: String,
    /// Files; the first is the document.
    pub attachments: Vec<Attachment>,
    /// Incoming document it answers.
    pub answers: Option<String>,
    /// Task it is the product of.
    pub task: Option<String>,
    /// Document of this agency that it takes the place of.
    #[serde(default)]
    pub replaces: Option<String>,
}

/// What a leader said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RemarkShown {
    /// Who and when.
    pub by: By,
    /// The words.
    pub text: String,
}

/// The parts of an outgoing document that an incoming one does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OutgoingShown {
    /// The fields.
    pub form: DraftForm,
    /// What leaders said, newest first.
    pub remarks: Vec<RemarkShown>,
    /// Times it was submitted.
    pub submissions: u32,
    /// Date on the document, once numbered.
    pub dated: Option<String>,
    /// How and when it left.
    pub sent: Option<(String, String)>,
}

/// Submits a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SubmitDraftForm {
    /// The draft.
    pub id: String,
    /// The leader.
    pub to: String,
}

/// Asks for the symbol and the number a document would get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SymbolAsked {
    /// The document.
    pub id: String,
    /// Date; empty is today.
    pub date: String,
}

/// The symbol and the number a document would get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SymbolProposed {
    /// The book that takes its kind.
    pub book: Option<String>,
    /// Its name.
    pub book_name: String,
    /// The number, when this PC may give it.
    pub number: Option<u32>,
    /// The symbol.
    pub symbol: String,
    /// As printed: `05/QĐ-UBND`.
    pub reference: String,
    /// The last date of the book.
    pub last_date: Option<String>,
}

/// Numbers and registers an outgoing document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RegisterOutgoingForm {
    /// The document.
    pub id: String,
    /// The book.
    pub book: String,
    /// Date on the document; empty is today.
    pub on: String,
    /// Symbol; empty builds it by rule.
    pub symbol: String,
    /// The clerk states that the paper is signed.
    #[serde(default)]
    pub signed_on_paper: bool,
    /// The number it bears on paper already, when it is entered again.
    pub paper_number: Option<u32>,
}

/// Marks it as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct SendForm {
    /// The document.
    pub id: String,
    /// Day it left; empty is today.
    pub on: String,
    /// How: by post, by hand.
    pub how: String,
}
