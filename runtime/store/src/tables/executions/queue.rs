//! What a node looks for: queued runs that nobody told it of, and runs that nobody has any more. Which apps have a
//! queue, and which runs have lost their node, is asked across tenants.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::work::HELD;
use crate::{
    Dialect, SqlValue, Statement,
    tables::{
        RowError,
        cells::Reader,
        column::{Column, text},
        template::Template,
    },
};

static QUEUED: Template = Template::new(
    QUEUED_COLUMNS,
    "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND app_id = ?2 AND state = 'queued'
     ORDER BY queued_at, id LIMIT ?3",
);

const QUEUED_COLUMNS: &[Column] = &[text("id"), text("digest")];

/// A run in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Which.
    pub id: ExecutionId,
    /// The digest of its plan, in hex.
    pub digest: String,
}

/// The queue of an app, oldest first: [`Queued`].
pub fn queued(dialect: Dialect, tenant: &TenantId, app: &AppId, limit: u32) -> Statement {
    let params = vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str()), SqlValue::Int(limit.into())];
    QUEUED.with(dialect, params)
}

impl Queued {
    /// Reads a row of [`queued`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(QUEUED_COLUMNS, cells);
        Ok(Self { id: row.id(ExecutionId::parse)?, digest: row.text()? })
    }
}

const APP: &[Column] = &[text("tenant_id"), text("app_id")];

/// One look at the index for each tenant and each app, however long their queues are.
static APPS: Template = Template::new(
    APP,
    "WITH RECURSIVE
     tenant (tenant_id) AS (
         SELECT min(queued.tenant_id) FROM executions AS queued WHERE queued.state = 'queued'
         UNION ALL
         SELECT (SELECT min(queued.tenant_id) FROM executions AS queued
                 WHERE queued.state = 'queued' AND queued.tenant_id > tenant.tenant_id)
         FROM tenant WHERE tenant.tenant_id IS NOT NULL
     ),
     app (tenant_id, app_id) AS (
         SELECT tenant.tenant_id, (SELECT min(queued.app_id) FROM executions AS queued
                                   WHERE queued.state = 'queued' AND queued.tenant_id = tenant.tenant_id)
         FROM tenant WHERE tenant.tenant_id IS NOT NULL
         UNION ALL
         SELECT app.tenant_id, (SELECT min(queued.app_id) FROM executions AS queued
                                WHERE queued.state = 'queued' AND queued.tenant_id = app.tenant_id
                                    AND queued.app_id > app.app_id)
         FROM app WHERE app.app_id IS NOT NULL
     )
     SELECT {columns} FROM app WHERE app_id IS NOT NULL
         AND EXISTS (SELECT 1 FROM apps WHERE apps.tenant_id = app.tenant_id AND apps.id = app.app_id
                     AND apps.status IN ('active', 'draft'))
     ORDER BY tenant_id, app_id",
);

/// The apps that have a queue and are active, or drafts that somebody tries, of all tenants: [`decode_app`]. The queue
/// of an app that is paused waits for it.
pub fn apps_with_queue(dialect: Dialect) -> Statement {
    APPS.with(dialect, Vec::new())
}

/// Reads a row of [`apps_with_queue`].
pub fn decode_app(cells: &[SqlValue]) -> Result<(TenantId, AppId), RowError> {
    let mut row = Reader::new(APP, cells);
    Ok((row.id(TenantId::parse)?, row.id(AppId::parse)?))
}

static RUNNING: Template = Template::new(
    HELD,
    "SELECT {columns} FROM executions WHERE node = ?1 AND state = 'running' ORDER BY tenant_id, id",
);

/// What a node is running: [`Held`](super::Held) of each.
pub fn running_of(dialect: Dialect, node: &str) -> Statement {
    RUNNING.with(dialect, vec![SqlValue::text(node)])
}

static ORPHANS: Template = Template::new(
    HELD,
    "SELECT {executions.columns} FROM executions WHERE executions.state = 'running'
         AND NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.node_id = executions.node)
     ORDER BY executions.node, executions.tenant_id, executions.id LIMIT ?1",
);

/// Runs whose node is no more: [`Held`](super::Held) of each.
pub fn orphans(dialect: Dialect, limit: u32) -> Statement {
    ORPHANS.with(dialect, vec![SqlValue::Int(limit.into())])
}
