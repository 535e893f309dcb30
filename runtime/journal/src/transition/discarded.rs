//! A person has given the dead letter up.

use super::{
    Transition, TransitionError,
    action::{Action, AuditNote, DeadLetterFate},
    approval::Subject,
    state::Run,
};

pub(super) fn apply(run: &Run, by: Subject) -> Result<Transition, TransitionError> {
    if !run.dead_letter {
        return Err(TransitionError::NotDeadLetter);
    }
    let actions = vec![Action::CloseDeadLetter(DeadLetterFate::Discarded), Action::Audit(AuditNote::Discarded { by })];
    let mut transition = run.to(run.state.clone(), actions);
    transition.run.dead_letter = false;
    Ok(transition)
}
