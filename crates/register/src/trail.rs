//! The history of a thing: who, what, when, and the values before and after.
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, OfficerId};
use crate::moment::Moment;
use crate::picture::Key;

/// One line of history. The words for the screen are made from `deed` by whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailLine {
    /// What it happened to.
    pub of: Key,
    /// The act that did it.
    pub by_command: CommandId,
    /// Who.
    pub by: OfficerId,
    /// When, by the device's clock.
    pub at: Moment,
    /// What.
    pub deed: Deed,
    /// Values before and after, for what was changed.
    pub altered: Vec<Altered>,
    /// Reason, remarks or other words of the person.
    pub words: String,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Altered {
    /// Name of the field.
    pub field: String,
    /// Before; empty when there was none.
    pub before: String,
    /// After; empty when there is none.
    pub after: String,
}

/// What was done, one name for each act a person can recognise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is named by what it says")]
pub enum Deed {
    Founded,
    Set,
    BookOpened,
    LeaseTaken,
    PaperRangeStated,
    NumberVoided,
    Registered,
    RegisteredAwaitingNumber,
    NumberGiven,
    Edited,
    Attached,
    Detached,
    Submitted,
    Directed,
    DirectiveUndone,
    DirectiveRecalled,
    Closed,
    Reopened,
    Voided,
    Drafted,
    Approved,
    Returned,
    SubmissionUndone,
    Sent,
    Assigned,
    Seen,
    Progressed,
    Reported,
    ReportUndone,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    Accepted,
    ResultReturned,
    Transferred,
    Reminded,
    Withdrawn,
    EditedOver,
    LeaseReleased,
    LeaseHandedOver,
    LastNumberConfirmed,
    LeaseForced,
    BookFrozen,
    NumberHeld,
    HeldResolved,
    DeviceEnrolled,
    DeviceRevoked,
    DeviceRetired,
    BroughtBack,
    Issued,
    Chased,
    RecallAsked,
    RecallAgreed,
    RecallRefused,
    ParcelArrived,
    ParcelFetched,
    ParcelAccepted,
    ParcelRefused,
    ParcelAssigned,
    ParcelInProgress,
    ParcelDone,
    ParcelLost,
    ArrivalCame,
    ArrivalTakenIn,
    ArrivalSentBack,
}
