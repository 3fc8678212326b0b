//! A PC of the agency: who signs on it, and whether it is still trusted.
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, OfficerId, PublicKey};
use crate::incoming::Void;
use crate::moment::Moment;

/// A PC as the agency knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Never changes; a PC whose disk was put back comes as a new one.
    pub id: DeviceId,
    /// What the office calls it: `VT-01`.
    pub name: String,
    /// The keys with which officers sign on it.
    pub keys: BTreeMap<OfficerId, Vec<PublicKey>>,
    /// Since when.
    pub since: Moment,
    /// Shut out, by whom and why: its later commands wait for the administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Void>,
    /// Destroyed: what others carry for it no longer waits for what died with it (SYNC R10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Void>,
}
