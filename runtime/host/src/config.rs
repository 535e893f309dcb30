//! What an operator may set about the sandbox as a whole.

use std::{path::PathBuf, time::Duration};

/// The settings of a [`Runtime`](crate::Runtime).
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Runs at a time; further runs wait for a free slot. Each slot reserves address space, not memory.
    pub instances_max: u32,
    /// The largest linear memory that any run may be given, in bytes. A run's own limit is cut to it.
    pub memory_bytes_max: usize,
    /// How often runs look at the clock and at cancellation, and let others run.
    pub tick: Duration,
    /// Where machine code is kept between processes; `None`: it is compiled anew in each. The directory must belong to
    /// the user of the process and be closed to all others; it is created so.
    pub code_cache: Option<PathBuf>,
}

impl RuntimeConfig {
    /// The settings of an embedded runtime: a command line, a test, a small server.
    pub fn embedded(code_cache: Option<PathBuf>) -> Self {
        Self { instances_max: 64, memory_bytes_max: 64 << 20, tick: Duration::from_millis(5), code_cache }
    }
}
