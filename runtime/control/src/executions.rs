//! Runs.

use alcove_execution::{ReplayReport, StepLog};
use alcove_ids::ExecutionId;
use alcove_store::tables::executions::{Before, Filter, State};

use crate::{
    Control, ControlError, ExecutionView, List, Page, Permission, Principal, Word,
    id::{app_id, execution_id},
    page::moment,
};

/// The reason of a cancellation for which none is given.
const REASON: &str = "somebody asked for it";
/// The longest reason, in bytes.
const REASON_BYTES_MAX: usize = 1_000;

/// Which runs to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExecutionFilter<'q> {
    /// Of this app only.
    pub app: Option<&'q str>,
    /// In this state only.
    pub status: Option<&'q str>,
}

impl Control {
    /// The runs of the caller's tenant, the newest first.
    pub async fn executions(
        &self,
        by: &Principal,
        filter: ExecutionFilter<'_>,
        page: Page<'_>,
    ) -> Result<List<ExecutionView>, ControlError> {
        by.must(Permission::Read)?;
        let limit = page.limit()?;
        let before = page
            .after_moment()?
            .map(|(queued_at, id)| Ok::<_, ControlError>(Before { queued_at, id: execution_id(id)? }));
        let state = filter.status.map(|word| {
            State::parse(word).ok_or_else(|| ControlError::Invalid(format!("`status` is `{word}`, which no run is")))
        });
        let filter =
            Filter { app: filter.app.map(app_id).transpose()?, state: state.transpose()?, before: before.transpose()? };
        let rows = self.engine.executions(&by.tenant, &filter, limit + 1).await?;
        Ok(List::of(rows, limit, |row| moment(row.queued_at, row.id.as_str())).map(ExecutionView::from))
    }

    /// A run.
    pub async fn execution(&self, by: &Principal, execution: &str) -> Result<ExecutionView, ControlError> {
        by.must(Permission::Read)?;
        self.shown(by, &execution_id(execution)?).await
    }

    /// What a run did, step by step.
    pub async fn execution_log(&self, by: &Principal, execution: &str) -> Result<StepLog, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.execution_log(&by.tenant, &execution_id(execution)?).await?)
    }

    /// Executes a run again, answered by its journal alone, and says whether it does the same. Nothing is performed and
    /// nothing is written.
    pub async fn replay(&self, by: &Principal, execution: &str) -> Result<ReplayReport, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.replay(&by.tenant, &execution_id(execution)?).await?)
    }

    /// Ends a run: at once if it waits, at its next host call if a worker has it.
    pub async fn cancel(
        &self,
        by: &Principal,
        execution: &str,
        reason: Option<&str>,
    ) -> Result<ExecutionView, ControlError> {
        by.must(Permission::Run)?;
        let reason = reason.unwrap_or(REASON);
        if reason.len() > REASON_BYTES_MAX {
            let message = format!("`reason` has {} bytes; at most {REASON_BYTES_MAX} are allowed", reason.len());
            return Err(ControlError::Invalid(message));
        }
        let execution = execution_id(execution)?;
        self.engine.cancel(&by.tenant, &execution, &by.subject, reason).await?;
        self.shown(by, &execution).await
    }

    /// Has a failed run tried again, with the same id and journal: what was done stays done. To speak for an effect
    /// whose outcome is unknown is an admin's.
    pub async fn retry(
        &self,
        by: &Principal,
        execution: &str,
        word: Option<Word>,
    ) -> Result<ExecutionView, ControlError> {
        by.must(if word.is_some() { Permission::Admin } else { Permission::Run })?;
        let (execution, word) = (execution_id(execution)?, word.map(Word::read).transpose()?);
        Ok(self.engine.retry(&by.tenant, &execution, &by.subject, word).await?.into())
    }

    pub(crate) async fn shown(&self, by: &Principal, execution: &ExecutionId) -> Result<ExecutionView, ControlError> {
        Ok(self.engine.execution(&by.tenant, execution).await?.into())
    }
}
