//! An effect outside that was not performed, and what is known of how far it came.

use alcove_plan::failure::Failure;

/// An effect outside that was not performed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unperformed {
    /// Why not.
    pub failure: Failure,
    /// Whether it is sure that nothing has left.
    pub nothing_was_sent: bool,
    /// Tokens that a model was given and gave all the same.
    pub tokens: u64,
}

impl Unperformed {
    /// It was sent, or may have been.
    pub fn sent(failure: Failure) -> Self {
        Self { failure, nothing_was_sent: false, tokens: 0 }
    }
}

impl From<Failure> for Unperformed {
    /// It failed before anything of it was sent.
    fn from(failure: Failure) -> Self {
        Self { failure, nothing_was_sent: true, tokens: 0 }
    }
}
