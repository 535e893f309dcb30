//! `app_state`: what apps remember from run to run. Apps write it by their actions; here it is looked at, and
//! forgotten.

use alcove_ids::{AppId, TenantId};

use super::{
    RowError,
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A key of an app with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value, as JSON.
    pub value: String,
    /// When it was set last, in microseconds since 1970-01-01T00:00:00Z.
    pub updated_at: i64,
}

const ENTRY: &[Column] = &[text("key"), text("value"), int("updated_at")];

static LIST: Template = Template::new(
    ENTRY,
    "SELECT {columns} FROM app_state WHERE tenant_id = ?1 AND app_id = ?2 AND \"key\" > ?3 ORDER BY \"key\" LIMIT ?4",
);

/// The keys of an app after this one (`""`: from the first), in their order: their [`Entry`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, app: &AppId, after: &str, limit: u32) -> Statement {
    LIST.with(
        dialect,
        vec![
            SqlValue::text(tenant.as_str()),
            SqlValue::text(app.as_str()),
            SqlValue::text(after),
            SqlValue::Int(limit.into()),
        ],
    )
}

static DELETE: Template = Template::new(
    ENTRY,
    "DELETE FROM app_state WHERE tenant_id = ?1 AND app_id = ?2 AND \"key\" = ?3 RETURNING {columns}",
);

/// Forgets a key of an app: its [`Entry`], if it was there.
pub fn delete(dialect: Dialect, tenant: &TenantId, app: &AppId, key: &str) -> Statement {
    DELETE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str()), SqlValue::text(key)])
}

impl Entry {
    /// Reads a row of [`list`] or [`delete`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(ENTRY, cells);
        Ok(Self { key: row.text()?, value: row.text()?, updated_at: row.int()? })
    }
}
