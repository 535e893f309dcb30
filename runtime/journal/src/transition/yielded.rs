//! The worker gives the run back: another one continues from the journal.

use super::{
    Transition, TransitionError,
    action::Action,
    ended,
    state::{Run, State, Token},
};

pub(super) fn apply(run: &Run, token: Token) -> Result<Transition, TransitionError> {
    match run.held_by(token, "yielded")? {
        Some(reason) => Ok(ended::cancel(run, ended::cancelled(reason), Vec::new())),
        None => Ok(run.to(State::Queued, vec![Action::Release, Action::Enqueue])),
    }
}
