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
    /// As many of the tenant's runs are followed on this node as may be.
    #[error("{max} runs of the tenant are followed already; end one of these streams first")]
    Crowded {
        /// How many.
        max: u32,
    },
    /// Not a place in a log.
    #[error("`{id}` is not the id of an event of this stream")]
    Place {
        /// What was given.
        id: String,
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
