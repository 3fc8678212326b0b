//! What happened with each version on this PC: what decides which one is begun with.
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use register::Moment;
use serde::{Deserialize, Serialize};
use sync::release::Version;

use crate::durable;

/// Starts, and openings of the register, after which a version that did not come up is given up.
const TRIES_MAX: u32 = 2;
const NOTES_FILE: &str = "notes.json";

/// How it went with one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Noted {
    /// When it was last started before it had come up.
    began: Moment,
    /// Starts since its window last stood.
    starts: u32,
    /// Times it began to open the register, as long as it never had.
    opens: u32,
    /// It brings the register to a newer form: it has come up when that is done too.
    rises: bool,
    /// It has opened the register since it was last started.
    opened: bool,
    /// It has come up here.
    pub came_up: bool,
    /// Somebody went back from it.
    pub left: bool,
}

impl Noted {
    /// It is started.
    pub fn starts(&mut self, rises: bool, now: Moment) {
        self.began = now;
        self.rises = rises;
        self.opened = false;
        self.starts += 1;
    }

    /// Its window stands.
    pub fn is_drawn(&mut self) {
        self.starts = 0;
        self.came_up |= self.opened || !self.rises;
    }

    /// It begins to open the register.
    pub fn opens(&mut self) {
        if !self.came_up {
            self.opens += 1;
        }
    }

    /// It has opened it.
    pub fn has_opened(&mut self) {
        self.opened = true;
        self.came_up |= self.starts == 0;
    }

    /// It never came up, and is not tried any more.
    pub fn has_fallen(&self) -> bool {
        !self.came_up && (self.starts >= TRIES_MAX || self.opens >= TRIES_MAX)
    }

    /// Whether that was not long ago.
    pub fn began_within(&self, now: Moment, long_ms: i64) -> bool {
        (0..long_ms).contains(&now.0.saturating_sub(self.began.0))
    }

    /// Its window stands since it was last started.
    pub fn stands(&self) -> bool {
        self.starts == 0
    }
}

/// How it went with all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Notes(BTreeMap<Version, Noted>);

impl Notes {
    /// What is noted in a folder. Notes that cannot be read are none: a version is tried anew then.
    pub fn read(folder: &Path) -> Notes {
        let Ok(text) = fs::read(folder.join(NOTES_FILE)) else { return Notes::default() };
        serde_json::from_slice(&text)
            .inspect_err(|fault| tracing::warn!(%fault, "notes of the versions"))
            .unwrap_or_default()
    }

    /// Writes them through to the disk.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        durable::make_folder(folder)?;
        let text = serde_json::to_vec(self).map_err(io::Error::other)?;
        durable::replace(&folder.join(NOTES_FILE), &text)
    }

    /// Of one version.
    pub fn of(&mut self, version: Version) -> &mut Noted {
        self.0.entry(version).or_default()
    }

    /// Of one version, as far as anything is noted.
    pub fn known(&self, version: Version) -> Noted {
        self.0.get(&version).cloned().unwrap_or_default()
    }

    /// Whether a version may be begun with.
    pub fn may_start(&self, version: Version) -> bool {
        let noted = self.known(version);
        !noted.left && !noted.has_fallen()
    }

    /// Whether a version has come up here.
    pub fn came_up(&self, version: Version) -> bool {
        self.known(version).came_up
    }

    /// The newest version that is not begun with any more, and whether it fell.
    pub fn back(&self) -> Option<(Version, bool)> {
        let back = self.0.iter().rfind(|(version, _)| !self.may_start(**version));
        back.map(|(version, noted)| (*version, noted.has_fallen()))
    }

    /// Versions that fell.
    pub fn fallen(&self) -> impl Iterator<Item = Version> + '_ {
        self.0.iter().filter(|(_, noted)| noted.has_fallen()).map(|(version, _)| *version)
    }
}
