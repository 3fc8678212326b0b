//! Stories of an agency at its server: adopted, enrolled, pushed, pulled, cut off, come back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a broken expectation should stop the test where it stands"
)]

mod bucket;
mod care;
mod cast;
mod description;
mod doors;
mod evidence;
mod files;
mod flaws;
mod history;
mod keepers;
mod line;
mod mangled;
mod middle;
mod news;
mod operator;
mod parcels;
mod peers;
mod pushes;
mod releases;
mod restored;
mod rights;
mod sealed;
mod sight;
mod sticks;
mod tampered;
mod unnamed;
mod world;
