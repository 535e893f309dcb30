//! The run cannot go on now. It gives back its lease and the app's lock, and leaves a row and a timer.

use alcove_plan::limits::DELAY_MS_MAX;

use super::{
    Transition, TransitionError,
    action::{Action, Timer, TimerKind},
    approval::{APPROVAL_TIMEOUT_MS, Binding, Request},
    context::Context,
    ended,
    event::Wait,
    state::{Run, State, Token, Waiting},
};
use crate::entry::{ApprovalRequested, Entry, Suspended, Why};

pub(super) fn apply(run: &Run, token: Token, wait: Wait, context: &Context<'_>) -> Result<Transition, TransitionError> {
    if let Some(reason) = run.held_by(token, "suspended")? {
        return Ok(ended::cancel(run, ended::cancelled(reason), Vec::new()));
    }
    let (waiting, mut actions) = match wait {
        Wait::Approval { effect, plan, preview, timeout_ms, roles, involved } => {
            let timeout_ms = timeout_ms.unwrap_or(APPROVAL_TIMEOUT_MS).min(DELAY_MS_MAX);
            let expires_us = context.now_us.saturating_add_unsigned(timeout_ms * 1_000);
            let binding = Binding { plan, effect: effect.id.clone(), preview };
            let request = Box::new(Request { binding, expires_us, roles, involved });
            let entry = Entry::ApprovalRequested(ApprovalRequested { effect: *effect, preview, expires_us });
            let actions = vec![Action::Append(entry), Action::AskApproval(request.clone())];
            (Waiting::Approval(request), actions)
        }
        Wait::Retry { due_us } => (Waiting::Retry { due_us }, Vec::new()),
        Wait::Delay { until_us } => (Waiting::Delay { until_us }, Vec::new()),
    };
    let timer = waiting.timer();
    actions.push(Action::Append(Entry::Suspended(Suspended { why: waiting.why(), until_us: timer.due_us })));
    actions.push(Action::ArmTimer(timer));
    actions.push(Action::Release);
    let mut transition = run.to(State::Waiting(waiting), actions);
    transition.run.leases_lost = 0;
    Ok(transition)
}

impl Waiting {
    /// The timer that brings the run back, whatever else does.
    pub(super) fn timer(&self) -> Timer {
        match self {
            Self::Approval(request) => Timer { kind: TimerKind::Approval, due_us: request.expires_us },
            Self::Retry { due_us } => Timer { kind: TimerKind::Retry, due_us: *due_us },
            Self::Delay { until_us } => Timer { kind: TimerKind::Delay, due_us: *until_us },
        }
    }

    fn why(&self) -> Why {
        match self {
            Self::Approval(_) => Why::Approval,
            Self::Retry { .. } => Why::Retry,
            Self::Delay { .. } => Why::Delay,
        }
    }
}
