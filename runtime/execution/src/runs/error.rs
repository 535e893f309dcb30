//! Why a run was left as it is.

use alcove_ids::ExecutionId;
use alcove_store::{StoreError, tables::RowError};

use crate::TransitError;

/// Why a run was left as it is, or not shown.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The tenant has no such run.
    #[error("there is no execution `{execution}`")]
    Unknown {
        /// Which.
        execution: ExecutionId,
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
