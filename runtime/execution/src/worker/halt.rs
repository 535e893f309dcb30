//! Why an execution of the guest is stopped by its worker.

use alcove_journal::{cursor::Divergence, transition::Wait};
use alcove_plan::failure::{Code, Failure};

use crate::commit::CommitError;

/// Why an execution of the guest is stopped. What the guest makes of it says nothing.
#[derive(Debug)]
pub(super) enum Halt {
    /// It has gone on by a wrong answer: the run is executed again, against a journal that has the right one.
    Misled,
    /// A commit failed.
    Uncommitted(CommitError),
    /// It does not ask what its journal says it asked.
    Diverged(Box<Divergence>),
    /// The run cannot go on now.
    Wait(Box<Wait>),
    /// The worker has lost the run: nothing more is written.
    Lost,
    /// The run was not accepted after all; its hold says why.
    Refused,
    /// A defect.
    Defect(Failure),
}

impl Halt {
    /// A defect, with these words.
    pub(super) fn defect(message: impl ToString) -> Self {
        Self::Defect(defect(message))
    }
}

impl From<Box<Divergence>> for Halt {
    fn from(divergence: Box<Divergence>) -> Self {
        Self::Diverged(divergence)
    }
}

/// E012 with these words.
pub(crate) fn defect(message: impl ToString) -> Failure {
    Failure::new(Code::Internal, message)
}

/// What the guest is told where it is stopped, so that it stops.
pub(crate) fn stopped() -> Failure {
    defect("the run is stopped here by its worker")
}
