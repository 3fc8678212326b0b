//! PostgreSQL beside SQLite: the same log from the same commands, and nothing lost by a kill.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

#[path = "../stories/cast.rs"]
#[allow(dead_code, reason = "the stories need more of it")]
mod cast;

mod alike;
mod kills;
mod moving;
mod pace;
mod sealed;
mod tape;
mod two;
