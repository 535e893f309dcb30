//! What shadow runs come to.

use alcove_plan::value::{Value, to_json};
use serde::Serialize;

/// Shadow runs, and how many came out how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShadowReport {
    /// How many came out how.
    pub summary: ShadowSummary,
    /// Each of them.
    pub runs: Vec<ShadowRun>,
}

/// How many shadow runs came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShadowSummary {
    /// All of them.
    pub runs: u64,
    /// With the same effects and the same end.
    pub same: u64,
    /// With others.
    pub different: u64,
    /// That asked what the journal could not answer.
    pub incomplete: u64,
    /// That failed where the recorded run did not.
    pub failed: u64,
}

/// How a shadow run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ShadowStatus {
    /// The same effects and the same end.
    Same,
    /// Others.
    Different,
    /// It asked what the journal could not answer.
    Incomplete,
    /// It failed where the recorded run did not, or otherwise.
    Failed,
}

/// One shadow run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShadowRun {
    /// The recorded run.
    pub execution: String,
    /// How it came out.
    pub status: ShadowStatus,
    /// How the recorded run ended: `succeeded`, `failed`, `skipped`, `cancelled`, `waiting` or `unfinished`.
    pub recorded: String,
    /// How the other version ended: `succeeded`, `failed`, `skipped` or `waiting`.
    pub now: String,
    /// What it does otherwise.
    pub effects: EffectDifferences,
    /// What the journal could not answer.
    pub unanswered: Vec<Unanswered>,
    /// How it failed, with the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What one version does and the other does not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EffectDifferences {
    /// Effects that both have, wherever they stand.
    pub unchanged: u64,
    /// Effects that only the other version has.
    pub added: Vec<ShadowEffect>,
    /// Effects that only the recorded run has.
    pub removed: Vec<ShadowEffect>,
    /// Effects at the same place with other parameters.
    pub changed: Vec<ChangedEffect>,
}

/// An effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShadowEffect {
    /// Where in the config of its version: a JSON pointer.
    pub path: String,
    /// Iterations of the loops around it.
    pub indices: Vec<u32>,
    /// The action's type.
    pub action: String,
    /// Its parameters; null where they could not be made.
    pub params: serde_json::Value,
}

/// An effect with other parameters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedEffect {
    /// As the other version has it.
    #[serde(flatten)]
    pub now: ShadowEffect,
    /// The parameters in the recorded run.
    pub recorded: serde_json::Value,
    /// The names of the parameters that differ.
    pub differs: Vec<String>,
}

/// A question that the journal could not answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unanswered {
    /// `query`, `page`, `action`, `approval` or `trigger`.
    pub kind: &'static str,
    /// Where in the config of the other version: a JSON pointer.
    pub path: String,
    /// The connector, the action or the event.
    pub name: String,
    /// What it was asked with.
    pub arguments: serde_json::Value,
}

impl ShadowReport {
    /// Counts.
    pub fn of(runs: Vec<ShadowRun>) -> Self {
        let mut summary = ShadowSummary::default();
        for run in &runs {
            summary.runs += 1;
            *match run.status {
                ShadowStatus::Same => &mut summary.same,
                ShadowStatus::Different => &mut summary.different,
                ShadowStatus::Incomplete => &mut summary.incomplete,
                ShadowStatus::Failed => &mut summary.failed,
            } += 1;
        }
        Self { summary, runs }
    }
}

/// A value for a report.
pub(super) fn json(value: &Value) -> serde_json::Value {
    let mut text = String::new();
    to_json(value, &mut text);
    // What `to_json` writes is JSON.
    serde_json::from_str(&text).unwrap_or_default()
}
