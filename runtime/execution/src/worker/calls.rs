//! The calls of a guest as effects of its run: each with its identity, with what approvers have changed, and only if
//! they have agreed.

use std::{collections::BTreeSet, sync::Arc};

use alcove_host::{Call, Prepared};
use alcove_ids::{EffectId, ExecutionId};
use alcove_journal::{
    cursor::History,
    digest_of_call,
    entry::{Decision, Effect},
};
use alcove_plan::{failure::Failure, value::Value};
use alcove_platform::{EffectCall, Platform};

use super::{
    edits::{self, Edits},
    halt::defect,
    shown,
};
use crate::LoadedPlan;

/// What turns calls of one run into effects.
pub(crate) struct Calls {
    plan: Arc<LoadedPlan>,
    execution: ExecutionId,
    edits: Edits,
    /// The approvals that were given.
    given: BTreeSet<EffectId>,
    /// The same, by the positions of their actions.
    given_actions: BTreeSet<u32>,
}

impl Calls {
    /// Goes by what people have decided so far.
    pub(crate) fn new(
        platform: &Platform,
        plan: Arc<LoadedPlan>,
        execution: ExecutionId,
        history: &History,
    ) -> Result<Self, Failure> {
        let (mut given, mut given_actions, mut edited) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (effect, decision) in history.decisions() {
            match decision {
                Decision::Approved => {}
                Decision::Modified(edits) => edited.extend(edits.iter().cloned()),
                Decision::Rejected | Decision::Expired => continue,
            }
            given.insert(effect.id.clone());
            given_actions.insert(effect.action);
        }
        let edits = edits::apply(platform, &plan, &edited)
            .map_err(|error| defect(format!("what an approver has changed does not fit any more: {error}")))?;
        Ok(Self { plan, execution, edits, given, given_actions })
    }

    /// Takes an approval as given, to see what comes after it.
    pub(crate) fn suppose(&mut self, approval: &Effect) {
        self.given.insert(approval.id.clone());
        self.given_actions.insert(approval.action);
    }

    /// The handles of the run: those behind an approval are there from the decision on.
    pub(crate) fn handles(&self) -> Arc<Prepared> {
        if self.given_actions.is_empty() {
            return Arc::clone(&self.plan.handles);
        }
        let mut handles = Prepared::clone(&self.plan.handles);
        for (handle, facts) in handles.actions.iter_mut().zip(self.plan.facts.iter()) {
            handle.available = facts.approvals.iter().all(|approval| self.given_actions.contains(approval));
        }
        Arc::new(handles)
    }

    /// A call as an effect, and the position of its action.
    pub(crate) fn prepare(&self, call: Call) -> Result<(u32, EffectCall), Failure> {
        let unknown = || defect("a call names no action of the plan");
        let place = u32::try_from(call.action).map_err(|_| unknown())?;
        let prepared = self.plan.actions.get(call.action).ok_or_else(unknown)?;
        let planned = self.plan.plan.actions.get(call.action).ok_or_else(unknown)?;
        self.check_given(place, &call.indices)?;
        let effect_id = EffectId::derive(&self.execution, place, &call.indices);
        let (action, values) = match self.edits.of(place, &call.indices) {
            Some(edited) => (edited.action(), edited.values(call.values)),
            None => (Arc::clone(prepared), call.values),
        };
        let recover_depth = planned.recover_depth;
        Ok((place, EffectCall { effect_id, action, values, indices: call.indices, recover_depth }))
    }

    /// A call behind an approval must have it, in the very iterations that it is in; a handle alone says less.
    fn check_given(&self, place: u32, indices: &[u32]) -> Result<(), Failure> {
        let action = usize::try_from(place).unwrap_or(usize::MAX);
        for approval in self.plan.facts.get(action).map_or(&[][..], |facts| &facts.approvals) {
            let around = usize::try_from(*approval).ok().and_then(|at| self.plan.plan.actions.get(at));
            let around = around.and_then(|approval| indices.get(..approval.loops.len()));
            let id = around.map(|around| EffectId::derive(&self.execution, *approval, around));
            if !id.is_some_and(|id| self.given.contains(&id)) {
                return Err(defect("a call behind an approval that nobody has given"));
            }
        }
        Ok(())
    }

    /// What the journal knows a call by. `params`: as they were rendered, or why they could not be.
    pub(crate) fn effect(&self, place: u32, call: &EffectCall, params: &Result<Value, Failure>) -> Effect {
        let name = call.action.name();
        let (digest, shown) = match params {
            Ok(params) => (digest_of_call(name, params), shown::params(&self.plan, place, call, params)),
            // Values that do not render are always the same ones in the same run.
            Err(_) => (digest_of_call(name, &Value::list(call.values.clone())), Value::Null),
        };
        Effect { id: call.effect_id.clone(), action: place, indices: call.indices.clone(), digest, shown }
    }
}
