//! Which problem an error of a use case is.

use alcove_control::ControlError;

use crate::problem::{Kind, Problem};

impl From<ControlError> for Problem {
    fn from(error: ControlError) -> Self {
        let kind = match &error {
            ControlError::Denied { .. } | ControlError::Refused(_) => Kind::DENIED,
            ControlError::NotFound { .. } => Kind::NOT_FOUND,
            ControlError::Invalid(_) => Kind::INVALID,
            ControlError::InvalidApp { .. } => Kind::INVALID_APP,
            ControlError::Unfit(_) => Kind::REFUSED,
            ControlError::Conflict(_) => Kind::CONFLICT,
            ControlError::OtherBody(_) => Kind::OTHER_BODY,
            ControlError::Unavailable(_) => Kind::UNAVAILABLE,
            ControlError::Internal(_) => Kind::INTERNAL,
        };
        if kind.status.is_server_error() {
            tracing::error!(code = kind.code, "{error}");
        }
        // What went wrong inside is for the operator's log, not for the client.
        let detail = match &error {
            ControlError::Internal(_) => "the request was not carried out; the server's log says why".to_owned(),
            error => error.to_string(),
        };
        let problem = Self::new(kind, detail);
        match error {
            ControlError::InvalidApp { diagnostics } => problem.with("diagnostics", diagnostics),
            _ => problem,
        }
    }
}
