//! Search as it is typed: documents, and for the palette tasks and people too.
use contract::{Failure, Found, FoundRow, Named, SearchAsked};
use store::{TaskPhase, TaskQuery, TasksOf};

use super::documents::filter_in;
use super::rows::{document_rows, task_row};
use crate::desk::Desk;

/// Rows when the page does not say.
const ROWS_USUAL: u32 = 50;
/// Rows at most.
const ROWS_MAX: u32 = 200;
/// Characters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 200;
/// Tasks and people shown in the palette.
const OTHERS_MAX: usize = 8;
/// Open tasks looked through for the palette.
const TASKS_READ_MAX: u32 = 500;

impl Desk {
    pub(crate) fn search_now(&self, asked: SearchAsked) -> Result<Found, Failure> {
        let SearchAsked { text, filter, count, everything } = asked;
        let at = self.at_desk()?;
        let filter = filter_in(&at, &filter)?;
        let text: String = text.chars().take(QUERY_CHARS_MAX).collect();
        let count = if count == 0 { ROWS_USUAL } else { count.min(ROWS_MAX) };
        let folded = text::fold_words(&text);
        self.look(&at.opened, |view| {
            let found = view.search(&at.lens, &text, &filter, count as usize)?;
            let rows = document_rows(view, &at, &found.rows)?;
            let documents = rows.into_iter().map(|row| {
                let marks = marks(&row.subject, &folded);
                FoundRow { row, marks }
            });
            let mut answer = Found {
                documents: documents.collect(),
                more: found.more,
                tasks: Vec::new(),
                people: Vec::new(),
            };
            if everything && !folded.is_empty() {
                let query =
                    TaskQuery { of: TasksOf::All, phase: TaskPhase::Open, limit: TASKS_READ_MAX };
                let tasks = view.tasks(&at.lens, &query)?;
                let like = tasks.iter().filter(|task| contains(&task.content, &folded));
                let rows = like.take(OTHERS_MAX).map(|task| task_row(view, &at, task));
                answer.tasks = rows.collect::<Result<_, _>>()?;
                let people = at.directory.officers.values();
                answer.people = people
                    .filter(|officer| officer.active && contains(&officer.name, &folded))
                    .take(OTHERS_MAX)
                    .map(|officer| Named { id: officer.id.hex(), name: officer.name.clone() })
                    .collect();
            }
            Ok(answer)
        })
    }
}

fn contains(text: &str, words: &[String]) -> bool {
    let folded = text::fold(text);
    words.iter().all(|word| folded.contains(word.as_str()))
}

/// Where the words stand in a subject, as ranges of characters. Folding keeps one character for
/// one, so places in the folded text are places in the text; where it did not, nothing is marked.
fn marks(subject: &str, words: &[String]) -> Vec<(u32, u32)> {
    let folded: Vec<char> = text::fold(subject).chars().collect();
    let mut marks = Vec::new();
    if folded.len() != subject.chars().count() {
        return marks;
    }
    for word in words {
        let wanted: Vec<char> = word.chars().collect();
        let place = (0..folded.len()).find(|start| {
            let before = start.checked_sub(1).and_then(|before| folded.get(before));
            let at_start = before.is_none_or(|before| !before.is_alphanumeric());
            at_start && folded.iter().skip(*start).take(wanted.len()).eq(&wanted)
        });
        if let Some(start) = place {
            let end = start + wanted.len();
            if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
                marks.push((start, end));
            }
        }
    }
    marks.sort_unstable();
    marks
}
