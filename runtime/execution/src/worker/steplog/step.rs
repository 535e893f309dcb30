//! What a step log consists of, as people read it.

use alcove_plan::{
    failure::{Code, Failure},
    value::{Value, to_json},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The step log of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepLog {
    /// In the order in which the run came to them.
    pub steps: Vec<Step>,
    /// Iterations that are not among them, by their actions.
    pub omitted: Vec<OmittedSteps>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// What it is: `query`, `action`, `approval`, `log`, `suspended`, `retry` or `end`.
    pub kind: &'static str,
    /// The connector, the action's type, or a word more about what it is.
    pub name: String,
    /// The action's `id` in the config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where in the config: a JSON pointer.
    pub path: String,
    /// Indices of the loops around it, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<u32>,
    /// When it began, in microseconds since 1970-01-01T00:00:00Z.
    pub started_us: i64,
    /// When it was over; `None`: it is not.
    pub ended_us: Option<i64>,
    /// Rows that a query gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Attempts that have failed and were put aside.
    #[serde(skip_serializing_if = "is_zero")]
    pub attempts: u32,
    /// What may be shown of its values.
    #[serde(flatten)]
    pub values: StepValues,
    /// What became of it.
    pub outcome: StepOutcome,
    /// For a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What may be shown of a step's values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepValues {
    /// The rendered parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<serde_json::Value>,
    /// The outputs, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs: Option<serde_json::Value>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It is not over.
    Open,
    /// It was done.
    Done,
    /// It failed.
    Failed,
    /// Nobody knows whether it happened.
    Unknown,
}

/// Iterations of one action that are only counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OmittedSteps {
    /// The action's type.
    pub name: String,
    /// Where in the config: a JSON pointer.
    pub path: String,
    /// Those that were done.
    pub done: u64,
    /// Those that failed.
    pub failed: u64,
}

impl Step {
    /// An entry about what began at a time.
    pub(super) fn new(kind: &'static str, name: impl Into<String>, path: &str, started_us: i64) -> Self {
        Self {
            kind,
            name: name.into(),
            id: None,
            path: path.to_owned(),
            indices: Vec::new(),
            started_us,
            ended_us: None,
            rows: None,
            effect: None,
            attempts: 0,
            values: StepValues::default(),
            outcome: StepOutcome::Open,
            message: None,
        }
    }

    /// It was done.
    pub(super) fn done(&mut self, at_us: i64) {
        (self.ended_us, self.outcome, self.message) = (Some(at_us), StepOutcome::Done, None);
    }

    /// It failed.
    pub(super) fn failed(&mut self, at_us: i64, failure: &Failure) {
        let unknown = failure.code == Code::UnknownOutcome;
        self.outcome = if unknown { StepOutcome::Unknown } else { StepOutcome::Failed };
        (self.ended_us, self.message) = (Some(at_us), Some(failure.to_string()));
    }

    /// It is tried again.
    pub(super) fn reopened(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
        (self.ended_us, self.outcome) = (None, StepOutcome::Open);
    }
}

/// A value as JSON; `None` for null.
pub(super) fn shown(value: &Value) -> Option<serde_json::Value> {
    if value.is_null() {
        return None;
    }
    let mut json = String::new();
    to_json(value, &mut json);
    serde_json::from_str(&json).ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}
