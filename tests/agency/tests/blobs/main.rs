//! A small portion of the files that `blobs` carries by the thousand.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]
use std::path::{Path, PathBuf};

use agency::{Load, carries};

const SEED: u64 = 1;
const FILES: u64 = 24;
const BYTES: u64 = 12_000_000;
/// These are few calls.
const SPOILED_ONE_IN: u64 = 6;
/// These are few bytes.
const BREAKS_WITHIN: u64 = 2_000_000;

/// The server of the same build, which the workspace builds beside every program of tests.
fn server() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_BIN_EXE_blobs")).with_file_name("vanthu-server");
    beside.exists().then_some(beside)
}

#[test]
fn over_a_line_that_breaks_and_spoils_every_file_is_whole_on_the_other_desk() {
    let server = server().expect("the program vanthu-server is built beside this one");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_owned();
    let (files, bytes, seed, spoiled_one_in) = (FILES, BYTES, SEED, SPOILED_ONE_IN);
    let breaks_within = BREAKS_WITHIN;
    let load = Load { server, files, bytes, seed, spoiled_one_in, breaks_within, folder };
    let found = carries(&load);
    assert!(found.is_clean(), "{}\n{:#?}", found.json(SEED), found.told);
    assert!(found.broke_up > 0 && found.broke_down > 0, "the line never broke");
    assert!(found.spoiled_up.0 + found.spoiled_down.0 > 0, "nothing was spoiled");
}
