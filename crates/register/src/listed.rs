//! The directory of agencies: who can be written to, under which codes, and who came after whom.
use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::AgencyId;

/// Heirs of one agency: a district was once divided among so many at most.
pub const HEIRS_MAX: usize = 50;
/// Codes that one agency has had.
pub const CODES_MAX: usize = 20;

/// An agency, or a body that has none of its own on the exchange, as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Never changes; that of the agency where it is on the exchange.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Identifier of QĐ 20/2020 today; may be empty.
    pub code: String,
    /// Identifiers it had before (QĐ 09/2025/QĐ-TTg): what stands on older paper is found too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes_before: Vec<String>,
    /// Number of the administrative unit in the national catalogue, where it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What stands above it, to tell two of one name apart.
    pub parent: String,
    /// It takes documents over the exchange.
    pub on_exchange: bool,
    /// From when it is there; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Its last day; none while it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Who took over its duties, the most likely first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heirs: Vec<AgencyId>,
}

impl Listed {
    /// Whether it is there on a day.
    pub fn is_there(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}
