//! A key.

use alcove_store::tables::api_keys::Row;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{json::json, stored::SubjectView, time::time};
use crate::ScopedRole;

/// A key, as admins see it: without the key itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Which.
    pub id: String,
    /// Who shows it: `person:ann`, `service:ci`, `agent:helper`.
    pub subject: String,
    /// What people call it.
    pub name: String,
    /// How the key begins.
    pub prefix: String,
    /// What it may at the most; absent: whatever its subject may.
    #[schema(value_type = Option<Vec<ScopedRole>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Box<RawValue>>,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    #[schema(value_type = Option<SubjectView>)]
    pub created_by: Option<Box<RawValue>>,
    /// From when on it is not valid.
    pub expires_at: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
    /// When it was shown last, to about an hour.
    pub last_used_at: Option<String>,
}

/// A key that was just made.
#[derive(Clone, Serialize, ToSchema)]
pub struct NewKeyView {
    /// The key itself. It is shown here and never again.
    pub key: String,
    /// What is known of it.
    #[serde(flatten)]
    pub about: KeyView,
}

impl From<Row> for KeyView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            subject: row.subject,
            name: row.name,
            prefix: row.prefix,
            scope: json(row.scope),
            created_at: time(row.created_at),
            created_by: json(Some(row.created_by)),
            expires_at: row.expires_at.map(time),
            revoked_at: row.revoked_at.map(time),
            last_used_at: row.last_used_at.map(time),
        }
    }
}
