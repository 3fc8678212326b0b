//! A task: work assigned, from a document or alone. Late and overdue are derived, never stored.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::attachment::Attachment;
use crate::command::ReadTo;
use crate::id::{DirectiveId, DocumentId, OfficerId, TaskId, UnitId};
use crate::incoming::{Urgency, Void};
use crate::moment::Moment;

/// An officer or a whole unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "id")]
pub enum Party {
    /// One person.
    Officer(OfficerId),
    /// A unit; its head passes it on.
    Unit(UnitId),
}

/// Mức độ: what sort of work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Trọng tâm.
    Key,
    /// Thường xuyên.
    #[default]
    Regular,
    /// Đột xuất.
    Unplanned,
}

/// How far the work is, said by the one who does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Who.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// 0 to 100.
    pub percent: u8,
    /// The words.
    pub note: String,
}

/// The result, handed in for acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who.
    pub by: OfficerId,
    /// When: timeliness is measured here, if it is accepted.
    pub at: Moment,
    /// The words.
    pub text: String,
    /// Files.
    pub files: Vec<Attachment>,
    /// The outgoing document that is the product.
    pub product: Option<DocumentId>,
    /// What the assigner said.
    pub verdict: Option<Verdict>,
}

/// What the assigner said about a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// Accepted, or returned with remarks.
    pub accepted: bool,
    /// The words.
    pub remarks: String,
}

/// More time asked for; the old and the new deadline are both kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Who asked.
    pub by: OfficerId,
    /// When.
    pub at: Moment,
    /// The deadline when it was asked.
    pub old: Option<Date>,
    /// The deadline asked for.
    pub new: Date,
    /// Why.
    pub reason: String,
    /// The answer: granted or not, with words.
    pub verdict: Option<Verdict>,
}

/// Work assigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Never changes.
    pub id: TaskId,
    /// What is to be done.
    pub content: String,
    /// The document it comes from.
    pub document: Option<DocumentId>,
    /// The directive that gave it.
    pub directive: Option<DirectiveId>,
    /// Who assigned it.
    pub assigner: OfficerId,
    /// When.
    pub assigned_at: Moment,
    /// Chủ trì: exactly one.
    pub lead: Party,
    /// Phối hợp.
    pub co: Vec<Party>,
    /// Để biết: no duty.
    pub information: Vec<Party>,
    /// Last day; none means no deadline, and never late.
    pub deadline: Option<Date>,
    /// Sort of work.
    pub weight: Weight,
    /// Urgency, taken from the document.
    pub urgency: Urgency,
    /// Product asked for.
    pub product: String,
    /// Reports of progress, oldest first.
    pub progress: Vec<Progress>,
    /// Result reports, oldest first.
    pub reports: Vec<Report>,
    /// Requests for more time, oldest first.
    pub extensions: Vec<Extension>,
    /// Times the lead was reminded.
    pub reminders: Vec<Progress>,
    /// Earlier leads, when it was transferred within a unit.
    pub transfers: Vec<(Party, Moment)>,
    /// Taken back.
    pub withdrawn: Option<Void>,
    /// Who has opened it, and when first.
    pub seen: BTreeMap<OfficerId, Moment>,
    /// The server was set back, and a PC brought this back as it had read it up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought_back: Option<ReadTo>,
}

/// Where a task stands, derived from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
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

impl Task {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        if self.withdrawn.is_some() {
            return Standing::Withdrawn;
        }
        match self.reports.last().map(|report| report.verdict.as_ref()) {
            Some(None) => Standing::AwaitingAcceptance,
            Some(Some(verdict)) if verdict.accepted => Standing::Done,
            Some(Some(_)) => Standing::Returned,
            None if self.progress.is_empty() => Standing::NotStarted,
            None => Standing::InProgress,
        }
    }

    /// The day the accepted result was handed in, else none.
    pub fn done_on(&self) -> Option<Date> {
        let report = self.reports.last()?;
        let verdict = report.verdict.as_ref()?;
        (verdict.accepted && self.withdrawn.is_none()).then(|| report.at.date())
    }

    /// Whether it still asks something of somebody.
    pub fn is_open(&self) -> bool {
        !matches!(self.standing(), Standing::Done | Standing::Withdrawn)
    }

    /// Done after its deadline.
    pub fn is_late(&self) -> bool {
        matches!((self.done_on(), self.deadline), (Some(done), Some(due)) if done > due)
    }

    /// Not done, and past its deadline on that day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.is_open()
            && self.standing() != Standing::AwaitingAcceptance
            && self.deadline.is_some_and(|due| due < today)
    }

    /// The extension that waits for an answer.
    pub fn extension_asked(&self) -> Option<&Extension> {
        self.extensions.last().filter(|extension| extension.verdict.is_none())
    }

    /// Latest progress in percent.
    pub fn percent(&self) -> u8 {
        self.progress.last().map_or(0, |progress| progress.percent)
    }
}
