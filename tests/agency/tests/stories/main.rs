//! Stories of an agency with several PCs and one server.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it stands"
)]

mod at_odds;
mod at_random;
mod books_change_hands;
mod files;
mod holder_alone;
mod keepers;
mod line_drops;
mod narrow;
mod older_copy;
mod parcels;
mod tampered;
mod two_servers;
mod updates;
