//! An app becomes active.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::apps;
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, change::Change, pinned};
use crate::{Engine, transition::subject_to_json};

impl Engine {
    /// Makes a version (the latest, unless one is named) the one that triggers start. Runs of another version stay with
    /// it; so do delays that have begun.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`] and [`LifecycleError::NoVersion`]; [`LifecycleError::Disabled`];
    /// [`LifecycleError::Cycle`], which names the apps that would set each other off for ever.
    pub async fn activate_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        version: Option<u32>,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<apps::Row, LifecycleError> {
        let by: ChangedBy<'_> = by.into();
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let mut row = change.app(app, AppChange::Activate).await?;
        let version = version.unwrap_or(row.version);
        let plan = pinned::plan(&mut change, &row, version).await?;
        row.activator = Some(subject_to_json(by.who));
        pinned::pin(&mut change, &mut row, version, &plan).await?;
        let detail = json!({ "version": version, "plan": plan.digest().to_string() });
        change.commit(app, "app.activated", detail).await?;
        Ok(row)
    }
}
