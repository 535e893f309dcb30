//! Which problem an error of a use case is.

use alcove_control::ControlError;

use axum::http::{HeaderValue, header};
use serde_json::json;

use crate::{
    problem::{Kind, Problem},
    rate_limit,
    resource::hook::CHALLENGE,
};

impl From<ControlError> for Problem {
    fn from(error: ControlError) -> Self {
        let kind = match &error {
            ControlError::Denied { .. } | ControlError::Refused(_) => Kind::DENIED,
            ControlError::Suspended => Kind::SUSPENDED,
            ControlError::NotFound { .. } => Kind::NOT_FOUND,
            ControlError::Invalid(_) => Kind::INVALID,
            ControlError::InvalidApp { .. } => Kind::INVALID_APP,
            ControlError::Unsigned => Kind::UNAUTHENTICATED,
            ControlError::NotGranted { .. } => Kind::NOT_GRANTED,
            ControlError::TooMany(_) => Kind::TOO_MANY,
            ControlError::Unfit(_) => Kind::REFUSED,
            ControlError::Conflict(_) => Kind::CONFLICT,
            ControlError::Quota(_) => Kind::QUOTA_EXCEEDED,
            ControlError::Changed(_) => Kind::PRECONDITION,
            ControlError::OtherBody(_) => Kind::OTHER_BODY,
            ControlError::Unavailable(_) => Kind::UNAVAILABLE,
            ControlError::Internal(_) => Kind::INTERNAL,
        };
        if kind.status.is_server_error() {
            tracing::error!(code = kind.code, "{error}");
        }
        // What went wrong inside is for the operator's log, not for the client.
        let detail = match &error {
            ControlError::Internal(_) => return Self::internal(),
            error => error.to_string(),
        };
        let problem = Self::new(kind, detail);
        match error {
            ControlError::InvalidApp { diagnostics } => problem.with("diagnostics", diagnostics),
            ControlError::NotGranted { missing } => problem.with("missing", json!(missing)),
            ControlError::TooMany(_) => problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1")),
            ControlError::Unsigned => {
                let (name, challenge) = CHALLENGE;
                problem.with_header(name, challenge)
            }
            ControlError::Quota(exceeded) => {
                let problem = problem.with("quota", exceeded.details());
                match rate_limit::retry_after(&exceeded) {
                    Some(at) => problem.with_header(header::RETRY_AFTER, at),
                    None => problem,
                }
            }
            _ => problem,
        }
    }
}
