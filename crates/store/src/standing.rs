//! Where a document stands, in one word: the word that lists are filtered by.
use register::{Given, Incoming, Outgoing, Stage, Standing, Task, Urgency, number_on_paper};

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentStanding {
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

impl DocumentStanding {
    /// All of them, in the order of their codes.
    pub const ALL: [DocumentStanding; 13] = [
        DocumentStanding::AwaitingNumber,
        DocumentStanding::ToSubmit,
        DocumentStanding::AwaitingDirective,
        DocumentStanding::InProgress,
        DocumentStanding::AwaitingAcceptance,
        DocumentStanding::Done,
        DocumentStanding::Draft,
        DocumentStanding::Submitted,
        DocumentStanding::Returned,
        DocumentStanding::Approved,
        DocumentStanding::ToSend,
        DocumentStanding::Sent,
        DocumentStanding::Void,
    ];

    /// A short name; part of bucket names.
    pub fn name(self) -> &'static str {
        match self {
            DocumentStanding::AwaitingNumber => "awaiting_number",
            DocumentStanding::ToSubmit => "to_submit",
            DocumentStanding::AwaitingDirective => "awaiting_directive",
            DocumentStanding::InProgress => "in_progress",
            DocumentStanding::AwaitingAcceptance => "awaiting_acceptance",
            DocumentStanding::Done => "done",
            DocumentStanding::Draft => "draft",
            DocumentStanding::Submitted => "submitted",
            DocumentStanding::Returned => "returned",
            DocumentStanding::Approved => "approved",
            DocumentStanding::ToSend => "to_send",
            DocumentStanding::Sent => "sent",
            DocumentStanding::Void => "void",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<DocumentStanding> {
        DocumentStanding::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// Whether something is still to be done with the document.
    pub fn is_open(self) -> bool {
        !matches!(self, DocumentStanding::Done | DocumentStanding::Sent | DocumentStanding::Void)
    }

    pub(crate) fn code(self) -> i64 {
        self as i64
    }
}

/// Where an incoming document stands, seen with the tasks it gave.
pub fn standing_of_incoming(document: &Incoming, tasks: &[Task]) -> DocumentStanding {
    if document.void.is_some() {
        return DocumentStanding::Void;
    }
    if number_on_paper(document.number, &document.held).is_none() {
        return DocumentStanding::AwaitingNumber;
    }
    if document.closed.is_some() {
        return DocumentStanding::Done;
    }
    if document.in_force().next().is_none() {
        return match document.submitted {
            Some(_) => DocumentStanding::AwaitingDirective,
            None => DocumentStanding::ToSubmit,
        };
    }
    let mut open = tasks.iter().filter(|task| task.is_open()).peekable();
    if open.peek().is_none() {
        return DocumentStanding::InProgress;
    }
    match open.all(|task| task.standing() == Standing::AwaitingAcceptance) {
        true => DocumentStanding::AwaitingAcceptance,
        false => DocumentStanding::InProgress,
    }
}

/// Where an outgoing document stands.
pub fn standing_of_outgoing(document: &Outgoing) -> DocumentStanding {
    if document.void.is_some() {
        return DocumentStanding::Void;
    }
    if document.dispatch.is_some() {
        return DocumentStanding::Sent;
    }
    let number =
        |given: &Given| number_on_paper(given.number, &document.held).map(|_| given.number);
    match document.given.as_ref().map(number) {
        Some(Some(_)) => DocumentStanding::ToSend,
        Some(None) => DocumentStanding::AwaitingNumber,
        None => match document.stage {
            Stage::Draft => DocumentStanding::Draft,
            Stage::Submitted { .. } => DocumentStanding::Submitted,
            Stage::Returned { .. } => DocumentStanding::Returned,
            Stage::Approved { .. } => DocumentStanding::Approved,
        },
    }
}

pub(crate) fn is_urgent(urgency: Urgency) -> bool {
    match urgency {
        Urgency::Normal => false,
        Urgency::Urgent | Urgency::VeryUrgent | Urgency::Express => true,
    }
}
