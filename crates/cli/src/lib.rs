//! `vanthu`: the desk from the command line.

#[cfg(feature = "browser")]
pub mod page_host;
