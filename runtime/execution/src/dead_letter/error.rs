//! Why a dead letter was left as it is.

use alcove_ids::ExecutionId;
use alcove_store::{
    StoreError,
    tables::{RowError, dead_letters::Status},
};

use crate::TransitError;

/// Why a dead letter was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum DeadLetterError {
    /// The tenant has no such dead letter.
    #[error("there is no dead letter of the run `{execution}`")]
    Unknown {
        /// Which run.
        execution: ExecutionId,
    },
    /// Somebody has dealt with it.
    #[error("the dead letter is {} already", status.as_str())]
    Closed {
        /// What became of it.
        status: Status,
    },
    /// The run does not allow it.
    #[error(transparent)]
    Transit(#[from] TransitError),
    /// A stored row is none. A defect.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
