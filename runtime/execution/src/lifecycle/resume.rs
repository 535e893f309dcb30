//! An app goes on.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::apps;
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, change::Change, pinned};
use crate::Engine;

impl Engine {
    /// Lets an app that was paused, or went to `error`, go on with the version that it had. What was queued runs now;
    /// what its schedule missed meanwhile does not.
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NoApp`], [`LifecycleError::NoSuchChange`], and those of
    /// [`activate_app`](Self::activate_app): other apps may have come meanwhile with which it would make a ring.
    pub async fn resume_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<apps::Row, LifecycleError> {
        let by: ChangedBy<'_> = by.into();
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let mut row = change.app(app, AppChange::Resume).await?;
        let version = row.active_version.unwrap_or(row.version);
        let plan = pinned::plan(&mut change, &row, version).await?;
        // Who resumes an app takes no part in what it was made to do: whoever activated it stays.
        pinned::pin(&mut change, &mut row, version, &plan).await?;
        change.commit(app, "app.resumed", json!({ "version": version })).await?;
        Ok(row)
    }
}
