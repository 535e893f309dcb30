//! Runs, as they happen.

use alcove_execution::{Step, Watch, Watched};
use alcove_store::tables::executions::State;
use serde::Serialize;

use crate::{Control, ControlError, Permission, Principal};

/// A run that a caller follows.
pub struct ExecutionWatch {
    watch: Watch,
    /// How the run has ended, once that was told: then one more thing is.
    ended: Option<&'static str>,
    is_over: bool,
}

/// What happens in a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A step was made or has changed. A caller who comes back says the last id that they saw.
    Log {
        /// Which change it is.
        id: String,
        /// The step.
        step: Box<LoggedStep>,
    },
    /// The run is in another state.
    Status(StatusNow),
    /// The run is over; nothing more comes.
    End(StatusNow),
}

/// A step, and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoggedStep {
    /// Where in the log, from 0: what was told of this place before is out of date.
    pub position: usize,
    /// The step, as in the log.
    #[serde(flatten)]
    pub step: Step,
}

/// The state of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusNow {
    /// The word that users see.
    pub status: &'static str,
    /// Why it was skipped, or what it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Control {
    /// Follows a run from this event of its stream on (`None`: from its beginning) until its end, on whichever node it
    /// is.
    pub async fn watch_execution(
        &self,
        by: &Principal,
        execution: &str,
        after: Option<&str>,
    ) -> Result<ExecutionWatch, ControlError> {
        let execution = self.run_for(by, Permission::Read, execution).await?;
        let watch = self.engine.watch(&by.tenant, &execution, after).await?;
        Ok(ExecutionWatch { watch, ended: None, is_over: false })
    }
}

impl ExecutionWatch {
    /// What happens next, once it has; `None`: nothing more will.
    pub async fn next(&mut self) -> Result<Option<Happening>, ControlError> {
        if self.is_over {
            return Ok(None);
        }
        let happening = match self.watch.next().await? {
            Some(Watched::Step { id, position, step }) => {
                Happening::Log { id, step: Box::new(LoggedStep { position, step: *step }) }
            }
            Some(Watched::State { state, reason }) => {
                let has_ended = matches!(state, State::Succeeded | State::Failed | State::Skipped | State::Cancelled);
                self.ended = has_ended.then_some(state.as_str());
                Happening::Status(StatusNow { status: state.as_str(), reason })
            }
            None => {
                self.is_over = true;
                let Some(status) = self.ended else { return Ok(None) };
                Happening::End(StatusNow { status, reason: None })
            }
        };
        Ok(Some(happening))
    }
}
