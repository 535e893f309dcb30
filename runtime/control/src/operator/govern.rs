//! What operators do to tenants whose runs are on their way.

use std::time::Duration;

use alcove_execution::TenantStatus;

use super::{Operator, TenantChange, administration::tenant_id};
use crate::{Administration, Control, ControlError, TenantView};

/// How long a deletion waits for runs to end that a worker has: each does so at its next host call.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest reason, in bytes.
const REASON_BYTES_MAX: usize = 1_000;

impl Control {
    /// What operators do that takes no engine.
    pub fn administration(&self) -> Administration {
        Administration::new(self.directory.clone())
    }

    /// Changes what was agreed with a tenant: this node goes by it at once, others within two seconds.
    pub async fn change_tenant(
        &self,
        by: &Operator,
        tenant: &str,
        change: &TenantChange,
    ) -> Result<TenantView, ControlError> {
        let view = self.administration().change_tenant(by, tenant, change).await?;
        self.engine.tenant_changed(&tenant_id(tenant)?);
        Ok(view)
    }

    /// Stops a tenant: its requests are refused, its triggers do not fire, what is queued or waits stays so, and what a
    /// worker has is cancelled.
    pub async fn suspend_tenant(
        &self,
        by: &Operator,
        tenant: &str,
        reason: Option<&str>,
    ) -> Result<TenantView, ControlError> {
        let id = tenant_id(tenant)?;
        check_reason(reason)?;
        let view = self.administration().set_status(by, tenant, TenantStatus::Suspended, reason).await?;
        self.engine.tenant_changed(&id);
        self.engine.cancel_running(&id, "the tenant was suspended").await?;
        Ok(view)
    }

    /// Serves a suspended tenant again: what was queued goes on.
    pub async fn resume_tenant(&self, by: &Operator, tenant: &str) -> Result<TenantView, ControlError> {
        let view = self.administration().set_status(by, tenant, TenantStatus::Active, None).await?;
        self.engine.tenant_changed(&tenant_id(tenant)?);
        Ok(view)
    }

    /// Deletes a tenant with everything that belongs to it but its log; its id stays taken. Asked again, it
    /// goes on where it was broken off.
    ///
    /// # Errors
    ///
    /// [`ControlError::Conflict`] while runs are not over, unless it is forced: then they are cancelled.
    /// [`ControlError::Unavailable`] if some of them have not ended in time.
    pub async fn delete_tenant(&self, by: &Operator, tenant: &str, force: bool) -> Result<(), ControlError> {
        let id = tenant_id(tenant)?;
        let admin = self.administration();
        let status = admin.tenant(by, tenant).await?.status;
        if status != "deleted" {
            if !force && self.engine.has_open_runs(&id).await? {
                let message = "runs of the tenant are not over: wait for them, or force it, and they are cancelled";
                return Err(ControlError::Conflict(message.to_owned()));
            }
            admin.set_status(by, tenant, TenantStatus::Deleted, None).await?;
            self.engine.tenant_changed(&id);
        }
        self.engine.cancel_open(&id, "the tenant was deleted").await?;
        if !self.engine.open_runs_end(&id, PATIENCE).await? {
            let message = "some runs of the tenant have not ended yet; ask again, and the deletion goes on";
            return Err(ControlError::Unavailable(message.to_owned()));
        }
        self.engine.purge_tenant(&id).await?;
        self.directory.forget();
        Ok(())
    }
}

fn check_reason(reason: Option<&str>) -> Result<(), ControlError> {
    let len = reason.map_or(0, str::len);
    if len > REASON_BYTES_MAX {
        let message = format!("`reason` has {len} bytes; at most {REASON_BYTES_MAX} are allowed");
        return Err(ControlError::Invalid(message));
    }
    Ok(())
}
