//! The use cases of one PC: where register, store, files, clock and keys meet.

mod acting;
mod acts;
mod agencies;
mod answer;
mod aside;
mod background;
pub mod blob_copies;
mod blob_parts;
pub mod blobs;
mod clock;
pub mod copies;
mod copying;
mod dates;
#[cfg(feature = "demo")]
pub mod demo;
mod desk;
mod directory;
pub mod durable;
mod evidence;
mod exchange;
mod faults;
mod file_kinds;
mod files;
#[cfg(feature = "demo")]
pub mod fill;
mod folder;
pub mod folders;
mod forms;
mod groups;
pub mod heights;
mod holding;
mod keeping;
pub mod keyring;
pub mod keyring_error;
pub mod keys;
mod line;
pub mod mirror;
pub mod pin;
mod place;
mod print;
pub mod programs;
mod proof;
pub mod publishing;
mod recovery;
pub mod scan_folder;
mod session;
mod tray;
mod tray_arrivals;
mod typing;
mod views;
mod words;

pub use clock::{Source, ThisPc};
pub use desk::{Desk, Fault, REGISTER_FILE, Start, profile_of_this_user};
pub use proof::{NotProven, verify_evidence};

#[cfg(test)]
mod agencies_tests;
#[cfg(test)]
mod day_tests;
#[cfg(test)]
mod real_papers_tests;
#[cfg(test)]
mod small_office;
