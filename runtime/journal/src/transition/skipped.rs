//! The run is left out.

use super::{
    Transition, TransitionError,
    action::Action,
    state::{Run, State, Token},
};
use crate::entry::{Ending, SkipReason};

pub(super) fn apply(run: &Run, token: Option<Token>, reason: SkipReason) -> Result<Transition, TransitionError> {
    let mut actions = vec![Action::Finish(Ending::Skipped { reason })];
    match (&run.state, token) {
        (State::Queued, None) => {}
        (_, Some(token)) => {
            run.held_by(token, "skipped")?;
            actions.push(Action::Release);
        }
        (state, None) => return Err(TransitionError::Unexpected { event: "skipped", state: state.name() }),
    }
    Ok(run.to(State::Skipped(reason), actions))
}
