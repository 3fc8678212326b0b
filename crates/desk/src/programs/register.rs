//! A copy of the register from before a version that brings it to a newer form: an older program
//! cannot read that form, so the copy comes back with it when the newer one never came up.
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sync::release::Version;

use super::Programs;
use crate::desk::REGISTER_FILE;
use crate::durable;

/// Name of the folder of such a copy, before the version.
const BEFORE: &str = "before-";
/// Name of the folder of the register as the version that fell left it.
const TRIED: &str = "tried-";
/// The file of a register, and what it has not taken in yet.
const KEPT: [&str; 2] = ["", "-wal"];

/// The version a folder with a copy was made for.
pub(super) fn version_of(name: &str) -> Option<Version> {
    let version = name.strip_prefix(BEFORE).or_else(|| name.strip_prefix(TRIED))?;
    Version::parse(version)
}

fn file(folder: &Path, ending: &str) -> PathBuf {
    folder.join(format!("{REGISTER_FILE}{ending}"))
}

/// Sizes and times: whoever writes meanwhile changes them.
fn look_of(profile: &Path) -> Vec<Option<(u64, Option<SystemTime>)>> {
    let of = |ending: &&str| {
        let facts = fs::metadata(file(profile, ending)).ok()?;
        Some((facts.len(), facts.modified().ok()))
    };
    KEPT.iter().map(of).collect()
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let being_written = durable::beside(to, ".new");
    fs::copy(from, &being_written)?;
    File::options().write(true).open(&being_written)?.sync_all()?;
    fs::rename(&being_written, to)?;
    durable::sync_parent(to)
}

impl Programs {
    /// Whether there is a register to bring to another form.
    pub(super) fn has_register(&self) -> bool {
        file(&self.profile, "").exists()
    }

    /// Copies the register before a version begins that brings it to a newer form. The window is
    /// closed; a command line that writes meanwhile is noticed.
    ///
    /// # Errors
    /// Faults of the disk; somebody wrote meanwhile. The version is not begun with then.
    pub(super) fn copy_register(&self, version: Version) -> io::Result<()> {
        let folder = self.folder.join(format!("{BEFORE}{version}"));
        if folder.exists() {
            return Ok(());
        }
        let being_made = self.folder.join(format!("being-made-{version}"));
        super::remove(&being_made);
        durable::make_folder(&being_made)?;
        let before = look_of(&self.profile);
        for ending in KEPT.iter().filter(|ending| file(&self.profile, ending).exists()) {
            copy(&file(&self.profile, ending), &file(&being_made, ending))
                .inspect_err(|_| super::remove(&being_made))?;
        }
        if look_of(&self.profile) != before {
            super::remove(&being_made);
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        fs::rename(&being_made, &folder)?;
        durable::sync_parent(&folder)
    }

    /// Puts the copy back from before each version that fell. What that version made of the
    /// register is set aside: nobody worked in it, and if somebody did, it is still there.
    pub(super) fn put_registers_back(&self) -> io::Result<()> {
        for version in self.notes().fallen() {
            let before = self.folder.join(format!("{BEFORE}{version}"));
            if !before.exists() {
                continue;
            }
            let tried = self.folder.join(format!("{TRIED}{version}"));
            durable::make_folder(&tried)?;
            // A kill on the way leaves the copy where it is, and all of this is done once more.
            for ending in ["-shm", "-wal", ""] {
                let (here, aside) = (file(&self.profile, ending), file(&tried, ending));
                if here.exists() && !aside.exists() {
                    fs::rename(&here, &aside)?;
                }
            }
            for ending in KEPT.iter().filter(|ending| file(&before, ending).exists()) {
                copy(&file(&before, ending), &file(&self.profile, ending))?;
            }
            super::remove(&before);
            tracing::warn!(%version, "the register from before this version is back");
        }
        Ok(())
    }
}
