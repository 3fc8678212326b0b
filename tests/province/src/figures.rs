//! The figures of a server, one line of JSON each, as `./dev bench` reads them.
use std::path::PathBuf;
use std::time::Duration;

use postgres_cluster::{Cluster, Disk};
use serde::Serialize;

use crate::load::{Day, Load, Measured};
use crate::{pace, works};

/// Callers, as many as the pace rises with, and how long each kind of call is made.
const PACE: (usize, Duration) = (64, Duration::from_secs(10));
/// An office of 578 accounts with 13,444 documents a year: those of a day, sixty times as fast.
const OFFICE: (usize, usize, usize) = (1, 578, 100);
const OFFICE_DAY: Day = Day { documents: 54, lasts: Duration::from_mins(8) };
/// A province of 150 agencies with 10,000 accounts, of which six of ten have a PC that runs.
const PROVINCE: (usize, usize, usize) = (150, 10_000, 60);
/// Four documents a second are some 33 entries: the busiest hour of a province.
const PROVINCE_HOUR: Day = Day { documents: 1_200, lasts: Duration::from_mins(5) };
/// What the slowest of a hundred calls may take.
const CALL_MS: f64 = 100.0;

/// One figure; `least` says that more is better.
#[derive(Debug, Serialize)]
pub struct Figure {
    bench: &'static str,
    documents: u64,
    metric: String,
    unit: &'static str,
    value: f64,
    goal: Option<f64>,
    least: bool,
}

/// Where the figures are taken.
#[derive(Debug, Clone)]
pub struct Bench {
    pub seed: u64,
    pub program: PathBuf,
    pub folder: PathBuf,
}

/// Takes all of them, and says each as soon as it is known.
pub fn measure(bench: &Bench, say: &mut dyn FnMut(&Figure)) {
    for (name, wanted) in [("server-pace", true), ("server-pace-file", false)] {
        let cluster = wanted.then(own_cluster);
        let storage = cluster.as_ref().map(|cluster| cluster.database().unwrap());
        let folder = bench.folder.join(name);
        std::fs::create_dir(&folder).unwrap();
        let pace = pace::measure((&bench.program, &folder), storage.as_deref(), PACE);
        let goals = if wanted { [Some(3_000.0), Some(5_000.0)] } else { [None, None] };
        let [commands, looks] = goals;
        say(&many(name, "commands", (pace.commands, commands)));
        say(&many(name, "looks", (pace.pulls, looks)));
    }
    let office = at_work(bench, "server-office", (OFFICE, OFFICE_DAY), None);
    of_people("server-office", &office, Some(CALL_MS), say);
    let cluster = own_cluster();
    let storage = Some(cluster.database().unwrap());
    let province = at_work(bench, "server-province", (PROVINCE, PROVINCE_HOUR), storage);
    of_people("server-province", &province, None, say);
}

fn own_cluster() -> Cluster {
    Cluster::start(Disk::Synced).unwrap().expect("PostgreSQL is installed")
}

fn at_work(
    bench: &Bench,
    name: &str,
    ((agencies, accounts, awake), day): ((usize, usize, usize), Day),
    storage: Option<String>,
) -> Measured {
    let folder = bench.folder.join(name);
    std::fs::create_dir(&folder).unwrap();
    let (seed, program) = (bench.seed, bench.program.clone());
    works(&Load { agencies, accounts, awake, day, seed, program, folder, storage })
}

fn many(bench: &'static str, metric: &str, (value, goal): (f64, Option<f64>)) -> Figure {
    let (metric, value) = (metric.to_owned(), value.round());
    Figure { bench, documents: 0, metric, unit: "/s", value, goal, least: true }
}

fn of_people(
    bench: &'static str,
    seen: &Measured,
    goal: Option<f64>,
    say: &mut dyn FnMut(&Figure),
) {
    let mut tell = |metric: String, unit: &'static str, value: f64, goal: Option<f64>| {
        let value = (value * 100.0).round() / 100.0;
        say(&Figure { bench, documents: seen.documents, metric, unit, value, goal, least: false });
    };
    for (path, took) in &seen.calls {
        let path = if path.is_empty() { "/v1/wait" } else { path };
        tell(format!("{path} count"), "", took.count as f64, None);
        tell(format!("{path} p50"), "ms", took.p50, None);
        // A call that waits for news takes as long as there are none.
        tell(format!("{path} p99"), "ms", took.p99, goal.filter(|_| path != "/v1/wait"));
    }
    tell("turned away".to_owned(), "", seen.turned_away as f64, goal.map(|_| 0.0));
    let [quarter, end, most] = seen.rss;
    tell("rss early".to_owned(), "MB", quarter, None);
    tell("rss end".to_owned(), "MB", end, None);
    tell("rss most".to_owned(), "MB", most, None);
    let [quarter, _, most] = seen.wal;
    if most > 0.0 {
        tell("wal early".to_owned(), "MB", quarter, None);
        tell("wal most".to_owned(), "MB", most, None);
    }
    tell("cpu".to_owned(), "cores", seen.cpu, None);
}
