//! The run has come to its end. Even if somebody wants it cancelled: it has done all of its work.

use super::{
    Transition, TransitionError,
    action::Action,
    state::{Run, State, Token},
};
use crate::entry::Ending;

pub(super) fn apply(run: &Run, token: Token, report: Vec<u8>) -> Result<Transition, TransitionError> {
    run.held_by(token, "finished")?;
    let actions = vec![Action::Finish(Ending::Succeeded { report }), Action::ClearFailures, Action::Release];
    Ok(run.to(State::Succeeded, actions))
}
