//! Tasks: progress, result, more time, acceptance or return, transfer within a unit, withdrawal.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use super::Acting;
use super::directive::must_be_known;
use super::words::{LIST_MAX, NOTE_CHARS_MAX, SUBJECT_CHARS_MAX, few, files, needed, one, within};
use crate::attachment::Attachment;
use crate::command::{Act, TaskSet};
use crate::id::{DocumentId, TaskId};
use crate::incoming::{Urgency, Void};
use crate::people::Role;
use crate::picture::{Change, Key, No, State};
use crate::refusal::{Refusal, Where};
use crate::rights::{Right, has};
use crate::task::{Extension, Party, Progress, Report, Standing, Task, Verdict};
use crate::trail::Deed;

/// Lines of progress, reports or reminders on one task.
const LINES_MAX: usize = 500;

/// Acts on tasks.
pub(super) fn decide(acting: &Acting<'_>) -> Result<Change, No> {
    let mut change = act(acting)?;
    for state in &mut change.states {
        if let State::Task(task) = state
            && task.assigner != acting.actor.id
        {
            // Who works on it has seen it, whether or not his page said so.
            task.seen.entry(acting.actor.id).or_insert(acting.command.at);
        }
    }
    Ok(change)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "dispatch sends only the twelve acts named here"
)]
fn act(acting: &Acting<'_>) -> Result<Change, No> {
    match &acting.command.act {
        Act::CreateTask { set, information } => create(acting, set, information),
        Act::SeenTask { task } => seen(acting, *task),
        Act::Progress { task, percent, note } => progress(acting, *task, *percent, note),
        Act::Report { task, text, files, product } => report(acting, *task, text, files, *product),
        Act::UndoReport { task } => undo_report(acting, *task),
        Act::AskExtension { task, until, reason } => ask_extension(acting, *task, *until, reason),
        Act::DecideExtension { task, grant, remarks } => {
            decide_extension(acting, *task, *grant, remarks)
        }
        Act::AcceptResult { task, remarks } => verdict(acting, *task, true, remarks),
        Act::ReturnResult { task, remarks } => {
            needed(Where::Text, remarks, SUBJECT_CHARS_MAX)?;
            verdict(acting, *task, false, remarks)
        }
        Act::Transfer { task, to, note } => transfer(acting, *task, *to, note),
        Act::Remind { task, note } => remind(acting, *task, note),
        Act::WithdrawTask { task, reason } => withdraw(acting, *task, reason),
        _ => Err(Refusal::Malformed.into()),
    }
}

/// What must hold of every assignment, from a document or alone.
pub(super) fn check_set(acting: &Acting<'_>, set: &TaskSet) -> Result<(), No> {
    within(Where::Content, &set.content, SUBJECT_CHARS_MAX)?;
    within(Where::Product, &set.product, SUBJECT_CHARS_MAX)?;
    few(Where::Co, set.co.len(), LIST_MAX)?;
    if acting.picture.state(Key::Task(set.task))?.is_some() {
        return Err(Refusal::Exists { what: Key::Task(set.task) }.into());
    }
    must_be_known(acting, set.lead)?;
    for party in &set.co {
        must_be_known(acting, *party)?;
        if *party == set.lead {
            return Err(Refusal::NotAllowed { field: Where::Co }.into());
        }
    }
    match set.deadline {
        Some(deadline) if deadline < acting.today => {
            Err(Refusal::DeadlinePast { today: acting.today }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// The task as it starts.
pub(super) fn assigned(acting: &Acting<'_>, set: &TaskSet, information: &[Party]) -> Task {
    Task {
        id: set.task,
        content: set.content.clone(),
        document: None,
        directive: None,
        assigner: acting.actor.id,
        assigned_at: acting.command.at,
        lead: set.lead,
        co: set.co.clone(),
        information: information.to_vec(),
        deadline: set.deadline,
        weight: set.weight,
        urgency: Urgency::Normal,
        product: set.product.clone(),
        progress: Vec::new(),
        reports: Vec::new(),
        extensions: Vec::new(),
        reminders: Vec::new(),
        transfers: Vec::new(),
        withdrawn: None,
        seen: BTreeMap::new(),
        brought_back: None,
    }
}

/// Work given without a document. A unit head gives it inside the own unit only.
fn create(acting: &Acting<'_>, set: &TaskSet, information: &[Party]) -> Result<Change, No> {
    needed(Where::Content, &set.content, SUBJECT_CHARS_MAX)?;
    few(Where::Information, information.len(), LIST_MAX)?;
    check_set(acting, set)?;
    for party in information {
        must_be_known(acting, *party)?;
    }
    if !has(acting.actor, Right::Direct) {
        acting.must(Right::AssignInUnit)?;
        must_be_in_own_unit(acting, set.lead)?;
        for party in &set.co {
            must_be_in_own_unit(acting, *party)?;
        }
    }
    let task = assigned(acting, set, information);
    Ok(acting.change(State::Task(Box::new(task)), Deed::Assigned, ""))
}

fn must_be_in_own_unit(acting: &Acting<'_>, party: Party) -> Result<(), No> {
    let unit = match party {
        Party::Unit(unit) => Some(unit),
        Party::Officer(id) => acting.picture.officer(id)?.unit,
    };
    if unit.is_some() && unit == acting.actor.unit {
        return Ok(());
    }
    Err(Refusal::Forbidden { needs: Role::Leader }.into())
}

fn open<'a>(acting: &Acting<'a>, id: TaskId) -> Result<&'a Task, No> {
    let task = acting.picture.task(id)?;
    if task.is_open() { Ok(task) } else { Err(Refusal::Done.into()) }
}

/// Whether the actor does this work: the lead himself, or the head of the unit that leads.
fn leads(acting: &Acting<'_>, task: &Task) -> bool {
    match task.lead {
        Party::Officer(id) => id == acting.actor.id,
        Party::Unit(unit) => {
            acting.actor.unit == Some(unit) && has(acting.actor, Right::AssignInUnit)
        }
    }
}

fn must_lead(acting: &Acting<'_>, task: &Task) -> Result<(), No> {
    if leads(acting, task) {
        return Ok(());
    }
    Err(Refusal::Forbidden { needs: Role::Official }.into())
}

fn takes_part(acting: &Acting<'_>, task: &Task) -> bool {
    leads(acting, task)
        || task.co.iter().any(|party| match party {
            Party::Officer(id) => *id == acting.actor.id,
            Party::Unit(unit) => acting.actor.unit == Some(*unit),
        })
}

/// The assigner answers; another leader may when he is away.
fn must_answer(acting: &Acting<'_>, task: &Task) -> Result<(), No> {
    if task.assigner == acting.actor.id && acting.actor.active {
        return Ok(());
    }
    acting.must(Right::Direct)
}

fn changed(acting: &Acting<'_>, task: Task, deed: Deed, words: &str) -> Result<Change, No> {
    Ok(acting.change(State::Task(Box::new(task)), deed, words))
}

fn seen(acting: &Acting<'_>, id: TaskId) -> Result<Change, No> {
    acting.must_see(Key::Task(id))?;
    let mut task = acting.picture.task(id)?.clone();
    if task.seen.contains_key(&acting.actor.id) {
        return Err(Refusal::NothingWaits.into());
    }
    task.seen.insert(acting.actor.id, acting.command.at);
    changed(acting, task, Deed::Seen, "")
}

fn said(acting: &Acting<'_>, percent: u8, note: &str) -> Progress {
    Progress { by: acting.actor.id, at: acting.command.at, percent, note: note.to_string() }
}

fn progress(acting: &Acting<'_>, id: TaskId, percent: u8, note: &str) -> Result<Change, No> {
    within(Where::Text, note, NOTE_CHARS_MAX)?;
    if percent > 100 {
        return Err(Refusal::NotAllowed { field: Where::Percent }.into());
    }
    let task = open(acting, id)?;
    if !takes_part(acting, task) {
        return Err(Refusal::Forbidden { needs: Role::Official }.into());
    }
    if task.progress.len() >= LINES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    let mut task = task.clone();
    let altered = one("percent", &task.percent().to_string(), &percent.to_string());
    task.progress.push(said(acting, percent, note));
    Ok(acting.altered(State::Task(Box::new(task)), Deed::Progressed, altered, note))
}

fn report(
    acting: &Acting<'_>,
    id: TaskId,
    text: &str,
    attached: &[Attachment],
    product: Option<DocumentId>,
) -> Result<Change, No> {
    needed(Where::Text, text, NOTE_CHARS_MAX)?;
    files(attached, 0)?;
    let task = open(acting, id)?;
    must_lead(acting, task)?;
    if task.standing() == Standing::AwaitingAcceptance {
        return Err(Refusal::ReportWaits.into());
    }
    if task.reports.len() >= LINES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    if let Some(document) = product {
        acting.picture.outgoing(document)?;
    }
    let mut task = task.clone();
    task.reports.push(Report {
        by: acting.actor.id,
        at: acting.command.at,
        text: text.to_string(),
        files: attached.to_vec(),
        product,
        verdict: None,
    });
    changed(acting, task, Deed::Reported, text)
}

/// Takes a report back before it was answered.
fn undo_report(acting: &Acting<'_>, id: TaskId) -> Result<Change, No> {
    let task = open(acting, id)?;
    match task.reports.last() {
        Some(last) if last.verdict.is_none() && last.by == acting.actor.id => {}
        Some(_) | None => return Err(Refusal::NothingWaits.into()),
    }
    let mut task = task.clone();
    task.reports.pop();
    changed(acting, task, Deed::ReportUndone, "")
}

fn ask_extension(acting: &Acting<'_>, id: TaskId, until: Date, reason: &str) -> Result<Change, No> {
    needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let task = open(acting, id)?;
    must_lead(acting, task)?;
    if task.extension_asked().is_some() {
        return Err(Refusal::ExtensionWaits.into());
    }
    if until < acting.today {
        return Err(Refusal::DeadlinePast { today: acting.today }.into());
    }
    let Some(old) = task.deadline.filter(|old| *old < until) else {
        return Err(Refusal::NotAllowed { field: Where::Deadline }.into());
    };
    if task.extensions.len() >= LINES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    let mut task = task.clone();
    task.extensions.push(Extension {
        by: acting.actor.id,
        at: acting.command.at,
        old: Some(old),
        new: until,
        reason: reason.to_string(),
        verdict: None,
    });
    let altered = one("deadline", &old.to_string(), &until.to_string());
    Ok(acting.altered(State::Task(Box::new(task)), Deed::ExtensionAsked, altered, reason))
}

fn decide_extension(
    acting: &Acting<'_>,
    id: TaskId,
    grant: bool,
    remarks: &str,
) -> Result<Change, No> {
    within(Where::Text, remarks, SUBJECT_CHARS_MAX)?;
    let task = open(acting, id)?;
    must_answer(acting, task)?;
    let mut task = task.clone();
    let old = task.deadline;
    let Some(asked) = task.extensions.last_mut().filter(|asked| asked.verdict.is_none()) else {
        return Err(Refusal::NothingWaits.into());
    };
    asked.verdict = Some(Verdict {
        by: acting.actor.id,
        at: acting.command.at,
        accepted: grant,
        remarks: remarks.to_string(),
    });
    let new = asked.new;
    if !grant {
        return changed(acting, task, Deed::ExtensionRefused, remarks);
    }
    task.deadline = Some(new);
    let before = old.map(|old| old.to_string()).unwrap_or_default();
    let altered = one("deadline", &before, &new.to_string());
    Ok(acting.altered(State::Task(Box::new(task)), Deed::ExtensionGranted, altered, remarks))
}

fn verdict(acting: &Acting<'_>, id: TaskId, accepted: bool, remarks: &str) -> Result<Change, No> {
    within(Where::Text, remarks, SUBJECT_CHARS_MAX)?;
    let task = open(acting, id)?;
    must_answer(acting, task)?;
    let mut task = task.clone();
    let Some(report) = task.reports.last_mut().filter(|report| report.verdict.is_none()) else {
        return Err(Refusal::NothingWaits.into());
    };
    report.verdict = Some(Verdict {
        by: acting.actor.id,
        at: acting.command.at,
        accepted,
        remarks: remarks.to_string(),
    });
    if !accepted {
        return changed(acting, task, Deed::ResultReturned, remarks);
    }
    let mut change = acting.change(State::Task(Box::new(task.clone())), Deed::Accepted, remarks);
    close_document_with(acting, &task, &mut change)?;
    Ok(change)
}

/// When its last open task is accepted, the document it came from is done with.
fn close_document_with(acting: &Acting<'_>, task: &Task, change: &mut Change) -> Result<(), No> {
    let Some(document) = task.document else { return Ok(()) };
    let document = acting.picture.incoming(document)?;
    for other in document.tasks().filter(|other| *other != task.id) {
        if acting.picture.task(other)?.is_open() {
            return Ok(());
        }
    }
    let mut document = document.clone();
    document.closed = Some(acting.command.at);
    change.trail.push(acting.line(Key::Incoming(document.id), Deed::Closed, Vec::new(), ""));
    change.states.push(State::Incoming(Box::new(document)));
    Ok(())
}

/// The head of the unit passes the work on inside it (DOMAIN 6.2).
fn transfer(acting: &Acting<'_>, id: TaskId, to: Party, note: &str) -> Result<Change, No> {
    within(Where::Text, note, SUBJECT_CHARS_MAX)?;
    let task = open(acting, id)?;
    must_be_known(acting, to)?;
    if to == task.lead {
        return Err(Refusal::NotAllowed { field: Where::Lead }.into());
    }
    if !has(acting.actor, Right::Direct) {
        acting.must(Right::AssignInUnit)?;
        must_be_in_own_unit(acting, task.lead)?;
        must_be_in_own_unit(acting, to)?;
    }
    if task.transfers.len() >= LINES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    let from = task.lead;
    let mut task = task.clone();
    task.transfers.push((from, acting.command.at));
    task.lead = to;
    task.co.retain(|party| *party != to);
    let mut states = Vec::new();
    if let Some(document) = task.document {
        // The new lead must see the document the work comes from.
        let mut document = acting.picture.incoming(document)?.clone();
        let of_task = |known: &&mut crate::incoming::Directive| known.task == Some(id);
        if let Some(known) = document.directives.iter_mut().find(of_task)
            && !known.parties.contains(&to)
        {
            known.parties.push(to);
            states.push(State::Incoming(Box::new(document)));
        }
    }
    let altered = one("lead", &party_text(from), &party_text(to));
    let line = acting.line(Key::Task(id), Deed::Transferred, altered, note);
    states.push(State::Task(Box::new(task)));
    Ok(Change { states, trail: Vec::from([line]) })
}

fn party_text(party: Party) -> String {
    match party {
        Party::Officer(id) => format!("u:{id}"),
        Party::Unit(id) => format!("unit:{id}"),
    }
}

fn remind(acting: &Acting<'_>, id: TaskId, note: &str) -> Result<Change, No> {
    within(Where::Text, note, SUBJECT_CHARS_MAX)?;
    let task = open(acting, id)?;
    if task.assigner != acting.actor.id {
        acting.must(Right::Follow)?;
    }
    if task.reminders.len() >= LINES_MAX {
        return Err(Refusal::WrongStage.into());
    }
    let mut task = task.clone();
    let percent = task.percent();
    task.reminders.push(said(acting, percent, note));
    changed(acting, task, Deed::Reminded, note)
}

/// Takes work back. From a document, the directive is recalled instead.
fn withdraw(acting: &Acting<'_>, id: TaskId, reason: &str) -> Result<Change, No> {
    let task = open(acting, id)?;
    must_answer(acting, task)?;
    if task.document.is_some() {
        return Err(Refusal::WrongStage.into());
    }
    let seen = task.seen.keys().any(|who| *who != acting.actor.id);
    if seen {
        needed(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    }
    within(Where::Reason, reason, SUBJECT_CHARS_MAX)?;
    let mut task = task.clone();
    task.withdrawn =
        Some(Void { reason: reason.to_string(), by: acting.actor.id, at: acting.command.at });
    changed(acting, task, Deed::Withdrawn, reason)
}
