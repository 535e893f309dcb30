//! The run's timer has fired.

use super::{
    Transition, TransitionError,
    action::{Action, Timer},
    context::Context,
    ended,
    state::{Run, State, Waiting},
};
use crate::{
    cursor::expired,
    entry::{Decided, Decision, Entry},
};

pub(super) fn apply(run: &Run, timer: Timer, context: &Context<'_>) -> Result<Transition, TransitionError> {
    let State::Waiting(waiting) = &run.state else { return Err(TransitionError::StaleTimer) };
    if waiting.timer() != timer {
        return Err(TransitionError::StaleTimer);
    }
    if context.now_us < timer.due_us {
        return Err(TransitionError::NotDue { due_us: timer.due_us, now_us: context.now_us });
    }
    match waiting {
        Waiting::Retry { .. } | Waiting::Delay { .. } => Ok(run.to(State::Queued, vec![Action::Enqueue])),
        Waiting::Approval(request) => {
            let binding = request.binding.clone();
            let decided = Decided { effect: binding.effect.clone(), by: None, decision: Decision::Expired };
            let actions = vec![Action::Append(Entry::Decided(decided)), Action::CloseApproval(binding)];
            Ok(ended::cancel(run, expired(), actions))
        }
    }
}
