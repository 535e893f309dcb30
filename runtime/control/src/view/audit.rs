//! A note of the audit log.

use alcove_store::audit::Row;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, time::time};

/// A note of the audit log, as callers see it: with everything that its hash is made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Its number, from 0, without a gap.
    pub seq: u64,
    /// When, to the microsecond.
    pub at: String,
    /// Who: `{kind, id}`, where the kind is `person`, `key` or `agent`; `engine` and `nobody` have no id.
    #[schema(value_type = Option<Object>)]
    pub subject: Option<Box<RawValue>>,
    /// What they did, such as `app.activated`; `call.denied`: what they may not do.
    pub what: String,
    /// To what.
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Box<RawValue>>,
    /// What it and all notes before it come to, in hex; absent from notes that are older than the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl From<Row> for AuditView {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            at: time(row.note.at),
            subject: json(Some(row.note.subject)),
            what: row.note.what,
            detail: json(Some(row.note.detail)),
            hash: row.hash.map(|hash| hash.to_string()),
        }
    }
}
