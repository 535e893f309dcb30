//! Where a node looks tenants up.

use std::{sync::Arc, time::Duration};

use alcove_ids::TenantId;
use alcove_store::{
    Recent, SqlValue, Store, StoreError, Transaction,
    tables::tenants::{self, Row},
};

use super::TenantSettings;
use crate::Clock;

/// For how long a node may go by what it has read.
pub(crate) const AGE_MAX: Duration = Duration::from_secs(2);
/// Tenants whose settings are kept: some MiB, with long allow-lists.
const KEPT_MAX: usize = 4_096;

/// The settings of tenants, as this node knows them. Clones share what was read.
#[derive(Clone)]
pub(crate) struct Tenants {
    store: Store,
    clock: Arc<dyn Clock>,
    recent: Arc<Recent<TenantId, Arc<TenantSettings>>>,
}

impl Tenants {
    /// Reads the settings from this store.
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, recent: Arc::new(Recent::new(AGE_MAX, KEPT_MAX)) }
    }

    /// What was agreed with a tenant, at most [`AGE_MAX`] ago. A tenant that has no row yet has the usual settings: it
    /// gets its row with its first app.
    ///
    /// # Errors
    ///
    /// [`StoreError::Row`] if the stored settings do not read.
    pub(crate) async fn settings(&self, tenant: &TenantId) -> Result<Arc<TenantSettings>, StoreError> {
        let now = self.clock.now().micros();
        if let Some(settings) = self.recent.get(tenant, now) {
            return Ok(settings);
        }
        let rows = self.store.query_of(tenant.as_str(), &tenants::get(self.store.dialect(), tenant)).await?;
        self.keep(tenant, &rows, now)
    }

    /// What was agreed with a tenant, for whoever writes at the moment.
    ///
    /// # Errors
    ///
    /// As [`settings`](Self::settings).
    pub(crate) async fn settings_in(
        &self,
        transaction: &mut Transaction,
        tenant: &TenantId,
    ) -> Result<Arc<TenantSettings>, StoreError> {
        let now = self.clock.now().micros();
        if let Some(settings) = self.recent.get(tenant, now) {
            return Ok(settings);
        }
        let get = tenants::get(transaction.dialect(), tenant);
        let rows = transaction.query(&get.sql, &get.params).await?;
        self.keep(tenant, &rows, now)
    }

    /// Keeps what was read of a tenant's row.
    fn keep(&self, tenant: &TenantId, rows: &[Vec<SqlValue>], read_at: i64) -> Result<Arc<TenantSettings>, StoreError> {
        let settings = match rows.first() {
            Some(cells) => TenantSettings::parse(&Row::decode(cells)?.settings)?,
            None => TenantSettings::default(),
        };
        let settings = Arc::new(settings);
        self.recent.keep(tenant.clone(), Arc::clone(&settings), read_at);
        Ok(settings)
    }

    /// This node has changed the settings of a tenant.
    pub(crate) fn forget(&self, tenant: &TenantId) {
        self.recent.forget(tenant);
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::tables::tenants;

    use super::AGE_MAX;
    use crate::{
        EngineConfig, TenantSettings, Tier,
        testing::{Scene, databases},
    };

    #[tokio::test]
    async fn a_change_is_seen_at_once_where_it_was_made_and_soon_elsewhere() {
        for database in databases().await {
            let name = database.name;
            let scene = Scene::with(database, EngineConfig::default());
            let tenant = alcove_ids::TenantId::parse("acme").unwrap();
            let tier = async || scene.tenants.settings(&tenant).await.unwrap().tier;
            assert_eq!(tier().await, None, "{name}: a tenant without a row");

            let pro = TenantSettings { tier: Some(Tier::Pro), ..TenantSettings::default() };
            let dialect = scene.store.dialect();
            scene.write(tenants::ensure(dialect, &tenant, &pro.to_json(), 0)).await;
            assert_eq!(tier().await, None, "{name}: another node's change");
            scene.clock.advance(AGE_MAX);
            assert_eq!(tier().await, Some(Tier::Pro), "{name}: another node's change, later");

            let free = TenantSettings { tier: Some(Tier::Free), ..TenantSettings::default() };
            scene.write(tenants::set_settings(dialect, &tenant, &free.to_json())).await;
            scene.tenants.forget(&tenant);
            assert_eq!(tier().await, Some(Tier::Free), "{name}: this node's change");
        }
    }

    #[tokio::test]
    async fn settings_that_do_not_read_are_an_error_and_no_licence() {
        for database in databases().await {
            let scene = Scene::with(database, EngineConfig::default());
            let tenant = alcove_ids::TenantId::parse("acme").unwrap();
            scene.write(tenants::ensure(scene.store.dialect(), &tenant, r#"{"teir":"pro"}"#, 0)).await;
            assert!(scene.tenants.settings(&tenant).await.is_err(), "{}", scene.database.name);
        }
    }
}
