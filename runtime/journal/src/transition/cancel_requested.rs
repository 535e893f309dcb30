//! Somebody wants the run to end. A run that a worker has ends when the worker stops, or is gone.

use super::{
    Transition, TransitionError,
    action::Action,
    ended,
    state::{Run, State, Waiting},
};

pub(super) fn apply(run: &Run, reason: String) -> Result<Transition, TransitionError> {
    match &run.state {
        State::Queued => Ok(ended::cancel(run, ended::cancelled(&reason), Vec::new())),
        State::Waiting(waiting) => {
            let mut actions = vec![Action::CancelTimer(waiting.timer())];
            if let Waiting::Approval(request) = waiting {
                actions.push(Action::CloseApproval(request.binding.clone()));
            }
            Ok(ended::cancel(run, ended::cancelled(&reason), actions))
        }
        // The first reason stays.
        State::Running { cancelling: Some(_), .. } => Ok(run.to(run.state.clone(), vec![Action::Interrupt])),
        State::Running { token, cancelling: None } => {
            let state = State::Running { token: *token, cancelling: Some(reason) };
            Ok(run.to(state, vec![Action::Interrupt]))
        }
        state => Err(TransitionError::Unexpected { event: "cancel requested", state: state.name() }),
    }
}
