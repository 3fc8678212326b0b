//! The figures of the desk: measured by `vanthu-bench`, which lies beside this program.
use std::ffi::OsString;
use std::process::Command;

use anyhow::Context as _;

use crate::{End, Trouble};

/// Runs the program that measures, with everything that was said.
pub(crate) fn bench(rest: &[OsString]) -> Result<End, Trouble> {
    let here = std::env::current_exe().context("finding this program")?;
    let program = here.with_file_name(format!("vanthu-bench{}", std::env::consts::EXE_SUFFIX));
    let ended = Command::new(&program)
        .args(rest)
        .status()
        .with_context(|| format!("starting {}: ./dev bench builds it", program.display()))?;
    if ended.success() {
        return Ok(End::Done);
    }
    Err(Trouble::Broken(anyhow::anyhow!("vanthu-bench ended with {ended}")))
}
