//! Somebody has decided about the run's approval.

use super::{
    Transition, TransitionError,
    action::{Action, AuditNote},
    context::Context,
    ended,
    event::{Ruling, Verdict},
    state::{Run, State, Waiting},
};
use crate::{
    cursor::rejected,
    entry::{Decided, Decision, Entry},
};

pub(super) fn apply(run: &Run, ruling: Ruling, context: &Context<'_>) -> Result<Transition, TransitionError> {
    let State::Waiting(waiting @ Waiting::Approval(request)) = &run.state else {
        return Err(TransitionError::Unexpected { event: "decided", state: run.state.name() });
    };
    let Ruling { by, binding, verdict } = ruling;
    if let Some(part) = request.binding.difference(&binding) {
        return Err(TransitionError::Outdated(part));
    }
    if context.now_us >= request.expires_us {
        return Err(TransitionError::Expired);
    }
    let own = request.may_decide(&by, context.policy.own_approvals)?;
    let (decision, goes_on) = match verdict {
        Verdict::Approve => (Decision::Approved, true),
        Verdict::Reject => (Decision::Rejected, false),
        Verdict::Modify(edits) if edits.is_empty() => return Err(TransitionError::NoEdits),
        Verdict::Modify(edits) => (Decision::Modified(edits), true),
    };
    let effect = binding.effect.clone();
    let mut actions = vec![
        Action::Append(Entry::Decided(Decided { effect, by: Some(by.subject.id.clone()), decision })),
        Action::CancelTimer(waiting.timer()),
        Action::CloseApproval(binding.clone()),
        Action::Audit(AuditNote::Decided { by: by.subject, binding, own }),
    ];
    if !goes_on {
        return Ok(ended::cancel(run, rejected(), actions));
    }
    actions.push(Action::Enqueue);
    Ok(run.to(State::Queued, actions))
}
