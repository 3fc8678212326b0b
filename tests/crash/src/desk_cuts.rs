//! Power cuts of a whole desk: what it did to its profile is recorded, and undone where not synced.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use desk::keyring::Unlocked;

use crate::chance::Chance;
use crate::disk::{Disk, Survival};
use crate::profile::{keys_of, look, shown_by};
use crate::registrar::READY;
use crate::shown::{Shown, Tally};
use crate::trace::{Event, read};

/// Documents, each with a file, that the recorded desk registers.
const DOCUMENTS: u64 = 60;

/// Which power cuts of a desk.
#[derive(Debug, Clone)]
pub struct DeskCuts {
    /// The first seed; each cut has the next one.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// The program whose word `registrar` is the desk.
    pub program: PathBuf,
}

/// What a desk did, and the keys of its profile.
pub struct Recorded {
    profile: PathBuf,
    events: Vec<Event>,
    keys: Unlocked,
}

impl Recorded {
    /// What it did, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same without the syncs of folders: what a careless program would have done.
    #[must_use]
    pub fn without_syncs_of_folders(self) -> Recorded {
        let Recorded { profile, events, keys } = self;
        let mut disk = Disk::default();
        let kept = events.into_iter().filter(|event| {
            event.replay(&mut disk);
            let of_folder = matches!(event, Event::Synced(path) if disk.find(path).is_none());
            !of_folder
        });
        let events = kept.collect();
        Recorded { profile, events, keys }
    }
}

/// Lets a desk found an agency and register, and records what it does to its profile.
///
/// # Errors
/// When the desk fails, or nothing was recorded.
pub fn record(program: &Path) -> Result<Recorded> {
    let folder = tempfile::tempdir().context("making a folder")?;
    let profile = folder.path().join("profile");
    fs::create_dir(&profile).context("making the profile")?;
    let profile = profile.canonicalize().context("finding the profile")?;
    let trace = folder.path().join("trace");
    let mut desk = Command::new(program);
    desk.arg("registrar").arg(&profile).arg("--documents").arg(DOCUMENTS.to_string());
    desk.arg("--trace").arg(&trace).stdin(Stdio::null());
    let ended = desk.output().context("starting the desk")?;
    let complaint = String::from_utf8_lossy(&ended.stderr);
    anyhow::ensure!(ended.status.success(), "the desk failed: {complaint}");
    let events = fs::read(&trace).context("reading what was recorded")?;
    let events = read(&events).context("the record is broken")?;
    anyhow::ensure!(shown_in(&events).documents.len() as u64 == DOCUMENTS, "not all was recorded");
    Ok(Recorded { keys: keys_of(&profile)?, profile, events })
}

/// Cuts the power of a recorded desk so many times.
///
/// # Errors
/// When the test itself cannot run; what the cuts did is in the tally.
pub fn cut_desk(recorded: &Recorded, seeds: std::ops::Range<u64>) -> Result<Tally> {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut chance = Chance::new(seed);
        let until = 1 + chance.below(recorded.events.len() as u64);
        let until = usize::try_from(until).context("counting events")?;
        let before = recorded.events.get(..until).unwrap_or_default();
        let survival = Survival::any(&mut chance);
        let mut disk = Disk::default();
        before.iter().for_each(|event| event.replay(&mut disk));
        let disk = disk.after_a_cut(survival, &mut chance);
        let folder = tempfile::tempdir().context("making a folder")?;
        lay_out(&disk, &recorded.profile, folder.path())?;
        let mut of_this = Tally { ends: 1, ..Tally::default() };
        look_after(before, folder.path(), &recorded.keys, &mut of_this);
        tally.take_in(of_this, &format!("seed {seed}, {survival:?} at event {until}"));
    }
    Ok(tally)
}

fn look_after(before: &[Event], profile: &Path, keys: &Unlocked, tally: &mut Tally) {
    let ready =
        |event: &Event| matches!(event, Event::Said(said) if said.starts_with(READY.as_bytes()));
    // Before the desk was open nothing had been shown that could be missed.
    if !before.iter().any(ready) {
        return;
    }
    if let Err(fault) = keys_of(profile) {
        tally.unclean(format!("the keys do not open: {fault:?}"));
    }
    look(profile, keys, (&shown_in(before), 1), tally);
}

fn shown_in(events: &[Event]) -> Shown {
    let mut shown = Shown::default();
    for event in events {
        if let Event::Said(said) = event {
            let said = String::from_utf8_lossy(said);
            shown.documents.extend(said.lines().filter_map(shown_by));
        }
    }
    shown
}

/// Writes a disk as it is after a cut into a folder.
pub(crate) fn lay_out(disk: &Disk, from: &Path, to: &Path) -> Result<()> {
    for (path, bytes) in disk.files() {
        let path = to.join(path.strip_prefix(from).context("a file outside of the profile")?);
        let above = path.parent().unwrap_or(to);
        fs::create_dir_all(above).context("making a folder again")?;
        fs::write(&path, bytes).with_context(|| format!("laying out {}", path.display()))?;
    }
    Ok(())
}
