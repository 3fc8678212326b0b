//! The foot of the window: books held here, commands kept, copies, counts beside the screens.
use contract::{Failure, StatusLine};
use register::{Direction, Right};
use store::{DocumentStanding, ListFilter, Narrow, TaskPhase, TaskQuery, TasksOf, View};

use crate::desk::Desk;

/// Tasks counted for the number beside a screen.
const COUNTED_MAX: u32 = 1000;

impl Desk {
    pub(crate) fn status_now(&self) -> Result<StatusLine, Failure> {
        let at = self.at_desk()?;
        let backup = self.with_background(crate::background::Background::backup_state)?;
        let warning = backup.copy_trouble.clone().or_else(|| backup.mirror_trouble.clone());
        let line = self.line_short(&at)?;
        let holding = self.holding(&at)?;
        let cards = if at.may(Right::KeepBooks) { self.tray_size(&at)? } else { 0 };
        self.look(&at.opened, |view| {
            let books = at.directory.books.values().filter(|book| self.holds(book) && book.open);
            let books = books.map(|book| self.book_shown(view, (&at, &holding), book));
            let count = |direction, standing| {
                let filter = ListFilter {
                    direction: Some(direction),
                    narrow: Some(Narrow::Standing(standing)),
                    ..ListFilter::default()
                };
                view.count(&at.lens, &filter).map(|count| u32::try_from(count).unwrap_or(u32::MAX))
            };
            let incoming = if at.may(Right::Direct) {
                count(Direction::Incoming, DocumentStanding::AwaitingDirective)?
            } else if at.may(Right::Route) {
                count(Direction::Incoming, DocumentStanding::ToSubmit)?
            } else {
                0
            };
            let outgoing = if at.may(Right::Approve) {
                count(Direction::Outgoing, DocumentStanding::Submitted)?
            } else if at.may(Right::KeepBooks) {
                count(Direction::Outgoing, DocumentStanding::Approved)?
                    + count(Direction::Outgoing, DocumentStanding::ToSend)?
            } else {
                0
            };
            let mine = TaskQuery {
                of: TasksOf::Officer(at.officer.id),
                phase: TaskPhase::Open,
                limit: COUNTED_MAX,
            };
            let counts = [
                ("incoming", incoming),
                ("outgoing", outgoing),
                ("tray", cards),
                ("tasks", view.count_tasks(&at.lens, &mine)?),
                ("line", u32::try_from(line.to_look_at).unwrap_or(u32::MAX)),
            ];
            Ok(StatusLine {
                books: books.collect::<Result<_, _>>()?,
                kept: View::commands_kept(view)?,
                copied_at: backup.copied_at,
                mirrored_at: backup.mirrored_at,
                warning,
                line,
                counts: counts
                    .into_iter()
                    .filter(|(_, count)| *count > 0)
                    .map(|(screen, count)| (screen.to_owned(), count))
                    .collect(),
            })
        })
    }
}
