//! An app.

use alcove_execution::Revision;
use alcove_store::tables::apps::Row;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, stored::SubjectView, time::time};

/// An app, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppView {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `draft`, `active`, `paused` or `error`.
    pub status: &'static str,
    /// Why it has this status, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its latest version.
    pub version: u32,
    /// The version that triggers start.
    pub active_version: Option<u32>,
    /// Who wrote the latest version.
    #[schema(value_type = Option<SubjectView>)]
    pub author: Option<Box<RawValue>>,
    /// Who activated the active version.
    #[schema(value_type = Option<SubjectView>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activator: Option<Box<RawValue>>,
    /// Runs that failed since one did not.
    pub failures_in_row: u32,
    /// When it was made.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
    /// In which state it is, for whoever wants to change it only in this one.
    #[serde(skip)]
    #[schema(ignore)]
    pub revision: Revision,
}

impl From<Row> for AppView {
    fn from(row: Row) -> Self {
        Self {
            revision: Revision::of(&row),
            id: row.id.to_string(),
            name: row.name,
            status: row.status.as_str(),
            reason: row.reason,
            version: row.version,
            active_version: row.active_version,
            author: json(Some(row.author)),
            activator: json(row.activator),
            failures_in_row: row.failures_in_row,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
        }
    }
}
