//! Who works in the agency: units, officers and the roles they hold.
use alloc::collections::BTreeSet;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::id::{OfficerId, UnitId};

/// A part of an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Never changes.
    pub id: UnitId,
    /// `Phòng Kinh tế`.
    pub name: String,
    /// Used in symbols of công văn: `KT`.
    pub abbreviation: String,
    /// A closed unit keeps its history and gets nothing new.
    pub open: bool,
}

/// What an officer may be; in a commune one person often holds several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Văn thư: registers, numbers, issues.
    Clerk,
    /// Lãnh đạo: directs, approves.
    Leader,
    /// Chánh văn phòng: proposes routing, checks, follows.
    OfficeHead,
    /// Trưởng phòng: assigns within the unit.
    UnitHead,
    /// Chuyên viên, công chức: does the work.
    Official,
    /// Quản trị: people, books, devices.
    Administrator,
}

/// A person working in an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Never changes.
    pub id: OfficerId,
    /// Full name.
    pub name: String,
    /// `PHÓ CHỦ TỊCH`; as printed under a signature.
    pub position: String,
    /// The unit, for those who belong to one.
    pub unit: Option<UnitId>,
    /// All roles held.
    pub roles: BTreeSet<Role>,
    /// An officer who has left keeps his history and gets nothing new.
    pub active: bool,
}

impl Officer {
    /// Whether the officer holds the role now.
    pub fn is(&self, role: Role) -> bool {
        self.active && self.roles.contains(&role)
    }
}
