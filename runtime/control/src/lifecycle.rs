//! What is done to apps.

use crate::{AppView, Control, ControlError, Permission, Principal, id::app_id};

impl Control {
    /// Makes a version (the latest, unless one is named) the one that triggers start.
    pub async fn activate_app(&self, by: &Principal, app: &str, version: Option<u32>) -> Result<AppView, ControlError> {
        by.must(Permission::Write)?;
        Ok(self.engine.activate_app(&by.tenant, &app_id(app)?, version, &by.subject).await?.into())
    }

    /// Stops an app until it is resumed.
    pub async fn pause_app(&self, by: &Principal, app: &str) -> Result<AppView, ControlError> {
        by.must(Permission::Write)?;
        Ok(self.engine.pause_app(&by.tenant, &app_id(app)?, &by.subject).await?.into())
    }

    /// Lets an app go on that was paused, or had gone to `error`.
    pub async fn resume_app(&self, by: &Principal, app: &str) -> Result<AppView, ControlError> {
        by.must(Permission::Write)?;
        Ok(self.engine.resume_app(&by.tenant, &app_id(app)?, &by.subject).await?.into())
    }

    /// Makes an earlier version the one that triggers start.
    pub async fn rollback_app(&self, by: &Principal, app: &str, version: u32) -> Result<AppView, ControlError> {
        by.must(Permission::Write)?;
        Ok(self.engine.rollback_app(&by.tenant, &app_id(app)?, version, &by.subject).await?.into())
    }

    /// Deletes an app: its runs end, its timers are gone, its history is kept.
    pub async fn delete_app(&self, by: &Principal, app: &str) -> Result<(), ControlError> {
        by.must(Permission::Write)?;
        Ok(self.engine.delete_app(&by.tenant, &app_id(app)?, &by.subject).await?)
    }
}
