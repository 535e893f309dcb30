//! An app stops.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::apps;
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, change::Change};
use crate::{Engine, trigger::disarm};

impl Engine {
    /// Stops an app until it is resumed: nothing new starts, what runs is given back at its next host call, and what is
    /// queued stays so. Nothing is lost but the ticks of a schedule.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`], [`LifecycleError::NoSuchChange`].
    pub async fn pause_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<apps::Row, LifecycleError> {
        let by: ChangedBy<'_> = by.into();
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let mut row = change.app(app, AppChange::Pause).await?;
        change.set_status(&mut row, "a person has paused it");
        disarm(&mut change.transaction, tenant, app);
        change.commit(app, "app.paused", json!({})).await?;
        self.node().dispatcher.pause(tenant, app);
        Ok(row)
    }
}
