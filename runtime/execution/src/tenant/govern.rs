//! What operators do to tenants whose runs are on their way.

use std::{sync::Arc, time::Duration};

use alcove_ids::TenantId;
use alcove_journal::transition::Event;
use alcove_plan::value::Timestamp;
use alcove_store::{
    Statement, StoreError,
    tables::{executions, purge, tenants},
};

use super::TenantSettings;
use crate::{Engine, IndexError, RunError, TransitError, runs::step};

/// Runs that are read at a time.
const PAGE: u32 = 500;
/// Rows that one transaction deletes.
const ROWS: u32 = 500;
/// How often it is looked whether runs have ended.
const LOOK_US: i64 = 100_000;

impl Engine {
    /// What was agreed with a tenant, at most two seconds ago; the usual, if it has no row yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Row`] if the stored settings do not read.
    pub async fn tenant_settings(&self, tenant: &TenantId) -> Result<Arc<TenantSettings>, StoreError> {
        self.node().tenants.settings(tenant).await
    }

    /// What was agreed with a tenant has changed: this node goes by it from now on.
    pub fn tenant_changed(&self, tenant: &TenantId) {
        let node = self.node();
        node.tenants.forget(tenant);
        node.dispatcher.shares_changed();
        node.dispatcher.apps_changed(tenant);
    }

    /// Cancels the runs of a tenant that a worker has.
    pub async fn cancel_running(&self, tenant: &TenantId, reason: &str) -> Result<(), RunError> {
        self.cancel_all(tenant, reason, executions::running_of_tenant).await
    }

    /// Cancels the runs of a tenant that have not ended: those that wait at once, those that a worker has at their next
    /// host call.
    pub async fn cancel_open(&self, tenant: &TenantId, reason: &str) -> Result<(), RunError> {
        self.cancel_all(tenant, reason, executions::open_of_tenant).await
    }

    async fn cancel_all(
        &self,
        tenant: &TenantId,
        reason: &str,
        list: fn(alcove_store::Dialect, &TenantId, &str, u32) -> Statement,
    ) -> Result<(), RunError> {
        let node = self.node();
        let mut after = String::new();
        loop {
            let rows = node.store.query_of(tenant.as_str(), &list(node.store.dialect(), tenant, &after, PAGE)).await?;
            let keys = rows.iter().map(|cells| executions::Key::decode(cells)).collect::<Result<Vec<_>, _>>()?;
            let Some(last) = keys.last() else { return Ok(()) };
            after = last.id.to_string();
            for key in &keys {
                let event = Event::CancelRequested { reason: reason.to_owned() };
                match step(node, tenant, &key.id, event).await {
                    // It has ended since it was read.
                    Ok(()) | Err(TransitError::Refused(_) | TransitError::NoRun(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }

    /// Whether a tenant has runs that have not ended.
    pub async fn has_open_runs(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        let store = &self.node().store;
        Ok(!store
            .query_of(tenant.as_str(), &executions::open_of_tenant(store.dialect(), tenant, "", 1))
            .await?
            .is_empty())
    }

    /// Waits until all runs of a tenant have ended, so long at most; says whether they have.
    pub async fn open_runs_end(&self, tenant: &TenantId, patience: Duration) -> Result<bool, StoreError> {
        let clock = &self.node().clock;
        let patience_us = i64::try_from(patience.as_micros()).unwrap_or(i64::MAX);
        let end = clock.now().micros().saturating_add(patience_us);
        while self.has_open_runs(tenant).await? {
            let now = clock.now();
            if now.micros() >= end {
                return Ok(false);
            }
            clock.sleep_until(Timestamp::from_micros(now.micros().saturating_add(LOOK_US)).unwrap_or(now)).await;
        }
        Ok(true)
    }

    /// Deletes everything of a tenant but its row and its log, bit by bit, so that others are not kept waiting.
    pub async fn purge_tenant(&self, tenant: &TenantId) -> Result<(), IndexError> {
        let node = self.node();
        for table in purge::TABLES {
            loop {
                let mut transaction = node.store.begin().await?;
                transaction.for_tenant(tenant.as_str());
                let some = purge::some(transaction.dialect(), *table, tenant, ROWS);
                let deleted = transaction.execute(&some.sql, &some.params).await?;
                transaction.commit().await?;
                if deleted < u64::from(ROWS) {
                    break;
                }
            }
        }
        let mut transaction = node.store.begin().await?;
        transaction.for_tenant(tenant.as_str());
        transaction.enqueue(tenants::bump_generation(transaction.dialect(), &[tenant]));
        transaction.commit().await?;
        node.index.refresh(tenant, node.clock.now()).await
    }
}
