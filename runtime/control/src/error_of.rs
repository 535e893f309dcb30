//! What an error of the engine means to whoever asked.

use alcove_execution::{
    AcceptError, ApprovalError, CommitError, DeadLetterError, DryRunError, IndexError, LifecycleError, PlanError,
    RecordingError, ReplayError, RunError, TransitError,
};
use alcove_journal::transition::TransitionError;
use alcove_store::StoreError;

use crate::{ControlError, MissingView, error::chain};

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Idle { .. } => Self::Unavailable(chain(&error)),
            error => Self::Internal(chain(&error)),
        }
    }
}

impl From<CommitError> for ControlError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Closed | CommitError::Unavailable(_) => Self::Unavailable(error.to_string()),
            error => Self::Internal(chain(&error)),
        }
    }
}

impl From<AcceptError> for ControlError {
    fn from(error: AcceptError) -> Self {
        use AcceptError as E;
        match error {
            E::Event(_) | E::Told(_) | E::Source { .. } | E::Length { .. } | E::Delayed { .. } => {
                Self::Unfit(error.to_string())
            }
            E::Conflict { .. } => Self::OtherBody(error.to_string()),
            E::Quota(exceeded) => Self::Quota(exceeded),
            E::NoApp { app } => Self::NotFound { what: "app", id: app.to_string() },
            E::NotRunnable { .. } => Self::Conflict(error.to_string()),
            E::Unsteady => Self::Unavailable(error.to_string()),
            E::Commit(error) => error.into(),
            E::Store(error) | E::Plan(PlanError::Store(error)) => error.into(),
            E::Plan(_) | E::Row(_) => Self::Internal(chain(&error)),
        }
    }
}

impl From<LifecycleError> for ControlError {
    fn from(error: LifecycleError) -> Self {
        use LifecycleError as E;
        match error {
            E::NoApp { app } => Self::NotFound { what: "app", id: app.to_string() },
            E::Changed { .. } => Self::Changed(error.to_string()),
            E::NoVersion { app, version } => Self::NotFound { what: "version", id: format!("{app}/{version}") },
            E::Taken { .. } | E::NoSuchChange { .. } | E::Disabled { .. } | E::NotEarlier { .. } | E::Cycle(_) => {
                Self::Conflict(error.to_string())
            }
            E::Quota(exceeded) => Self::Quota(exceeded),
            E::NoKey { key, .. } => Self::NotFound { what: "key", id: key },
            E::NoPlan { digest } => Self::NotFound { what: "plan", id: digest.to_string() },
            E::NotGranted { missing } => {
                Self::NotGranted { missing: missing.into_iter().map(MissingView::from).collect() }
            }
            E::Plan(_) | E::Schedule(_) => Self::Unfit(chain(&error)),
            E::Transit(error) => error.into(),
            E::Store(error)
            | E::Stored { source: PlanError::Store(error), .. }
            | E::Index(IndexError::Store(error)) => error.into(),
            E::Stored { .. } | E::Kept { .. } | E::Index(_) | E::Row(_) => Self::Internal(chain(&error)),
        }
    }
}

impl From<IndexError> for ControlError {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Store(error) => error.into(),
            IndexError::Row(_) => Self::Internal(chain(&error)),
        }
    }
}

impl From<TransitError> for ControlError {
    fn from(error: TransitError) -> Self {
        match error {
            TransitError::NoRun(run) => Self::NotFound { what: "execution", id: run.to_string() },
            TransitError::Refused(TransitionError::Refused(refusal)) => Self::Refused(refusal.to_string()),
            TransitError::Refused(
                error @ (TransitionError::NoEdits | TransitionError::WordNeeded | TransitionError::WordNotNeeded),
            ) => Self::Unfit(error.to_string()),
            TransitError::Refused(error) => Self::Conflict(error.to_string()),
            TransitError::Store(error) | TransitError::Plan(PlanError::Store(error)) => error.into(),
            error => Self::Internal(chain(&error)),
        }
    }
}

impl From<RunError> for ControlError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Unknown { execution } => Self::NotFound { what: "execution", id: execution.to_string() },
            RunError::Crowded { .. } => Self::TooMany(error.to_string()),
            RunError::Place { .. } => Self::Invalid(error.to_string()),
            RunError::Transit(error) => error.into(),
            RunError::Store(error) => error.into(),
            RunError::Row(_) => Self::Internal(chain(&error)),
        }
    }
}

impl From<DryRunError> for ControlError {
    fn from(error: DryRunError) -> Self {
        match error {
            DryRunError::App(error) => error.into(),
            DryRunError::Input(error) => error.into(),
            DryRunError::Spec(_) | DryRunError::Delay { .. } => Self::Unfit(error.to_string()),
            DryRunError::Busy => Self::TooMany(error.to_string()),
        }
    }
}

impl From<ReplayError> for ControlError {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Recording(RecordingError::Unknown { execution }) => {
                Self::NotFound { what: "execution", id: execution.to_string() }
            }
            ReplayError::Recording(error @ RecordingError::NoJournal { .. }) => Self::Conflict(error.to_string()),
            ReplayError::Recording(RecordingError::Store(error)) => error.into(),
            error => Self::Internal(chain(&error)),
        }
    }
}

impl From<ApprovalError> for ControlError {
    fn from(error: ApprovalError) -> Self {
        match error {
            ApprovalError::Unknown { id } => Self::NotFound { what: "approval", id: id.to_string() },
            ApprovalError::Closed { .. } => Self::Conflict(error.to_string()),
            ApprovalError::Edit(error) => Self::Unfit(chain(&error)),
            ApprovalError::Transit(error) => error.into(),
            ApprovalError::Store(error) => error.into(),
            ApprovalError::Row(_) => Self::Internal(chain(&error)),
        }
    }
}

impl From<DeadLetterError> for ControlError {
    fn from(error: DeadLetterError) -> Self {
        match error {
            DeadLetterError::Unknown { execution } => Self::NotFound { what: "dead letter", id: execution.to_string() },
            DeadLetterError::Closed { .. } => Self::Conflict(error.to_string()),
            DeadLetterError::Transit(error) => error.into(),
            DeadLetterError::Store(error) => error.into(),
            DeadLetterError::Row(_) => Self::Internal(chain(&error)),
        }
    }
}
