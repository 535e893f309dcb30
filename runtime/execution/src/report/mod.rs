//! What became of a run.

mod json;

use std::time::Duration;

use alcove_ids::ExecutionId;
use alcove_plan::{
    failure::{Code, LimitHit},
    value::Value,
};

use crate::{EffectRecord, LogEntry};

pub use json::level_name;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The trigger's filter, or a delay's `when`, refused the event.
    Skipped,
    /// Everything was done.
    Succeeded,
    /// An approval is open.
    Waiting,
    /// It failed.
    Failed,
}

impl Status {
    /// The word that users see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Succeeded => "succeeded",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }
}

/// Everything that a run left behind.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The execution.
    pub execution: ExecutionId,
    /// How it stands.
    pub status: Status,
    /// Why it failed.
    pub error: Option<ReportedError>,
    /// The effects, in order.
    pub effects: Vec<EffectRecord>,
    /// The log, in order.
    pub log: Vec<LogEntry>,
    /// What it used.
    pub usage: Usage,
    /// What the plan gives back (`alcove_plan::report`); null unless it succeeded.
    pub result: Value,
}

/// Why a run failed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedError {
    /// The class.
    pub code: Code,
    /// Where in the config: a JSON pointer; the root where the run was cut short.
    pub path: String,
    /// One sentence.
    pub message: String,
    /// The limit that was reached.
    pub limit: Option<LimitHit>,
}

/// What a run used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of work in the sandbox.
    pub fuel: u64,
    /// The largest linear memory, in bytes.
    pub peak_memory_bytes: usize,
    /// Calls from guest to host.
    pub host_calls: u64,
    /// Rows that were read.
    pub rows_read: u64,
    /// Calls of actions that were performed or failed.
    pub effects: u32,
    /// E-mails.
    pub emails: u32,
    /// AI calls.
    pub ai_calls: u32,
    /// Tokens sent to models.
    pub ai_tokens_in: u64,
    /// Tokens received from models.
    pub ai_tokens_out: u64,
    /// From start to end.
    pub wall: Duration,
}
