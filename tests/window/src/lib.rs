//! Walks: a person's day at the keyboard, in the real window and in a browser.

mod keys;
mod office;
mod page;
mod programs;
mod strikes;
mod town;
mod walk;

pub mod deaths;
pub mod exchange;
pub mod journeys;
pub mod keepers;
pub mod lines;
pub mod offices;
pub mod province;
pub mod sending;
pub mod updates;

pub use office::{Album, FIRST_PC, Neighbour, Office, Setting, walk_in_an_office};
pub use programs::Seat;
pub use walk::{Look, Place, Walk, alone, walk, walk_in_town};
