//! What was shown as registered is there after a kill or a power cut, once.
#![cfg(unix)]
// A program of tests: what it cannot index or unwrap ends the run, as an assertion does.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::should_implement_trait,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm
)]

pub mod chance;
pub mod cuts;
pub mod desk_cuts;
pub mod disk;
pub mod kills;
pub mod machine;
pub mod office;
pub mod profile;
pub mod registrar;
pub mod server_at_work;
pub mod server_cuts;
pub mod shown;
pub mod trace;
