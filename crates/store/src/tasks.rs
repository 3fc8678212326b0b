//! Lists of tasks, the most pressing first: whose they are, and whether they are open.
use std::collections::BTreeSet;

use jiff::civil::Date;

use register::{OfficerId, Scope, Task, UnitId};

use crate::day::day_of;
use crate::error::StoreError;
use crate::filing::{Phase, TaskRole};
use crate::keys::key_from;
use crate::lens::Lens;
use crate::view::{View, task_in};

/// Tasks one list may have.
pub const TASKS_MAX: u32 = 1000;

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TasksOf {
    /// Those an officer leads or helps with by name.
    Officer(OfficerId),
    /// Those a unit leads or helps with.
    Unit(UnitId),
    /// Those an officer gave.
    AssignedBy(OfficerId),
    /// All that may be seen.
    All,
}

/// Open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskPhase {
    /// Not done: by deadline, those without one last.
    Open,
    /// Done and withdrawn, the newest first.
    Closed,
    /// Not handed in, and the deadline is before this day.
    OverdueOn(Date),
    /// Handed in and waiting for an answer.
    Waiting,
}

/// Which tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskQuery {
    /// Whose.
    pub of: TasksOf,
    /// Open or closed.
    pub phase: TaskPhase,
    /// At most so many, and never more than [`TASKS_MAX`].
    pub limit: u32,
}

impl TaskQuery {
    fn scopes(&self, lens: &Lens) -> Vec<Scope> {
        match self.of {
            TasksOf::Officer(id) | TasksOf::AssignedBy(id) => vec![Scope::Officer(id)],
            TasksOf::Unit(id) => vec![Scope::Unit(id)],
            TasksOf::All if lens.is_staff() => vec![Scope::Staff],
            TasksOf::All => lens.people().copied().collect(),
        }
    }

    fn role(&self) -> TaskRole {
        match self.of {
            TasksOf::Officer(_) | TasksOf::Unit(_) => TaskRole::Works,
            TasksOf::AssignedBy(_) => TaskRole::Assigned,
            TasksOf::All => TaskRole::Sees,
        }
    }

    fn phases(&self) -> &'static [Phase] {
        match self.phase {
            TaskPhase::Open => &[Phase::Open, Phase::Waiting],
            TaskPhase::Closed => &[Phase::Closed],
            TaskPhase::OverdueOn(_) => &[Phase::Open],
            TaskPhase::Waiting => &[Phase::Waiting],
        }
    }

    fn before_rank(&self) -> i64 {
        match self.phase {
            TaskPhase::OverdueOn(today) => day_of(today),
            TaskPhase::Open | TaskPhase::Closed | TaskPhase::Waiting => i64::MAX,
        }
    }
}

impl View<'_> {
    /// Tasks, the most pressing first; closed ones newest first.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn tasks(&self, lens: &Lens, query: &TaskQuery) -> Result<Vec<Task>, StoreError> {
        let limit = query.limit.min(TASKS_MAX);
        let ranked = self.ranked(lens, query, limit)?;
        let mut tasks = Vec::new();
        for (_, key) in ranked {
            let state = self.must(key_from(&key)?)?;
            if tasks.len() < limit as usize && lens.sees(&state) {
                tasks.extend(task_in(state));
            }
        }
        Ok(tasks)
    }

    /// How many tasks a list has, at most `query.limit`.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn count_tasks(&self, lens: &Lens, query: &TaskQuery) -> Result<u32, StoreError> {
        let ranked = self.ranked(lens, query, query.limit)?;
        Ok(u32::try_from(ranked.len()).unwrap_or(u32::MAX).min(query.limit))
    }

    fn ranked(
        &self,
        lens: &Lens,
        query: &TaskQuery,
        limit: u32,
    ) -> Result<BTreeSet<(i64, Vec<u8>)>, StoreError> {
        let sql = "
            SELECT rank, task
            FROM task_scope
            WHERE scope = ?1 AND role = ?2 AND phase = ?3 AND rank < ?4
            ORDER BY rank, task
            LIMIT ?5";
        let mut ranked = BTreeSet::new();
        for scope in query.scopes(lens) {
            let Some(scope) = self.bucket(&scope.name())? else { continue };
            for phase in query.phases() {
                let params =
                    (scope, query.role() as i64, *phase as i64, query.before_rank(), limit);
                let rows: Vec<(i64, Vec<u8>)> =
                    self.all(sql, params, |row| Ok((row.get(0)?, row.get(1)?)))?;
                ranked.extend(rows);
            }
        }
        Ok(ranked)
    }

    /// Tasks an officer is named on and has not opened.
    ///
    /// # Errors
    /// Faults of the file.
    pub fn unread_tasks(&self, officer: OfficerId, limit: u32) -> Result<Vec<Task>, StoreError> {
        let sql = "
            SELECT key
            FROM unread
            WHERE officer = ?1 AND kind = 7
            ORDER BY at DESC, key DESC
            LIMIT ?2";
        let keys: Vec<Vec<u8>> = self.all(sql, (officer.0, limit), |row| row.get(0))?;
        let mut tasks = Vec::new();
        for key in keys {
            tasks.extend(task_in(self.must(key_from(&key)?)?));
        }
        Ok(tasks)
    }
}
