//! Lines of lists: one document or one task as the page shows it.
use std::sync::Arc;

use contract::{DocumentRow, DocumentState, Reach, TaskRow, TaskStanding};
use jiff::civil::Date;
use register::{Incoming, Key, Outgoing, Party, Standing, State, Task, number_on_paper, reference};
use store::{DocumentStanding, Found, StoreError, View};

use super::line::{clash, reach};
use crate::directory::Directory;
use crate::forms::urgency_out;
use crate::session::AtDesk;

/// The state word of the store as the page's.
pub(crate) fn state_out(standing: DocumentStanding) -> DocumentState {
    match standing {
        DocumentStanding::AwaitingNumber => DocumentState::AwaitingNumber,
        DocumentStanding::ToSubmit => DocumentState::ToSubmit,
        DocumentStanding::AwaitingDirective => DocumentState::AwaitingDirective,
        DocumentStanding::InProgress => DocumentState::InProgress,
        DocumentStanding::AwaitingAcceptance => DocumentState::AwaitingAcceptance,
        DocumentStanding::Done => DocumentState::Done,
        DocumentStanding::Draft => DocumentState::Draft,
        DocumentStanding::Submitted => DocumentState::Submitted,
        DocumentStanding::Returned => DocumentState::Returned,
        DocumentStanding::Approved => DocumentState::Approved,
        DocumentStanding::ToSend => DocumentState::ToSend,
        DocumentStanding::Sent => DocumentState::Sent,
        DocumentStanding::Void => DocumentState::Void,
    }
}

/// Rows of what was found; anything that is no document is left out.
pub(crate) fn document_rows(
    view: &View<'_>,
    at: &AtDesk,
    found: &[Arc<Found>],
) -> Result<Vec<DocumentRow>, StoreError> {
    let mut rows = Vec::with_capacity(found.len());
    for one in found {
        if let Some(row) = document_row(view, at, &one.state, one.day, one.standing)? {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The row of one document.
pub(crate) fn document_row(
    view: &View<'_>,
    at: &AtDesk,
    state: &State,
    day: Date,
    standing: DocumentStanding,
) -> Result<Option<DocumentRow>, StoreError> {
    match state {
        State::Incoming(document) => {
            let tasks = if document.directives.is_empty() {
                Arc::default()
            } else {
                view.tasks_of_document(document.id)?
            };
            let reach = reach(view, at, state.key())?;
            Ok(Some(incoming_row(at, document, &tasks, (standing, reach))))
        }
        State::Outgoing(document) => {
            let reach = reach(view, at, state.key())?;
            Ok(Some(outgoing_row(at, document, day, (standing, reach))))
        }
        State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => Ok(None),
    }
}

/// The row of a state that was read by itself.
pub(crate) fn row_of_state(
    view: &View<'_>,
    at: &AtDesk,
    state: &State,
) -> Result<Option<DocumentRow>, StoreError> {
    match view.document(state.key())? {
        Some(found) => document_row(view, at, state, found.day, found.standing),
        None => Ok(None),
    }
}

fn nearest(tasks: &[Task]) -> Option<&Task> {
    tasks
        .iter()
        .filter(|task| task.is_open())
        .min_by_key(|task| (task.deadline.is_none(), task.deadline))
}

fn incoming_row(
    at: &AtDesk,
    document: &Incoming,
    tasks: &[Task],
    (standing, reach): (DocumentStanding, Reach),
) -> DocumentRow {
    let directory = &at.directory;
    let open = nearest(tasks);
    let last_done =
        tasks.iter().filter(|task| task.done_on().is_some()).max_by_key(|t| t.done_on());
    let deadline = match (open, last_done) {
        (Some(task), _) => task_deadline(directory, task, at.today),
        (None, Some(task)) => task_deadline(directory, task, at.today),
        (None, None) if document.closed.is_none() && document.void.is_none() => {
            document.fields.due.map(|due| directory.deadline(due, at.today, None))
        }
        (None, None) => None,
    };
    let handler = open.or(last_done).map(|task| directory.party(task.lead).name);
    let in_reserve = || document.submitted.map(|(to, _)| directory.name(to)).unwrap_or_default();
    DocumentRow {
        id: document.id.hex(),
        direction: contract::Direction::Incoming,
        number: number_on_paper(document.number, &document.held).unwrap_or_default(),
        reference: reference(&document.fields.number, &document.fields.symbol),
        issued_on: document.fields.issued_on.map(|date| date.to_string()),
        day: document.arrived_on.to_string(),
        from: document.fields.issuer.clone(),
        subject: document.fields.subject.clone(),
        kind: directory.kind_name(&document.fields.kind),
        urgency: urgency_out(document.fields.urgency),
        state: state_out(standing),
        deadline,
        handler: handler.unwrap_or_else(in_reserve),
        unread: !document.seen.contains_key(&at.officer.id)
            && document.registered_by != at.officer.id,
        attachments: u32::try_from(document.attachments.len()).unwrap_or(u32::MAX),
        reach,
        clash: clash(&document.held),
    }
}

fn outgoing_row(
    at: &AtDesk,
    document: &Outgoing,
    day: Date,
    (standing, reach): (DocumentStanding, Reach),
) -> DocumentRow {
    let directory = &at.directory;
    let given = document.given.as_ref();
    let number = given.and_then(|given| given.number);
    let number = number_on_paper(number, &document.held).unwrap_or_default();
    let symbol = given.map(|given| given.symbol.as_str()).unwrap_or_default();
    let unit = document.fields.unit.map(|unit| directory.unit_name(unit));
    DocumentRow {
        id: document.id.hex(),
        direction: contract::Direction::Outgoing,
        reference: if number.is_empty() { String::new() } else { reference(&number, symbol) },
        number,
        issued_on: given.map(|given| given.on.to_string()),
        day: given.map_or(day, |given| given.on).to_string(),
        from: unit.unwrap_or_else(|| directory.name(document.drafted_by)),
        subject: document.fields.subject.clone(),
        kind: directory.kind_name(&document.fields.kind),
        urgency: urgency_out(document.fields.urgency),
        state: state_out(standing),
        deadline: None,
        handler: directory.name(document.drafted_by),
        unread: standing == DocumentStanding::Submitted
            && !document.seen.contains_key(&at.officer.id)
            && document.drafted_by != at.officer.id,
        attachments: u32::try_from(document.attachments.len()).unwrap_or(u32::MAX),
        reach,
        clash: clash(&document.held),
    }
}

/// The deadline of a task, with the one before an extension.
pub(crate) fn task_deadline(
    directory: &Directory,
    task: &Task,
    today: Date,
) -> Option<contract::Deadline> {
    let due = task.deadline?;
    let mut deadline = directory.deadline(due, today, task.done_on());
    let granted = task
        .extensions
        .iter()
        .rev()
        .find(|extension| extension.verdict.as_ref().is_some_and(|verdict| verdict.accepted));
    deadline.old = granted.and_then(|extension| extension.old).map(|old| old.to_string());
    Some(deadline)
}

/// The standing of a task as the page's.
pub(crate) fn standing_out(standing: Standing) -> TaskStanding {
    match standing {
        Standing::NotStarted => TaskStanding::NotStarted,
        Standing::InProgress => TaskStanding::InProgress,
        Standing::AwaitingAcceptance => TaskStanding::AwaitingAcceptance,
        Standing::Returned => TaskStanding::Returned,
        Standing::Done => TaskStanding::Done,
        Standing::Withdrawn => TaskStanding::Withdrawn,
    }
}

/// A party, with whether it has opened the thing.
pub(crate) fn party_seen(
    directory: &Directory,
    party: Party,
    seen: impl Fn(register::OfficerId) -> bool,
) -> contract::PartyForm {
    let mut form = directory.party(party);
    form.seen = match party {
        Party::Officer(id) => seen(id),
        Party::Unit(unit) => directory
            .officers
            .values()
            .any(|officer| officer.unit == Some(unit) && seen(officer.id)),
    };
    form
}

/// The row of one task.
pub(crate) fn task_row(view: &View<'_>, at: &AtDesk, task: &Task) -> Result<TaskRow, StoreError> {
    let document = match task.document {
        Some(id) => view.incoming(id)?.map(|document| {
            let text = reference(&document.fields.number, &document.fields.symbol);
            (id.hex(), text)
        }),
        None => None,
    };
    let seen = |id| task.seen.contains_key(&id);
    Ok(TaskRow {
        id: task.id.hex(),
        content: task.content.clone(),
        standing: standing_out(task.standing()),
        deadline: task_deadline(&at.directory, task, at.today),
        lead: party_seen(&at.directory, task.lead, seen),
        assigner: at.directory.name(task.assigner),
        urgency: urgency_out(task.urgency),
        percent: u32::from(task.percent()),
        document,
        extension: task.extension_asked().map(|asked| asked.new.to_string()),
        done_on: task.done_on().map(|date| date.to_string()),
        reminders: u32::try_from(task.reminders.len()).unwrap_or(u32::MAX),
        unread: !seen(at.officer.id) && task.assigner != at.officer.id,
        reach: reach(view, at, Key::Task(task.id))?,
    })
}
