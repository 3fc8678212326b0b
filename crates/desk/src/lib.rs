//! The use cases of one PC: where register, store, files, clock and keys meet.

mod acting;
mod acts;
mod answer;
mod background;
pub mod blobs;
mod clock;
mod copying;
mod dates;
mod desk;
mod directory;
pub mod durable;
mod faults;
mod file_kinds;
mod files;
mod folder;
pub mod folders;
mod forms;
pub mod heights;
pub mod keyring;
pub mod keyring_error;
pub mod keys;
mod print;
pub mod scan_folder;
mod session;
mod tray;
mod typing;
mod views;
mod words;

pub use clock::{Source, ThisPc};
pub use desk::{Desk, Fault, REGISTER_FILE, Start, profile_of_this_user};

#[cfg(test)]
mod small_office;
