//! What was shown as done before the end, held against what is there after it.
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use register::{BookId, Direction, DocumentId, State};
use store::{Store, StoreError, View};

/// Lines of a book read together.
const LINES_TOGETHER: u32 = 500;
/// Findings that are told.
const TOLD_MAX: usize = 20;

/// What was shown as done.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Acts of any kind.
    pub acts: u64,
    /// Registered documents and their numbers.
    pub documents: Vec<(u32, DocumentId)>,
}

/// What is there afterwards.
#[derive(Debug, Clone, Default)]
pub struct There {
    /// Acts that were kept.
    pub acts: u64,
    /// The incoming documents in the order of their numbers, by book and year.
    pub documents: Vec<(u32, DocumentId)>,
}

/// What was found after one or many ends.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Ends looked at.
    pub ends: u64,
    /// Documents that had been shown.
    pub shown: u64,
    /// Shown and not there, or there with another number.
    pub lost: u64,
    /// There more than once, or two with one number.
    pub doubled: u64,
    /// Anything else that is not as it must be.
    pub unclean: u64,
    /// The first findings in words.
    pub told: Vec<String>,
}

impl Tally {
    /// Nothing was lost, doubled or damaged.
    pub fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.unclean == 0
    }

    /// Notes something else that is wrong.
    pub fn unclean(&mut self, what: impl Into<String>) {
        self.unclean += 1;
        self.tell(what.into());
    }

    fn tell(&mut self, what: String) {
        if self.told.len() < TOLD_MAX {
            self.told.push(what);
        }
    }

    /// Takes the findings of another in; `from` says where they were made.
    pub fn take_in(&mut self, other: Tally, from: &str) {
        let Tally { ends, shown, lost, doubled, unclean, told } = other;
        self.ends += ends;
        self.shown += shown;
        self.lost += lost;
        self.doubled += doubled;
        self.unclean += unclean;
        for what in told {
            self.tell(format!("{from}: {what}"));
        }
    }

    /// Compares; at most `under_way` documents that were not shown may be there as well.
    pub fn compare(&mut self, shown: &Shown, there: &There, under_way: u64) {
        self.shown += shown.documents.len() as u64;
        let mut numbers: BTreeMap<DocumentId, Vec<u32>> = BTreeMap::new();
        for (number, document) in &there.documents {
            numbers.entry(*document).or_default().push(*number);
        }
        for (number, document) in &shown.documents {
            let kept = numbers.get(document);
            if !kept.is_some_and(|kept| kept.contains(number)) {
                self.lost += 1;
                self.tell(format!("number {number} was shown and is lost: {kept:?}"));
            }
        }
        let several = numbers.values().filter(|numbers| numbers.len() > 1).count();
        let distinct: BTreeSet<u32> = there.documents.iter().map(|(number, _)| *number).collect();
        let twice = several + there.documents.len() - distinct.len();
        if twice > 0 {
            self.doubled += twice as u64;
            self.tell(format!("{twice} are there twice"));
        }
        if there.documents.iter().zip(1..).any(|((number, _), place)| *number != place) {
            self.unclean("the numbers are not 1, 2, 3 …");
        }
        let (shown, kept) = (shown.documents.len() as u64, there.documents.len() as u64);
        if kept > shown + under_way {
            self.unclean(format!("{shown} documents were shown and {kept} are kept"));
        }
    }

    /// Compares how many acts of any kind there are; one that was not shown may be there as well.
    pub fn compare_acts(&mut self, shown: &Shown, there: &There) {
        if !(shown.acts..=shown.acts + 1).contains(&there.acts) {
            self.unclean(format!("{} acts were shown and {} are kept", shown.acts, there.acts));
        }
    }

    /// Lets the store look at every invariant.
    pub fn verify(&mut self, store: &Store) {
        match store.verify(&mut |_| ()) {
            Ok(report) if report.is_clean() => {}
            Ok(report) => self.unclean(format!("verify: {:?}", report.findings)),
            Err(fault) => self.unclean(format!("verify did not end: {fault:?}")),
        }
    }
}

/// Reads what is there.
///
/// # Errors
/// When the register cannot be read.
pub fn what_is_there(store: &Store) -> Result<There> {
    let read = |view: &View<'_>| -> Result<There, StoreError> {
        let mut there = There { acts: view.commands_kept()?, documents: Vec::new() };
        for book in view.books()? {
            if book.direction != Direction::Incoming {
                continue;
            }
            for year in book.years.keys() {
                read_year(view, (book.id, *year), &mut there)?;
            }
        }
        Ok(there)
    };
    Ok(store.read(read)?)
}

fn read_year(
    view: &View<'_>,
    (book, year): (BookId, i16),
    there: &mut There,
) -> Result<(), StoreError> {
    let mut from = 1;
    loop {
        let lines = view.book_lines(book, year, from, LINES_TOGETHER)?;
        let Some(last) = lines.last().map(|line| line.number) else { return Ok(()) };
        for line in lines {
            if let State::Incoming(document) = line.state {
                there.documents.push((line.number, document.id));
            }
        }
        from = last + 1;
    }
}
