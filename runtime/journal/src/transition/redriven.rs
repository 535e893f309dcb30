//! A person has a failed run tried again: with the same id and the same journal, so that what was done stays done.

use alcove_plan::failure::Code;

use super::{
    Transition, TransitionError,
    action::{Action, AuditNote, DeadLetterFate},
    approval::Subject,
    context::Context,
    event::Word,
    state::{Run, State},
};
use crate::entry::{Asked, EffectResult, Entry, Outcome, Retry, RetryOf};

pub(super) fn apply(
    run: &Run,
    by: Subject,
    word: Option<Word>,
    context: &Context<'_>,
) -> Result<Transition, TransitionError> {
    let State::Failed(stop) = &run.state else {
        return Err(TransitionError::Unexpected { event: "redriven", state: run.state.name() });
    };
    let happened = match (stop.failure.code, &stop.asked, word) {
        (Code::UnknownOutcome, _, None) => return Err(TransitionError::WordNeeded),
        (Code::UnknownOutcome, Some(Asked::Effect(id)), Some(Word::Happened { outputs })) => {
            Some(EffectResult { effect: id.clone(), outcome: Outcome::Performed(outputs) })
        }
        (Code::UnknownOutcome, _, Some(Word::Repeat)) | (_, _, None) => None,
        (_, _, Some(_)) => return Err(TransitionError::WordNotNeeded),
    };
    let retry = Retry {
        of: RetryOf::Person,
        attempt: 0,
        failure: stop.failure.clone(),
        due_us: context.now_us,
        reopens: stop.asked.clone(),
    };
    let mut actions = vec![Action::Append(Entry::Retry(retry))];
    actions.extend(happened.map(|result| Action::Append(Entry::Result(result))));
    if run.dead_letter {
        actions.push(Action::CloseDeadLetter(DeadLetterFate::Redriven));
    }
    actions.push(Action::Audit(AuditNote::Redriven { by }));
    actions.push(Action::Enqueue);
    Ok(Transition { run: Run::queued(), actions })
}
