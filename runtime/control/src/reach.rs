//! What a caller names, if they have the permission for the app that it belongs to.

use alcove_ids::{AppId, EffectId, ExecutionId};

use crate::{
    Control, ControlError, Permission, Principal,
    id::{app_id, approval_id, execution_id},
};

impl Principal {
    /// The app of an id, for a caller with this permission for it.
    pub(crate) fn app(&self, permission: Permission, id: &str) -> Result<AppId, ControlError> {
        self.must_somewhere(permission)?;
        let app = app_id(id)?;
        self.must_for(permission, &app)?;
        Ok(app)
    }

    /// Whether something of an app may be in a list for this caller.
    pub(crate) fn sees(&self, app: &str) -> bool {
        self.may(Permission::Read, None) || AppId::parse(app).is_ok_and(|app| self.may(Permission::Read, Some(&app)))
    }
}

impl Control {
    /// The run of an id, for a caller with this permission for its app.
    pub(crate) async fn run_for(
        &self,
        by: &Principal,
        permission: Permission,
        id: &str,
    ) -> Result<ExecutionId, ControlError> {
        by.must_somewhere(permission)?;
        let execution = execution_id(id)?;
        if !by.may(permission, None) {
            let app = self.engine.execution(&by.tenant, &execution).await?.app;
            by.must_for_one_of(permission, &app, "execution", id)?;
        }
        Ok(execution)
    }

    /// The run of a dead letter, for a caller with this permission for its app.
    pub(crate) async fn dead_letter_for(
        &self,
        by: &Principal,
        permission: Permission,
        id: &str,
    ) -> Result<ExecutionId, ControlError> {
        by.must_somewhere(permission)?;
        let execution = execution_id(id)?;
        if !by.may(permission, None) {
            let app = self.engine.dead_letter(&by.tenant, &execution).await?.app;
            by.must_for_one_of(permission, &app, "dead letter", id)?;
        }
        Ok(execution)
    }

    /// The approval of an id and its app, for a caller with this permission for that.
    pub(crate) async fn approval_for(
        &self,
        by: &Principal,
        permission: Permission,
        id: &str,
    ) -> Result<(EffectId, AppId), ControlError> {
        by.must_somewhere(permission)?;
        let approval = approval_id(id)?;
        let app = self.engine.approval(&by.tenant, &approval).await?.app;
        by.must_for_one_of(permission, &app, "approval", id)?;
        Ok((approval, app))
    }
}
