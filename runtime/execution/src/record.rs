//! What a run did, written down while it does it.

use std::sync::{Arc, Mutex, PoisonError};

use alcove_host::Level;
use alcove_ids::EffectId;
use alcove_plan::value::Value;

/// An effect that was performed, or in a dry run would have been.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRecord {
    /// Its identity.
    pub effect_id: EffectId,
    /// The type of the action.
    pub action: &'static str,
    /// Its parameters, as they were rendered.
    pub params: Value,
    /// Its outputs; null in a dry run.
    pub result: Value,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// How much a reader should care.
    pub level: Level,
    /// Where in the config: a JSON pointer.
    pub path: String,
    /// What happened.
    pub message: String,
}

/// Where in a config stands what is said of an event: a JSON pointer.
pub(crate) const TRIGGER: &str = "/trigger";

/// What is said of a member of an event's payload that runs do not see.
pub(crate) fn left_out(member: &str) -> String {
    format!("the event's payload has a member `{member}`, which the catalog does not have: it was left out")
}

/// What was written down so far.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) effects: Vec<EffectRecord>,
    pub(crate) log: Vec<LogEntry>,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_out: u64,
}

/// Shared by the backend, which ends with the sandbox, and the runner, which reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Record>>);

impl Recorder {
    /// Writes something down.
    pub(crate) fn with<T>(&self, write: impl FnOnce(&mut Record) -> T) -> T {
        // A panic elsewhere leaves the record as it was: what is in it has happened.
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> Record {
        self.with(std::mem::take)
    }
}
