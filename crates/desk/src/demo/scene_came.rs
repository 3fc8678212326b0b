//! How it is told what came and what became of it.
use register::Urgency;

/// One document that came.
pub(super) struct Came {
    /// Working days before the last one of the scene.
    pub days_ago: u32,
    /// Minutes after midnight.
    pub minute: u32,
    pub number_and_symbol: &'static str,
    /// Working days between its date and its arrival.
    pub issued_before: u32,
    pub issuer: &'static str,
    pub kind: &'static str,
    pub subject: &'static str,
    pub signer: &'static str,
    pub urgency: Urgency,
    /// Working days in which it wants an answer.
    pub answer_in: Option<i32>,
    /// Name of the real file it comes with; empty for none.
    pub page: &'static str,
    pub then: Then,
}

/// What became of a document.
pub(super) enum Then {
    /// Nothing yet: the clerk has it.
    Registered,
    /// It lies with a leader, with what the office proposes.
    Submitted { to: &'static str, proposal: &'static str },
    /// It went to somebody for information.
    Informed { by: &'static str, to: &'static [&'static str], words: &'static str },
    /// Somebody works on it.
    Worked(Worked),
    /// Closed by the office without a directive.
    Closed { reason: &'static str },
    /// Its number was voided.
    Voided { reason: &'static str },
}

/// Work and how far it is.
pub(super) struct Worked {
    pub by: &'static str,
    pub words: &'static str,
    pub lead: &'static str,
    pub co: &'static [&'static str],
    pub information: &'static [&'static str],
    /// Working days from today; before it when negative. None for no deadline.
    pub due: Option<i32>,
    pub so_far: &'static [Deed],
}

/// One thing done about a task: working days before the last one, minute, deed.
pub(super) struct Deed(pub u32, pub u32, pub What);

/// What was done.
#[derive(Clone, Copy)]
pub(super) enum What {
    Opened,
    Progress(u8, &'static str),
    Reported(&'static str),
    Returned(&'static str),
    Accepted,
    AskedFor(i32, &'static str),
    Granted(&'static str),
    Refused(&'static str),
    Reminded(&'static str),
    /// By whom and to whom; from then on he leads.
    Transferred(&'static str, &'static str),
    Recalled(&'static str),
}

impl Then {
    /// The leader it was submitted to first.
    pub fn submitted_to(&self) -> Option<&'static str> {
        match self {
            Then::Submitted { to, .. } => Some(to),
            Then::Informed { by, .. } => Some(by),
            Then::Worked(worked) => Some(worked.by),
            Then::Registered | Then::Closed { .. } | Then::Voided { .. } => None,
        }
    }

    /// What the office proposed.
    pub fn proposal(&self) -> &'static str {
        match self {
            Then::Submitted { proposal, .. } => proposal,
            Then::Registered
            | Then::Informed { .. }
            | Then::Worked(_)
            | Then::Closed { .. }
            | Then::Voided { .. } => "",
        }
    }
}

pub(super) const fn came(
    days_ago: u32,
    minute: u32,
    number_and_symbol: &'static str,
    issuer: &'static str,
    kind: &'static str,
    subject: &'static str,
    then: Then,
) -> Came {
    Came {
        days_ago,
        minute,
        number_and_symbol,
        issued_before: 1,
        issuer,
        kind,
        subject,
        signer: "",
        urgency: Urgency::Normal,
        answer_in: None,
        page: "",
        then,
    }
}

pub(super) const fn marked(urgency: Urgency, came: Came) -> Came {
    Came { urgency, ..came }
}

pub(super) const fn answered_in(days: i32, came: Came) -> Came {
    Came { answer_in: Some(days), ..came }
}

pub(super) const fn with_page(page: &'static str, signer: &'static str, came: Came) -> Came {
    Came { page, signer, ..came }
}

pub(super) const fn worked(
    by: &'static str,
    words: &'static str,
    lead: &'static str,
    due: Option<i32>,
    so_far: &'static [Deed],
) -> Worked {
    Worked { by, words, lead, co: &[], information: &[], due, so_far }
}
