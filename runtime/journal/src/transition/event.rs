//! What happens to a run.

use alcove_plan::{envelope::Digest, value::Value};

use super::{
    action::Timer,
    approval::{Binding, Decider, Involved, Subject},
    state::{Stop, Token},
};
use crate::entry::{Edit, Effect, SkipReason};

/// What happens to a run. What the run itself did is durable before, or in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A worker has taken it from the queue, and the app's lock with it.
    Leased {
        /// The lease, newer than any before.
        token: Token,
    },
    /// It has come to its end.
    Finished {
        /// The worker's lease.
        token: Token,
        /// A *report* message.
        report: Vec<u8>,
    },
    /// It is left out.
    Skipped {
        /// The worker's lease; `None`: before it was leased.
        token: Option<Token>,
        /// Why.
        reason: SkipReason,
    },
    /// The attempt has failed, after the action's own retries and handlers.
    Failed {
        /// The worker's lease.
        token: Token,
        /// How and where.
        stop: Stop,
    },
    /// It cannot go on now; the instance is gone.
    Suspended {
        /// The worker's lease.
        token: Token,
        /// What for.
        wait: Wait,
    },
    /// It may not begin yet: a quota is used up and the app reschedules.
    Postponed {
        /// Until when, in microseconds since 1970-01-01T00:00:00Z.
        until_us: i64,
    },
    /// Somebody has decided about its approval.
    Decided(Ruling),
    /// Its timer has fired.
    TimerFired(Timer),
    /// Somebody, or the lifecycle of its app, wants it to end.
    CancelRequested {
        /// Why, for a person.
        reason: String,
    },
    /// The worker's lease has expired.
    LeaseLost {
        /// The lease that has expired.
        token: Token,
    },
    /// The worker gives it back: the node shuts down, or the app is paused.
    Yielded {
        /// The worker's lease.
        token: Token,
    },
    /// A person has it tried again.
    Redriven {
        /// Who.
        by: Subject,
        /// What they say of the effect whose outcome is unknown: needed exactly if the run failed with E013.
        word: Option<Word>,
    },
    /// A person has given the dead letter up.
    Discarded {
        /// Who.
        by: Subject,
    },
}

/// What a run waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wait {
    /// A decision.
    Approval {
        /// The call of `request_approval`.
        effect: Box<Effect>,
        /// The run's plan.
        plan: Digest,
        /// What the approver is shown.
        preview: Digest,
        /// The config's own time-out, in milliseconds.
        timeout_ms: Option<u64>,
        /// Who may decide, by role; empty: whoever may approve.
        roles: Vec<String>,
        /// Who had a part in the run.
        involved: Involved,
    },
    /// The next attempt of an action's own retry; its journal entry is written already.
    Retry {
        /// When, in microseconds since 1970-01-01T00:00:00Z.
        due_us: i64,
    },
    /// A time: a quota's reset, or the deadline of a predecessor's intent.
    Delay {
        /// Which, in microseconds since 1970-01-01T00:00:00Z.
        until_us: i64,
    },
}

/// A decision and who made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// Who.
    pub by: Decider,
    /// What they have seen.
    pub binding: Binding,
    /// What they say.
    pub verdict: Verdict,
}

/// What an approver says.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// What was shown may happen.
    Approve,
    /// It may not.
    Reject,
    /// It may happen with these changes. The caller has checked them against types, allow-list and policy.
    Modify(Vec<Edit>),
}

/// What a person says of an effect whose outcome is unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// It did not happen, or may happen twice: perform it.
    Repeat,
    /// It happened.
    Happened {
        /// One value for each output of the action, as far as they are known.
        outputs: Vec<Value>,
    },
}

impl Event {
    /// The name that messages use.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Leased { .. } => "leased",
            Self::Finished { .. } => "finished",
            Self::Skipped { .. } => "skipped",
            Self::Failed { .. } => "failed",
            Self::Suspended { .. } => "suspended",
            Self::Postponed { .. } => "postponed",
            Self::Decided(_) => "decided",
            Self::TimerFired(_) => "timer fired",
            Self::CancelRequested { .. } => "cancel requested",
            Self::LeaseLost { .. } => "lease lost",
            Self::Yielded { .. } => "yielded",
            Self::Redriven { .. } => "redriven",
            Self::Discarded { .. } => "discarded",
        }
    }
}
