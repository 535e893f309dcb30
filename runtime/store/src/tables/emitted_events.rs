//! `emitted_events`: the outbox of effects. The scripts of actions write it, in the transaction of the effect.

use alcove_ids::{EffectId, ExecutionId, TenantId};

use super::{
    RowError,
    batch::batch,
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// An event that an effect caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which: it derives from the effect.
    pub id: String,
    /// What happened.
    pub r#type: String,
    /// Its data, as JSON.
    pub payload: String,
    /// The effect that caused it.
    pub caused_by: EffectId,
    /// How many runs, each started by an event of the one before, led to a run that it starts.
    pub chain_depth: u32,
    /// When it happened, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
    /// The run whose effect it was.
    pub execution: Option<ExecutionId>,
}

/// The name of an event in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: String,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("type"),
    text("payload"),
    text("caused_by"),
    int("chain_depth"),
    int("created_at"),
    text("execution_id"),
];
const KEY: &[Column] = &[text("tenant_id"), text("id")];

static TAKE: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM emitted_events ORDER BY {position} LIMIT ?1 {skip locked}");

/// What was emitted first, of all tenants: [`Row`]s, locked until the transaction ends. Those that another node has
/// locked are left to it.
pub fn take(dialect: Dialect, limit: u32) -> Statement {
    TAKE.with(dialect, vec![SqlValue::Int(limit.into())])
}

static ANY: Template = Template::new(COLUMNS, "SELECT 1 FROM emitted_events ORDER BY {position} LIMIT 1");

/// Whether there is an event in the outbox, of any tenant: one row, or none.
pub fn any(dialect: Dialect) -> Statement {
    ANY.with(dialect, Vec::new())
}

static DELETE: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} DELETE FROM emitted_events WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM batch)",
);

/// Takes events out of the outbox.
pub fn delete(dialect: Dialect, keys: &[Key]) -> Statement {
    DELETE.with(
        dialect,
        vec![batch(keys, |key, cells| {
            cells.text(key.tenant.as_str()).text(&key.id);
        })],
    )
}

impl Row {
    /// Its name.
    pub fn key(&self) -> Key {
        Key { tenant: self.tenant.clone(), id: self.id.clone() }
    }

    /// Reads a row of [`take`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.text()?,
            r#type: row.text()?,
            payload: row.text()?,
            caused_by: row.id(EffectId::parse)?,
            chain_depth: row.int()?,
            created_at: row.int()?,
            execution: row.opt_id(ExecutionId::parse)?,
        })
    }
}
