//! One agency as it is: a server on loopback, and desks that speak to it as the window does.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test stops where it stands, and each thing is named by what it is"
)]

mod pc;
mod town;

pub use pc::{PIN, Pc};
pub use town::Town;
