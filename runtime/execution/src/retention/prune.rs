//! One round of forgetting.

use std::time::Duration;

use alcove_ids::TenantId;
use alcove_store::{
    SqlValue, StoreError,
    tables::{
        RowError, approvals, counters, dead_letters, effects, egress_log, events, executions, journal, reservations,
        tenants,
    },
};

use super::ago;
use crate::node::Node;

/// Rows that are forgotten at a time.
const BATCH: u32 = 256;

/// How long is known what tenants have used.
const WINDOWS_KEPT: Duration = Duration::from_hours(8 * 24);

/// Why something was not forgotten. It is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PruneError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Forgets everything that is old now.
pub(crate) async fn prune(node: &Node) -> Result<(), PruneError> {
    prune_events(node).await?;
    let mut after = String::new();
    loop {
        let rows = node.store.query(&tenants::list(node.store.dialect(), &after, BATCH)).await?;
        let rows = rows.iter().map(|row| tenants::Row::decode(row)).collect::<Result<Vec<_>, _>>()?;
        for row in &rows {
            prune_runs(node, &row.tenant).await?;
            prune_windows(node, &row.tenant).await?;
        }
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.tenant.to_string();
    }
}

/// Events that may come again are kept, so that the second is recognised.
async fn prune_events(node: &Node) -> Result<(), PruneError> {
    let before = ago(node.clock.now(), node.config.events_kept);
    loop {
        let mut transaction = node.store.begin().await?;
        transaction.for_all_tenants();
        let ticket = transaction.enqueue(events::prune(transaction.dialect(), before.micros(), BATCH));
        transaction.flush().await?;
        let pruned = transaction.changed(ticket);
        transaction.commit().await?;
        if pruned == 0 {
            return Ok(());
        }
    }
}

/// What a tenant used in windows that are long over.
async fn prune_windows(node: &Node, tenant: &TenantId) -> Result<(), PruneError> {
    let (before, dialect) = (ago(node.clock.now(), WINDOWS_KEPT).micros(), node.store.dialect());
    let mut transaction = node.store.begin().await?;
    transaction.for_tenant(tenant.as_str());
    transaction.enqueue(counters::prune(dialect, tenant, before));
    transaction.enqueue(reservations::prune(dialect, tenant, before));
    Ok(transaction.commit().await?)
}

/// The runs of a tenant that are too old, or too many.
async fn prune_runs(node: &Node, tenant: &TenantId) -> Result<(), PruneError> {
    let old = ago(node.clock.now(), node.config.runs_kept).micros();
    let dialect = node.store.dialect();
    let newest = node
        .store
        .query_of(tenant.as_str(), &executions::newest_but(dialect, tenant, node.config.runs_kept_max))
        .await?;
    let many = match newest.first().and_then(|row| row.first()) {
        // The run of this time is the first of too many.
        Some(SqlValue::Int(queued_at)) => queued_at.saturating_add(1),
        _ => i64::MIN,
    };
    let before = old.max(many);
    loop {
        let mut transaction = node.store.begin().await?;
        transaction.for_tenant(tenant.as_str());
        let ticket = transaction.enqueue(executions::ended(dialect, tenant, before, BATCH));
        transaction.flush().await?;
        let rows = transaction.take(ticket)?;
        let keys = rows.iter().map(|row| executions::Key::decode(row)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            transaction.enqueue(approvals::prune(dialect, tenant, old));
            transaction.commit().await?;
            return Ok(());
        }
        for delete in [journal::delete, effects::delete, egress_log::delete, dead_letters::delete, executions::delete] {
            transaction.enqueue(delete(dialect, &keys));
        }
        transaction.commit().await?;
    }
}
