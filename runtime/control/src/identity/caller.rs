//! Who shows a key.

use crate::{ControlError, Operator, Principal};

/// Somebody who was recognised.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Somebody of a tenant.
    Tenant(Principal),
    /// An operator of the platform.
    Operator(Operator),
}

/// Why nobody was recognised.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// There is no such key, or it was revoked: which of them, is not told.
    #[error("the key is not known")]
    Unknown,
    /// The key has come to its end. Only who holds it can be told so.
    #[error("the key has expired")]
    Expired,
    /// It could not be found out, or the tenant is not served.
    #[error(transparent)]
    Control(#[from] ControlError),
}
