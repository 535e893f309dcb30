//! The bounds of one run. None of them depends on what the guest does or says.

use std::time::Duration;

use alcove_plan::limits::{AI_CALLS_MAX, EMAILS_MAX, LOG_BYTES_MAX, STEP_BYTES_MAX, TIMEOUT_MS_MAX};

use crate::engine::TABLE_ELEMENTS_MAX;

/// The bounds of one run.
#[derive(Clone, Debug)]
pub struct RunLimits {
    /// Units of work; one is about one instruction of the guest.
    pub fuel: u64,
    /// Linear memory, in bytes.
    pub memory_bytes: usize,
    /// Elements of each of the guest's tables.
    pub table_elements: usize,
    /// From the start of the run to its end, host calls and waiting for them included.
    pub wall_clock: Duration,
    /// Rows that all queries together may give.
    pub rows: u64,
    /// Effects that are performed or fail.
    pub effects: u32,
    /// Bytes of log messages.
    pub log_bytes: usize,
    /// Bytes of one *arguments* or *batch* message.
    pub message_bytes: usize,
    /// Bytes that one call between guest and host may copy to the host; so also of the report.
    pub hostcall_bytes: usize,
    /// Bytes of outcomes that are kept, to be given again to a guest that asks twice.
    pub outcome_bytes: usize,
    /// Limits on calls of certain actions. [`PreparedAction::counter`](crate::PreparedAction::counter) points here.
    pub counters: Vec<Counter>,
}

/// A limit on the calls of some actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Its stable name, such as `emails`.
    pub name: &'static str,
    /// The largest number of calls that are performed or fail.
    pub max: u32,
}

impl RunLimits {
    /// Position of the counter of e-mails in [`language_defaults`](Self::language_defaults).
    pub const EMAILS: usize = 0;
    /// Position of the counter of AI calls in [`language_defaults`](Self::language_defaults).
    pub const AI_CALLS: usize = 1;

    /// The limits of the language, with the app's own wall clock (cut to the language's 5 minutes).
    ///
    /// | limit | default | because |
    /// |---|---|---|
    /// | `fuel` | 5 · 10⁹ | some 10 s of one core: 5,000 items, 50 actions each, 20,000 instructions an action |
    /// | `memory_bytes` | 64 MiB | a step's 8 MiB are some 32 MiB in the guest, and as much again to transform them |
    /// | `table_elements` | 10,000 | many times the executor's |
    /// | `rows` | 1,000,000 | a grouping may read more than the 5,000 rows that a step may hold |
    /// | `effects` | 50,000 | their identities are kept: 4 MiB |
    /// | `message_bytes` | 2 MiB | a value of one byte takes 24 in the host |
    /// | `hostcall_bytes` | 16 MiB | two full steps in a report |
    /// | `outcome_bytes` | 4 MiB | a sound executor asks for none again |
    pub fn language_defaults(timeout_ms: u32) -> Self {
        Self {
            fuel: 5_000_000_000,
            memory_bytes: 64 << 20,
            table_elements: TABLE_ELEMENTS_MAX,
            wall_clock: Duration::from_millis(u64::from(timeout_ms.min(TIMEOUT_MS_MAX))),
            rows: 1_000_000,
            effects: 50_000,
            log_bytes: LOG_BYTES_MAX,
            message_bytes: 2 << 20,
            hostcall_bytes: 2 * STEP_BYTES_MAX,
            outcome_bytes: 4 << 20,
            counters: vec![
                Counter { name: "emails", max: EMAILS_MAX },
                Counter { name: "ai_calls", max: AI_CALLS_MAX },
            ],
        }
    }
}
