//! Where a server says what happens to it: standard error, for whoever operates it.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Begins to log: what is at least as grave as `ALCOVE_LOG` says (`info` unless it does).
pub(super) fn start() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .with_env_var("ALCOVE_LOG")
        .from_env_lossy();
    let colours = io::stderr().is_terminal();
    // A second server in one process keeps the first one's log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colours).try_init();
}
