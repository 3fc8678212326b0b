//! The house rules that a machine can check: who knows whom, the fences, the habits, no secrets.
//!
//! Each check takes the tree and returns findings; nothing is changed. A habit with numbers works
//! as a ratchet: `exceptions.txt` names what is over the limit today, and may only shrink.

mod edges;
mod fences;
mod finding;
mod habits;
mod migrations;
mod names;
mod page;
mod ratchet;
mod rust_code;
mod secrets;
mod tree;
mod words;

pub use edges::who_knows_whom;
pub use fences::{forbidden_in_the_core, tauri_outside_the_window};
pub use finding::Finding;
pub use habits::{
    dependencies_without_a_reason, first_lines, globs_and_mod_files, notes_to_self, test_habits,
};
pub use migrations::changed_migrations;
pub use names::banned_names;
pub use page::{
    business_words_in_the_kit, features_that_import_features, tauri_in_the_page,
    vietnamese_outside_text,
};
pub use ratchet::{lengths, measured_lengths};
pub use secrets::{machine_paths, registry_hosts, secrets};
pub use tree::{File, Tree};
