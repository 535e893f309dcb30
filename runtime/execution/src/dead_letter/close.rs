//! Somebody deals with a dead letter.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::transition::{Event, Subject, Word};
use alcove_store::tables::{
    dead_letters::{Row, Status},
    executions,
};

use super::DeadLetterError;
use crate::{Engine, TransitError, runs::step};

impl Engine {
    /// Has the run of a dead letter tried again, with the same id and the same journal, so that what was done stays
    /// done. A run that failed with E013 needs somebody's word about the effect whose outcome is unknown.
    ///
    /// # Errors
    ///
    /// [`DeadLetterError::Unknown`], [`DeadLetterError::Closed`]; [`DeadLetterError::Transit`] if the word is missing
    /// or not called for.
    pub async fn redrive(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        by: &Subject,
        word: Option<Word>,
    ) -> Result<executions::Row, DeadLetterError> {
        self.open_dead_letter(tenant, execution).await?;
        let event = Event::Redriven { by: by.clone(), word };
        step(self.node(), tenant, execution, event).await?;
        let store = &self.node().store;
        let rows = store.query_of(tenant.as_str(), &executions::get(store.dialect(), tenant, execution)).await?;
        let row = rows.first().ok_or_else(|| TransitError::NoRun(execution.clone()))?;
        Ok(executions::Row::decode(row)?)
    }

    /// Gives a dead letter up: its run stays failed, and may be forgotten with the others.
    ///
    /// # Errors
    ///
    /// [`DeadLetterError::Unknown`], [`DeadLetterError::Closed`].
    pub async fn discard(
        &self,
        tenant: &TenantId,
        execution: &ExecutionId,
        by: &Subject,
    ) -> Result<Row, DeadLetterError> {
        self.open_dead_letter(tenant, execution).await?;
        step(self.node(), tenant, execution, Event::Discarded { by: by.clone() }).await?;
        self.dead_letter(tenant, execution).await
    }

    async fn open_dead_letter(&self, tenant: &TenantId, execution: &ExecutionId) -> Result<(), DeadLetterError> {
        match self.dead_letter(tenant, execution).await?.status {
            Status::Open => Ok(()),
            status => Err(DeadLetterError::Closed { status }),
        }
    }
}
