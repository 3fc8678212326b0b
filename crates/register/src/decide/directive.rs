//! What a leader writes on a document, and the task it gives (NĐ 30/2020 Đ23.2, Đ23.4): undone
//! until somebody has seen it, recalled with a reason after.
use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::Acting;
use super::incoming::live;
use super::task::{assigned, check_set};
use super::words::{LIST_MAX, SUBJECT_CHARS_MAX, few, needed, within};
use crate::command::DirectiveGiven;
use crate::id::{DirectiveId, DocumentId};
use crate::incoming::{Directive, Incoming, Void};
use crate::people::Role;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::{Right, has};
use crate::task::{Party, Task};
use crate::trail::Deed;

/// Directives on one document.
const DIRECTIVES_MAX: usize = 50;

/// Gives a directive; with a task, the document waits for the task.
pub(super) fn direct(acting: &Acting<'_>, given: &DirectiveGiven) -> Result<Change, No> {
    acting.must(Right::Direct)?;
    within(Where::Text, &given.text, SUBJECT_CHARS_MAX)?;
    few(Where::Information, given.information.len(), LIST_MAX)?;
    let mut document = live(acting, given.document)?.clone();
    if document.directives.len() >= DIRECTIVES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    if document.directives.iter().any(|known| known.id == given.directive) {
        return Err(Refusal::Exists { what: Key::Incoming(given.document) }.into());
    }
    let silent = given.text.trim().is_empty();
    if silent && given.task.is_none() && given.information.is_empty() {
        return Err(Refusal::Missing { field: Where::Text }.into());
    }
    for party in &given.information {
        must_be_known(acting, *party)?;
    }
    let mut states = Vec::new();
    let mut trail = Vec::new();
    let mut parties = Vec::new();
    if let Some(set) = &given.task {
        check_set(acting, set)?;
        let mut task = assigned(acting, set, &given.information);
        if task.content.trim().is_empty() {
            task.content = document.fields.subject.clone();
        }
        task.document = Some(document.id);
        task.directive = Some(given.directive);
        task.urgency = document.fields.urgency;
        parties.push(task.lead);
        parties.extend(task.co.iter().copied());
        trail.push(acting.line(Key::Task(task.id), Deed::Assigned, Vec::new(), &given.text));
        states.push(State::Task(Box::new(task)));
    }
    if given.task.is_some() {
        document.closed = None;
    }
    document.directives.push(Directive {
        id: given.directive,
        by: acting.actor.id,
        at: acting.command.at,
        text: given.text.clone(),
        task: given.task.as_ref().map(|set| set.task),
        parties,
        information: given.information.clone(),
        opened: false,
        withdrawn: None,
    });
    if given.task.is_none() && document.tasks().next().is_none() {
        // Only for information: nobody has a duty, so the document is done with.
        document.closed = Some(acting.command.at);
    }
    trail.push(acting.line(Key::Incoming(document.id), Deed::Directed, Vec::new(), &given.text));
    states.push(State::Incoming(Box::new(document)));
    Ok(Change { states, trail })
}

/// Refuses parties that are not there or have left.
pub(super) fn must_be_known(acting: &Acting<'_>, party: Party) -> Result<(), No> {
    let there = match party {
        Party::Officer(id) => acting.picture.officer(id)?.active,
        Party::Unit(id) => acting.picture.unit(id)?.open,
    };
    if there { Ok(()) } else { Err(Refusal::NotActive.into()) }
}

/// Takes a directive back as if it had not been: only its writer, only while nobody else has opened
/// the document or the task.
pub(super) fn undo(
    acting: &Acting<'_>,
    document: DocumentId,
    directive: DirectiveId,
) -> Result<Change, No> {
    let document = live(acting, document)?;
    let known = in_force(document, directive)?;
    if known.by != acting.actor.id {
        return Err(Refusal::Forbidden { needs: Role::Leader }.into());
    }
    let task = known.task.map(|task| acting.picture.task(task)).transpose()?;
    if task.is_some_and(|task| !task.is_open()) {
        return Err(Refusal::Done.into());
    }
    let writer = known.by;
    let task_seen = task.is_some_and(|task| task.seen.keys().any(|who| *who != writer));
    if known.opened || task_seen {
        return Err(Refusal::SeenAlready.into());
    }
    withdraw(acting, document, directive, task, "", Deed::DirectiveUndone)
}

/// Recalls a directive that was seen: the task stops, the history keeps everything.
pub(super) fn recall(
    acting: &Acting<'_>,
    document: DocumentId,
    directive: DirectiveId,
    reason: &str,
) -> Result<Change, No> {
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let document = live(acting, document)?;
    let known = in_force(document, directive)?;
    if known.by != acting.actor.id && !has(acting.actor, Right::Direct) {
        return Err(Refusal::Forbidden { needs: Role::Leader }.into());
    }
    let task = known.task.map(|task| acting.picture.task(task)).transpose()?;
    if task.is_some_and(|task| !task.is_open()) {
        return Err(Refusal::Done.into());
    }
    withdraw(acting, document, directive, task, reason, Deed::DirectiveRecalled)
}

fn in_force(document: &Incoming, directive: DirectiveId) -> Result<&Directive, No> {
    document
        .in_force()
        .find(|known| known.id == directive)
        .ok_or_else(|| Refusal::Unknown { what: Key::Incoming(document.id) }.into())
}

fn withdraw(
    acting: &Acting<'_>,
    document: &Incoming,
    directive: DirectiveId,
    task: Option<&Task>,
    reason: &str,
    deed: Deed,
) -> Result<Change, No> {
    let void = Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at };
    let mut document = document.clone();
    for known in document.directives.iter_mut().filter(|known| known.id == directive) {
        known.withdrawn = Some(void.clone());
    }
    document.closed = None;
    let mut states = Vec::new();
    let mut trail = Vec::new();
    if let Some(task) = task {
        let mut task = task.clone();
        task.withdrawn = Some(void);
        trail.push(acting.line(Key::Task(task.id), Deed::Withdrawn, Vec::new(), reason));
        states.push(State::Task(Box::new(task)));
    }
    trail.push(acting.line(Key::Incoming(document.id), deed, Vec::new(), reason));
    states.push(State::Incoming(Box::new(document)));
    Ok(Change { states, trail })
}
