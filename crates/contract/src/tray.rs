//! Chờ vào sổ: files that came and are not registered yet.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::common::{Attachment, Topic};
use crate::documents::{Fields, Twin};
use crate::parcels::ArrivalShown;

/// What can be said of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrayCardState {
    /// Fields wait to be typed.
    Empty,
    /// Something was typed.
    Typed,
    /// One like it is registered.
    Twin,
    /// Cannot be taken; the reason stands on it.
    Refused,
    /// Its sender wants it back.
    Recall,
    /// Its sender has taken it back.
    Recalled,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct TrayCard {
    /// Id.
    pub id: String,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Where it came from: `scan`, `dropped`, `exchange`.
    pub source: String,
    /// When.
    #[ts(type = "number")]
    pub came_at: i64,
    /// What can be said.
    pub state: TrayCardState,
    /// Why it was refused, in words.
    pub reason: String,
    /// A document like it.
    pub twin: Option<Twin>,
    /// What was typed so far.
    pub fields: Fields,
    /// Subject typed so far, or the name of the file.
    pub title: String,
    /// What came with it from another agency.
    pub arrival: Option<ArrivalShown>,
    /// Its files that are not on this PC yet, by hash.
    pub elsewhere: Vec<String>,
}

/// The tray.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Tray {
    /// Oldest first.
    pub cards: Vec<TrayCard>,
    /// The folder that is watched.
    pub folder: Option<String>,
    /// Why the folder cannot be watched, in words.
    pub trouble: Option<String>,
}

/// Files dropped on the window, by path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct DropFiles {
    /// Full paths.
    pub paths: Vec<String>,
    /// Make cards of them; else only store them for an open form.
    pub cards: bool,
}

/// A file sent by the page itself, in base64, where there are no paths (a browser).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct UploadFile {
    /// Its name.
    pub name: String,
    /// Its bytes in base64.
    pub content: String,
    /// Make a card of it; else only store it for an open form.
    pub card: bool,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FileAdded {
    /// Its name.
    pub name: String,
    /// Stored.
    pub attachment: Option<Attachment>,
    /// Or why not.
    pub refused: Option<crate::common::Failure>,
}

/// What became of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct FilesAdded {
    /// One each, in order.
    pub files: Vec<FileAdded>,
    /// What the page must ask again.
    pub topics: Vec<Topic>,
}
