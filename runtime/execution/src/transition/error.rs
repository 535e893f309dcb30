//! Why a transition was not made.

use alcove_ids::ExecutionId;
use alcove_journal::{cursor::HistoryError, entry::RecordError, transition::TransitionError};
use alcove_plan::codec::DecodeError;
use alcove_store::{StoreError, tables::RowError};

use crate::PlanError;

/// Why a transition was not made. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TransitError {
    /// The tenant has no such run.
    #[error("there is no run `{0}`")]
    NoRun(ExecutionId),
    /// The run is not where it would have to be, or somebody may not.
    #[error(transparent)]
    Refused(#[from] TransitionError),
    /// The plan, by which it goes, does not load.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// A stored run does not read.
    #[error("the stored run does not read: {0}")]
    Run(#[from] DecodeError),
    /// A stored journal does not read.
    #[error(transparent)]
    Journal(#[from] RecordError),
    /// A stored journal contradicts itself.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// Something that must be stored is not, or is not what it must be.
    #[error("the stored {what} of the run is missing or does not read")]
    Missing {
        /// What.
        what: &'static str,
    },
}
