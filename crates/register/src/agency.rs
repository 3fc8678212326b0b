//! The agency itself: its names, its catalogue of kinds, its hours and how it counts deadlines.
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::id::AgencyId;

/// An agency with its own books and seal. The code is never a key: codes are reissued
/// (QĐ 09/2025/QĐ-TTg).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Never changes.
    pub id: AgencyId,
    /// Full name as it stands at the head of a document.
    pub name: String,
    /// Abbreviation used in symbols, laid down by the head of the agency: `UBND`.
    pub abbreviation: String,
    /// Identifier of QĐ 20/2020, at most 35 characters: `H50.99.01`.
    pub code: String,
    /// Name of the agency directly above, printed on covers; may be empty.
    pub parent: String,
    /// Place name before a date: `An Hiếu` (NĐ 30/2020, PL I, II.4a).
    pub place: String,
    /// Kinds of documents in use.
    pub kinds: Vec<Kind>,
    /// Working hours; they end "the morning of the next working day" (QĐ 28/2018, Đ6).
    pub hours: Hours,
    /// When a deadline with a date only is over.
    pub deadline_end: DeadlineEnd,
    /// A PC locks itself after this many idle minutes.
    pub lock_minutes: u16,
    /// Agencies it writes to together, in the order they were made; clerks keep them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<RecipientGroup>,
}

/// Groups of recipients of one agency.
pub const GROUPS_MAX: usize = 30;

/// Recipients that are written to together: `Các xã trong tỉnh`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientGroup {
    /// What clerks call it; no two have the same, whatever the case.
    pub name: String,
    /// Who is in it, in the order they were chosen. What they are called the directory says.
    pub members: Vec<AgencyId>,
}

/// How the symbol of a kind is built (NĐ 30/2020, PL I, II.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindShape {
    /// `15/QĐ-UBND`: abbreviation of the kind, then the agency.
    Named,
    /// `05/UBND-VP`: the agency, then the drafting unit (công văn).
    Letter,
    /// `12/2026/QĐ-UBND`: legal documents carry the year.
    Legal,
}

/// One entry of the catalogue of kinds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Short stable name: `cong-van`.
    pub id: String,
    /// `Công văn`.
    pub name: String,
    /// `QĐ`; empty where NĐ 30 gives none. Case and marks matter: HD is not HĐ.
    pub abbreviation: String,
    /// How its symbol is built.
    pub shape: KindShape,
    /// Whether this agency may issue it; the others can only come in.
    pub issued_here: bool,
}

/// Office hours, one setting for the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Start of the morning.
    pub morning_from: Time,
    /// End of the morning.
    pub morning_to: Time,
    /// Start of the afternoon.
    pub afternoon_from: Time,
    /// End of the afternoon.
    pub afternoon_to: Time,
}

/// When the day of a deadline ends: a setting, because offices differ from the civil code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineEnd {
    /// 24:00 of the day (BLDS 2015, Đ148).
    Midnight,
    /// End of the office's afternoon.
    OfficeHours,
}

impl Agency {
    /// The kind of this short name.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }
}
