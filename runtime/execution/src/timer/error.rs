//! Why timers were not fired.

use alcove_store::{StoreError, tables::RowError};

use crate::quota::AdmitError;

/// Why timers were not fired. They are looked at again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TimerError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Runs were not admitted.
    #[error(transparent)]
    Admit(#[from] AdmitError),
}
