//! What PCs bring back to a server that was set back from a copy (SYNC 2.9).
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use register::{Key, NumberSeen, ReadTo};

use super::StateSent;

/// What a PC brings to a server that was set back from a copy, once it has read all that the server
/// still has.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Offer {
    /// Every number it has seen, of this year and the last: versions of two lives cannot be
    /// compared, so it is always the whole list (SYNC R11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Witness>,
    /// States the server does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateSent>,
    /// How far it had read the log that was lost.
    pub read_to: ReadTo,
}

/// A number as a PC has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The document.
    pub of: Key,
    /// Its number, or one that waited for a person.
    #[serde(flatten)]
    pub number: NumberSeen,
}
