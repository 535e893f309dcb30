//! What a replay comes to.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Difference, Stopped};

/// What a replay came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplayReport {
    /// The run.
    pub execution: String,
    /// Whether it is the run that its journal tells of.
    pub status: ReplayStatus,
    /// How the run stands by its journal: `succeeded`, `failed`, `skipped`, `cancelled`, `waiting` or `unfinished`.
    pub run: &'static str,
    /// Effects whose outcome the journal gave.
    pub effects: u64,
    /// Pages that the journal gave.
    pub reads: u64,
    /// What this build has otherwise than the one that wrote the journal.
    pub other_build: Vec<OtherBuild>,
    /// Where it left its journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diverged: Option<Difference>,
    /// Where the journal ends before the run does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Stopped>,
}

/// Whether a run is the one that its journal tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReplayStatus {
    /// As far as the journal goes, it does what the journal says.
    Replayed,
    /// It does something else.
    Diverged,
}

/// Something that the run was pinned to and that this build has not. The run is executed with what is here, and
/// compared all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OtherBuild {
    /// What: `executor` or `builtins`.
    pub what: &'static str,
    /// By the journal.
    pub recorded: String,
    /// In this build.
    pub here: String,
}
