//! The run itself, as a state machine: an [`Event`] takes a [`Run`] to a new one, and [`Action`]s say what else must
//! happen in the transaction that stores it. One transition per file; what cannot happen is a [`TransitionError`].
//!
//! ```text
//!            leased                 finished
//!  queued ───────────▶ running ───────────────▶ succeeded
//!   │ ▲ ▲ lease lost,    │ │ │  failed
//!   │ │ └────────────────┘ │ └────────────────▶ failed ──┐
//!   │ │   yielded          │ suspended,                  │ redriven
//!   │ │                    │ failed (a retry is left)    │
//!   │ │ decided, timer     ▼                             │
//!   │ ├──────────────── waiting ── rejected, expired ▶ cancelled
//!   │ └──────────────────────────────────────────────────┘
//!   └ skipped ▶ skipped · postponed ▶ waiting · cancel, in any state that is not an end ▶ cancelled
//! ```
//!
//! Architecture invariant: a run that has not ended has a way to an end that does not depend on memory: queued, it is
//! in the queue; running, its lease expires; waiting, its timer is armed.

mod action;
mod approval;
mod class;
mod context;
mod encoding;
mod error;
mod event;
mod schedule;
mod state;

mod cancel_requested;
mod decided;
mod discarded;
mod ended;
mod failed;
mod finished;
mod lease_lost;
mod leased;
mod postponed;
mod redriven;
mod skipped;
mod suspended;
mod timer_fired;
mod yielded;

#[cfg(test)]
mod tests;

pub use action::{Action, AuditNote, DeadLetterFate, Notice, Timer, TimerKind};
pub use approval::{APPROVAL_TIMEOUT_MS, Binding, Decider, Involved, Refusal, Request, Subject, SubjectKind};
pub use class::ErrorClass;
pub use context::{Context, Policy};
pub use error::TransitionError;
pub use event::{Event, Ruling, Verdict, Wait, Word};
pub use schedule::retry_delay_us;
pub use state::{Run, State, Stop, Token, Waiting};

/// What an event comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The run from now on.
    pub run: Run,
    /// What else happens, in this order, in the same transaction.
    pub actions: Vec<Action>,
}

impl Run {
    /// Takes the run one step on. An error changes nothing: the event came too late, or from somebody who may not.
    pub fn on(&self, event: Event, context: &Context<'_>) -> Result<Transition, TransitionError> {
        match event {
            Event::Leased { token } => leased::apply(self, token),
            Event::Finished { token, report } => finished::apply(self, token, report),
            Event::Skipped { token, reason } => skipped::apply(self, token, reason),
            Event::Failed { token, stop } => failed::apply(self, token, stop, context),
            Event::Suspended { token, wait } => suspended::apply(self, token, wait, context),
            Event::Postponed { until_us } => postponed::apply(self, until_us),
            Event::Decided(ruling) => decided::apply(self, ruling, context),
            Event::TimerFired(timer) => timer_fired::apply(self, timer, context),
            Event::CancelRequested { reason } => cancel_requested::apply(self, reason),
            Event::LeaseLost { token } => lease_lost::apply(self, token, context),
            Event::Yielded { token } => yielded::apply(self, token),
            Event::Redriven { by, word } => redriven::apply(self, by, word, context),
            Event::Discarded { by } => discarded::apply(self, by),
        }
    }
}
