//! Tasks in lists and open.
use contract::{
    DocumentAsked, ExtensionShown, Failure, ProgressShown, ReportShown, TaskCounts, TaskFilter,
    TaskOpened, TaskView, TaskWindow,
};
use register::{Act, State, Task};
use store::{StoreError, TaskPhase, TaskQuery, TasksOf, View};

use super::offers::Offers;
use super::rows::{party_seen, row_of_state, task_row};
use crate::acts::task_id;
use crate::desk::Desk;
use crate::forms::attachments_out;
use crate::session::AtDesk;
use crate::words::failure;

/// Rows one list may have.
const TASKS_MAX: u32 = 1000;

impl Desk {
    pub(crate) fn task_list(&self, filter: &TaskFilter) -> Result<TaskWindow, Failure> {
        let at = self.at_desk()?;
        let of = tasks_of(&at, filter.view);
        let phase = match (filter.overdue, filter.closed) {
            (true, _) => TaskPhase::OverdueOn(at.today),
            (false, true) => TaskPhase::Closed,
            (false, false) => TaskPhase::Open,
        };
        let query = TaskQuery { of, phase, limit: TASKS_MAX + 1 };
        self.look(&at.opened, |view| {
            let mut tasks = view.tasks(&at.lens, &query)?;
            let more = tasks.len() > TASKS_MAX as usize;
            tasks.truncate(TASKS_MAX as usize);
            let rows = tasks.iter().map(|task| task_row(view, &at, task));
            Ok(TaskWindow { rows: rows.collect::<Result<_, _>>()?, more })
        })
    }

    /// How many open tasks each view has.
    pub(crate) fn task_counts(&self) -> Result<TaskCounts, Failure> {
        let at = self.at_desk()?;
        let views = [TaskView::Mine, TaskView::Unit, TaskView::Assigned, TaskView::All];
        self.look(&at.opened, |view| {
            let counts = views.into_iter().map(|whose| {
                let of = tasks_of(&at, whose);
                let query = TaskQuery { of, phase: TaskPhase::Open, limit: TASKS_MAX };
                Ok((whose, view.count_tasks(&at.lens, &query)?))
            });
            Ok(TaskCounts { counts: counts.collect::<Result<_, StoreError>>()? })
        })
    }

    pub(crate) fn open_task(&self, asked: &DocumentAsked) -> Result<TaskOpened, Failure> {
        let at = self.at_desk()?;
        let mut task = self.task_in_sight(&at, &asked.id)?;
        if asked.seen && !task.seen.contains_key(&at.officer.id) {
            // Reading must work where writing does not.
            if self.plain_act(&at, Act::SeenTask { task: task.id }).is_ok() {
                task = self.task_in_sight(&at, &asked.id)?;
            }
        }
        self.look(&at.opened, |view| self.task_opened(view, &at, &task))
    }

    fn task_in_sight(&self, at: &AtDesk, id: &str) -> Result<Task, Failure> {
        let id = task_id(id)?;
        let task = self.look(&at.opened, |view| view.task(id))?;
        let seen = task.filter(|task| at.lens.sees(&State::Task(task.clone())));
        seen.map(|task| *task).ok_or_else(|| {
            failure("unknown", "Không thấy việc này trên máy.", "Về danh sách rồi mở lại.")
        })
    }

    fn task_opened(
        &self,
        view: &View<'_>,
        at: &AtDesk,
        task: &Task,
    ) -> Result<TaskOpened, StoreError> {
        let directory = &at.directory;
        let seen = |id| task.seen.contains_key(&id);
        let source = match task.document {
            Some(id) => view.incoming(id)?,
            None => None,
        };
        let directive = source.as_ref().and_then(|document| {
            document.directives.iter().find(|directive| directive.task == Some(task.id))
        });
        let directive = directive.map(|directive| directive.text.clone()).unwrap_or_default();
        let attachments = source
            .as_ref()
            .map(|document| attachments_out(&document.attachments))
            .unwrap_or_default();
        let document = match source {
            Some(document) => row_of_state(view, at, &State::Incoming(document))?,
            None => None,
        };
        let mut drafts = Vec::new();
        for draft in view.drafts_of_task(task.id)? {
            let draft = State::Outgoing(Box::new(draft));
            if at.lens.sees(&draft) {
                drafts.extend(row_of_state(view, at, &draft)?);
            }
        }
        let transfer_to = Offers::new(self, view, at).transfer_to(task)?;
        Ok(TaskOpened {
            row: task_row(view, at, task)?,
            co: task.co.iter().map(|party| party_seen(directory, *party, seen)).collect(),
            information: task
                .information
                .iter()
                .map(|party| party_seen(directory, *party, seen))
                .collect(),
            product: task.product.clone(),
            assigned_at: task.assigned_at.0,
            directive,
            progress: progress_shown(at, task),
            reports: reports_shown(at, task),
            extensions: extensions_shown(at, task),
            document,
            attachments,
            drafts,
            transfer_to: transfer_to.into_iter().map(|party| directory.party(party)).collect(),
            actions: Offers::new(self, view, at).of_task(task)?,
        })
    }
}

fn tasks_of(at: &AtDesk, view: TaskView) -> TasksOf {
    match view {
        TaskView::Mine => TasksOf::Officer(at.officer.id),
        TaskView::Unit => match at.officer.unit {
            Some(unit) => TasksOf::Unit(unit),
            None => TasksOf::Officer(at.officer.id),
        },
        TaskView::Assigned => TasksOf::AssignedBy(at.officer.id),
        TaskView::All => TasksOf::All,
    }
}

fn progress_shown(at: &AtDesk, task: &Task) -> Vec<ProgressShown> {
    let lines = task.progress.iter().rev();
    lines
        .map(|line| ProgressShown {
            by: at.directory.by(line.by, line.at),
            percent: u32::from(line.percent),
            note: line.note.clone(),
        })
        .collect()
}

fn verdict_shown(
    at: &AtDesk,
    verdict: Option<&register::Verdict>,
) -> Option<(bool, contract::By, String)> {
    verdict.map(|verdict| {
        let by = at.directory.by(verdict.by, verdict.at);
        (verdict.accepted, by, verdict.remarks.clone())
    })
}

fn reports_shown(at: &AtDesk, task: &Task) -> Vec<ReportShown> {
    let reports = task.reports.iter().rev();
    reports
        .map(|report| ReportShown {
            by: at.directory.by(report.by, report.at),
            text: report.text.clone(),
            files: attachments_out(&report.files),
            product: report.product.map(|id| id.hex()),
            verdict: verdict_shown(at, report.verdict.as_ref()),
        })
        .collect()
}

fn extensions_shown(at: &AtDesk, task: &Task) -> Vec<ExtensionShown> {
    let extensions = task.extensions.iter().rev();
    extensions
        .map(|extension| ExtensionShown {
            by: at.directory.by(extension.by, extension.at),
            old: extension.old.map(|old| old.to_string()),
            new: extension.new.to_string(),
            reason: extension.reason.clone(),
            verdict: verdict_shown(at, extension.verdict.as_ref()),
        })
        .collect()
}
