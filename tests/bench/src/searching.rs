//! Search as it is typed: three words at a time, every keystroke, fifty rows.
use std::path::Path;
use std::time::Duration;

use contract::{DocumentFilter, DocumentWindow, SearchAsked, WindowAsked};
use desk::Desk;
use store::OpenOptions;

use crate::at_desk::{ask, clerk_at, timed};
use crate::disk_cache;
use crate::figures::{Figure, quantiles};

/// Queries that are typed.
const QUERIES: usize = 60;
/// Words of a query.
const WORDS: usize = 3;
/// Rows wanted.
const ROWS: u32 = 50;
/// Queries typed before the watch starts.
const WARMING_UP: usize = 3;
/// Up to this size the goals are those of a small office.
const SMALL_DOCUMENTS_MAX: u64 = 100_000;

/// Measures every keystroke, and once more just after the PC was switched on.
pub(crate) fn measure(profile: &Path, documents: u64) -> anyhow::Result<Vec<Figure>> {
    let small = documents <= SMALL_DOCUMENTS_MAX;
    let goals = if small { [Some(0.5), Some(8.0)] } else { [Some(1.0), Some(30.0)] };
    let desk = clerk_at(profile, OpenOptions::default())?;
    let queries = queries(&desk)?;
    let (warm_up, queries) = queries.split_at(WARMING_UP.min(queries.len()));
    keystrokes(&desk, warm_up)?;
    let mut figures = quantiles("search", documents, keystrokes(&desk, queries)?, goals);
    drop(desk);
    if disk_cache::forget(profile)? {
        let desk = clerk_at(profile, OpenOptions::default())?;
        let times = keystrokes(&desk, queries)?;
        figures.extend(quantiles("search, cold disk", documents, times, [None, None]));
    }
    Ok(figures)
}

/// Types the queries, letter by letter.
fn keystrokes(desk: &Desk, queries: &[String]) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for query in queries {
        let mut typed = String::new();
        for letter in query.chars() {
            typed.push(letter);
            times.push(timed(desk, "search", &asked(&typed))?.0);
        }
    }
    Ok(times)
}

/// What is asked at a keystroke.
fn asked(typed: &str) -> SearchAsked {
    SearchAsked {
        text: typed.to_owned(),
        filter: DocumentFilter::default(),
        count: ROWS,
        everything: false,
    }
}

/// Three words running out of subjects spread over the whole register; every other without marks.
pub(crate) fn queries(desk: &Desk) -> anyhow::Result<Vec<String>> {
    let first = |first: u64, count: u32| -> anyhow::Result<DocumentWindow> {
        let filter = DocumentFilter::default();
        ask(desk, "documents", &WindowAsked { filter, first, count })
    };
    let total = first(0, 1)?.total;
    let wanted = (QUERIES + WARMING_UP) as u64;
    let mut queries = Vec::new();
    for at in 0..wanted {
        let window = first(at * total.saturating_sub(1) / wanted, 1)?;
        let Some(row) = window.rows.first() else { continue };
        let words: Vec<&str> = row.subject.split_whitespace().collect();
        let from = usize::try_from(at).unwrap_or(0) % words.len().saturating_sub(WORDS).max(1);
        let three = words.into_iter().skip(from).take(WORDS).collect::<Vec<_>>().join(" ");
        let three = three.replace([',', ';'], "");
        queries.push(if at % 2 == 0 { text::fold(&three) } else { three });
    }
    Ok(queries)
}
