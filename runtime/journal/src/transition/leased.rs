//! A worker has taken the run from the queue.

use super::{
    Transition, TransitionError,
    state::{Run, State, Token},
};

pub(super) fn apply(run: &Run, token: Token) -> Result<Transition, TransitionError> {
    match &run.state {
        State::Queued => Ok(run.to(State::Running { token, cancelling: None }, Vec::new())),
        state => Err(TransitionError::Unexpected { event: "leased", state: state.name() }),
    }
}
