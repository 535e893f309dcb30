//! The app's settings, with every default filled in.

use serde::{Deserialize, Serialize};

use crate::action::Retry;

/// Settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether the app may be activated.
    pub enabled: bool,
    /// The wall clock of a run, at most 300,000.
    pub timeout_ms: u32,
    /// How a failed run is tried again; `None`: not at all.
    pub retry: Option<Retry>,
    /// Failed runs in a row before the app goes to `error`.
    pub auto_pause_after: u32,
    /// Whether admins hear of failures.
    pub notify_on_error: bool,
    /// What happens when a quota is used up.
    pub on_quota_exceeded: OnQuotaExceeded,
    /// What happens when a run is due while another runs.
    pub concurrency: Concurrency,
    /// Runs at a time, where they may overlap.
    pub concurrency_max: Option<u32>,
    /// What of rendered values goes into the step log.
    pub log_values: LogValues,
}

/// What happens when a quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnQuotaExceeded {
    /// The run is left out, and logged.
    Skip,
    /// The run waits for the quota's reset.
    Reschedule,
}

/// What happens when a run is due while another runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Concurrency {
    /// It is left out, and logged.
    Skip,
    /// It waits its turn.
    Queue,
    /// Both run.
    Parallel,
}

/// What of rendered values goes into the step log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogValues {
    /// Everything.
    Full,
    /// Everything but personal data.
    Redacted,
    /// Nothing.
    None,
}
