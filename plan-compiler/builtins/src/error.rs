//! What can go wrong when a filter runs.

use alloc::string::String;

use alcove_plan::{
    failure::{Code, Failure},
    limits::STRING_BYTES_MAX,
};

/// Why a filter gave no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The input is of a kind that the filter does not take.
    #[error("`{filter}` takes {expected}, not {found}")]
    Input {
        /// The filter.
        filter: &'static str,
        /// The kinds that it takes, in words.
        expected: String,
        /// The kind of the input.
        found: &'static str,
    },
    /// An argument is of a kind that the filter does not take.
    #[error("argument `{argument}` of `{filter}` must be {expected}, not {found}")]
    ArgumentKind {
        /// The filter.
        filter: &'static str,
        /// The argument.
        argument: &'static str,
        /// The kinds that it takes, in words.
        expected: String,
        /// The kind of the argument.
        found: &'static str,
    },
    /// An argument is of the right kind but has a value that is not allowed.
    #[error("argument `{argument}` of `{filter}` {reason}")]
    ArgumentValue {
        /// The filter.
        filter: &'static str,
        /// The argument.
        argument: &'static str,
        /// What it must be.
        reason: &'static str,
    },
    /// Too few or too many arguments: only a damaged plan has that.
    #[error("`{filter}` got {found} arguments")]
    ArgumentCount {
        /// The filter.
        filter: &'static str,
        /// Their number.
        found: usize,
    },
    /// A number or timestamp that cannot be represented.
    #[error("the result of `{filter}` is out of range")]
    OutOfRange {
        /// The filter.
        filter: &'static str,
    },
    /// A string longer than any may be.
    #[error("the result of `{filter}` is longer than {STRING_BYTES_MAX} bytes")]
    TooLong {
        /// The filter.
        filter: &'static str,
    },
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::TooLong { .. } => Self::limit("string", STRING_BYTES_MAX as u64, error),
            _ => Self::new(Code::Action, error),
        }
    }
}
