//! Quản trị: agency, people, kinds, calendar, scan folder, copies.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The agency as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct AgencyForm {
    /// Name.
    pub name: String,
    /// Abbreviation in symbols.
    pub abbreviation: String,
    /// Agency code.
    pub code: String,
    /// Agency above.
    pub parent: String,
    /// Place name before a date.
    pub place: String,
    /// Hours: four times `07:00`.
    pub hours: [String; 4],
    /// `midnight` or `office_hours`.
    pub deadline_end: String,
    /// Idle minutes before the lock.
    pub lock_minutes: u32,
}

/// A kind of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct KindForm {
    /// Short name.
    pub id: String,
    /// Name.
    pub name: String,
    /// Abbreviation.
    pub abbreviation: String,
    /// `named`, `letter`, `legal`.
    pub shape: String,
    /// Issued by this agency.
    pub issued_here: bool,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct UnitRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Abbreviation.
    pub abbreviation: String,
    /// Open.
    pub open: bool,
}

/// A unit as typed; without id it is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct UnitForm {
    /// Id.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Abbreviation.
    pub abbreviation: String,
    /// Open.
    pub open: bool,
}

/// An officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OfficerRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Unit id; empty for none.
    pub unit: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Still here.
    pub active: bool,
    /// Has a PIN on this PC.
    pub pin_here: bool,
}

/// An officer as typed; without id he is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OfficerForm {
    /// Id.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Unit id; empty for none.
    pub unit: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Still here.
    pub active: bool,
}

/// Everything that changes rarely: forms choose from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Catalogue {
    /// The agency.
    pub agency: AgencyForm,
    /// Kinds.
    pub kinds: Vec<KindForm>,
    /// Units.
    pub units: Vec<UnitRow>,
    /// Officers.
    pub officers: Vec<OfficerRow>,
    /// Issuers met so far, most frequent first; at most 500.
    pub issuers: Vec<String>,
}

/// A day of the calendar as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DayForm {
    /// The day.
    pub date: String,
    /// `holiday`, `compensatory_off`, `swapped_off`, `makeup_working`.
    pub kind: String,
    /// Name.
    pub name: String,
}

/// Asks for a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct YearAsked {
    /// The year.
    pub year: i16,
}

/// A year of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// Decided; else the days are computed and deadlines "tạm tính".
    pub decided: bool,
    /// The days.
    pub days: Vec<DayForm>,
    /// The decision.
    pub basis: String,
}

/// Sets the days of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct CalendarForm {
    /// The year.
    pub year: i16,
    /// All its days.
    pub days: Vec<DayForm>,
    /// The decision.
    pub basis: String,
}

/// The watched folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ScanFolder {
    /// Full path; empty stops watching.
    pub path: String,
}

/// How the watched folder stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct ScanFolderState {
    /// The folder; none when none is watched.
    pub folder: Option<String>,
    /// Why it cannot be watched, in words.
    pub trouble: Option<String>,
    /// Since when.
    #[ts(type = "number | null")]
    pub trouble_since: Option<i64>,
    /// Cards that wait in the tray.
    pub waiting: u32,
    /// Files that were refused and stand in the tray as cards without content: why, newest last.
    pub refused: Vec<String>,
}

/// Where copies go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BackupChosen {
    /// Folder of the daily copies; empty is beside the register.
    pub copies: String,
    /// Folder of the mirror, on another disk; empty stops it.
    pub mirror: String,
}

/// How copies stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct BackupState {
    /// Folder of the daily copies.
    pub copies: String,
    /// When the last good copy was made and verified.
    #[ts(type = "number | null")]
    pub copied_at: Option<i64>,
    /// What went wrong with the last one, in words.
    pub copy_trouble: Option<String>,
    /// Folder of the mirror.
    pub mirror: String,
    /// When the mirror last took a command.
    #[ts(type = "number | null")]
    pub mirrored_at: Option<i64>,
    /// Commands that wait for the mirror.
    #[ts(type = "number")]
    pub mirror_waiting: u64,
    /// What is wrong with the mirror, in words.
    pub mirror_trouble: Option<String>,
}
