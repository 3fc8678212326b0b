//! Pages of lists: the first of every filter, and any page by its index.
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use contract::{
    BookList, Catalogue, Direction, DocumentFilter, DocumentWindow, Nothing, WindowAsked,
};
use desk::Desk;
use store::OpenOptions;

use crate::at_desk::{ask, clerk_at, timed};
use crate::figures::{Figure, quantiles};

/// Rows of a page.
const ROWS: u32 = 50;
/// Times the first page of each filter is asked for.
const TIMES: usize = 15;
/// Pages asked for by index.
const PAGES: u64 = 200;
/// A step through the pages that meets all of them in no order (a prime).
const STEP: u64 = 7919;

const STATES: [&str; 15] = [
    "open",
    "urgent",
    "awaiting_number",
    "to_submit",
    "awaiting_directive",
    "in_progress",
    "awaiting_acceptance",
    "done",
    "draft",
    "submitted",
    "returned",
    "approved",
    "to_send",
    "sent",
    "void",
];

/// Measures first pages and pages by index.
pub(crate) fn measure(profile: &Path, documents: u64) -> anyhow::Result<Vec<Figure>> {
    let desk = clerk_at(profile, OpenOptions::default())?;
    let mut first_pages = Vec::new();
    for filter in filters(&desk)? {
        for _ in 0..TIMES {
            first_pages.push(page(&desk, &filter, 0)?.0);
        }
    }
    let mut figures = quantiles("lists, first page", documents, first_pages, [None, Some(10.0)]);
    let all = DocumentFilter::default();
    let (_, window) = page(&desk, &all, 0)?;
    let pages: u64 = (window.total / u64::from(ROWS)).max(1);
    let mut by_index = Vec::new();
    for at in 0..PAGES {
        by_index.push(page(&desk, &all, (at * STEP % pages) * u64::from(ROWS))?.0);
    }
    figures.extend(quantiles("lists, any page", documents, by_index, [None, Some(30.0)]));
    Ok(figures)
}

/// Asks for one page, and how long it took.
pub(crate) fn page(
    desk: &Desk,
    filter: &DocumentFilter,
    first: u64,
) -> anyhow::Result<(Duration, DocumentWindow)> {
    let asked = WindowAsked { filter: filter.clone(), first, count: ROWS };
    let (took, answer) = timed(desk, "documents", &asked)?;
    Ok((took, serde_json::from_str(&answer).context("reading a page")?))
}

/// Every filter a list can have: direction, state, book, party, days, and some of them together.
pub(crate) fn filters(desk: &Desk) -> anyhow::Result<Vec<DocumentFilter>> {
    let none = DocumentFilter::default;
    let mut filters = vec![none()];
    for direction in [Direction::Incoming, Direction::Outgoing] {
        filters.push(DocumentFilter { direction: Some(direction), ..none() });
        for state in STATES {
            let state = Some(state.to_owned());
            filters.push(DocumentFilter { direction: Some(direction), state, ..none() });
        }
    }
    let books: BookList = ask(desk, "books", &Nothing {})?;
    for book in books.books {
        let book = Some(book.id);
        filters.push(DocumentFilter { book: book.clone(), ..none() });
        filters.push(DocumentFilter { book, state: Some("open".to_owned()), ..none() });
    }
    let catalogue: Catalogue = ask(desk, "catalogue", &Nothing {})?;
    let officers = catalogue.officers.iter().take(4).map(|officer| format!("u:{}", officer.id));
    let units = catalogue.units.iter().map(|unit| format!("unit:{}", unit.id));
    for party in officers.chain(units) {
        filters.push(DocumentFilter { party: Some(party), ..none() });
    }
    let days = [("2026-11-01", "2026-11-15"), ("2026-01-01", "2026-12-31")];
    for (from, to) in days {
        let (from, to) = (Some(from.to_owned()), Some(to.to_owned()));
        filters.push(DocumentFilter { from: from.clone(), to: to.clone(), ..none() });
        let state = Some("done".to_owned());
        filters.push(DocumentFilter { from, to, state, ..none() });
    }
    Ok(filters)
}
