//! A failed run is tried again.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::transition::{Event, Subject, Word};
use alcove_store::tables::executions;

use super::{RunError, step};
use crate::Engine;

impl Engine {
    /// Has a failed run tried again, with the same id and the same journal, so that what was done stays done. A run
    /// that failed with E013 needs somebody's word about the effect whose outcome is unknown, and no other takes one.
    ///
    /// # Errors
    ///
    /// [`RunError::Unknown`]; [`RunError::Transit`] if it has not failed, or the word is missing or not called for.
    pub async fn retry(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        by: &Subject,
        word: Option<Word>,
    ) -> Result<executions::Row, RunError> {
        let event = Event::Redriven { by: by.clone(), word };
        step(self.node(), tenant, execution, event).await?;
        self.execution(tenant, execution).await
    }
}
