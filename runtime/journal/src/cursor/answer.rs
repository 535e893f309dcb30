//! What a run is answered.

use alcove_plan::{
    codec,
    envelope::Digest,
    failure::{Code, Failure},
};

use super::{
    Divergence,
    judge::{self, Verdict},
    step::{EffectState, EffectStep},
};
use crate::entry::{Decision, QueryPage};

/// The answer to a read.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadAnswer {
    /// As it was: a *page* message, or why there was none.
    Replayed(Result<Vec<u8>, Failure>),
    /// The journal does not have it: read, and [make an entry](Pending::answered) of the answer.
    Live(Pending),
    /// The run is not the one that wrote the journal: stop it.
    Diverged(Box<Divergence>),
}

/// A read that the journal does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The position among the plan's queries.
    pub query: u32,
    /// Which page, from 0. Those before it were live as well: what is left of a torn reading is never replayed.
    pub page: u32,
    pub(super) arguments: Digest,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectAnswer {
    /// As it was, or a wait for a decision.
    Replayed(codec::Outcome),
    /// It has not happened: perform it.
    Live {
        /// Attempts of the action's own retry that have failed.
        attempts: u32,
    },
    /// It may have happened, and repeating it is safe: perform it under the same id, after a new intent.
    SendAgain {
        /// It must arrive before this time, in microseconds since 1970-01-01T00:00:00Z; the new intent's deadline is no
        /// later.
        before_us: i64,
        /// Attempts of the action's own retry that have failed.
        attempts: u32,
    },
    /// Nothing may be done yet: a predecessor may still send it, or its retry is not due. Ask again then.
    NotBefore {
        /// Microseconds since 1970-01-01T00:00:00Z.
        until_us: i64,
    },
    /// E013: it may have happened, and must not be repeated. Record this as its result and give it to the run.
    Unknown(Failure),
    /// The run is not the one that wrote the journal: stop it.
    Diverged(Box<Divergence>),
}

impl Pending {
    /// The entry for what was read.
    pub fn answered(self, answer: Result<Vec<u8>, Failure>) -> QueryPage {
        QueryPage { query: self.query, page: self.page, arguments: self.arguments, answer }
    }
}

impl EffectStep {
    pub(super) fn answer(&self, now_us: i64) -> EffectAnswer {
        match &self.state {
            EffectState::Done(outcome) => EffectAnswer::Replayed(outcome.clone().into()),
            EffectState::Approval(decision) => EffectAnswer::Replayed(decided(decision.as_ref())),
            EffectState::Reopened(again) if now_us < again.not_before_us => {
                EffectAnswer::NotBefore { until_us: again.not_before_us }
            }
            EffectState::Reopened(_) => EffectAnswer::Live { attempts: self.attempts },
            EffectState::Sent(sent) => match sent.judge(now_us) {
                Verdict::NotBefore(until_us) => EffectAnswer::NotBefore { until_us },
                Verdict::SendAgain(before_us) => EffectAnswer::SendAgain { before_us, attempts: self.attempts },
                Verdict::Unknown => EffectAnswer::Unknown(judge::unknown(&self.effect)),
            },
        }
    }
}

fn decided(decision: Option<&Decision>) -> codec::Outcome {
    match decision {
        None => codec::Outcome::Suspended,
        Some(Decision::Approved | Decision::Modified(_)) => codec::Outcome::Performed(Vec::new()),
        Some(Decision::Rejected) => codec::Outcome::Failed(rejected()),
        Some(Decision::Expired) => codec::Outcome::Failed(expired()),
    }
}

/// E011 for a decision.
pub(crate) fn rejected() -> Failure {
    Failure::new(Code::Approval, "the approval was rejected")
}

/// E011 for a time-out.
pub(crate) fn expired() -> Failure {
    Failure::new(Code::Approval, "nobody decided about the approval in time")
}
