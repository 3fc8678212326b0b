//! A small portion of the power cuts and kills that `./dev bench crash` makes by the hundred.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]
use std::path::PathBuf;

use crash::cuts::{Cuts, cut};
use crash::desk_cuts::{cut_desk, record};
use crash::kills::{Kills, kill};
use crash::server_cuts::{self, cut_server};
use store::Synchronous;

const SEED: u64 = 1;

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_crash"))
}

#[test]
fn what_was_shown_before_a_power_cut_is_there_after_it_once() {
    let tally = cut(Cuts { seed: SEED, count: 60, synchronous: Synchronous::Full }).unwrap();
    assert!(tally.is_clean(), "{:#?}", tally.told);
    assert!(tally.shown > 0, "the cuts came before anything was shown");
}

#[test]
fn with_synchronous_normal_a_power_cut_takes_what_was_shown() {
    let tally = cut(Cuts { seed: SEED, count: 10, synchronous: Synchronous::Normal }).unwrap();
    assert!(tally.lost > 0, "the power cuts do not bite");
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn a_power_cut_of_the_desk_takes_no_file_that_a_registered_document_names() {
    let recorded = record(&program()).unwrap();
    let tally = cut_desk(&recorded, SEED..SEED + 30).unwrap();
    assert!(tally.is_clean(), "{:#?}", tally.told);
    let careless = recorded.without_syncs_of_folders();
    let tally = cut_desk(&careless, SEED..SEED + 10).unwrap();
    assert!(!tally.is_clean(), "without syncs of folders nothing is lost: the cuts do not bite");
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn a_power_cut_of_the_server_takes_no_command_and_no_file_it_had_taken() {
    let recorded = server_cuts::record(&program()).unwrap();
    let tally = cut_server(&recorded, SEED..SEED + 20).unwrap();
    assert!(tally.is_clean(), "{:#?}", tally.told);
    let careless = recorded.without_syncs_of_the_log();
    let tally = cut_server(&careless, SEED..SEED + 10).unwrap();
    assert!(tally.lost > 0, "without syncs of the log nothing is lost: the cuts do not bite");
}

#[test]
fn what_was_shown_before_a_kill_is_there_after_it_once() {
    let kills = Kills { seed: SEED, count: 15, program: program(), folder: None };
    let tally = kill(&kills).unwrap();
    assert!(tally.is_clean(), "{:#?}", tally.told);
    assert!(tally.shown > 0, "the kills came before anything was shown");
}
