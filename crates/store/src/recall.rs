//! What one reader has just read, kept until anybody writes: while a query is typed or a list is
//! scrolled, each question asks for nearly the rows of the one before.
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use register::{DocumentId, Task};

use crate::error::{Doing, StoreError};
use crate::mark::Mark;
use crate::shown::{number_text, shown};
use crate::window::Found;

/// Documents kept by one reader; some three megabytes. When there are more, all are forgotten.
const DOCUMENTS_MAX: usize = 600;
/// Lists whose days are kept; one that is scrolled asks for the same days again and again.
const LISTS_MAX: usize = 4;

/// Documents by day.
pub(crate) type Days = BTreeMap<i64, u64>;

/// Which days were counted: of these buckets and single documents, from a day to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DaysOf {
    pub buckets: Vec<i64>,
    pub picked: Vec<i64>,
    pub low: i64,
    pub high: i64,
}

/// A document that was read, with what its lists and searches look at.
pub(crate) struct Known {
    pub found: Arc<Found>,
    pub mark: Mark,
    printed: OnceLock<text::Printed>,
}

impl Known {
    pub fn new(found: Found, mark: Mark) -> Known {
        Known { found: Arc::new(found), mark, printed: OnceLock::new() }
    }

    /// Whether the marks that were typed stand in the document.
    pub fn has_marks_of(&self, typed: &text::Typed) -> bool {
        if !typed.has_marks() {
            return true;
        }
        typed.stands_in(self.printed.get_or_init(|| {
            let number = number_text(&self.found.state);
            let all = shown(&self.found.state, &number).map(|shown| shown.joined());
            text::Printed::new(&all.unwrap_or_default())
        }))
    }
}

#[derive(Default)]
struct Rows {
    version: i64,
    documents: HashMap<i64, Arc<Known>>,
    tasks: HashMap<DocumentId, Arc<[Task]>>,
    days: VecDeque<(DaysOf, Arc<Days>)>,
}

/// The short memory of one reader.
#[derive(Default)]
pub(crate) struct Recall {
    rows: RefCell<Rows>,
}

impl Recall {
    /// Begins a snapshot: forgets everything if it is not the snapshot of before.
    pub fn begin(&self, conn: &Connection) -> Result<(), StoreError> {
        let version: i64 = conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut version| version.query_row([], |row| row.get(0)))
            .doing("asking for writers")?;
        let mut rows = self.rows.borrow_mut();
        if rows.version != version {
            *rows = Rows { version, ..Rows::default() };
        }
        Ok(())
    }

    pub fn document(&self, ord: i64) -> Option<Arc<Known>> {
        self.rows.borrow().documents.get(&ord).cloned()
    }

    pub fn keep_document(&self, known: &Arc<Known>) {
        let mut rows = self.rows.borrow_mut();
        if rows.documents.len() >= DOCUMENTS_MAX {
            rows.documents.clear();
            rows.tasks.clear();
        }
        rows.documents.insert(known.found.ord, Arc::clone(known));
    }

    pub fn days(&self, of: &DaysOf) -> Option<Arc<Days>> {
        let rows = self.rows.borrow();
        rows.days.iter().find(|(known, _)| known == of).map(|(_, days)| Arc::clone(days))
    }

    pub fn keep_days(&self, of: DaysOf, days: &Arc<Days>) {
        let mut rows = self.rows.borrow_mut();
        if rows.days.len() >= LISTS_MAX {
            rows.days.pop_front();
        }
        rows.days.push_back((of, Arc::clone(days)));
    }

    pub fn tasks(&self, document: DocumentId) -> Option<Arc<[Task]>> {
        self.rows.borrow().tasks.get(&document).cloned()
    }

    pub fn keep_tasks(&self, document: DocumentId, tasks: &Arc<[Task]>) {
        let mut rows = self.rows.borrow_mut();
        if rows.tasks.len() >= DOCUMENTS_MAX {
            rows.tasks.clear();
        }
        rows.tasks.insert(document, Arc::clone(tasks));
    }
}
