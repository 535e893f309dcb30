//! Why the machine stops where it is.

use alcove_plan::{
    codec::DecodeError,
    failure::{Code, Failure},
};

use crate::run::RunError;

/// What leaves a function that did not come to its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Something failed here. Whether a frame may catch it is the code's to say.
    Failed(RunError),
    /// A call that was buffered earlier has failed: everything since then has not happened.
    Late {
        error: RunError,
        /// Its recovery scope: how many of the loops around it, counted from the outside, are left with it at most.
        recover_depth: usize,
    },
    /// The host refused as a whole, so that nothing may catch it.
    Fatal(RunError),
    /// An approval is not decided.
    Waiting,
}

impl Halt {
    pub(crate) fn failed(place: u32, failure: Failure) -> Self {
        Self::Failed(RunError { failure, place })
    }

    pub(crate) fn fatal(place: u32, failure: Failure) -> Self {
        Self::Fatal(RunError { failure, place })
    }
}

/// Gives a failure its place.
pub(crate) trait At<T> {
    fn at(self, place: u32) -> Result<T, Halt>;
}

impl<T> At<T> for Result<T, Failure> {
    fn at(self, place: u32) -> Result<T, Halt> {
        self.map_err(|failure| Halt::failed(place, failure))
    }
}

/// A program that the verifier would have refused.
pub(crate) fn malformed(what: &str) -> Failure {
    Failure::new(Code::Internal, format!("malformed program: {what}"))
}

/// A message of the host that does not decode.
pub(crate) fn undecodable(message: &str, error: DecodeError) -> Failure {
    Failure::new(Code::Internal, format!("the host's {message} message: {error}"))
}

/// A value that does not fit where it is put.
pub(crate) fn misfit(message: impl ToString) -> Failure {
    Failure::new(Code::Action, message)
}
