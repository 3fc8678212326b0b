//! A small portion of the kills of server and desks that `kills` makes by the thousand.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]
use std::path::{Path, PathBuf};

use agency::{Fire, kills};

const SEED: u64 = 1;
const KILLS: u64 = 20;

/// The server of the same build, which the workspace builds beside every program of tests.
fn server() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_BIN_EXE_kills")).with_file_name("vanthu-server");
    beside.exists().then_some(beside)
}

#[test]
fn whatever_is_killed_over_a_bad_line_no_answered_act_is_lost_doubled_or_stuck() {
    let server = server().expect("the program vanthu-server is built beside this one");
    let folder = tempfile::tempdir().unwrap();
    let desk = PathBuf::from(env!("CARGO_BIN_EXE_desk-at-work"));
    let folder = folder.path().to_owned();
    let found = kills(&Fire { server, desk, kills: KILLS, seed: SEED, folder });
    assert!(found.is_clean(), "{}\n{:#?}", found.json(SEED, KILLS), found.told);
    assert!(found.acts > 0, "the kills came before anything was done");
}
