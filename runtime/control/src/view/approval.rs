//! A question to people.

use alcove_store::tables::approvals::Row;
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use super::{json::json, stored::SubjectView, time::time};

/// A question to people, as they see it. To answer it, say what was seen: `plan` and `preview_digest`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Which: the effect that asks.
    pub id: String,
    /// The run that waits for the answer.
    pub execution_id: String,
    /// The app of that run.
    pub app_id: String,
    /// What it is about, in a line.
    pub title: String,
    /// What it is about.
    pub message: String,
    /// What the run would do next.
    #[schema(value_type = Option<Vec<Object>>)]
    pub preview: Option<Box<RawValue>>,
    /// The digest of the run's plan.
    #[schema(value_type = String)]
    pub plan: Value,
    /// The digest of the preview.
    #[schema(value_type = String)]
    pub preview_digest: Value,
    /// Who may answer, by role; empty: whoever may approve.
    #[schema(value_type = Vec<String>)]
    pub roles: Value,
    /// `open`, `approved`, `rejected`, `modified`, `expired` or `cancelled`.
    pub status: &'static str,
    /// When it expires.
    pub expires_at: String,
    /// Who answered.
    #[schema(value_type = Option<SubjectView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Box<RawValue>>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// When it was asked.
    pub created_at: String,
}

impl From<Row> for ApprovalView {
    fn from(row: Row) -> Self {
        // The row's JSON was written by the engine, so that its members are there.
        let request: Value = serde_json::from_str(&row.request).unwrap_or_default();
        let part = |pointer: &str| request.pointer(pointer).cloned().unwrap_or_default();
        Self {
            id: row.id.to_string(),
            execution_id: row.execution.to_string(),
            app_id: row.app.to_string(),
            title: row.title,
            message: row.message,
            preview: json(Some(row.preview)),
            plan: part("/binding/plan"),
            preview_digest: part("/binding/preview"),
            roles: part("/roles"),
            status: row.status.as_str(),
            expires_at: time(row.expires_at),
            decided_by: json(row.decided_by),
            decided_at: row.decided_at.map(time),
            created_at: time(row.created_at),
        }
    }
}
