//! What a check found: the place, what is wrong there, and why it matters.

use std::fmt;

/// One thing that breaks a house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The path from the root of the project.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    /// What stands there that should not.
    pub what: String,
    /// The reason for the rule.
    pub why: &'static str,
}

impl Finding {
    /// Notes a finding.
    pub fn new(path: &str, line: usize, what: impl Into<String>, why: &'static str) -> Finding {
        Finding { path: path.to_owned(), line, what: what.into(), why }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, line, what, why } = self;
        write!(out, "{path}:{line}: {what}, {why}")
    }
}
