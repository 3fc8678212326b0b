//! `province`: every agency sends to all others, or everybody works at once; the last line is JSON.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what drives a test stops where it stands")]
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use postgres_cluster::{Cluster, Disk};
use province::{Bench, Day, Load, Plan, figures, paces, run, works};
use serde_json::json;

/// A province with real servers, and agencies without desks.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
    /// Which chances.
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
    /// Where `vanthu-server` lies; none is beside this program.
    #[arg(long, global = true)]
    programs: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Task {
    /// Every agency sends documents to all others, while servers die and one is down for long.
    Parcels {
        #[arg(long, default_value_t = 76)]
        agencies: usize,
        #[arg(long, default_value_t = 20)]
        documents: usize,
        #[arg(long, default_value_t = 2)]
        servers: usize,
        /// Seconds for which the last server is down at the beginning.
        #[arg(long, default_value_t = 20)]
        down: u64,
        /// Milliseconds between two deaths of a server, in the middle.
        #[arg(long, default_value_t = 1_750)]
        lives: u64,
        /// The last server is on a PostgreSQL of its own.
        #[arg(long)]
        postgres: bool,
        /// Every call goes through TLS.
        #[arg(long)]
        sealed: bool,
    },
    /// Calls a second: one command each, and looks that find nothing.
    Pace {
        #[arg(long, default_value_t = 32)]
        callers: usize,
        /// Seconds of each.
        #[arg(long, default_value_t = 10)]
        lasts: u64,
        /// On a PostgreSQL of its own.
        #[arg(long)]
        postgres: bool,
    },
    /// The figures of a server, a line of JSON each.
    Figures,
    /// People at work, all at once.
    Day {
        #[arg(long, default_value_t = 1)]
        agencies: usize,
        #[arg(long, default_value_t = 578)]
        accounts: usize,
        /// Of a hundred accounts so many have a PC that runs.
        #[arg(long, default_value_t = 100)]
        awake: usize,
        /// Documents that come in and go out in this time.
        #[arg(long, default_value_t = 54)]
        documents: u64,
        /// Seconds.
        #[arg(long, default_value_t = 480)]
        lasts: u64,
        /// On a PostgreSQL of its own.
        #[arg(long)]
        postgres: bool,
    },
}

fn own_cluster(wanted: bool) -> Option<Cluster> {
    wanted.then(|| Cluster::start(Disk::Synced).unwrap().expect("PostgreSQL is installed"))
}

fn main() -> ExitCode {
    let Arguments { task, seed, programs } = Arguments::parse();
    let here = std::env::current_exe().expect("a program that runs has a place");
    let program = programs.unwrap_or_else(|| here.with_file_name("")).join("vanthu-server");
    let temporary = tempfile::tempdir().expect("there is room for files");
    let folder = temporary.path().to_owned();
    match task {
        Task::Parcels { agencies, documents, servers, down, lives, postgres, sealed } => {
            let cluster = own_cluster(postgres);
            let storage = cluster.as_ref().map(|cluster| cluster.database().unwrap());
            let (down, lives) = (Duration::from_secs(down), Duration::from_millis(lives));
            let plan = Plan {
                agencies,
                documents,
                servers,
                down,
                lives,
                seed,
                program,
                folder,
                storage,
                sealed,
            };
            let outcome = run(&plan);
            println!("{}", json!(outcome));
            if outcome.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Task::Pace { callers, lasts, postgres } => {
            let cluster = own_cluster(postgres);
            let storage = cluster.as_ref().map(|cluster| cluster.database().unwrap());
            let callers = (callers, Duration::from_secs(lasts));
            println!("{}", json!(paces((&program, &folder), storage.as_deref(), callers)));
            ExitCode::SUCCESS
        }
        Task::Figures => {
            figures(&Bench { seed, program, folder }, &mut |figure| println!("{}", json!(figure)));
            ExitCode::SUCCESS
        }
        Task::Day { agencies, accounts, awake, documents, lasts, postgres } => {
            let cluster = own_cluster(postgres);
            let storage = cluster.as_ref().map(|cluster| cluster.database().unwrap());
            let day = Day { documents, lasts: Duration::from_secs(lasts) };
            let load = Load { agencies, accounts, awake, day, seed, program, folder, storage };
            println!("{}", json!(works(&load)));
            ExitCode::SUCCESS
        }
    }
}
