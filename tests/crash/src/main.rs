//! Cuts the power and kills the desk many times, and prints what was lost.
// A program of tests: what it cannot index or unwrap ends the run, as an assertion does.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::should_implement_trait,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crash::cuts::{Cuts, cut};
use crash::desk_cuts::{cut_desk, record};
use crash::kills::{Kills, kill};
use crash::registrar;
use crash::server_at_work;
use crash::server_cuts::{self, cut_server};
use crash::shown::Tally;
use store::Synchronous;

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod recorder;

/// Power cuts and kills of a registering run: nothing that was shown may be lost.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    word: Option<Word>,
    /// Power cuts of the register, on a disk in memory.
    #[arg(long, default_value_t = 500)]
    cuts: u64,
    /// Power cuts of the register with synchronous=NORMAL, which must lose something.
    #[arg(long, default_value_t = 50)]
    careless_cuts: u64,
    /// Power cuts of the whole desk with its files.
    #[arg(long, default_value_t = 500)]
    desk_cuts: u64,
    /// Power cuts of the server with its storage and its files.
    #[arg(long, default_value_t = 500)]
    server_cuts: u64,
    /// Kills of the desk.
    #[arg(long, default_value_t = 2000)]
    kills: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where profiles that are killed are made.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// One JSON line a figure.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Word {
    /// The desk that is killed: registers document after document.
    Registrar {
        /// Its profile.
        profile: PathBuf,
        /// How many it registers.
        #[arg(long)]
        documents: u64,
        /// Where to write down what it does to its files.
        #[arg(long)]
        trace: Option<PathBuf>,
    },
    /// The server whose power is cut: takes what a desk brings, document after document.
    Server {
        /// Its folder, empty.
        folder: PathBuf,
        /// The profile of the desk.
        profile: PathBuf,
        /// How many documents it takes.
        #[arg(long)]
        documents: u64,
        /// Where to write down what it does to its files.
        #[arg(long)]
        trace: PathBuf,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match &arguments.word {
        Some(Word::Registrar { profile, documents, trace: Some(trace) }) => {
            recorded(trace, profile, || registrar::work(profile, *documents))
        }
        Some(Word::Registrar { profile, documents, trace: None }) => {
            registrar::work(profile, *documents)
        }
        Some(Word::Server { folder, profile, documents, trace }) => {
            recorded(trace, folder, || server_at_work::work(folder, profile, *documents))
        }
        None => measure(&arguments),
    }
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
fn recorded(trace: &Path, folder: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    recorder::begin(trace, folder)?;
    let worked = work();
    recorder::end()?;
    worked
}

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
fn recorded(_trace: &Path, _folder: &Path, _work: impl FnOnce() -> Result<()>) -> Result<()> {
    anyhow::bail!("only Linux can write down what is done to files")
}

fn measure(arguments: &Arguments) -> Result<()> {
    let program = std::env::current_exe()?;
    let Arguments { seed, folder, .. } = arguments;
    let mut is_clean = true;
    let mut print = |name: &str, tally: &Tally, started: Instant| {
        figures(arguments, name, tally);
        eprintln!("{name}: {} ends in {:.0?}", tally.ends, started.elapsed());
        tally.told.iter().for_each(|told| eprintln!("{name}: {told}"));
        is_clean = is_clean && tally.is_clean();
    };
    if arguments.cuts > 0 {
        let started = Instant::now();
        let cuts = Cuts { seed: *seed, count: arguments.cuts, synchronous: Synchronous::Full };
        print("power-cut", &cut(cuts)?, started);
    }
    if arguments.desk_cuts > 0 {
        let started = Instant::now();
        let recorded = record(&program)?;
        let seeds = *seed..seed.saturating_add(arguments.desk_cuts);
        print("power-cut-desk", &cut_desk(&recorded, seeds)?, started);
    }
    if arguments.server_cuts > 0 {
        let started = Instant::now();
        let recorded = server_cuts::record(&program)?;
        let seeds = *seed..seed.saturating_add(arguments.server_cuts);
        print("power-cut-server", &cut_server(&recorded, seeds)?, started);
    }
    if arguments.kills > 0 {
        let started = Instant::now();
        let (seed, count, folder) = (*seed, arguments.kills, folder.clone());
        print("kill", &kill(&Kills { seed, count, program, folder })?, started);
    }
    if arguments.careless_cuts > 0 {
        let (seed, count) = (*seed, arguments.careless_cuts);
        let tally = cut(Cuts { seed, count, synchronous: Synchronous::Normal })?;
        let (shown, lost) = (tally.shown, tally.lost);
        eprintln!("with synchronous=NORMAL {lost} of {shown} are lost in {count} cuts");
        anyhow::ensure!(lost > 0, "the power cuts do not bite: NORMAL loses nothing");
    }
    anyhow::ensure!(is_clean, "something that was shown is lost, doubled or damaged");
    Ok(())
}

fn figures(arguments: &Arguments, name: &str, tally: &Tally) {
    let Tally { ends, shown, lost, doubled, unclean, told: _ } = tally;
    let goals = [("lost", lost), ("doubled", doubled), ("unclean", unclean)];
    let measured = goals.map(|(metric, value)| (metric, value, "0"));
    for (metric, value, goal) in measured.into_iter().chain([("ends", ends, "null")]) {
        if arguments.json {
            println!(
                "{{\"bench\":\"crash-{name}\",\"documents\":{shown},\"metric\":\"{metric}\",\
                 \"unit\":\"count\",\"value\":{value},\"goal\":{goal}}}"
            );
        } else {
            println!("crash-{name} {shown} {metric} {value}");
        }
    }
}
