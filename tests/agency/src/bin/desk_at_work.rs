//! `desk-at-work PROFILE JOURNAL RUN SEED`: one person works at one PC until somebody kills it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what drives a test stops where it stands")]
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use agency::{Chance, Journal, Seat, Work};
use clap::Parser;

/// Between two acts of a person.
const REST_MS_MAX: u64 = 150;

/// Works until it is killed.
#[derive(Parser)]
struct Arguments {
    /// The profile of the PC.
    profile: PathBuf,
    /// Where every act is noted that the desk answered.
    journal: PathBuf,
    /// A name of this run that no other run has.
    run: String,
    /// Which acts.
    seed: u64,
}

fn main() {
    let Arguments { profile, journal, run, seed } = Arguments::parse();
    let seat = Seat::at(&profile);
    let mut journal = Journal::at(&journal);
    let mut rests = Chance::new(seed);
    let mut work = Work::begins(&seat, &mut journal, (run, seed));
    loop {
        work.does_one();
        sleep(Duration::from_millis(rests.below(REST_MS_MAX)));
    }
}
