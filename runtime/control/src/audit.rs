//! Who changed what in a tenant, and who was refused.

use alcove_execution::Denial;
use alcove_ids::TenantId;
use alcove_store::audit::PLATFORM;

use crate::{AuditView, Control, ControlError, List, Page, Permission, Principal};

impl Control {
    /// The audit log of the caller's tenant, from the note of this number on (the first, unless it is said).
    pub async fn audit(
        &self,
        by: &Principal,
        from: Option<u64>,
        page: Page<'_>,
    ) -> Result<List<AuditView>, ControlError> {
        by.must(Permission::Admin)?;
        let from = page.number()?.or(from).unwrap_or(0);
        let limit = page.limit()?;
        let rows = self.engine.audit_log(&by.tenant, from, limit + 1).await?;
        Ok(List::of(rows, limit, |row| row.seq.saturating_add(1).to_string()).map(AuditView::from))
    }

    /// Writes down that a caller was refused: in the log of their tenant, or, where nobody is known, in the platform's.
    /// For whoever answers calls, before it answers; see [`alcove_execution::Engine::denied`] for what is counted.
    pub async fn denied(
        &self,
        by: Option<&Principal>,
        operation: &str,
        resource: &str,
        reason: &str,
    ) -> Result<(), ControlError> {
        let platform = TenantId::parse(PLATFORM).map_err(|error| ControlError::Internal(error.to_string()))?;
        let (tenant, by) = by.map_or((&platform, None), |by| (&by.tenant, Some(&by.subject)));
        Ok(self.engine.denied(Denial { tenant, by, operation, resource, reason }).await?)
    }
}
