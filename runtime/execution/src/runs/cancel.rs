//! A run is to end.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::transition::{Event, Subject};
use alcove_store::{
    audit,
    tables::{executions, tenants},
};
use serde_json::json;

use super::RunError;
use crate::{
    Engine,
    transition::{apply_in, subject_to_json},
};

impl Engine {
    /// Ends a run, with an entry of the audit log: at once if it is queued or waits, at its next host call if a worker
    /// has it. What was done stays done. Gives the run as it is then.
    ///
    /// # Errors
    ///
    /// [`RunError::Unknown`]; [`RunError::Transit`] if it has ended.
    pub async fn cancel(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        by: &Subject,
        reason: &str,
    ) -> Result<executions::Row, RunError> {
        let node = self.node();
        let now = node.clock.now();
        let mut transaction = node.store.begin().await?;
        let dialect = transaction.dialect();
        transaction.for_tenant(tenant.as_str());
        transaction.enqueue(tenants::lock(dialect, &[tenant]));
        let event = Event::CancelRequested { reason: reason.to_owned() };
        let after = apply_in(&mut transaction, node, tenant, execution, event).await?;
        let note = audit::Note {
            tenant: tenant.clone(),
            at: now.micros(),
            subject: subject_to_json(by),
            what: "execution.cancelled".to_owned(),
            detail: json!({ "execution": execution.as_str(), "reason": reason }).to_string(),
        };
        audit::append(&mut transaction, &[note]).await?;
        transaction.commit().await?;
        node.wakes.tell(after);
        self.execution(tenant, execution).await
    }
}
