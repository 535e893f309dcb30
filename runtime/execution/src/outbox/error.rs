//! Why events were not moved.

use alcove_store::{StoreError, tables::RowError};

use crate::{quota::AdmitError, trigger::IndexError};

/// Why events were not moved. They are looked at again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PumpError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Runs were not admitted.
    #[error(transparent)]
    Admit(#[from] AdmitError),
    /// The index of apps by event could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}
