//! Bàn làm việc: what waits for this officer, by role; nothing else.
use std::sync::Arc;

use contract::{Bench, BenchSection, BenchSectionKind, DayTask, DayTaskKind, Failure, TaskRow};
use jiff::civil::Date;
use register::{Direction, Right, Stage, Standing, State, Task};
use store::{
    DocumentStanding, Found, ListFilter, Narrow, StoreError, TaskPhase, TaskQuery, TasksOf, View,
};

use super::rows::{document_rows, task_row};
use crate::desk::Desk;
use crate::session::AtDesk;

/// Lines of a section before "see all".
const LINES_MAX: usize = 8;
/// Open tasks read to fill the sections.
const TASKS_READ_MAX: u32 = 1000;
/// Documents read to choose a section's lines from.
const DOCUMENTS_READ_MAX: u32 = 200;
/// Working days that count as "this week".
const WEEK_WORKING_DAYS: i32 = 5;

impl Desk {
    pub(crate) fn bench_now(&self) -> Result<Bench, Failure> {
        let at = self.at_desk()?;
        let cards = self.tray_size(&at)?;
        let (mut sections, mut law) = self.look(&at.opened, |view| {
            let mut sections = Vec::new();
            staff_sections(view, &at, &mut sections)?;
            task_sections(view, &at, &mut sections)?;
            Ok((sections, law_today(view, &at)?))
        })?;
        if at.may(Right::KeepBooks) && cards > 0 {
            let tray = section(BenchSectionKind::Tray, cards, Vec::new(), Vec::new());
            sections.insert(0, tray);
            let by = at.directory.calendar.next_working(at.today);
            law.insert(
                0,
                DayTask {
                    kind: DayTaskKind::Register,
                    count: cards,
                    deadline: at.directory.deadline(by.date, at.today, None),
                },
            );
        }
        sections.retain(|section| section.total > 0);
        Ok(Bench { today: at.today.to_string(), sections, law })
    }
}

fn section(
    kind: BenchSectionKind,
    total: u32,
    documents: Vec<contract::DocumentRow>,
    tasks: Vec<TaskRow>,
) -> BenchSection {
    let aside = matches!(
        kind,
        BenchSectionKind::Overdue
            | BenchSectionKind::DueThisWeek
            | BenchSectionKind::ForInformation
    );
    BenchSection { kind, total, documents, tasks, aside }
}

fn of_state(direction: Direction, standing: DocumentStanding) -> ListFilter {
    ListFilter {
        direction: Some(direction),
        narrow: Some(Narrow::Standing(standing)),
        ..ListFilter::default()
    }
}

/// One section of documents in a state; the most urgent first, then the oldest.
fn waiting(
    view: &View<'_>,
    at: &AtDesk,
    kind: BenchSectionKind,
    filter: &ListFilter,
    mine: impl Fn(&State) -> bool,
) -> Result<BenchSection, StoreError> {
    let window = view.window(&at.lens, filter, 0, DOCUMENTS_READ_MAX)?;
    let all = window.rows.len() as u64 == window.total;
    let mut found: Vec<Arc<Found>> =
        window.rows.into_iter().filter(|one| mine(&one.state)).collect();
    let total = if all { found.len() as u64 } else { window.total };
    found.sort_by_key(|one| (std::cmp::Reverse(one.state.urgency()), one.ord));
    found.truncate(LINES_MAX);
    let rows = document_rows(view, at, &found)?;
    Ok(section(kind, u32::try_from(total).unwrap_or(u32::MAX), rows, Vec::new()))
}

fn staff_sections(
    view: &View<'_>,
    at: &AtDesk,
    sections: &mut Vec<BenchSection>,
) -> Result<(), StoreError> {
    use BenchSectionKind as Section;
    let me = at.officer.id;
    let incoming = |standing| of_state(Direction::Incoming, standing);
    let outgoing = |standing| of_state(Direction::Outgoing, standing);
    let any = |_: &State| true;
    if at.may(Right::Direct) {
        let to_me = |state: &State| match state {
            State::Incoming(document) => document.submitted.is_none_or(|(to, _)| to == me),
            State::Outgoing(document) => match document.stage {
                Stage::Submitted { to, .. } => to == me,
                Stage::Draft | Stage::Returned { .. } | Stage::Approved { .. } => false,
            },
            State::Agency(_)
            | State::Unit(_)
            | State::Officer(_)
            | State::Device(_)
            | State::Parcel(_)
            | State::Arrival(_)
            | State::Book(_)
            | State::Task(_)
            | State::Year(_) => false,
        };
        let filter = incoming(DocumentStanding::AwaitingDirective);
        sections.push(waiting(view, at, Section::AwaitingDirective, &filter, to_me)?);
        let filter = outgoing(DocumentStanding::Submitted);
        sections.push(waiting(view, at, Section::ToApprove, &filter, to_me)?);
    }
    if at.may(Right::Route) && !at.may(Right::Direct) {
        let filter = incoming(DocumentStanding::ToSubmit);
        sections.push(waiting(view, at, Section::ToSubmit, &filter, any)?);
    }
    if at.may(Right::KeepBooks) {
        let filter = outgoing(DocumentStanding::Approved);
        sections.push(waiting(view, at, Section::ToNumber, &filter, any)?);
        let filter = outgoing(DocumentStanding::ToSend);
        sections.push(waiting(view, at, Section::ToSend, &filter, any)?);
    }
    let drafted_by_me = |state: &State| match state {
        State::Outgoing(document) => document.drafted_by == me,
        State::Incoming(_)
        | State::Agency(_)
        | State::Unit(_)
        | State::Officer(_)
        | State::Device(_)
        | State::Parcel(_)
        | State::Arrival(_)
        | State::Book(_)
        | State::Task(_)
        | State::Year(_) => false,
    };
    let filter = outgoing(DocumentStanding::Returned);
    sections.push(waiting(view, at, Section::DraftsReturned, &filter, drafted_by_me)?);
    Ok(())
}

fn tasks_of(view: &View<'_>, at: &AtDesk, of: TasksOf) -> Result<Vec<Task>, StoreError> {
    let query = TaskQuery { of, phase: TaskPhase::Open, limit: TASKS_READ_MAX };
    view.tasks(&at.lens, &query)
}

fn task_sections(
    view: &View<'_>,
    at: &AtDesk,
    sections: &mut Vec<BenchSection>,
) -> Result<(), StoreError> {
    use BenchSectionKind as Section;
    let today = at.today;
    let mine = tasks_of(view, at, TasksOf::Officer(at.officer.id))?;
    let mine: Vec<Task> =
        mine.into_iter().filter(|task| task.standing() != Standing::AwaitingAcceptance).collect();
    push_tasks(view, at, sections, Section::MyTasks, &mine)?;
    let assigned = tasks_of(view, at, TasksOf::AssignedBy(at.officer.id))?;
    let of = |wanted: &dyn Fn(&Task) -> bool| -> Vec<Task> {
        assigned.iter().filter(|task| wanted(task)).cloned().collect()
    };
    let reported = of(&|task| task.standing() == Standing::AwaitingAcceptance);
    push_tasks(view, at, sections, Section::ToAccept, &reported)?;
    let asked = of(&|task| task.extension_asked().is_some());
    push_tasks(view, at, sections, Section::ExtensionsAsked, &asked)?;
    // Who follows the whole office sees everybody's late work, others what they gave.
    let followed = if at.may(Right::SeeAll) { tasks_of(view, at, TasksOf::All)? } else { assigned };
    let overdue: Vec<Task> =
        followed.iter().filter(|task| task.is_overdue(today)).cloned().collect();
    push_tasks(view, at, sections, Section::Overdue, &overdue)?;
    let soon: Vec<Task> =
        followed.iter().filter(|task| due_this_week(at, task, today)).cloned().collect();
    push_tasks(view, at, sections, Section::DueThisWeek, &soon)
}

fn due_this_week(at: &AtDesk, task: &Task, today: Date) -> bool {
    task.standing() != Standing::AwaitingAcceptance
        && task.deadline.is_some_and(|due| {
            due >= today && at.directory.calendar.working_days(today, due) <= WEEK_WORKING_DAYS
        })
}

fn push_tasks(
    view: &View<'_>,
    at: &AtDesk,
    sections: &mut Vec<BenchSection>,
    kind: BenchSectionKind,
    tasks: &[Task],
) -> Result<(), StoreError> {
    let total = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
    let rows = tasks.iter().take(LINES_MAX).map(|task| task_row(view, at, task));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    sections.push(section(kind, total, Vec::new(), rows));
    Ok(())
}

/// What the law wants of the clerk's office today (NĐ 30/2020 Đ18.1, Đ23.1).
fn law_today(view: &View<'_>, at: &AtDesk) -> Result<Vec<DayTask>, StoreError> {
    if !at.may(Right::KeepBooks) {
        return Ok(Vec::new());
    }
    let wanted = [
        (DayTaskKind::Submit, of_state(Direction::Incoming, DocumentStanding::ToSubmit)),
        (DayTaskKind::Send, of_state(Direction::Outgoing, DocumentStanding::ToSend)),
    ];
    let mut law = Vec::new();
    for (kind, filter) in wanted {
        let window = view.window(&at.lens, &filter, 0, DOCUMENTS_READ_MAX)?;
        let soonest = window
            .rows
            .iter()
            .map(|one| at.directory.calendar.handle_by(one.day, one.state.urgency()).date);
        if let Some(due) = soonest.min() {
            let deadline = at.directory.deadline(due, at.today, None);
            let count = u32::try_from(window.total).unwrap_or(u32::MAX);
            law.push(DayTask { kind, count, deadline });
        }
    }
    Ok(law)
}
