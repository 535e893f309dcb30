//! A version of an app.

use alcove_store::tables::versions::{Row, Summary};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, stored::SubjectView, time::time};

/// A version of an app, as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// Which, from 1.
    pub version: u32,
    /// The digest of its plan.
    pub plan: String,
    /// Who wrote it.
    #[schema(value_type = Option<SubjectView>)]
    pub author: Option<Box<RawValue>>,
    /// When.
    pub created_at: String,
    /// What it may touch; not in lists.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Box<RawValue>>,
    /// What its author wrote; not in lists, nor where a plan was submitted.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Box<RawValue>>,
}

impl From<Summary> for VersionView {
    fn from(summary: Summary) -> Self {
        let Summary { version, digest, author, created_at } = summary;
        let (author, created_at) = (json(Some(author)), time(created_at));
        Self { version, plan: digest, author, created_at, manifest: None, config: None }
    }
}

impl From<Row> for VersionView {
    fn from(row: Row) -> Self {
        Self {
            version: row.version,
            plan: row.digest,
            author: json(Some(row.author)),
            created_at: time(row.created_at),
            manifest: json(Some(row.manifest)),
            config: json(Some(row.config)),
        }
    }
}
