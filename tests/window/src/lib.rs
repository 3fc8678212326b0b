//! Walks: a person's day at the keyboard, in the real window and in a browser.

mod keys;
mod page;
mod programs;
mod town;
mod walk;

pub mod journeys;
pub mod lines;

pub use programs::Seat;
pub use walk::{Look, Place, Walk, walk, walk_in_town};
