//! A document on its way from one agency to another: what the sender knows of it, and what the
//! recipient has in hand (SYNC 2.6; NĐ 30/2020 Đ18.4, Đ21.2; QCVN 102, QĐ 28/2018).
//!
//! Nothing is deleted and nothing goes back: each fact has its own field and is set once, so that
//! receipts may come in any order and twice. Where it stands is derived from them.
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::command::ReadTo;
use crate::id::{AgencyId, DocumentId, OfficerId, ParcelId};
use crate::incoming::Urgency;
use crate::moment::Moment;

/// Agencies one act sends a document to.
pub const ADDRESSEES_MAX: usize = 200;
/// Parcels of one document.
pub const PARCELS_MAX: usize = 1000;
/// Reminders of one parcel.
pub const CHASES_MAX: usize = 50;

/// An agency as the exchange knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// The agency.
    pub agency: AgencyId,
    /// Its identifier of QĐ 20/2020 when this was written; a code is never a key.
    pub code: String,
    /// Its name when this was written.
    pub name: String,
}

/// Somebody a document is sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// Name of the new parcel.
    pub parcel: ParcelId,
    /// Where it goes.
    pub to: Address,
    /// What it is sent for, as typed: `để thực hiện`, `để biết`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Until when this recipient is to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The parcel to the same agency that this one takes the place of: one that was called back, or
    /// one of the document that this document replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ParcelId>,
}

/// One reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chase {
    /// Its place among those of its parcel, from 1: they may come in any order.
    pub nth: u32,
    /// When.
    pub at: Moment,
    /// Who, by name: he works in the other agency.
    pub by: String,
    /// The words.
    pub note: String,
}

/// What a recipient said of a parcel; of two answers the later one in his log stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The entry of the recipient's log.
    pub place: ReadTo,
    /// When.
    pub at: Moment,
    /// Who, by name.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub said: Said,
}

/// Taken in or sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "said")]
pub enum Said {
    /// 03: it stands in a book there.
    Accepted {
        /// Số đến; none while it waits for one.
        number: Option<u32>,
        /// Its date in the book.
        on: Option<Date>,
        /// It was taken in by this; else only its number came later.
        anew: bool,
    },
    /// 02: sent back (Đ21.2: invalid, or not theirs).
    Refused {
        /// Why.
        reason: String,
        /// It was addressed to the wrong agency.
        misaddressed: bool,
    },
}

/// The sender wants it back (Đ18.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// When.
    pub at: Moment,
    /// Who, by name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The document that is sent in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<DocumentId>,
    /// 15 or 16; none while the recipient has not said.
    pub answer: Option<RecallAnswer>,
}

/// What the recipient said to a recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallAnswer {
    /// The entry of the recipient's log; none in his own half of the parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ReadTo>,
    /// When.
    pub at: Moment,
    /// Who, by name; empty where nobody had taken it in yet.
    pub by: String,
    /// Agreed: hidden there, with a proof here.
    pub agreed: bool,
    /// Nobody there had taken it in, so nobody was asked.
    pub by_itself: bool,
    /// Why not, or a remark.
    pub reason: String,
}

/// Why a parcel cannot arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undeliverable {
    /// No server that can be reached has this agency.
    NoSuchAgency,
    /// The agency has a parcel of this name from somebody else.
    NameTaken,
}

/// What the sender knows of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Never changes.
    pub id: ParcelId,
    /// The document.
    pub document: DocumentId,
    /// Where it goes.
    pub to: Address,
    /// What it is sent for.
    pub purpose: String,
    /// Until when this recipient is to answer.
    pub due: Option<Date>,
    /// The parcel to the same agency that it takes the place of.
    pub replaces: Option<ParcelId>,
    /// When it was issued.
    pub issued_at: Moment,
    /// By whom.
    pub issued_by: OfficerId,
    /// 01: the whole of it, every file verified, is in the recipient's log.
    pub arrived: Option<Moment>,
    /// A PC of the recipient has it.
    pub fetched: Option<Moment>,
    /// 02 or 03.
    pub answer: Option<Answered>,
    /// The entry by which it was taken in last: a recall that was answered before is asked again.
    pub taken_anew: Option<ReadTo>,
    /// 04.
    pub assigned: Option<Moment>,
    /// 05.
    pub in_progress: Option<Moment>,
    /// 06.
    pub done: Option<Moment>,
    /// Reminders, oldest first.
    pub chased: Vec<Chase>,
    /// 13, with 15 or 16.
    pub recall: Option<Recall>,
    /// It cannot arrive.
    pub lost: Option<(Undeliverable, Moment)>,
    /// The server was set back, and a PC brought this back as it had read it up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_back: Option<ReadTo>,
}

/// Where a parcel stands, derived from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl Parcel {
    /// Where it stands.
    pub fn standing(&self) -> ParcelStanding {
        match self.recall.as_ref().map(|recall| &recall.answer) {
            Some(None) => return ParcelStanding::RecallAsked,
            Some(Some(answer)) if answer.agreed => return ParcelStanding::Recalled,
            // 16: it goes on there as if nobody had asked.
            Some(Some(_)) | None => {}
        }
        let refused = matches!(&self.answer, Some(Answered { said: Said::Refused { .. }, .. }));
        match self {
            _ if refused => ParcelStanding::Refused,
            Parcel { done: Some(_), .. } => ParcelStanding::Done,
            Parcel { in_progress: Some(_), .. } => ParcelStanding::InProgress,
            Parcel { assigned: Some(_), .. } => ParcelStanding::Assigned,
            Parcel { answer: Some(_), .. } => ParcelStanding::Accepted,
            Parcel { arrived: Some(_), .. } => ParcelStanding::Arrived,
            Parcel { lost: Some(_), .. } => ParcelStanding::Undeliverable,
            _ => ParcelStanding::Sent,
        }
    }

    /// Whether the recipient has it or still may get it: nothing else is sent to him meanwhile.
    pub fn is_live(&self) -> bool {
        !matches!(
            self.standing(),
            ParcelStanding::Undeliverable | ParcelStanding::Refused | ParcelStanding::Recalled
        )
    }

    /// Whether it can be asked back: somebody may have it, is not done with it, and was not asked.
    pub fn may_be_recalled(&self) -> bool {
        self.is_live() && self.recall.is_none() && self.standing() != ParcelStanding::Done
    }

    /// Whether the recipient has not said yes or no: he may be reminded.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.standing(), ParcelStanding::Sent | ParcelStanding::Arrived)
    }
}

/// What stands on a document, as its recipient gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The sender's name for it.
    pub document: DocumentId,
    /// Number as printed.
    pub number: String,
    /// Symbol after the slash.
    pub symbol: String,
    /// Date on the document.
    pub issued_on: Date,
    /// Short name of the kind in the sender's catalogue.
    pub kind: String,
    /// Name of the kind.
    pub kind_name: String,
    /// The one-sentence summary.
    pub subject: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Full name of the signer.
    pub signer: String,
    /// Capacity and position.
    pub signer_position: String,
    /// Pages.
    pub pages: Option<u32>,
    /// Language when not Vietnamese.
    pub language: String,
    /// Its files; the first is the document itself.
    pub files: Vec<Attachment>,
}

/// Taken in by an officer of the recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// The document it became.
    pub document: DocumentId,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: OfficerId,
    /// Số đến; none while it waits for one.
    pub number: Option<u32>,
    /// Its date in the book.
    pub on: Option<Date>,
}

/// Sent back by an officer of the recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: OfficerId,
    /// Why.
    pub reason: String,
    /// It was addressed to the wrong agency.
    pub misaddressed: bool,
}

/// What the recipient has in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Never changes; the name the sender gave it.
    pub id: ParcelId,
    /// Who sent it.
    pub from: Address,
    /// When it was issued there.
    pub issued_at: Moment,
    /// By whom, by name.
    pub issued_by: String,
    /// What it is sent for.
    pub purpose: String,
    /// Until when an answer is asked for.
    pub due: Option<Date>,
    /// The parcel it takes the place of.
    pub replaces: Option<ParcelId>,
    /// What stands on it.
    pub letter: Letter,
    /// The entry of the sender's log that issued it, for who wants to prove it.
    pub cause: ReadTo,
    /// When the whole of it was here.
    pub arrived_at: Moment,
    /// 03.
    pub taken_in: Option<TakenIn>,
    /// 02.
    pub sent_back: Option<SentBack>,
    /// 04: a leader wrote on it.
    pub assigned: Option<Moment>,
    /// 05: somebody works on it.
    pub in_progress: Option<Moment>,
    /// 06: nothing more is to be done.
    pub done: Option<Moment>,
    /// Reminders of the sender, oldest first.
    pub chased: Vec<Chase>,
    /// The sender wants it back.
    pub recall: Option<Recall>,
    /// The server was set back, and a PC brought this back as it had read it up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_back: Option<ReadTo>,
}

impl Arrival {
    /// Whether it was taken back before or after it stood in a book.
    pub fn is_recalled(&self) -> bool {
        let answer = self.recall.as_ref().and_then(|recall| recall.answer.as_ref());
        answer.is_some_and(|answer| answer.agreed)
    }

    /// Whether a clerk has to say something: register it, send it back, or answer a recall.
    pub fn waits(&self) -> bool {
        let asked = self.recall.as_ref().is_some_and(|recall| recall.answer.is_none());
        let open = self.taken_in.is_none() && self.sent_back.is_none() && !self.is_recalled();
        asked || open
    }
}
