//! The register in real files: acts, lists, search, faults of the disk, copies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may"
)]

mod acts;
mod care;
mod lanes;
mod lists;
mod office;
mod plans;
mod shaken;
mod tampered;
