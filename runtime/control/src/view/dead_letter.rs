//! A run that failed for good and took its trigger with it.

use alcove_store::tables::dead_letters::Row;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    json::json,
    stored::{FailureView, SubjectView},
    time::time,
};

/// A dead letter, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeadLetterView {
    /// The run that failed.
    pub execution_id: String,
    /// Its app.
    pub app_id: String,
    /// How it failed: `{code, path, message, limit?}`. With E013 a redrive needs a person's word.
    #[schema(value_type = Option<FailureView>)]
    pub error: Option<Box<RawValue>>,
    /// `open`, `redriven` or `discarded`.
    pub status: &'static str,
    /// When the run failed.
    pub created_at: String,
    /// When somebody dealt with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    /// Who.
    #[schema(value_type = Option<SubjectView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<Box<RawValue>>,
}

impl From<Row> for DeadLetterView {
    fn from(row: Row) -> Self {
        Self {
            execution_id: row.execution.to_string(),
            app_id: row.app.to_string(),
            error: json(Some(row.error)),
            status: row.status.as_str(),
            created_at: time(row.created_at),
            closed_at: row.closed_at.map(time),
            closed_by: json(row.closed_by),
        }
    }
}
