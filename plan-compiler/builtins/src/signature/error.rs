//! What the compiler refuses.

use alloc::string::String;

use alcove_plan::types::Type;

/// Why a filter does not fit its input and arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The input has another type.
    #[error("takes {expected}, not {found}")]
    Input {
        /// The kinds that the filter takes, in words.
        expected: String,
        /// The type of the input.
        found: Type,
    },
    /// More arguments than parameters.
    #[error("takes at most {max} arguments, not {found}")]
    TooManyArguments {
        /// The number of parameters.
        max: usize,
        /// The number of arguments.
        found: usize,
    },
    /// A required argument is not there.
    #[error("needs the argument `{argument}`")]
    MissingArgument {
        /// Its name.
        argument: &'static str,
    },
    /// An argument has another type.
    #[error("argument `{argument}` must be {expected}, not {found}")]
    ArgumentType {
        /// Its name.
        argument: &'static str,
        /// Its position, from 0.
        position: usize,
        /// The kinds that it takes, in words.
        expected: String,
        /// Its type.
        found: Type,
    },
    /// A path stands where only a literal may.
    #[error("argument `{argument}` must be written out, not taken from a variable")]
    LiteralRequired {
        /// Its name.
        argument: &'static str,
        /// Its position, from 0.
        position: usize,
    },
    /// A literal has a value that is not allowed.
    #[error("argument `{argument}` {reason}")]
    ArgumentValue {
        /// Its name.
        argument: &'static str,
        /// Its position, from 0.
        position: usize,
        /// What it must be.
        reason: &'static str,
    },
}

impl SignatureError {
    /// The position of the argument that is wrong, from 0; `None` where it is the input or the number of arguments.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::ArgumentType { position, .. }
            | Self::LiteralRequired { position, .. }
            | Self::ArgumentValue { position, .. } => Some(*position),
            Self::Input { .. } | Self::TooManyArguments { .. } | Self::MissingArgument { .. } => None,
        }
    }
}
