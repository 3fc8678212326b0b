//! The rules of an office: told as stories of people, shaken by random acts, counted by the
//! calendar.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

#[path = "office/calendar.rs"]
mod calendar;
#[path = "office/cast.rs"]
mod cast;
#[path = "office/moments.rs"]
mod moments;
#[path = "office/stories_books.rs"]
mod stories_books;
#[path = "office/stories_directory.rs"]
mod stories_directory;
#[path = "office/stories_incoming.rs"]
mod stories_incoming;
#[path = "office/stories_log.rs"]
mod stories_log;
#[path = "office/stories_outgoing.rs"]
mod stories_outgoing;
#[path = "office/stories_people.rs"]
mod stories_people;
#[path = "office/stories_tasks.rs"]
mod stories_tasks;
#[path = "office/wire.rs"]
mod wire;
#[path = "office/world.rs"]
mod world;

#[path = "office/shaken/acts.rs"]
mod acts;
#[path = "office/shaken/acts_of_lease.rs"]
mod acts_of_lease;
#[path = "office/shaken/acts_of_work.rs"]
mod acts_of_work;
#[path = "office/shaken/chance.rs"]
mod chance;
#[path = "office/shaken/invariants.rs"]
mod invariants;
#[path = "office/shaken/rights_table.rs"]
mod rights_table;
#[path = "office/shaken/run.rs"]
mod run;
