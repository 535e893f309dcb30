//! `reservations`: what external effects that are on their way have reserved.

use alcove_ids::{EffectId, ExecutionId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    counters,
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A reservation of one effect: so much of a counter, which includes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// By which run.
    pub execution: ExecutionId,
    /// For which of its effects.
    pub effect: EffectId,
    /// Which counter.
    pub name: String,
    /// When the counter's window began, in microseconds since 1970-01-01T00:00:00Z.
    pub window_start: i64,
    /// How much.
    pub amount: i64,
}

const COLUMNS: &[Column] =
    &[text("tenant_id"), text("execution_id"), text("effect_id"), text("name"), int("window_start"), int("amount")];

const KEY: &[Column] = &[text("tenant_id"), text("execution_id"), text("effect_id"), text("name")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO reservations ({columns}) SELECT * FROM batch");

/// Stores reservations. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(
        dialect,
        vec![batch(rows, |row, cells| {
            row.write_key(cells).int(row.window_start).int(row.amount);
        })],
    )
}

static DELETE: Template = Template::of_batch(
    KEY,
    KEY,
    "WITH {batch} DELETE FROM reservations
     WHERE (tenant_id, execution_id, effect_id, name) IN (SELECT {columns} FROM batch)",
);

/// Takes reservations away, by what names them; what they reserved is not counted back.
pub fn delete(dialect: Dialect, rows: &[Row]) -> Statement {
    DELETE.with(
        dialect,
        vec![batch(rows, |row, cells| {
            row.write_key(cells);
        })],
    )
}

static OF_RUN: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM reservations WHERE tenant_id = ?1 AND execution_id = ?2");

/// What the effects of a run have reserved: [`Row`]s.
pub fn of_run(dialect: Dialect, tenant: &TenantId, execution: &ExecutionId) -> Statement {
    OF_RUN.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(execution.as_str())])
}

static DELETE_OF_RUN: Template =
    Template::new(COLUMNS, "DELETE FROM reservations WHERE tenant_id = ?1 AND execution_id = ?2");

/// Takes everything away that a run has reserved: it counts as used.
pub fn delete_of_run(dialect: Dialect, tenant: &TenantId, execution: &ExecutionId) -> Statement {
    DELETE_OF_RUN.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(execution.as_str())])
}

static SUMS: Template = Template::new(
    COLUMNS,
    "SELECT tenant_id, name, window_start, CAST(sum(amount) AS BIGINT) FROM reservations WHERE tenant_id = ?1
     GROUP BY tenant_id, name, window_start ORDER BY name, window_start",
);

/// What a tenant has reserved of each counter: [`counters::Row`]s.
pub fn sums(dialect: Dialect, tenant: &TenantId) -> Statement {
    SUMS.with(dialect, vec![SqlValue::text(tenant.as_str())])
}

static PRUNE: Template = Template::new(COLUMNS, "DELETE FROM reservations WHERE tenant_id = ?1 AND window_start < ?2");

/// Forgets what a tenant has reserved in windows that began before then.
pub fn prune(dialect: Dialect, tenant: &TenantId, before: i64) -> Statement {
    PRUNE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(before)])
}

impl Row {
    /// The counter that it is a part of, with its amount.
    pub fn counter(&self) -> counters::Row {
        let (tenant, name) = (self.tenant.clone(), self.name.clone());
        counters::Row { tenant, name, window_start: self.window_start, value: self.amount }
    }

    fn write_key<'c>(&self, cells: &'c mut Cells) -> &'c mut Cells {
        cells.text(self.tenant.as_str()).text(self.execution.as_str()).text(self.effect.as_str()).text(&self.name)
    }

    /// Reads a row of a statement that gives reservations.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            execution: row.id(ExecutionId::parse)?,
            effect: row.id(EffectId::parse)?,
            name: row.text()?,
            window_start: row.int()?,
            amount: row.int()?,
        })
    }
}
