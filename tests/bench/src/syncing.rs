//! What goes between PCs and a server: a real server process on loopback, desks as libraries.
#![allow(clippy::indexing_slicing, reason = "JSON without the field reads as nothing")]
mod changes;
pub(crate) mod dictionary;
mod files;
mod office;
pub(crate) mod parcels;
mod peers;

use std::path::Path;
use std::time::Duration;

use agency::Proxy;
use anyhow::Context as _;

use tempfile::TempDir;

use self::office::{
    ADMINISTRATOR, CLERK, LEADER, Off, Office, PIN, Pc, Wants, founded, gives_back, hands_on,
    meets, opened, switches, waits_for,
};
use crate::figures::{Figure, Form, print};
use crate::profiles::writable;

/// From here on the goals of the first copy count.
const GOAL_DOCUMENTS: u64 = 100_000;
/// A line of 2 Mbit/s.
const NARROW_BYTES_A_SECOND: u64 = 250_000;

type Measured = anyhow::Result<Vec<Figure>>;

fn figure(
    bench: &'static str,
    documents: u64,
    metric: &'static str,
    unit: &'static str,
    value: f64,
    goal: Option<f64>,
) -> Figure {
    Figure { bench, documents, metric, unit, value, goal }
}

/// Measures everything; each figure is printed when it is there.
pub(crate) fn measure(profile: &Path, documents: u64, form: Form) -> Measured {
    let tell = |measured: Measured, what: &'static str| -> anyhow::Result<()> {
        measured.context(what)?.iter().for_each(|figure| print(form, figure));
        Ok(())
    };
    let ms = |time: Duration| (time.as_secs_f64() * 1000.0).round();
    {
        let place = writable(profile)?;
        let (office, adopted) = opened(&place.path, "")?;
        let adopted = figure("sync, adoption", documents, "all", "ms", ms(adopted), None);
        tell(Ok(vec![adopted]), "adoption")?;
        let at = format!("http://{}", office.server.address());
        let (_, [usable, all]) = office.joins(LEADER, ("CT-01", &at), Wants::Documents)?;
        let goal = |goal: f64| (documents <= GOAL_DOCUMENTS).then_some(goal);
        let first = [
            figure("sync, first copy", documents, "usable", "ms", ms(usable), goal(1_000.0)),
            figure("sync, first copy", documents, "all", "ms", ms(all), goal(8_000.0)),
        ];
        tell(Ok(first.into()), "first copy")?;
        let narrow = Proxy::to(office.server.address(), 3);
        narrow.is_narrow(NARROW_BYTES_A_SECOND);
        let (_, [usable, all]) =
            office.joins(LEADER, ("CT-02", &narrow.address()), Wants::Documents)?;
        let bytes = (changes::all_bytes(&narrow) / 1e4).round() / 100.0;
        let first = [
            figure("sync, first copy, 2 Mbit/s", documents, "usable", "ms", ms(usable), goal(3e3)),
            figure("sync, first copy, 2 Mbit/s", documents, "all", "ms", ms(all), goal(75e3)),
            figure("sync, first copy, 2 Mbit/s", documents, "bytes", "MB", bytes, None),
        ];
        tell(Ok(first.into()), "first copy over a narrow line")?;
    }
    let beside = profile.parent().context("a profile lies in a folder")?;
    let folder = TempDir::new_in(beside).context("making a folder for a small agency")?;
    let small = folder.path().join("VT-01");
    std::fs::create_dir_all(&small).context("making a profile")?;
    founded(&small)?;
    let (office, _) = opened(&small, PIN)?;
    between_pcs(&office, &tell)
}

type Tell<'a> = dyn Fn(Measured, &'static str) -> anyhow::Result<()> + 'a;

/// A small agency of four PCs: two on loopback, two behind a line that is counted.
fn between_pcs(office: &Office, tell: &Tell<'_>) -> Measured {
    let server = office.server.address();
    let direct = format!("http://{server}");
    let lines = [Proxy::to(server, 1), Proxy::to(server, 2)];
    let [near, far] = &lines;
    let joins = |position, name, at: &str| -> anyhow::Result<Pc> {
        Ok(office.joins(position, (name, at), Wants::Nothing)?.0)
    };
    let reader = joins(LEADER, "CT-01", &direct)?;
    let writes = joins(CLERK, "VT-02", &near.address())?;
    let reads = joins(LEADER, "CT-02", &far.address())?;
    office.sits(CLERK)?;
    tell(changes::alone(&office.first, &reader, 0), "one change")?;
    // Who writes gives the numbers: a book in which many wait for theirs is another thing.
    hands_on(&office.first, &writes.desk)?;
    let (from, to) = ((&writes.desk, near), (&reads, far));
    tell(changes::bytes(from, to, 0), "bytes")?;
    tell(changes::far(from, to, 0), "far")?;
    tell(files::cut(from, to, 0), "cuts")?;
    hands_on(&writes.desk, &office.first)?;
    drop(writes);
    tell(changes::idle((&reads.desk, far), 0), "idle")?;
    switches(&reads.desk, Off::Yes)?;
    tell(files::scan(&office.first, &reader, 0), "scan")?;
    let (ids, figures) = changes::queued(&office.first, &reader, 0)?;
    tell(Ok(figures), "queued")?;
    drop(reader);
    switches(&reads.desk, Off::No)?;
    meets(&reads.desk)?;
    // The scan comes down now: what is counted after it are words.
    waits_for(&reads.desk, |line| line.get("files_down").is_some_and(|many| many == 0))?;
    let leader = office.officer(LEADER)?;
    let from = (&office.first, leader.as_str());
    tell(changes::caught_up(from, &ids, (&reads, far), 0), "catching up")?;
    drop(reads);
    gives_back(&office.first)?;
    office.sits(ADMINISTRATOR)?;
    tell(peers::commands(office, 0), "commands")?;
    tell(peers::waiting(office, 0), "waiting")?;
    Ok(Vec::new())
}
