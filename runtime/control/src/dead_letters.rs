//! Runs that failed for good and took their trigger with them.

use alcove_catalog::ingest;
use alcove_journal::transition;
use alcove_store::tables::dead_letters::Status;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    Control, ControlError, DeadLetterView, ExecutionView, List, Page, Permission, Principal, id::execution_id,
    page::moment,
};

/// What a person says of an effect whose outcome is unknown.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Word {
    /// It did not happen, or may happen twice: perform it.
    Repeat,
    /// It happened, with one output for each that the action has, as far as they are known.
    Happened(Vec<serde_json::Value>),
}

impl Word {
    pub(crate) fn read(self) -> Result<transition::Word, ControlError> {
        match self {
            Self::Repeat => Ok(transition::Word::Repeat),
            Self::Happened(outputs) => {
                let outputs = outputs.iter().map(ingest::value).collect::<Result<_, _>>();
                let outputs = outputs.map_err(|error| ControlError::Unfit(format!("an output: {error}")))?;
                Ok(transition::Word::Happened { outputs })
            }
        }
    }
}

impl Control {
    /// The dead letters of the caller's tenant that became of that (`open`, unless it is said), oldest first.
    pub async fn dead_letters(
        &self,
        by: &Principal,
        status: Option<&str>,
        page: Page<'_>,
    ) -> Result<List<DeadLetterView>, ControlError> {
        by.must(Permission::Read)?;
        let status = match status {
            None => Status::Open,
            Some(word) => Status::parse(word).ok_or_else(|| {
                ControlError::Invalid(format!("`status` is `{word}`; it must be open, redriven or discarded"))
            })?,
        };
        let limit = page.limit()?;
        let rows = self.engine.dead_letters(&by.tenant, status, page.after_moment()?, limit + 1).await?;
        Ok(List::of(rows, limit, |row| moment(row.created_at, row.execution.as_str())).map(DeadLetterView::from))
    }

    /// The dead letter of a run.
    pub async fn dead_letter(&self, by: &Principal, execution: &str) -> Result<DeadLetterView, ControlError> {
        by.must(Permission::Read)?;
        Ok(self.engine.dead_letter(&by.tenant, &execution_id(execution)?).await?.into())
    }

    /// Has the run tried again, with the same id and journal: what was done stays done.
    pub async fn redrive(
        &self,
        by: &Principal,
        execution: &str,
        word: Option<Word>,
    ) -> Result<ExecutionView, ControlError> {
        by.must(Permission::Admin)?;
        let (execution, word) = (execution_id(execution)?, word.map(Word::read).transpose()?);
        Ok(self.engine.redrive(&by.tenant, &execution, &by.subject, word).await?.into())
    }

    /// Gives the dead letter up.
    pub async fn discard(&self, by: &Principal, execution: &str) -> Result<DeadLetterView, ControlError> {
        by.must(Permission::Admin)?;
        Ok(self.engine.discard(&by.tenant, &execution_id(execution)?, &by.subject).await?.into())
    }
}
