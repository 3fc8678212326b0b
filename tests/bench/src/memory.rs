//! Memory of a process that has the desk open and has worked with it.
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use contract::{DocumentAsked, DocumentFilter, DocumentOpened, Found, SearchAsked};
use store::OpenOptions;

use crate::at_desk::{ask, clerk_at};
use crate::figures::Figure;
use crate::{listing, searching};

/// Documents opened before the memory is read.
const OPENED: usize = 50;
/// Up to this size the goal is that of a small office.
const SMALL_DOCUMENTS_MAX: u64 = 100_000;

/// Measures in a process of its own, which nothing else has filled.
pub(crate) fn measure(profile: &Path, documents: u64) -> anyhow::Result<Vec<Figure>> {
    let here = std::env::current_exe().context("finding this program")?;
    let told = Command::new(here).arg("--memory-of").arg(profile).output();
    let told = told.context("starting a process to measure")?;
    let said = String::from_utf8_lossy(&told.stderr);
    anyhow::ensure!(told.status.success(), "the measured process failed: {said}");
    let kib = String::from_utf8_lossy(&told.stdout);
    let mut kib = kib.split_whitespace().map(|kib| kib.parse::<f64>().unwrap_or(0.0));
    let goal = if documents <= SMALL_DOCUMENTS_MAX { 120.0 } else { 200.0 };
    let mut figure = |metric, goal| {
        let value = (kib.next().unwrap_or(0.0) / 102.4).round() / 10.0;
        Figure { bench: "memory", documents, metric, unit: "MB", value, goal }
    };
    Ok(vec![figure("PSS", Some(goal)), figure("RSS", None)])
}

/// Uses the desk, and prints PSS and RSS of this process in KiB.
pub(crate) fn tell(profile: &Path) -> anyhow::Result<()> {
    let desk = clerk_at(profile, OpenOptions::default())?;
    for query in searching::queries(&desk)? {
        let filter = DocumentFilter::default();
        let asked = SearchAsked { text: query, filter, count: 50, everything: true };
        let _: Found = ask(&desk, "search", &asked)?;
    }
    let mut shown = Vec::new();
    for filter in listing::filters(&desk)? {
        let (_, window) = listing::page(&desk, &filter, 0)?;
        shown.extend(window.rows.into_iter().map(|row| row.id));
    }
    for id in shown.into_iter().take(OPENED) {
        let _: DocumentOpened = ask(&desk, "document", &DocumentAsked { id, seen: false })?;
    }
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup")
        .context("reading the memory of this process: only Linux tells it")?;
    let kib = |name: &str| {
        let mut lines = rollup.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().unwrap_or("0").to_owned()
    };
    println!("{} {}", kib("Pss:"), kib("Rss:"));
    Ok(())
}
