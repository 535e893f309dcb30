//! The attempt has failed: again, for good, or because it was told to stop.

use alcove_plan::failure::Code;

use super::{
    Transition, TransitionError,
    action::{Action, Timer, TimerKind},
    class::ErrorClass,
    context::Context,
    ended,
    schedule::retry_delay_us,
    state::{Run, State, Stop, Token, Waiting},
};
use crate::entry::{Entry, Retry, RetryOf, Suspended, Why};

pub(super) fn apply(run: &Run, token: Token, stop: Stop, context: &Context<'_>) -> Result<Transition, TransitionError> {
    let cancelling = run.held_by(token, "failed")?;
    let class = ErrorClass::of(stop.failure.code);
    match (cancelling, stop.failure.code) {
        // An unknown outcome is for a person to see, whoever wanted the run to end.
        (_, Code::UnknownOutcome) => {}
        (Some(reason), _) => return Ok(ended::cancel(run, ended::cancelled(reason), Vec::new())),
        (None, Code::Cancelled | Code::Approval) => return Ok(ended::cancel(run, stop.failure, Vec::new())),
        (None, _) => {}
    }
    let failed = run.attempts.saturating_add(1);
    let delay_us = match (class, &context.policy.retry) {
        (ErrorClass::Transient, Some(retry)) => retry_delay_us(retry, failed, context.seed),
        _ => None,
    };
    match delay_us {
        None => Ok(ended::fail(run, stop, context)),
        Some(delay_us) => Ok(retry(run, stop, failed, context.now_us.saturating_add_unsigned(delay_us))),
    }
}

fn retry(run: &Run, stop: Stop, failed: u32, due_us: i64) -> Transition {
    let retry = Retry { of: RetryOf::Run, attempt: failed, failure: stop.failure, due_us, reopens: stop.asked };
    let actions = vec![
        Action::Append(Entry::Retry(retry)),
        Action::Append(Entry::Suspended(Suspended { why: Why::Retry, until_us: due_us })),
        Action::ArmTimer(Timer { kind: TimerKind::Retry, due_us }),
        Action::Release,
    ];
    let mut transition = run.to(State::Waiting(Waiting::Retry { due_us }), actions);
    transition.run.attempts = failed;
    transition.run.leases_lost = 0;
    transition
}
