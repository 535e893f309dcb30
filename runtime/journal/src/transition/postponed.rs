//! The run may not begin yet.

use super::{
    Transition, TransitionError,
    action::Action,
    state::{Run, State, Waiting},
};

pub(super) fn apply(run: &Run, until_us: i64) -> Result<Transition, TransitionError> {
    match &run.state {
        State::Queued => {
            let waiting = Waiting::Delay { until_us };
            let actions = vec![Action::ArmTimer(waiting.timer())];
            Ok(run.to(State::Waiting(waiting), actions))
        }
        state => Err(TransitionError::Unexpected { event: "postponed", state: state.name() }),
    }
}
