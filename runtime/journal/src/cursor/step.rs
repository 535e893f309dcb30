//! What a journal knows about one question of its run, all its entries taken together.

use alcove_plan::{envelope::Digest, failure::Failure};

use super::{divergence::Moment, judge::Sent};
use crate::entry::{Asked, Decision, Effect, Outcome, RetryOf};

/// One question, and how far its answer has come.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Read(ReadStep),
    Effect(EffectStep),
}

/// A page that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadStep {
    pub(super) query: u32,
    pub(super) page: u32,
    pub(super) arguments: Digest,
    pub(super) answer: Result<Vec<u8>, Failure>,
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EffectStep {
    pub(super) effect: Effect,
    pub(super) state: EffectState,
    /// When it was first sent, if it was.
    pub(super) first_us: Option<i64>,
    /// Attempts of the action's own retry that have failed.
    pub(super) attempts: u32,
    /// Steps up to, not including, this position were begun before the call was settled. If it failed, the run need not
    /// come to them: a failure takes later calls of its batch with it.
    pub(super) begun_before: usize,
}

/// How far a call has come.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum EffectState {
    /// It is settled.
    Done(Outcome),
    /// It was begun.
    Sent(Sent),
    /// It failed, and is asked again.
    Reopened(AskAgain),
    /// It is an approval; `None`: nobody has decided.
    Approval(Option<Decision>),
}

/// How a call is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AskAgain {
    pub(super) of: RetryOf,
    pub(super) not_before_us: i64,
}

impl Step {
    /// The position up to which steps may be left out after this one, once it is answered as recorded.
    pub(super) fn leaves_out_to(&self) -> usize {
        match self {
            Self::Effect(EffectStep { state: EffectState::Done(Outcome::Failed(_)), begun_before, .. }) => {
                *begun_before
            }
            Self::Effect(_) | Self::Read(_) => 0,
        }
    }

    pub(super) fn asked(&self) -> Asked {
        match self {
            Self::Read(read) => Asked::Read { query: read.query, page: read.page },
            Self::Effect(step) => Asked::Effect(step.effect.id.clone()),
        }
    }

    pub(super) fn moment(&self) -> Moment {
        match self {
            Self::Read(read) => Moment::Read { query: read.query, page: read.page, arguments: read.arguments },
            Self::Effect(step) => Moment::of_effect(&step.effect),
        }
    }
}

impl Moment {
    pub(super) fn of_effect(effect: &Effect) -> Self {
        Self::Effect {
            action: effect.action,
            indices: effect.indices.clone(),
            id: effect.id.clone(),
            digest: effect.digest,
        }
    }
}
