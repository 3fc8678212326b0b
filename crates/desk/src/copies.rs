//! The daily copy of a profile: register, files and keyring, sealed as they are, tried before kept.
//!
//! The store writes a copy under a temporary name, opens it, looks at every page, compares it
//! with the register, and only then gives it its name. Old ones go only after a new one is good,
//! and the new one never goes.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use thiserror::Error;

use register::{BlobId, Moment};
use store::{Store, StoreError};

use crate::blob_copies::{BringError, bring_missing};
use crate::blobs::Blobs;
use crate::durable;
use crate::keyring::KEYRING_FILE;
use crate::keys::FileKey;
use crate::place::{self, PlaceError};

/// Copies of the last days that are kept.
pub const DAILY_KEPT: usize = 14;
/// Months of which the last copy is kept.
pub const MONTHLY_KEPT: usize = 12;
/// A last copy this far in the future was made under a wrong clock.
const CLOCK_SLACK_MS: i64 = 24 * 3_600_000;

const LOCK_FILE: &str = ".lock";
const BLOBS_FOLDER: &str = "blobs";
const NAME_BEGIN: &str = "register-";
const NAME_END: &str = ".db";

/// A copy that was made and tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The copy of the register.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// Entries of the log that are in it.
    pub seq: u64,
    /// Files that were new.
    pub files: u64,
    /// Files that are damaged in the profile and could not be copied: the first ones.
    pub damaged: Vec<BlobId>,
    /// When it was found good.
    pub verified_at: Moment,
}

/// A copy that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The day it was made.
    pub date: Date,
    /// Where.
    pub path: PathBuf,
}

/// Why no copy was made; the ones before it are as they were.
#[derive(Debug, Error)]
pub enum CopyError {
    /// Another program is making one.
    #[error("another program is copying to {folder}")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The place where copies lie.
    #[error("copying")]
    Place(#[source] PlaceError),
    /// The register could not be copied, or the copy not read.
    #[error("copying the register")]
    Store(#[source] StoreError),
    /// The files.
    #[error("copying the files")]
    Files(#[source] BringError),
}

type Result<T> = std::result::Result<T, CopyError>;

/// What a profile consists of.
#[derive(Clone, Copy)]
pub struct Profile<'a> {
    /// Its folder, where the keyring lies.
    pub folder: &'a Path,
    /// The register.
    pub store: &'a Store,
    /// The files.
    pub blobs: &'a Blobs,
}

/// A folder of copies.
#[derive(Clone)]
pub struct Copies {
    folder: PathBuf,
    key: FileKey,
}

impl Copies {
    /// Makes the folder when a person chooses it.
    pub fn adopt(folder: &Path, key: &FileKey) -> Result<Copies> {
        place::adopt(folder, key).map_err(CopyError::Place)?;
        Ok(Copies::at(folder, key))
    }

    /// The folder, whether or not it is there just now.
    pub fn at(folder: &Path, key: &FileKey) -> Copies {
        Copies { folder: folder.to_owned(), key: key.clone() }
    }

    /// Makes a copy, tries it, and lets old ones go. The copy of a day replaces an earlier one of
    /// the same day.
    pub fn copy_now(&self, profile: Profile<'_>, now: Moment) -> Result<Copied> {
        let Profile { folder: from, store, blobs } = profile;
        place::check(&self.folder, &self.key).map_err(CopyError::Place)?;
        let _lock = self.lock()?;
        self.sweep()?;
        // Files first: a register that names a file which is not there would be worse than the
        // other way round.
        let opened = Blobs::open(&self.folder.join(BLOBS_FOLDER), &self.key.blobs());
        let files = opened.map_err(|why| CopyError::Files(BringError::From(why)))?;
        files.sweep_temporary().map_err(|why| CopyError::Files(BringError::From(why)))?;
        let brought = bring_missing(blobs, &files).map_err(CopyError::Files)?;
        let path = self.folder.join(format!("{NAME_BEGIN}{}{NAME_END}", now.date()));
        let store::Copied { heights, bytes } = store.backup_to(&path).map_err(CopyError::Store)?;
        // The keyring changes when a PIN does; without it and the recovery code no copy opens.
        self.copy_keyring(from)?;
        self.let_old_ones_go(now.date())?;
        let damaged = brought.damaged;
        let (seq, files) = (heights.seq, brought.files);
        Ok(Copied { path, bytes, seq, files, damaged, verified_at: now })
    }

    /// The copies that are there, oldest first.
    pub fn kept(&self) -> Result<Vec<Kept>> {
        let listing = failed("listing", &self.folder);
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(&listing)? {
            let path = entry.map_err(&listing)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let date = name.strip_prefix(NAME_BEGIN).and_then(|rest| rest.strip_suffix(NAME_END));
            if let Some(date) = date.and_then(|date| date.parse::<Date>().ok()) {
                kept.push(Kept { date, path });
            }
        }
        kept.sort_by_key(|copy| copy.date);
        Ok(kept)
    }

    fn lock(&self) -> Result<File> {
        let path = self.folder.join(LOCK_FILE);
        let lock = durable::append_private(&path).map_err(failed("locking", &path))?;
        match lock.try_lock() {
            Err(fs::TryLockError::WouldBlock) => {
                Err(CopyError::Busy { folder: self.folder.clone() })
            }
            // Some shares know no locks; two programs at once are rare, and each copy is tried.
            Err(fs::TryLockError::Error(_)) | Ok(()) => Ok(lock),
        }
    }

    /// Removes what a killed copy left; no other program is copying now.
    fn sweep(&self) -> Result<()> {
        let listing = failed("listing", &self.folder);
        for entry in fs::read_dir(&self.folder).map_err(&listing)? {
            let path = entry.map_err(&listing)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with(NAME_BEGIN) && !name.ends_with(NAME_END) {
                fs::remove_file(&path).map_err(failed("removing", &path))?;
            }
        }
        Ok(())
    }

    fn copy_keyring(&self, from: &Path) -> Result<()> {
        let (from, to) = (from.join(KEYRING_FILE), self.folder.join(KEYRING_FILE));
        let bytes = fs::read(&from).map_err(failed("reading", &from))?;
        durable::replace(&to, &bytes).map_err(failed("writing", &to))
    }

    fn let_old_ones_go(&self, made: Date) -> Result<()> {
        let kept = self.kept()?;
        let dates: BTreeSet<Date> = kept.iter().map(|copy| copy.date).collect();
        let stay = dates_that_stay(&dates, made);
        for Kept { path, .. } in kept.iter().filter(|copy| !stay.contains(&copy.date)) {
            fs::remove_file(path).map_err(failed("removing", path))?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Copies {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Copies").field(&self.folder).finish()
    }
}

/// Whether a copy is due: once a day of the office.
pub fn due(now: Moment, last: Option<Moment>) -> bool {
    last.is_none_or(|last| {
        now.date() > last.date() || last.0 > now.0.saturating_add(CLOCK_SLACK_MS)
    })
}

/// The newest days, and the newest of each of the newest months; and whatever was just made, even
/// if the clock says that it is old.
fn dates_that_stay(dates: &BTreeSet<Date>, made: Date) -> BTreeSet<Date> {
    let mut stay: BTreeSet<Date> = dates.iter().rev().take(DAILY_KEPT).copied().collect();
    let mut months = BTreeSet::new();
    for date in dates.iter().rev() {
        if months.len() >= MONTHLY_KEPT {
            break;
        }
        if months.insert((date.year(), date.month())) {
            stay.insert(*date);
        }
    }
    stay.insert(made);
    stay
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> CopyError + 'a {
    move |source| CopyError::Place(place::disk(doing, path)(source))
}

#[cfg(test)]
#[path = "copies_tests.rs"]
pub(crate) mod tests;
