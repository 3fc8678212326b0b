//! A number that stands on paper and cannot stand in the book: it is shown until a person decides.
use alloc::format;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::id::CommandId;
use crate::moment::Moment;
use crate::number::render_number;
use crate::refusal::Refusal;

/// The clash. The program never renumbers a stamped document by itself (SYNC 2.5, I6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldNumber {
    /// The number that was stamped.
    pub number: u32,
    /// Of this year.
    pub year: i16,
    /// Given under this epoch of the lease.
    pub epoch: u32,
    /// Why it cannot stand.
    pub why: Refusal,
    /// The command that gave it.
    pub command: CommandId,
    /// When it was given.
    pub at: Moment,
    /// `a` for 57a, once a person decided that the stamped number stays with a letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

impl HeldNumber {
    /// Nobody has decided yet.
    pub fn is_open(&self) -> bool {
        self.suffix.is_none()
    }
}

/// What a person decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldVerdict {
    /// The stamped number stays, with a letter behind it.
    Suffix,
    /// The document is voided; the stamped number was a mistake.
    Void,
    /// The document waits for a new number; the paper is stamped again.
    Renumber,
}

/// The number of a document as it stands on its paper: the one it holds, or the stamped one with
/// the letter a person gave it; none while it waits.
pub fn number_on_paper(number: Option<u32>, held: &[HeldNumber]) -> Option<String> {
    let with_letter = |held: &HeldNumber| {
        let letter = held.suffix.as_deref()?;
        Some(format!("{}{letter}", render_number(held.number)))
    };
    number.map(render_number).or_else(|| held.iter().find_map(with_letter))
}
