//! What was shown as registered is there after a kill or a power cut, once.
#![cfg(unix)]

pub mod chance;
pub mod cuts;
pub mod desk_cuts;
pub mod disk;
pub mod kills;
pub mod machine;
pub mod office;
pub mod profile;
pub mod registrar;
pub mod shown;
pub mod trace;
