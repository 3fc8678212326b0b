//! Filled profiles, kept beside the built programs so that a second run is quick.
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use desk::fill::{Wanted, Written, fill};
use jiff::civil::date;
use register::Moment;
use store::OpenOptions;
use tempfile::TempDir;

use crate::at_desk::clerk_at;

/// The seed of every filled register.
const SEED: u64 = 1;
/// Tasks given for a hundred incoming documents.
const TASKS_PER_HUNDRED: u32 = 12;
/// Says that a profile was filled to the end.
const FILLED: &str = "filled";
/// A register up to this size is copied before it is written to.
const COPIED_BYTES_MAX: u64 = 1 << 30;
/// Documents between two words about the progress.
const WORD_EVERY: u64 = 50_000;

/// Where filled profiles are kept.
pub(crate) struct Profiles {
    folder: PathBuf,
}

/// A profile to write to: a copy, or the kept one where a copy is too large.
pub(crate) struct Writable {
    pub path: PathBuf,
    _copy: Option<TempDir>,
}

impl Profiles {
    /// The folder `bench` beside the folder of this program.
    pub(crate) fn beside_this_program() -> anyhow::Result<Profiles> {
        let here = std::env::current_exe().context("finding this program")?;
        let target = here.parent().and_then(Path::parent).context("a program lies in a folder")?;
        Ok(Profiles { folder: target.join("bench") })
    }

    /// The profile with so many documents, filled now if it is not there.
    pub(crate) fn filled(&self, documents: u64) -> anyhow::Result<PathBuf> {
        let profile = self.folder.join(documents.to_string());
        // One that another version of the program has filled may not open any more.
        let opens = || clerk_at(&profile, OpenOptions::default()).is_ok();
        if profile.join(FILLED).exists() && opens() {
            return Ok(profile);
        }
        if profile.exists() {
            fs::remove_dir_all(&profile).context("removing a half filled profile")?;
        }
        fs::create_dir_all(&profile).context("making a folder for the profile")?;
        let mut said = 0;
        let mut heard = |written: Written| {
            if written.documents / WORD_EVERY > said {
                said = written.documents / WORD_EVERY;
                eprintln!("filled {} of {documents}", written.documents);
            }
        };
        let tasks_per_hundred = TASKS_PER_HUNDRED;
        let wanted = Wanted { documents, tasks_per_hundred, seed: SEED, now: evening() };
        let written = fill(&profile, wanted, &mut heard)?;
        fs::write(profile.join(FILLED), format!("{written:?}\n")).context("marking the profile")?;
        Ok(profile)
    }
}

/// The last moment of every filled register.
pub(crate) fn evening() -> Moment {
    Moment::of(date(2026, 11, 20).at(17, 30, 0, 0))
}

/// A profile like this one that may be written to.
pub(crate) fn writable(profile: &Path) -> anyhow::Result<Writable> {
    let register = fs::metadata(profile.join(desk::REGISTER_FILE)).context("looking at it")?;
    if register.len() > COPIED_BYTES_MAX {
        return Ok(Writable { path: profile.to_owned(), _copy: None });
    }
    let beside = profile.parent().context("a profile lies in a folder")?;
    let copy = TempDir::new_in(beside).context("making a folder for a copy")?;
    copy_folder(profile, copy.path())?;
    Ok(Writable { path: copy.path().to_owned(), _copy: Some(copy) })
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}
