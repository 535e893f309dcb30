//! `counters`: what is counted in windows of time.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::batch,
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A counter in one window: how much there is, or how much is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// What is counted.
    pub name: String,
    /// When the window began, in microseconds since 1970-01-01T00:00:00Z.
    pub window_start: i64,
    /// How much.
    pub value: i64,
}

const COLUMNS: &[Column] = &[text("tenant_id"), text("name"), int("window_start"), int("value")];

static ADD: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO counters ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, name, window_start) DO UPDATE SET \"value\" = counters.\"value\" + excluded.\"value\"
     RETURNING {columns}",
);

/// Adds to counters, each of which is named once; a negative value takes away. Gives the [`Row`]s from now on. A sum
/// that no integer holds is refused.
pub fn add(dialect: Dialect, rows: &[Row]) -> Statement {
    ADD.with(
        dialect,
        vec![batch(rows, |row, cells| {
            cells.text(row.tenant.as_str()).text(&row.name).int(row.window_start).int(row.value);
        })],
    )
}

static GET: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM counters WHERE tenant_id = ?1 AND name = ?2 AND window_start = ?3");

/// One counter: its [`Row`], if anything was counted.
pub fn get(dialect: Dialect, tenant: &TenantId, name: &str, window_start: i64) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(name), SqlValue::Int(window_start)])
}

static FROM: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM counters WHERE tenant_id = ?1 AND window_start >= ?2 ORDER BY name, window_start",
);

/// All counters of a tenant in windows that began then or later: [`Row`]s.
pub fn from(dialect: Dialect, tenant: &TenantId, window_start: i64) -> Statement {
    FROM.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(window_start)])
}

static PRUNE: Template = Template::new(COLUMNS, "DELETE FROM counters WHERE tenant_id = ?1 AND window_start < ?2");

/// Forgets the windows of a tenant that began before then.
pub fn prune(dialect: Dialect, tenant: &TenantId, before: i64) -> Statement {
    PRUNE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(before)])
}

impl Row {
    /// Reads a row of a statement that gives counters.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self { tenant: row.id(TenantId::parse)?, name: row.text()?, window_start: row.int()?, value: row.int()? })
    }
}
