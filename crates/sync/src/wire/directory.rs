//! The directory on the wire: `GET /v1/directory?above=N`.
use alloc::vec::Vec;

use register::Listed;
use serde::{Deserialize, Serialize};

/// Entries in one page.
pub const LISTED_AT_ONCE: usize = 1000;

/// A page of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryPage {
    /// The version of the whole.
    pub head: u64,
    /// The version up to which this page goes.
    pub to: u64,
    /// There is more behind it.
    pub more: bool,
    /// Entries that changed, each as it is now.
    pub listed: Vec<Listed>,
}
