//! Why a use case was not carried out.

use alcove_execution::Exceeded;
use serde_json::Value;

use crate::{MissingView, Permission};

/// Why a use case was not carried out. Nothing was changed, except where it says that this is not known.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The caller may not do this.
    #[error("this needs the permission `{}`, and none of the caller's roles grants it", permission.name())]
    Denied {
        /// What is needed.
        permission: Permission,
    },
    /// The caller may do such things, but not this one: an approval of their own, for example.
    #[error("{0}")]
    Refused(String),
    /// A webhook that no shop of ours has signed.
    #[error("the webhook was not signed by a shop that is known here")]
    Unsigned,
    /// The caller's tenant was suspended, or deleted.
    #[error("the tenant is suspended; ask whoever operates the platform")]
    Suspended,
    /// There is no such thing in the caller's tenant.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// What.
        what: &'static str,
        /// Which.
        id: String,
    },
    /// An argument that cannot be read.
    #[error("{0}")]
    Invalid(String),
    /// The app has errors.
    #[error("the app has errors, which `diagnostics` lists")]
    InvalidApp {
        /// All of them, as the compiler gives them.
        diagnostics: Value,
    },
    /// The app needs what the tenant was not granted.
    #[error("the app needs what the tenant was not granted, which `missing` lists")]
    NotGranted {
        /// All of it.
        missing: Vec<MissingView>,
    },
    /// A quota of the tenant is used up.
    #[error(transparent)]
    Quota(Exceeded),
    /// As much of this is going on as may be.
    #[error("{0}")]
    TooMany(String),
    /// The content does not fit the catalog or the plan.
    #[error("{0}")]
    Unfit(String),
    /// The state of the thing does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// The thing is in another state than the one in which it was to be changed.
    #[error("{0}")]
    Changed(String),
    /// The id was used before with another body.
    #[error("{0}")]
    OtherBody(String),
    /// The engine is shutting down, or its database does not answer. Whether something was changed is not known.
    #[error("{0}")]
    Unavailable(String),
    /// A defect.
    #[error("{0}")]
    Internal(String),
}

/// An error with the whole chain of its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}
