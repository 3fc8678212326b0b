//! The wizard of the first run: what it offers and what it sends.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::admin::{AgencyForm, KindForm};
use crate::books::BookOpening;
use crate::common::Direction;

/// What the wizard starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DefaultsShown {
    /// The agency as proposed: hours, deadline rule.
    pub agency: AgencyForm,
    /// The kinds of NĐ 30 and the legal ones.
    pub kinds: Vec<KindForm>,
    /// Units of a usual commune.
    pub units: Vec<UnitSetup>,
    /// Books of a usual commune.
    pub books: Vec<BookSetup>,
}

/// Looks a place up by name, marks optional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PlaceAsked {
    /// Part of the name of a commune.
    pub text: String,
}

/// Places found, at most twenty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct PlaceFound {
    /// `xã An Hiếu, tỉnh Hiếu Sơn`.
    pub places: Vec<String>,
}

/// A unit to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct UnitSetup {
    /// Name.
    pub name: String,
    /// Abbreviation in symbols.
    pub abbreviation: String,
}

/// An officer to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OfficerSetup {
    /// Full name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Name of the unit; empty for none.
    pub unit: String,
    /// Roles by wire name.
    pub roles: Vec<String>,
    /// PIN on this PC; empty for none.
    pub pin: String,
}

/// A book to be made; this PC takes its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BookSetup {
    /// Name.
    pub name: String,
    /// Incoming or outgoing.
    pub direction: Direction,
    /// Kinds it takes; empty takes all.
    pub kinds: Vec<String>,
    /// Where the old book stopped this year.
    pub opening: Option<BookOpening>,
}

/// Everything the wizard asked. The first officer with the role `administrator` founds the agency
/// and must have a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Setup {
    /// The agency.
    pub agency: AgencyForm,
    /// Kinds in use.
    pub kinds: Vec<KindForm>,
    /// Units.
    pub units: Vec<UnitSetup>,
    /// Officers.
    pub officers: Vec<OfficerSetup>,
    /// Books.
    pub books: Vec<BookSetup>,
}
