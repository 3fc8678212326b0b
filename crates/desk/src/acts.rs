//! Use cases that change something: a form taken apart, one act stated, what was done said.
mod admin;
mod books;
mod incoming;
mod leases;
mod line;
mod outgoing;
mod parcels;
mod rejoin;
mod setup;
mod tasks;

pub(crate) use parcels::card_of_arrival;
pub(crate) use rejoin::{all_again, is_a_twin, numbering_of};
pub(crate) use tasks::Reply;

#[cfg(test)]
pub(crate) use setup::usual_kinds as setup_kinds_for_tests;

use contract::{Done, Failure, Said, Topic, Undo};
use register::{BookId, DirectiveId, DocumentId, TaskId};

use crate::words::failure;

/// Builds what a change tells the page.
pub(crate) fn done(id: String, sentence: &str, with: Vec<String>, topics: &[Topic]) -> Done {
    let said = Said { sentence: sentence.to_owned(), with };
    Done { id, said, undo: None, topics: topics.to_vec() }
}

/// The same, with a way back.
pub(crate) fn undoable(done: Done, token: String) -> Done {
    Done { undo: Some(Undo { token }), ..done }
}

fn gone(what: &str) -> Failure {
    failure("unknown", format!("Không thấy {what} này trên máy."), "Về danh sách rồi mở lại.")
}

/// Reads the id of a document.
pub(crate) fn document_id(text: &str) -> Result<DocumentId, Failure> {
    DocumentId::parse(text).map_err(|_| gone("văn bản"))
}

/// Reads the id of a task.
pub(crate) fn task_id(text: &str) -> Result<TaskId, Failure> {
    TaskId::parse(text).map_err(|_| gone("việc"))
}

/// Reads the id of a directive.
pub(crate) fn directive_id(text: &str) -> Result<DirectiveId, Failure> {
    DirectiveId::parse(text).map_err(|_| gone("ý kiến"))
}

/// Reads the id of a book.
pub(crate) fn book_id(text: &str) -> Result<BookId, Failure> {
    BookId::parse(text).map_err(|_| gone("sổ"))
}
