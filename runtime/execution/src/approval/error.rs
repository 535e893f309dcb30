//! Why a question was not answered.

use alcove_ids::EffectId;
use alcove_store::{
    StoreError,
    tables::{RowError, approvals::Status},
};

use crate::{EditError, TransitError};

/// Why a question was not answered. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// The tenant has no such question.
    #[error("there is no approval `{id}`")]
    Unknown {
        /// Which.
        id: EffectId,
    },
    /// It was answered, or needs no answer any more.
    #[error("the approval is {} already", status.as_str())]
    Closed {
        /// What became of it.
        status: Status,
    },
    /// The changes do not fit the plan.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The run does not take the answer: it is about something else, came too late, or from somebody who may not.
    #[error(transparent)]
    Transit(#[from] TransitError),
    /// A stored row is none. A defect.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
