//! Why nothing changes.

use super::{approval::Refusal, state::Token};

/// Why an event changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// It does not happen to a run in this state.
    #[error("a run that is {state} cannot be {event}")]
    Unexpected {
        /// What happened.
        event: &'static str,
        /// Where the run is.
        state: &'static str,
    },
    /// The worker has lost the run to another one.
    #[error("lease {} was lost: the run has lease {}", given.0, held.0)]
    Fenced {
        /// The run's lease.
        held: Token,
        /// The worker's.
        given: Token,
    },
    /// A timer of another wait, which was cancelled too late.
    #[error("the run waits for another timer")]
    StaleTimer,
    /// A timer fired too early.
    #[error("the timer is due at {due_us}, and it is {now_us} (microseconds since 1970)")]
    NotDue {
        /// When it is due.
        due_us: i64,
        /// What time it is.
        now_us: i64,
    },
    /// The approver has seen something else than what waits.
    #[error("the decision is about another {0} than the one that waits; look at the approval again")]
    Outdated(&'static str),
    /// The approval has expired; its timer will say so.
    #[error("the approval has expired")]
    Expired,
    /// The approver may not decide.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A modification that changes nothing.
    #[error("the modification has no edits; approve instead")]
    NoEdits,
    /// E013 needs somebody's word.
    #[error("it is not known whether the effect happened: say whether it is to be repeated or has happened")]
    WordNeeded,
    /// The failure is not one of unknown outcome.
    #[error("the outcome of no effect is unknown: nothing is to be said about one")]
    WordNotNeeded,
    /// It is no dead letter.
    #[error("the run is not in the dead-letter queue")]
    NotDeadLetter,
}
