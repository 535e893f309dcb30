//! What is done to apps.

use alcove_execution::{ChangedBy, Revision};

use crate::{AppView, Control, ControlError, Permission, Principal};

/// An app that is to be changed.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its id.
    pub id: &'a str,
    /// It must be in one of these states when it is changed; `None`: in whichever it is.
    pub only_if: Option<&'a [Revision]>,
}

impl<'a> From<&'a str> for Target<'a> {
    fn from(id: &'a str) -> Self {
        Self { id, only_if: None }
    }
}

impl<'a> Target<'a> {
    pub(crate) fn by(self, by: &'a Principal) -> ChangedBy<'a> {
        ChangedBy { who: &by.subject, only_if: self.only_if }
    }
}

impl Control {
    /// Makes a version (the latest, unless one is named) the one that triggers start.
    pub async fn activate_app(
        &self,
        by: &Principal,
        app: impl Into<Target<'_>> + Send,
        version: Option<u32>,
    ) -> Result<AppView, ControlError> {
        let app: Target<'_> = app.into();
        Ok(self.engine.activate_app(&by.tenant, &by.app(Permission::Write, app.id)?, version, app.by(by)).await?.into())
    }

    /// Stops an app until it is resumed.
    pub async fn pause_app(&self, by: &Principal, app: impl Into<Target<'_>> + Send) -> Result<AppView, ControlError> {
        let app: Target<'_> = app.into();
        Ok(self.engine.pause_app(&by.tenant, &by.app(Permission::Write, app.id)?, app.by(by)).await?.into())
    }

    /// Lets an app go on that was paused, or had gone to `error`.
    pub async fn resume_app(&self, by: &Principal, app: impl Into<Target<'_>> + Send) -> Result<AppView, ControlError> {
        let app: Target<'_> = app.into();
        Ok(self.engine.resume_app(&by.tenant, &by.app(Permission::Write, app.id)?, app.by(by)).await?.into())
    }

    /// Makes an earlier version the one that triggers start.
    pub async fn rollback_app(
        &self,
        by: &Principal,
        app: impl Into<Target<'_>> + Send,
        version: u32,
    ) -> Result<AppView, ControlError> {
        let app: Target<'_> = app.into();
        Ok(self.engine.rollback_app(&by.tenant, &by.app(Permission::Write, app.id)?, version, app.by(by)).await?.into())
    }

    /// Deletes an app: its runs end, its timers are gone, its history is kept.
    pub async fn delete_app(&self, by: &Principal, app: impl Into<Target<'_>> + Send) -> Result<(), ControlError> {
        let app: Target<'_> = app.into();
        Ok(self.engine.delete_app(&by.tenant, &by.app(Permission::Write, app.id)?, app.by(by)).await?)
    }
}
