//! Incoming documents with late work: derived from open tasks, never stored.
use std::cmp::Reverse;
use std::collections::BTreeSet;

use contract::DocumentWindow;
use jiff::civil::Date;
use register::{Direction, DocumentId, Key, Party, Scope, State};
use store::{ListFilter, StoreError, TaskPhase, TaskQuery, TasksOf, View};

use super::rows::row_of_state;
use crate::session::AtDesk;

/// The word of the filter.
pub(crate) const OVERDUE: &str = "overdue";

/// Late tasks looked at, the latest first; an office with more has other worries.
const LATE_TASKS_MAX: u32 = 500;

/// A document with late work: what its place in the list is made of.
pub(crate) struct Late {
    day: Date,
    ord: i64,
    state: State,
}

/// Incoming documents with work past its deadline, newest first.
pub(crate) fn overdue_documents(
    view: &View<'_>,
    at: &AtDesk,
    filter: &ListFilter,
) -> Result<Vec<Late>, StoreError> {
    if filter.direction == Some(Direction::Outgoing) {
        return Ok(Vec::new());
    }
    let phase = TaskPhase::OverdueOn(at.today);
    let query = TaskQuery { of: TasksOf::All, phase, limit: LATE_TASKS_MAX };
    let tasks = view.tasks(&at.lens, &query)?;
    let handled = tasks.iter().filter(|task| match filter.party {
        None => true,
        Some(party) => scope_of(task.lead) == party,
    });
    let documents: BTreeSet<DocumentId> = handled.filter_map(|task| task.document).collect();
    let mut late = Vec::new();
    for id in documents {
        let Some(found) = view.document(Key::Incoming(id))? else { continue };
        let from = filter.from_day.is_none_or(|from| found.day >= from);
        let to = filter.to_day.is_none_or(|to| found.day <= to);
        if from && to && in_book(&found.state, filter) && at.lens.sees(&found.state) {
            late.push(Late { day: found.day, ord: found.ord, state: found.state.clone() });
        }
    }
    late.sort_by_key(|one| Reverse((one.day, one.ord)));
    Ok(late)
}

/// Rows of the list of late documents.
pub(crate) fn overdue_window(
    view: &View<'_>,
    at: &AtDesk,
    filter: &ListFilter,
    first: u64,
    count: u32,
) -> Result<DocumentWindow, StoreError> {
    let late = overdue_documents(view, at, filter)?;
    let total = late.len() as u64;
    let first = first.min(total);
    let skipped = usize::try_from(first).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for one in late.iter().skip(skipped).take(count as usize) {
        rows.extend(row_of_state(view, at, &one.state)?);
    }
    Ok(DocumentWindow { rows, first, total, exact: true })
}

fn scope_of(party: Party) -> Scope {
    match party {
        Party::Officer(id) => Scope::Officer(id),
        Party::Unit(id) => Scope::Unit(id),
    }
}

fn in_book(state: &State, filter: &ListFilter) -> bool {
    let State::Incoming(document) = state else { return false };
    filter.book.is_none_or(|book| document.book == book)
}
