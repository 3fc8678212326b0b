//! `blobs`: files from one desk to another over a line that breaks and spoils.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what drives a test stops where it stands")]
use std::path::PathBuf;
use std::process::ExitCode;

use agency::{BREAKS_WITHIN, Carried, Load, SPOILED_ONE_IN, carries};
use clap::Parser;

/// Carries the files and prints what became of them as the last line.
#[derive(Parser)]
struct Arguments {
    /// How many files.
    #[arg(long, default_value_t = 1_000)]
    files: u64,
    /// Bytes of all of them together, about.
    #[arg(long, default_value_t = 5_000_000_000)]
    bytes: u64,
    /// Which ones, and which breaks.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// In so many agencies, one after another: each needs room for its files three times.
    #[arg(long, default_value_t = 1)]
    rounds: u64,
    /// Only the line of figures.
    #[arg(long)]
    json: bool,
    /// In which folder the profiles are made; they go with the run.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where `vanthu-server` lies; none is beside this program.
    #[arg(long)]
    programs: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Arguments { files, bytes, seed, rounds, json, folder, programs } = Arguments::parse();
    let here = std::env::current_exe().expect("a program that runs has a place");
    let server = programs.unwrap_or_else(|| here.with_file_name("")).join("vanthu-server");
    let folder = folder.unwrap_or_else(std::env::temp_dir);
    let (mut found, mut clean) = (Carried::default(), true);
    for round in 0..rounds.max(1) {
        let temporary = tempfile::tempdir_in(&folder).expect("there is room for files");
        let (files, bytes) = (files / rounds.max(1), bytes / rounds.max(1));
        let (seed, folder) = (seed + round, temporary.path().to_owned());
        let (server, spoiled_one_in, breaks_within) =
            (server.clone(), SPOILED_ONE_IN, BREAKS_WITHIN);
        let of_this =
            carries(&Load { server, files, bytes, seed, spoiled_one_in, breaks_within, folder });
        clean = clean && of_this.is_clean();
        if !json {
            of_this.told.iter().for_each(|told| eprintln!("{told}"));
            eprintln!("{}", of_this.json(seed));
        }
        found.takes_in(&of_this);
    }
    println!("{}", found.json(seed));
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
