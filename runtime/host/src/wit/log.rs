//! `interface log`: bounded entries, never a failure.

use crate::{
    backend,
    bindings::alcove::executor::log::{Host, Level},
    ctx::RunContext,
};

/// The longest message of one entry, in bytes (`wit/executor/log.wit`).
const ENTRY_BYTES_MAX: usize = 4 << 10;
/// The last entry of a log that is full.
const FULL: &str = "the log of this run is full; later entries are left out";

/// What is left of a run's log.
#[derive(Debug)]
pub(crate) struct LogState {
    bytes_left: usize,
    full: bool,
}

impl LogState {
    /// An empty log of so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { bytes_left: bytes, full: false }
    }
}

impl Host for RunContext {
    fn write(&mut self, level: Level, place: u32, message: String) {
        self.host_calls += 1;
        if self.log.full {
            return;
        }
        let message = message.get(..message.floor_char_boundary(ENTRY_BYTES_MAX)).unwrap_or_default();
        // An entry costs its fields too: a flood of empty messages is also a flood.
        if let Some(left) = self.log.bytes_left.checked_sub(message.len() + ENTRY_COST_BYTES) {
            self.log.bytes_left = left;
            self.backend.log(level.into(), place, message);
        } else {
            self.log.full = true;
            self.backend.log(backend::Level::Warning, place, FULL);
        }
    }
}

/// Level, place and length of an entry.
const ENTRY_COST_BYTES: usize = 16;

impl From<Level> for backend::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}
