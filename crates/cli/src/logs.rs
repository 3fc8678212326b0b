//! Logs of the command line: to stderr, and only when they are asked for.
use tracing_subscriber::EnvFilter;

/// Begins to log, as loudly as asked.
pub(crate) fn begin(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => "info",
        2.. => "debug",
    };
    let filter = EnvFilter::new(level);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process has logs already.
    let _ = logs.try_init();
}
