//! What an app remembers, for people.

use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::Subject;
use alcove_store::tables::{
    app_state::{self, Entry},
    apps,
};
use serde_json::json;

use super::{LifecycleError, change::Change};
use crate::Engine;

impl Engine {
    /// The keys of an app after this one (`""`: from the first), with their values.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`].
    pub async fn app_state(
        &self,
        tenant: &TenantId,
        app: &AppId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Entry>, LifecycleError> {
        self.app(tenant, app).await?;
        let store = &self.node().store;
        let rows =
            store.query_of(tenant.as_str(), &app_state::list(store.dialect(), tenant, app, after, limit)).await?;
        Ok(rows.iter().map(|cells| Entry::decode(cells)).collect::<Result<_, _>>()?)
    }

    /// Forgets a key of an app. Runs that have read it already go by what they have read.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`], [`LifecycleError::NoKey`].
    pub async fn forget_state(
        &self,
        tenant: &TenantId,
        app: &AppId,
        key: &str,
        by: &Subject,
    ) -> Result<(), LifecycleError> {
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let found = change.find(app).await?.filter(|row| row.status != apps::Status::Deleted);
        found.ok_or_else(|| LifecycleError::NoApp { app: app.clone() })?;
        let delete = app_state::delete(change.dialect(), tenant, app, key);
        let deleted = change.transaction.enqueue(delete);
        change.transaction.flush().await?;
        if change.transaction.take(deleted)?.is_empty() {
            return Err(LifecycleError::NoKey { app: app.clone(), key: key.to_owned() });
        }
        change.commit(app, "app.state_deleted", json!({ "key": key })).await
    }
}
