//! Runs that failed for good and took their trigger with them.

use alcove_catalog::ingest;
use alcove_journal::transition;
use alcove_store::tables::dead_letters::Status;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Control, ControlError, DeadLetterView, ExecutionView, List, Page, Permission, Principal, page::moment};

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
        by.must_somewhere(Permission::Read)?;
        let status = match status {
            None => Status::Open,
            Some(word) => Status::parse(word).ok_or_else(|| {
                ControlError::Invalid(format!("`status` is `{word}`; it must be open, redriven or discarded"))
            })?,
        };
        let limit = page.limit()?;
        let rows = self.engine.dead_letters(&by.tenant, status, page.after_moment()?, limit + 1).await?;
        let page = List::of(rows, limit, |row| moment(row.created_at, row.execution.as_str()));
        Ok(page.keep(|row| by.sees(row.app.as_str())).map(DeadLetterView::from))
    }

    /// The dead letter of a run.
    pub async fn dead_letter(&self, by: &Principal, execution: &str) -> Result<DeadLetterView, ControlError> {
        let execution = self.dead_letter_for(by, Permission::Read, execution).await?;
        Ok(self.engine.dead_letter(&by.tenant, &execution).await?.into())
    }

    /// Has the run tried again, with the same id and journal: what was done stays done.
    pub async fn redrive(
        &self,
        by: &Principal,
        execution: &str,
        word: Option<Word>,
    ) -> Result<ExecutionView, ControlError> {
        let execution = self.dead_letter_for(by, Permission::Admin, execution).await?;
        let word = word.map(Word::read).transpose()?;
        Ok(self.engine.redrive(&by.tenant, &execution, &by.subject, word).await?.into())
    }

    /// Gives the dead letter up.
    pub async fn discard(&self, by: &Principal, execution: &str) -> Result<DeadLetterView, ControlError> {
        let execution = self.dead_letter_for(by, Permission::Admin, execution).await?;
        Ok(self.engine.discard(&by.tenant, &execution, &by.subject).await?.into())
    }
}
