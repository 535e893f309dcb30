//! What a run is.

use alcove_plan::failure::Failure;

use super::{Transition, TransitionError, action::Action, approval::Request};
use crate::entry::{Asked, SkipReason};

/// A run, as far as its way to an end is concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it is.
    pub state: State,
    /// How many attempts have failed and were put aside since it began, or since a person tried it again.
    pub attempts: u32,
    /// How many workers in a row have lost it.
    pub leases_lost: u32,
    /// Whether it is in the dead-letter queue.
    pub dead_letter: bool,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// In the queue.
    Queued,
    /// A worker has it.
    Running {
        /// The lease.
        token: Token,
        /// Why it is to be cancelled, if it is: the worker has been told.
        cancelling: Option<String>,
    },
    /// It waits; nothing of it is in memory.
    Waiting(Waiting),
    /// An end.
    Succeeded,
    /// An end, unless a person has it tried again.
    Failed(Stop),
    /// An end.
    Skipped(SkipReason),
    /// An end: E010 or E011.
    Cancelled(Failure),
}

/// What a run waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Waiting {
    /// A decision.
    Approval(Box<Request>),
    /// Its next attempt.
    Retry {
        /// When, in microseconds since 1970-01-01T00:00:00Z.
        due_us: i64,
    },
    /// A time.
    Delay {
        /// Which, in microseconds since 1970-01-01T00:00:00Z.
        until_us: i64,
    },
}

/// How and where an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// How.
    pub failure: Failure,
    /// Where: an index into the plan's places.
    pub place: u32,
    /// The question whose answer was this failure; `None`: the run failed by itself.
    pub asked: Option<Asked>,
}

/// A fencing token: each lease of a run has a larger one than the lease before. What comes with another token than the
/// run's comes from a worker that has lost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

impl Run {
    /// A run that has just been accepted. Whoever stores it puts it into the queue.
    pub fn queued() -> Self {
        Self { state: State::Queued, attempts: 0, leases_lost: 0, dead_letter: false }
    }

    /// Whether it is over.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Succeeded | State::Failed(_) | State::Skipped(_) | State::Cancelled(_))
    }

    /// Whether a worker has it.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// The same run elsewhere.
    pub(super) fn to(&self, state: State, actions: Vec<Action>) -> Transition {
        Transition { run: Self { state, ..self.clone() }, actions }
    }

    /// Checks that an event comes from the worker that has the run. Gives why the run is to be cancelled, if it is.
    pub(super) fn held_by(&self, token: Token, event: &'static str) -> Result<Option<&str>, TransitionError> {
        match &self.state {
            State::Running { token: held, cancelling } if *held == token => Ok(cancelling.as_deref()),
            State::Running { token: held, .. } => Err(TransitionError::Fenced { held: *held, given: token }),
            state => Err(TransitionError::Unexpected { event, state: state.name() }),
        }
    }
}

impl State {
    /// The word that users see.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running { .. } => "running",
            Self::Waiting(_) => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Cancelled(_) => "cancelled",
        }
    }
}
