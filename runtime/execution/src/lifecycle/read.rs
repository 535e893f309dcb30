//! What apps are and were.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::{
    apps::{self, Status},
    versions,
};

use super::LifecycleError;
use crate::Engine;

impl Engine {
    /// An app that is not deleted.
    pub async fn app(&self, tenant: &TenantId, app: &AppId) -> Result<apps::Row, LifecycleError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &apps::get(store.dialect(), tenant, app)).await?;
        let row = rows.first().map(|cells| apps::Row::decode(cells)).transpose()?;
        row.filter(|row| row.status != Status::Deleted).ok_or_else(|| LifecycleError::NoApp { app: app.clone() })
    }

    /// The apps of a tenant after this one (`""`: from the first), by id.
    pub async fn apps(&self, tenant: &TenantId, after: &str, limit: u32) -> Result<Vec<apps::Row>, LifecycleError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &apps::list(store.dialect(), tenant, after, limit)).await?;
        Ok(rows.iter().map(|cells| apps::Row::decode(cells)).collect::<Result<_, _>>()?)
    }

    /// A version of an app, deleted or not.
    pub async fn version(&self, tenant: &TenantId, app: &AppId, version: u32) -> Result<versions::Row, LifecycleError> {
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &versions::get(store.dialect(), tenant, app, version)).await?;
        let row = rows.first().ok_or_else(|| LifecycleError::NoVersion { app: app.clone(), version })?;
        Ok(versions::Row::decode(row)?)
    }

    /// The versions of an app before this one (`u32::MAX`: all), the latest first.
    pub async fn versions(
        &self,
        tenant: &TenantId,
        app: &AppId,
        before: u32,
        limit: u32,
    ) -> Result<Vec<versions::Summary>, LifecycleError> {
        let store = &self.node().store;
        let rows =
            store.query_of(tenant.as_str(), &versions::list(store.dialect(), tenant, app, before, limit)).await?;
        if rows.is_empty() && before == u32::MAX {
            return Err(LifecycleError::NoApp { app: app.clone() });
        }
        Ok(rows.iter().map(|cells| versions::Summary::decode(cells)).collect::<Result<_, _>>()?)
    }
}
