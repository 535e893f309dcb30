//! The ends that several transitions lead to.

use alcove_plan::failure::{Code, Failure};

use super::{
    Transition,
    action::{Action, AuditNote, Notice},
    class::ErrorClass,
    context::Context,
    state::{Run, State, Stop},
};
use crate::entry::Ending;

/// The run has failed, finally.
pub(super) fn fail(run: &Run, stop: Stop, context: &Context<'_>) -> Transition {
    let policy = context.policy;
    let failures = context.failures_in_row.saturating_add(1);
    let pauses = context.app_is_active && failures >= policy.auto_pause_after.max(1);
    let is_unknown = ErrorClass::of(stop.failure.code) == ErrorClass::Unknown;
    let dead_letter = policy.keeps_dead_letters || is_unknown;

    let ending = Ending::Failed { failure: stop.failure.clone(), place: stop.place };
    let mut actions = vec![Action::Finish(ending), Action::CountFailure];
    if dead_letter {
        actions.push(Action::DeadLetter);
    }
    if is_unknown {
        actions.push(Action::NotifyAdmins(Notice::OutcomeUnknown(stop.failure.clone())));
    } else if policy.notify_on_error {
        actions.push(Action::NotifyAdmins(Notice::RunFailed(stop.failure.clone())));
    }
    if pauses {
        actions.push(Action::PauseApp);
        actions.push(Action::NotifyAdmins(Notice::AppPaused { failures }));
        actions.push(Action::Audit(AuditNote::AppPaused { failures }));
    }
    if run.is_running() {
        actions.push(Action::Release);
    }
    let mut transition = run.to(State::Failed(stop), actions);
    transition.run.dead_letter = dead_letter;
    transition
}

/// The run was cancelled. `actions` come first.
pub(super) fn cancel(run: &Run, failure: Failure, mut actions: Vec<Action>) -> Transition {
    actions.push(Action::Finish(Ending::Cancelled { failure: failure.clone() }));
    if run.is_running() {
        actions.push(Action::Release);
    }
    run.to(State::Cancelled(failure), actions)
}

/// E010 with a reason.
pub(super) fn cancelled(reason: &str) -> Failure {
    Failure::new(Code::Cancelled, format!("the run was cancelled: {reason}"))
}
