//! `vanthu verify --evidence`: a file that somebody brings is checked, and nothing else is needed.
use std::path::{Path, PathBuf};

use desk::verify_evidence;

use crate::{End, Trouble};

/// Says what the evidence proves, or that it proves nothing.
pub(crate) fn verify(
    path: &Path,
    files: &[PathBuf],
    server_key: Option<&str>,
) -> Result<End, Trouble> {
    match verify_evidence(path, files, server_key) {
        Ok(told) => {
            print!("{told}");
            Ok(End::Done)
        }
        Err(no) => {
            eprint!("{}", no.told());
            Ok(if no.is_unchecked() { End::Unchecked } else { End::Findings })
        }
    }
}
