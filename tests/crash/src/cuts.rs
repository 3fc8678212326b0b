//! Power cuts: the script runs on a disk in memory, the plug is pulled, what survives is opened.
use std::path::Path;

use anyhow::{Context, Result};

use store::{Checkpoints, OpenOptions, Store, Synchronous};

use crate::chance::Chance;
use crate::disk::{Disk, Survival};
use crate::machine::Machine;
use crate::office::{DEVICE, KEY, another, enter, found, register};
use crate::shown::{Shown, Tally, what_is_there};

/// Documents of the script.
const DOCUMENTS: u32 = 150;
/// Documents after which the log is folded by call.
const DOCUMENTS_BETWEEN_FOLDS: u64 = 40;
const REGISTER: &str = "register.db";

/// Which power cuts.
#[derive(Debug, Clone, Copy)]
pub struct Cuts {
    /// The first seed; each cut has the next one.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// When SQLite waits for the disk.
    pub synchronous: Synchronous,
}

/// Cuts the power so many times, each time at another step of the script.
///
/// # Errors
/// When the test itself cannot run; what the cuts did is in the tally.
pub fn cut(cuts: Cuts) -> Result<Tally> {
    let folder = tempfile::tempdir().context("making a folder")?;
    let path = folder.path().join(REGISTER);
    let mut tally = Tally::default();
    // Every other run has the thread that folds the log beside the acts, as the desk has.
    let ways = [Checkpoints::Background, Checkpoints::ByCall].map(|checkpoints| OpenOptions {
        synchronous: cuts.synchronous,
        checkpoints,
        ..OpenOptions::default()
    });
    let [beside, by_call] = &ways;
    let steps = steps_of_the_script(beside, &path)?.max(steps_of_the_script(by_call, &path)?);
    for seed in cuts.seed..cuts.seed.saturating_add(cuts.count) {
        let options = if seed % 2 == 0 { beside } else { by_call };
        let of_this = one_cut(seed, &path, options, steps)?;
        tally.take_in(of_this, &format!("seed {seed}"));
    }
    Ok(tally)
}

/// Steps that the script takes when nobody pulls the plug.
fn steps_of_the_script(options: &OpenOptions, path: &Path) -> Result<u64> {
    let machine = Machine::plug_in("whole", Disk::default(), None)?;
    let shown = work(path, &on(&machine, options), 0);
    anyhow::ensure!(shown.documents.len() == DOCUMENTS as usize, "the script itself fails");
    Ok(machine.steps())
}

fn on(machine: &Machine, options: &OpenOptions) -> OpenOptions {
    OpenOptions { vfs: Some(machine.name()), ..options.clone() }
}

fn one_cut(seed: u64, path: &Path, options: &OpenOptions, steps: u64) -> Result<Tally> {
    let mut chance = Chance::new(seed);
    let cut_at = 1 + chance.below(steps);
    let machine = Machine::plug_in(&format!("cut-{seed}"), Disk::default(), Some(cut_at))?;
    let shown = work(path, &on(&machine, options), seed);
    // The thread may have taken fewer steps this time; the end of the script is a point as well.
    machine.pull_the_plug();
    let survival = Survival::any(&mut chance);
    let disk = machine.take_disk().after_a_cut(survival, &mut chance);
    drop(machine);
    let machine = Machine::plug_in(&format!("after-{seed}"), disk, None)?;
    let mut tally = Tally { ends: 1, ..Tally::default() };
    look(path, &on(&machine, options), &shown, &mut tally);
    let mut named = Tally::default();
    named.take_in(tally, &format!("{survival:?} at step {cut_at} of {steps}"));
    Ok(named)
}

/// Founds an office and registers until the power is gone; says what was shown by then.
fn work(path: &Path, options: &OpenOptions, seed: u64) -> Shown {
    let mut shown = Shown::default();
    let Ok(store) = Store::create(path, &KEY, DEVICE, options) else { return shown };
    if found(&store, &mut shown).is_err() {
        return shown;
    }
    let fold_at = seed % DOCUMENTS_BETWEEN_FOLDS;
    for made in 1..=DOCUMENTS {
        if enter(&store, made, &mut shown).is_err() {
            return shown;
        }
        let folds = u64::from(made) % DOCUMENTS_BETWEEN_FOLDS == fold_at;
        if folds && options.checkpoints == Checkpoints::ByCall && store.checkpoint().is_err() {
            return shown;
        }
    }
    shown
}

fn look(path: &Path, options: &OpenOptions, shown: &Shown, tally: &mut Tally) {
    let store = match Store::open(path, &KEY, options) {
        Ok(store) => store,
        // Nothing was founded yet, so nothing can be missed.
        Err(_) if shown.acts == 0 => return,
        Err(fault) => {
            tally.shown += shown.documents.len() as u64;
            tally.lost += shown.documents.len() as u64;
            return tally.unclean(format!("the register does not open: {fault:?}"));
        }
    };
    let there = match what_is_there(&store) {
        Ok(there) => there,
        Err(fault) => return tally.unclean(format!("the register cannot be read: {fault:?}")),
    };
    tally.compare(shown, &there, 1);
    tally.compare_acts(shown, &there);
    tally.verify(&store);
    // Before a book was open there is no number to go on with.
    if shown.acts < 3 {
        return;
    }
    let next = there.documents.last().map_or(1, |(number, _)| number + 1);
    match register(&store, another(next), next) {
        Ok(number) if number == next => {}
        Ok(number) => tally.unclean(format!("{number} was given instead of {next}")),
        Err(fault) => tally.unclean(format!("no more can be registered: {fault:?}")),
    }
}
