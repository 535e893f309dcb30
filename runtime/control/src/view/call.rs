//! A request that a run sent.

use alcove_store::tables::egress_log::Row;
use serde::Serialize;
use utoipa::ToSchema;

use super::time::time;

/// A request that a run has sent, or wanted to. Headers, bodies and values of queries are never kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CallView {
    /// The effect that sent it.
    pub effect_id: String,
    /// When it began.
    pub at: String,
    /// What it asked for.
    pub method: String,
    /// Origin, path, and the names of the query's members; empty if it was not a URL.
    pub target: String,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    /// The code of the error that it ended with, if it did.
    pub error: Option<String>,
    /// Bytes of the body that was to be sent.
    pub bytes_out: u64,
    /// Bytes of the body that was received.
    pub bytes_in: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Redirects that it followed.
    pub hops: u32,
}

impl From<Row> for CallView {
    fn from(row: Row) -> Self {
        Self {
            effect_id: row.effect.to_string(),
            at: time(row.at),
            method: row.method,
            target: row.target,
            status: row.status,
            error: row.error,
            bytes_out: row.bytes_out,
            bytes_in: row.bytes_in,
            duration_ms: row.duration_ms,
            hops: row.hops,
        }
    }
}
