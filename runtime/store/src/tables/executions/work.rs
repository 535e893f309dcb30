//! What the engine looks at before it goes on with runs.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::row::{COLUMNS, KEY, Key, State};
use crate::{
    Dialect, SqlValue, Statement,
    tables::{
        RowError,
        batch::batch,
        cells::Reader,
        column::{Column, blob, int, text},
        template::Template,
    },
};

/// A run that this transaction has locked: what a commit must know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub key: Key,
    /// Of which app.
    pub app: AppId,
    /// Where it is.
    pub state: State,
    /// The fencing token of its last lease.
    pub token: u64,
    /// The node that holds the lease.
    pub node: Option<String>,
    /// The journal's `Run`, encoded.
    pub run: Vec<u8>,
}

pub(super) const HELD: &[Column] =
    &[text("tenant_id"), text("id"), text("app_id"), text("state"), int("token"), text("node"), blob("run")];

static LOCK: Template = Template::of_batch(
    HELD,
    KEY,
    "WITH {batch} SELECT {executions.columns}
     FROM batch {join} executions ON executions.tenant_id = batch.tenant_id AND executions.id = batch.id
     ORDER BY executions.tenant_id, executions.id {for update}",
);

/// Locks runs until the transaction ends, in the order of their names; gives [`Held`] of those that exist.
pub fn lock(dialect: Dialect, keys: &[Key]) -> Statement {
    LOCK.with(dialect, vec![batch(keys, Key::write)])
}

impl Held {
    /// Reads a row of a statement that gives this.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(HELD, cells);
        Ok(Self {
            key: Key { tenant: row.id(TenantId::parse)?, id: row.id(ExecutionId::parse)? },
            app: row.id(AppId::parse)?,
            state: row.word(State::parse)?,
            token: row.int()?,
            node: row.opt_text()?,
            run: row.blob()?,
        })
    }
}

static PER_APP: Template = Template::new(
    COLUMNS,
    "SELECT app_id, count(*) FROM executions WHERE tenant_id = ?1 AND state = 'running' AND state <> 'succeeded'
     GROUP BY app_id ORDER BY app_id",
);

/// How many runs of each app of a tenant are going on.
pub fn running_per_app(dialect: Dialect, tenant: &TenantId) -> Statement {
    PER_APP.with(dialect, vec![SqlValue::text(tenant.as_str())])
}
