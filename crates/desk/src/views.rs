//! What is told: states of the register taken apart into what the page shows.
mod admin;
mod bench;
mod books;
mod documents;
mod history;
mod line;
mod offers;
mod open_document;
mod overdue;
mod parcels;
mod program;
mod replacing;
mod rows;
mod search;
mod status;
mod tasks;

pub(crate) use books::{Line, lines_of};
pub(crate) use line::{act_name, is_key, key_in_groups, thing_of, why_back};
pub(crate) use open_document::elsewhere;
pub(crate) use parcels::arrival_shown;
