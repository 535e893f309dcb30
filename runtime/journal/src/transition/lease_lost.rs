//! The worker is gone, or too slow: another one continues from the journal. A run that loses one worker after the other
//! is taken to be what stops them.

use alcove_plan::failure::{Code, Failure};

use super::{
    Transition, TransitionError,
    action::Action,
    context::Context,
    ended,
    state::{Run, State, Stop, Token},
};

pub(super) fn apply(run: &Run, token: Token, context: &Context<'_>) -> Result<Transition, TransitionError> {
    if let Some(reason) = run.held_by(token, "lease lost")? {
        return Ok(ended::cancel(run, ended::cancelled(reason), Vec::new()));
    }
    let lost = run.leases_lost.saturating_add(1);
    if lost > context.policy.leases_lost_max {
        let message = format!("{lost} workers in a row lost the run; it is not given to another one");
        let stop = Stop { failure: Failure::new(Code::Internal, message), place: 0, asked: None };
        return Ok(ended::fail(run, stop, context));
    }
    let mut transition = run.to(State::Queued, vec![Action::Release, Action::Enqueue]);
    transition.run.leases_lost = lost;
    Ok(transition)
}
