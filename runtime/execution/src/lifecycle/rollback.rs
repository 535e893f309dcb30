//! An app goes back to what it was.

use alcove_ids::{AppId, TenantId};
use alcove_store::tables::apps;
use serde_json::json;

use super::{AppChange, ChangedBy, LifecycleError, change::Change, pinned};
use crate::{Engine, transition::subject_to_json};

impl Engine {
    /// Makes a version before the active one the one that triggers start. No version is lost: the way forward is
    /// [`activate_app`](Self::activate_app).
    ///
    /// # Errors
    ///
    /// [`LifecycleError::NotEarlier`], and those of [`activate_app`](Self::activate_app).
    pub async fn rollback_app(
        &self,
        tenant: &TenantId,
        app: &AppId,
        version: u32,
        by: impl Into<ChangedBy<'_>> + Send,
    ) -> Result<apps::Row, LifecycleError> {
        let by: ChangedBy<'_> = by.into();
        let mut change = Change::begin(self.node(), tenant, by).await?;
        let mut row = change.app(app, AppChange::Rollback).await?;
        let from = row.active_version.unwrap_or(row.version);
        let plan = pinned::plan(&mut change, &row, version).await?;
        if version >= from {
            return Err(LifecycleError::NotEarlier { version: from });
        }
        row.activator = Some(subject_to_json(by.who));
        pinned::pin(&mut change, &mut row, version, &plan).await?;
        change.commit(app, "app.rolled_back", json!({ "from": from, "version": version })).await?;
        Ok(row)
    }
}
