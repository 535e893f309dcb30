//! A run.

use alcove_store::tables::executions::{Row, State};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    json::json,
    stored::{FailureView, SubjectView, UsageView},
    time::time,
};

/// A run, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExecutionView {
    /// Which.
    pub id: String,
    /// Of which app.
    pub app_id: String,
    /// Of which of its versions: a run stays with it.
    pub version: u32,
    /// The digest of that version's plan.
    pub plan: String,
    /// `queued`, `running`, `waiting`, `succeeded`, `failed`, `skipped` or `cancelled`.
    pub status: &'static str,
    /// Why it was skipped, or what it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `manual`, `event`, `scheduled` or `delayed`.
    pub trigger: &'static str,
    /// The event that started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventRef>,
    /// Which of the app's delays it is, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<u32>,
    /// The run whose effect caused the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// How many runs, each started by an event of the one before, led to it.
    pub chain_depth: u32,
    /// Who started it by hand.
    #[schema(value_type = Option<SubjectView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starter: Option<Box<RawValue>>,
    /// Attempts that failed and were put aside.
    pub attempts: u32,
    /// Effects that were performed.
    pub items: u64,
    /// When it was accepted.
    pub queued_at: String,
    /// When a worker took it first.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// When it goes on, if it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// What the plan gave back.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Box<RawValue>>,
    /// `{code, path, message, limit?}`.
    #[schema(value_type = Option<FailureView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Box<RawValue>>,
    /// What it used.
    #[schema(value_type = Option<UsageView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Box<RawValue>>,
    /// Whether it is in the dead-letter queue.
    pub dead_letter: bool,
    #[serde(skip)]
    state: State,
}

/// The name of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventRef {
    /// Where it came from.
    pub source: String,
    /// Which it is there.
    pub id: String,
}

impl ExecutionView {
    /// Whether the run is over.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Succeeded | State::Failed | State::Skipped | State::Cancelled)
    }
}

impl From<Row> for ExecutionView {
    fn from(row: Row) -> Self {
        let event = row.event_source.zip(row.event_id).map(|(source, id)| EventRef { source, id });
        Self {
            id: row.id.to_string(),
            app_id: row.app.to_string(),
            version: row.version,
            plan: row.digest,
            status: row.state.as_str(),
            reason: row.reason,
            trigger: row.trigger.as_str(),
            event,
            delay: row.delay,
            parent: row.parent.map(|parent| parent.to_string()),
            chain_depth: row.chain_depth,
            starter: json(row.starter),
            attempts: row.attempts,
            items: row.items,
            queued_at: time(row.queued_at),
            started_at: row.started_at.map(time),
            ended_at: row.ended_at.map(time),
            due_at: row.due_at.map(time),
            result: json(row.result),
            error: json(row.error),
            usage: json(row.usage),
            dead_letter: row.dead_letter,
            state: row.state,
        }
    }
}
