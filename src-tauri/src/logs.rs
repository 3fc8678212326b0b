//! Log files in the profile, one a day, with every panic in them.

use std::panic;
use std::path::Path;

use anyhow::Context as _;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// A month of working days: long enough to look back at a bad week, short enough for a full disk.
const LOG_FILES_MAX: usize = 22;

const FILTER_VARIABLE: &str = "VANTHU_LOG";

/// Sends everything that is logged from here on to `logs` in the profile.
pub(crate) fn begin(profile: &Path) -> anyhow::Result<()> {
    let folder = profile.join("logs");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("window")
        .filename_suffix("log")
        .max_log_files(LOG_FILES_MAX)
        .build(&folder)
        .with_context(|| format!("opening the log in {}", folder.display()))?;
    let filter =
        EnvFilter::try_from_env(FILTER_VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file).init();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "a part of the program stopped by mistake");
        usual(panic);
    }));
    tracing::info!(version = %desk::programs::running(), "the window starts");
    Ok(())
}
