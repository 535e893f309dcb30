//! What a run used, and how it ended.

use std::time::Duration;

use alcove_plan::failure::Failure;

/// The end of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunResult {
    /// How it ended.
    pub end: Result<End, RunFailure>,
    /// What it used, whatever its end.
    pub usage: Usage,
}

/// How a run ended that did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// All nodes ran. The *report* message, as the guest wrote it: not decoded yet.
    Succeeded(Vec<u8>),
    /// The trigger's filter, or the `when` of a delay, refused the event.
    Skipped,
    /// An approval is not decided yet.
    Waiting,
}

/// How a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFailure {
    /// What happened. Where the host stopped the run, it is what the host says and not what the guest made of it.
    pub failure: Failure,
    /// An index into the plan's places, as the guest says: it may be out of range. `None` where the guest was cut
    /// short.
    pub place: Option<u32>,
}

/// What a run used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of work.
    pub fuel: u64,
    /// The largest linear memory, in bytes.
    pub peak_memory_bytes: usize,
    /// Calls from guest to host.
    pub host_calls: u64,
    /// From start to end, waiting included.
    pub wall: Duration,
    /// Rows that queries gave.
    pub rows: u64,
    /// Effects that were performed or failed.
    pub effects: u32,
    /// Calls counted by each of [`RunLimits::counters`](crate::RunLimits::counters).
    pub counters: Vec<u32>,
}
