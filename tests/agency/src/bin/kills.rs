//! `kills`: server and six desks as processes, killed at any moment over a bad line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what drives a test stops where it stands")]
use std::path::PathBuf;
use std::process::ExitCode;

use agency::{Fire, kills};
use clap::Parser;

/// Kills, lets everybody meet again, and prints what is left as the last line.
#[derive(Parser)]
struct Arguments {
    /// How many kills.
    #[arg(long, default_value_t = 2_000)]
    kills: u64,
    /// Which ones.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only the line of figures.
    #[arg(long)]
    json: bool,
    /// Where the profiles are made and left; none is a folder that goes with the run.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Where `vanthu-server` and `desk-at-work` lie; none is beside this program.
    #[arg(long)]
    programs: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Arguments { kills: count, seed, json, folder, programs } = Arguments::parse();
    let here = std::env::current_exe().expect("a program that runs has a place");
    let programs = programs.unwrap_or_else(|| here.with_file_name(""));
    let beside = |name: &str| programs.join(name);
    let temporary = tempfile::tempdir().expect("there is room for files");
    let folder = folder.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (server, desk) = (beside("vanthu-server"), beside("desk-at-work"));
    let found = kills(&Fire { server, desk, kills: count, seed, folder });
    if !json {
        found.told.iter().for_each(|told| eprintln!("{told}"));
    }
    println!("{}", found.json(seed, count));
    if found.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
