//! The history of a document or task: who, what, when, before and after.
use contract::{Failure, History, HistoryAltered, HistoryLine, OneId};
use register::{Key, OfficerId, Outcome, State, TrailLine, UnitId};
use store::{StoreError, View};

use crate::acts::task_id;
use crate::desk::Desk;
use crate::session::AtDesk;
use crate::views::{act_name, thing_of, why_back};
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
        let (lines, further, refused) = self.look(&at.opened, |view| {
            let further = at.directory.linked && view.version_of(key)? > view.told_upto(key)?;
            let refused = refused_of(view, at, key)?;
            Ok((view.trail(key, LINES_MAX)?, further, refused))
        })?;
        if further {
            self.with_background(|background| background.asks_history(key))?;
        }
        let mut lines: Vec<HistoryLine> = lines.into_iter().map(|line| shown(at, line)).collect();
        for line in refused {
            // The newest stand first; the order of the others is the log's.
            let place = lines.iter().position(|other| other.by.at <= line.by.at);
            lines.insert(place.unwrap_or(lines.len()), line);
        }
        Ok(History { lines })
    }
}

/// What this officer did here to a thing, and the log refused.
fn refused_of(view: &View<'_>, at: &AtDesk, key: Key) -> Result<Vec<HistoryLine>, StoreError> {
    if !at.directory.linked {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for row in view.returned_to(at.officer.id)? {
        let command = &row.command;
        let refused = row.said.as_ref().map(|said| &said.outcome);
        let Some(Outcome::Rejected(why)) = refused else { continue };
        if thing_of(&command.act) != Some(key) {
            continue;
        }
        lines.push(HistoryLine {
            by: at.directory.by(command.actor, command.at),
            deed: "refused".to_owned(),
            altered: Vec::new(),
            words: why_back(&command.act, why).what,
            refused: Some(act_name(command)),
        });
    }
    Ok(lines)
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
    let by = at.directory.by(by, when);
    HistoryLine { by, deed, altered: altered.collect(), words, refused: None }
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
