//! What was shown as registered is there after a kill or a power cut, once.

pub mod chance;
pub mod cuts;
pub mod disk;
#[cfg(unix)]
pub mod machine;
pub mod office;
pub mod shown;
