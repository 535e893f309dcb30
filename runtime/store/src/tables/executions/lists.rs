//! What people look at, and what is old enough to be forgotten.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::row::{COLUMNS, KEY, State};
use crate::{Dialect, Sql, SqlValue, Statement, tables::template::Template};

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND id = ?2");

/// One run: its [`Row`](super::Row).
pub fn get(dialect: Dialect, tenant: &TenantId, id: &ExecutionId) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id.as_str())])
}

static GET_FOR_UPDATE: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND id = ?2 {for update}");

/// The same, locked until the transaction ends.
pub fn get_for_update(dialect: Dialect, tenant: &TenantId, id: &ExecutionId) -> Statement {
    GET_FOR_UPDATE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id.as_str())])
}

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this app only.
    pub app: Option<AppId>,
    /// In this state only.
    pub state: Option<State>,
    /// After this one only.
    pub before: Option<Before>,
}

/// The last run of the page before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// When it was accepted.
    pub queued_at: i64,
    /// Which it is.
    pub id: ExecutionId,
}

static LIST: Template = Template::new(COLUMNS, "SELECT {columns} FROM executions WHERE ");

/// The runs of a tenant, newest first: their [`Row`](super::Row)s.
pub fn list(dialect: Dialect, tenant: &TenantId, filter: &Filter, limit: u32) -> Statement {
    let mut params = vec![SqlValue::text(tenant.as_str())];
    let mut conditions = vec!["tenant_id = ?1".to_owned()];
    if let Some(app) = &filter.app {
        params.push(SqlValue::text(app.as_str()));
        conditions.push(format!("app_id = ?{}", params.len()));
    }
    if let Some(state) = filter.state {
        params.push(SqlValue::text(state.as_str()));
        conditions.push(format!("state = ?{}", params.len()));
        if state != State::Succeeded {
            // What the index of the rarer states asks for.
            conditions.push("state <> 'succeeded'".to_owned());
        }
    }
    if let Some(before) = &filter.before {
        params.extend([SqlValue::Int(before.queued_at), SqlValue::text(before.id.as_str())]);
        conditions.push(format!("(queued_at, id) < (?{}, ?{})", params.len() - 1, params.len()));
    }
    params.push(SqlValue::Int(limit.into()));
    let begin = LIST.sql(dialect);
    let order = format!(" ORDER BY queued_at DESC, id DESC LIMIT ?{}", params.len());
    Statement::new(Sql::built(begin.as_str().to_owned() + &conditions.join(" AND ") + &order), params)
}

static OPEN: Template = Template::new(
    KEY,
    "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND app_id = ?2
         AND state IN ('queued', 'running', 'waiting') AND state <> 'succeeded' AND id > ?3
     ORDER BY id LIMIT ?4",
);

/// The runs of an app that have not ended, after this one (`""`: from the first), in the order of their ids: their
/// [`Key`](super::Key)s.
pub fn open_of_app(dialect: Dialect, tenant: &TenantId, app: &AppId, after: &str, limit: u32) -> Statement {
    let after = [SqlValue::text(after), SqlValue::Int(limit.into())];
    OPEN.with(dialect, [tenant.as_str(), app.as_str()].map(SqlValue::text).into_iter().chain(after).collect())
}

static OPEN_OF_TENANT: Template = Template::new(
    KEY,
    "SELECT {columns} FROM executions WHERE tenant_id = ?1
         AND state IN ('queued', 'running', 'waiting') AND state <> 'succeeded' AND id > ?2
     ORDER BY id LIMIT ?3",
);

/// The runs of a tenant that have not ended, after this one (`""`: from the first), in the order of their ids: their
/// [`Key`](super::Key)s.
pub fn open_of_tenant(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    let params = vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())];
    OPEN_OF_TENANT.with(dialect, params)
}

static RUNNING_OF_TENANT: Template = Template::new(
    KEY,
    "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND state = 'running' AND state <> 'succeeded' AND id > ?2
     ORDER BY id LIMIT ?3",
);

/// The runs of a tenant that a worker has, after this one (`""`: from the first), in the order of their ids: their
/// [`Key`](super::Key)s.
pub fn running_of_tenant(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    let params = vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())];
    RUNNING_OF_TENANT.with(dialect, params)
}

static ENDED: Template = Template::new(
    KEY,
    "SELECT {columns} FROM executions WHERE tenant_id = ?1 AND queued_at < ?2 AND ended_at < ?2 AND dead_letter = 0
     ORDER BY queued_at, id LIMIT ?3",
);

/// Runs of a tenant that ended before then and are no dead letters, oldest first: their [`Key`](super::Key)s.
pub fn ended(dialect: Dialect, tenant: &TenantId, before: i64, limit: u32) -> Statement {
    ENDED.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(before), SqlValue::Int(limit.into())])
}

static NEWEST: Template = Template::new(
    COLUMNS,
    "SELECT queued_at FROM executions WHERE tenant_id = ?1 ORDER BY queued_at DESC, id DESC LIMIT 1 OFFSET ?2",
);

/// When the newest run of a tenant was accepted, but for so many that are newer: one row with one cell, or none.
pub fn newest_but(dialect: Dialect, tenant: &TenantId, newer: u32) -> Statement {
    NEWEST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(newer.into())])
}
