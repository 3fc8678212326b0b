//! Every way the rules can say no. Typed and without words: the desk says it in Vietnamese.
use alloc::string::String;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::book::Holder;
use crate::id::{BookId, CommandId, DocumentId};
use crate::people::Role;
use crate::picture::Key;

/// A field named in a refusal, so that the page can put the sentence beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each stands for the field of the same name")]
pub enum Where {
    Number,
    Symbol,
    IssuedOn,
    ArrivedOn,
    Issuer,
    Kind,
    Subject,
    Signer,
    SignerPosition,
    ToPlaces,
    Due,
    Pages,
    Copies,
    Language,
    CaseFile,
    Note,
    Recipients,
    Keeper,
    Text,
    Content,
    Reason,
    Lead,
    Co,
    Information,
    Deadline,
    Percent,
    Attachments,
    Name,
    Abbreviation,
    Code,
    Unit,
    Roles,
    Date,
    How,
    Product,
    Slip,
}

/// The business speaking: shown calmly, never logged as a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "no")]
pub enum Refusal {
    /// The officer's roles do not carry this act.
    Forbidden {
        /// Roles that would.
        needs: Role,
    },
    /// The officer has left or is not known here.
    NotActive,
    /// There is no such thing, or the officer may not see it.
    Unknown {
        /// What was named.
        what: Key,
    },
    /// A thing of this name exists already.
    Exists {
        /// What was named.
        what: Key,
    },
    /// The command itself is out of bounds: wrong agency, wrong version, too large.
    Malformed,
    /// State secrets stay off this program (NĐ 30/2020 Đ15.2, Luật 117/2025/QH15).
    Secret,
    /// The field is needed for this act.
    Missing {
        /// Which field.
        field: Where,
    },
    /// The field holds more characters or entries than its limit.
    TooLong {
        /// Which field.
        field: Where,
        /// Its limit.
        max: u32,
    },
    /// The value of the field cannot be: a kind that is not in the catalogue, 130 percent.
    NotAllowed {
        /// Which field.
        field: Where,
    },
    /// The book is closed or is of the other direction.
    WrongBook {
        /// The book.
        book: BookId,
    },
    /// This PC may not give the numbers of the book.
    NotHolder {
        /// The book.
        book: BookId,
        /// Who may.
        holder: Holder,
    },
    /// The number is not the next one (Đ15.1, Đ22.2: consecutive).
    NotNext {
        /// The next number.
        next: u32,
    },
    /// Another document holds the number.
    NumberTaken {
        /// Which.
        by: DocumentId,
    },
    /// Another document carries this number and symbol this year (Đ15.1: unique).
    ReferenceTaken {
        /// The reference.
        reference: String,
        /// Which document.
        by: DocumentId,
    },
    /// The date is before the last date of the book: numbers and dates go together (Đ15.1).
    DateBeforeLast {
        /// The last date of the book.
        last: Date,
    },
    /// The date is after today at the office.
    DateInFuture {
        /// Today.
        today: Date,
    },
    /// The document is dated after it arrived.
    IssuedAfterArrival {
        /// The date it arrived.
        arrived: Date,
    },
    /// The year of the date is not the year of the count.
    WrongYear,
    /// A number of the following year has been given, so this year's count is over.
    YearOver {
        /// The later year.
        later: i16,
    },
    /// The deadline lies before today.
    DeadlinePast {
        /// Today.
        today: Date,
    },
    /// The thing was voided.
    Voided,
    /// It has its number already.
    HasNumber,
    /// It has no number yet.
    NoNumber,
    /// Somebody has seen it, so it can only be recalled with a reason.
    SeenAlready,
    /// It is not at the stage this act starts from.
    WrongStage,
    /// Work on it is done.
    Done,
    /// A report waits for an answer already.
    ReportWaits,
    /// A request for more time waits for an answer already.
    ExtensionWaits,
    /// There is nothing that waits for an answer.
    NothingWaits,
    /// The value changed since it was read.
    ChangedMeanwhile {
        /// The field.
        field: Where,
    },
    /// A number range is upside down, too large or already used.
    BadRange,
    /// The agency has been founded already.
    FoundedAlready,
    /// The last administrator, or the own role, cannot be taken away.
    LastAdministrator,
    /// The stamped number clashes, and a person has to decide first.
    NumberHeld,
    /// A second named person has to state the same last number first (SYNC 2.5).
    NotConfirmed,
    /// The PC was shut out before this reached the log.
    DeviceRevoked,
    /// It was recalled by who issued it (Đ18.4).
    Recalled,
    /// A command it rests on was not accepted.
    NeedsFailed {
        /// Which.
        need: CommandId,
    },
}

impl Refusal {
    /// A stable short name for the page and for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Forbidden { .. } => "forbidden",
            Refusal::NotActive => "not_active",
            Refusal::Unknown { .. } => "unknown",
            Refusal::Exists { .. } => "exists",
            Refusal::Malformed => "malformed",
            Refusal::Secret => "secret",
            Refusal::Missing { .. } => "missing",
            Refusal::TooLong { .. } => "too_long",
            Refusal::NotAllowed { .. } => "not_allowed",
            Refusal::WrongBook { .. } => "wrong_book",
            Refusal::NotHolder { .. } => "not_holder",
            Refusal::NotNext { .. } => "not_next",
            Refusal::NumberTaken { .. } => "number_taken",
            Refusal::ReferenceTaken { .. } => "reference_taken",
            Refusal::DateBeforeLast { .. } => "date_before_last",
            Refusal::DateInFuture { .. } => "date_in_future",
            Refusal::IssuedAfterArrival { .. } => "issued_after_arrival",
            Refusal::WrongYear => "wrong_year",
            Refusal::YearOver { .. } => "year_over",
            Refusal::DeadlinePast { .. } => "deadline_past",
            Refusal::Voided => "voided",
            Refusal::HasNumber => "has_number",
            Refusal::NoNumber => "no_number",
            Refusal::SeenAlready => "seen_already",
            Refusal::WrongStage => "wrong_stage",
            Refusal::Done => "done",
            Refusal::ReportWaits => "report_waits",
            Refusal::ExtensionWaits => "extension_waits",
            Refusal::NothingWaits => "nothing_waits",
            Refusal::ChangedMeanwhile { .. } => "changed_meanwhile",
            Refusal::BadRange => "bad_range",
            Refusal::FoundedAlready => "founded_already",
            Refusal::LastAdministrator => "last_administrator",
            Refusal::NumberHeld => "number_held",
            Refusal::NotConfirmed => "not_confirmed",
            Refusal::DeviceRevoked => "device_revoked",
            Refusal::Recalled => "recalled",
            Refusal::NeedsFailed { .. } => "needs_failed",
        }
    }
}
