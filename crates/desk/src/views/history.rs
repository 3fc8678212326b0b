//! The history of a document or task: who, what, when, before and after.
use contract::{Failure, History, HistoryAltered, HistoryLine, OneId};
use register::{Key, OfficerId, State, TrailLine, UnitId};

use crate::acts::task_id;
use crate::desk::Desk;
use crate::session::AtDesk;
use crate::words::{date, failure};

/// Lines shown.
const LINES_MAX: u32 = 500;

impl Desk {
    pub(crate) fn history_of_document(&self, asked: &OneId) -> Result<History, Failure> {
        let at = self.at_desk()?;
        let state = self.any_document(&at, &asked.id)?;
        self.history(&at, state.key())
    }

    pub(crate) fn history_of_task(&self, asked: &OneId) -> Result<History, Failure> {
        let at = self.at_desk()?;
        let id = task_id(&asked.id)?;
        let task = self.look(&at.opened, |view| view.task(id))?;
        let seen = task.is_some_and(|task| at.lens.sees(&State::Task(task)));
        if !seen {
            return Err(failure("unknown", "Không thấy việc này trên máy.", "Về danh sách."));
        }
        self.history(&at, Key::Task(id))
    }

    fn history(&self, at: &AtDesk, key: Key) -> Result<History, Failure> {
        let (lines, further) = self.look(&at.opened, |view| {
            let further = at.directory.linked && view.version_of(key)? > view.told_upto(key)?;
            Ok((view.trail(key, LINES_MAX)?, further))
        })?;
        if further {
            self.with_background(|background| background.asks_history(key))?;
        }
        Ok(History { lines: lines.into_iter().map(|line| shown(at, line)).collect() })
    }
}

fn shown(at: &AtDesk, line: TrailLine) -> HistoryLine {
    let TrailLine { of: _, by_command: _, by, at: when, deed, altered, words } = line;
    let deed = serde_json::to_value(deed).ok();
    let deed = deed.and_then(|deed| deed.as_str().map(str::to_owned)).unwrap_or_default();
    let altered = altered.into_iter().map(|altered| HistoryAltered {
        before: value(at, &altered.field, &altered.before),
        after: value(at, &altered.field, &altered.after),
        field: altered.field,
    });
    HistoryLine { by: at.directory.by(by, when), deed, altered: altered.collect(), words }
}

/// A stored value in words: names for ids, dates as officials write them.
fn value(at: &AtDesk, field: &str, stored: &str) -> String {
    if let Some(id) = stored.strip_prefix("u:").and_then(|id| OfficerId::parse(id).ok()) {
        return at.directory.name(id);
    }
    if let Some(id) = stored.strip_prefix("unit:").and_then(|id| UnitId::parse(id).ok()) {
        return at.directory.unit_name(id);
    }
    match field {
        "kind" => at.directory.kind_name(stored),
        "unit" => UnitId::parse(stored).map_or(String::new(), |id| at.directory.unit_name(id)),
        "issued_on" | "due" | "deadline" => {
            stored.parse().map(date).unwrap_or_else(|_| stored.to_owned())
        }
        "urgency" => match stored {
            "urgent" => "khẩn".to_owned(),
            "very_urgent" => "thượng khẩn".to_owned(),
            "express" => "hoả tốc".to_owned(),
            _ => "thường".to_owned(),
        },
        _ => stored.to_owned(),
    }
}
