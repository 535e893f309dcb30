//! Runs.

use alcove_execution::{ReplayReport, StepLog};
use alcove_ids::ExecutionId;
use alcove_store::tables::executions::{Before, Filter, State};

use crate::{
    CallView, Control, ControlError, ExecutionView, List, Page, Permission, Principal, Word, id::execution_id,
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
        by.must_somewhere(Permission::Read)?;
        let app = filter.app.map(|app| by.app(Permission::Read, app)).transpose()?;
        let limit = page.limit()?;
        let before = page
            .after_moment()?
            .map(|(queued_at, id)| Ok::<_, ControlError>(Before { queued_at, id: execution_id(id)? }));
        let state = filter.status.map(|word| {
            State::parse(word).ok_or_else(|| ControlError::Invalid(format!("`status` is `{word}`, which no run is")))
        });
        let filter = Filter { app, state: state.transpose()?, before: before.transpose()? };
        let rows = self.engine.executions(&by.tenant, &filter, limit + 1).await?;
        let page = List::of(rows, limit, |row| moment(row.queued_at, row.id.as_str()));
        Ok(page.keep(|row| by.sees(row.app.as_str())).map(ExecutionView::from))
    }

    /// A run.
    pub async fn execution(&self, by: &Principal, execution: &str) -> Result<ExecutionView, ControlError> {
        let execution = self.run_for(by, Permission::Read, execution).await?;
        self.shown(by, &execution).await
    }

    /// What a run did, step by step.
    pub async fn execution_log(&self, by: &Principal, execution: &str) -> Result<StepLog, ControlError> {
        let execution = self.run_for(by, Permission::Read, execution).await?;
        Ok(self.engine.execution_log(&by.tenant, &execution).await?)
    }

    /// The requests that a run has sent, in their order.
    pub async fn execution_calls(
        &self,
        by: &Principal,
        execution: &str,
        page: Page<'_>,
    ) -> Result<List<CallView>, ControlError> {
        by.must(Permission::Read)?;
        let limit = page.limit()?;
        let after = page.cursor.unwrap_or_default();
        let rows = self.engine.execution_calls(&by.tenant, &execution_id(execution)?, after, limit + 1).await?;
        Ok(List::of(rows, limit, |row| row.id.clone()).map(CallView::from))
    }

    /// Executes a run again, answered by its journal alone, and says whether it does the same. Nothing is performed and
    /// nothing is written.
    pub async fn replay(&self, by: &Principal, execution: &str) -> Result<ReplayReport, ControlError> {
        let execution = self.run_for(by, Permission::Read, execution).await?;
        Ok(self.engine.replay(&by.tenant, &execution).await?)
    }

    /// Ends a run: at once if it waits, at its next host call if a worker has it.
    pub async fn cancel(
        &self,
        by: &Principal,
        execution: &str,
        reason: Option<&str>,
    ) -> Result<ExecutionView, ControlError> {
        by.must_somewhere(Permission::Run)?;
        let reason = reason.unwrap_or(REASON);
        if reason.len() > REASON_BYTES_MAX {
            let message = format!("`reason` has {} bytes; at most {REASON_BYTES_MAX} are allowed", reason.len());
            return Err(ControlError::Invalid(message));
        }
        let execution = self.run_for(by, Permission::Run, execution).await?;
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
        let permission = if word.is_some() { Permission::Admin } else { Permission::Run };
        let execution = self.run_for(by, permission, execution).await?;
        let word = word.map(Word::read).transpose()?;
        Ok(self.engine.retry(&by.tenant, &execution, &by.subject, word).await?.into())
    }

    pub(crate) async fn shown(&self, by: &Principal, execution: &ExecutionId) -> Result<ExecutionView, ControlError> {
        Ok(self.engine.execution(&by.tenant, execution).await?.into())
    }
}
