//! One run's share of a batch.

use std::collections::BTreeMap;

use alcove_ids::{EffectId, TenantId};
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};

use super::{
    Allowance,
    ledger::Entry,
    perform::{EffectCall, RunCalls},
    verdict::Verdicts,
};
use crate::Scope;

/// The calls of one run, and what became of them so far.
#[derive(Debug)]
pub(super) struct Run<'c> {
    pub(super) scope: &'c Scope,
    pub(super) calls: &'c [EffectCall],
    pub(super) allowance: &'c Allowance,
    pub(super) verdicts: Verdicts,
    /// The calls that are to be tried, in order.
    fresh: Vec<usize>,
    /// Calls of an effect that a call before them has too, each with that call.
    repeated: Vec<(usize, usize)>,
}

impl<'c> Run<'c> {
    /// The calls of a run; those in `recorded`, by their effects, have happened and get their outcomes at once.
    pub(super) fn new(run: &RunCalls<'c>, recorded: &BTreeMap<String, Entry>) -> Self {
        let RunCalls { scope, calls, allowance } = *run;
        let mut verdicts = Verdicts::new(calls.len());
        let mut first_of: BTreeMap<&EffectId, usize> = BTreeMap::new();
        let (mut fresh, mut repeated) = (Vec::new(), Vec::new());
        for (at, call) in calls.iter().enumerate() {
            if let Some(entry) = recorded.get(call.effect_id.as_str()) {
                verdicts.settle(at, call, entry.outputs(&call.action).map_or_else(Outcome::Failed, Outcome::Performed));
            } else if let Some(first) = first_of.get(&call.effect_id) {
                repeated.push((at, *first));
            } else {
                first_of.insert(&call.effect_id, at);
                fresh.push(at);
            }
        }
        Self { scope, calls, allowance, verdicts, fresh, repeated }
    }

    /// Refuses the calls of a run of another tenant than the batch's.
    pub(super) fn hold_to(&mut self, tenant: &TenantId) {
        if self.scope.tenant != *tenant {
            self.fresh.clear();
            self.fail_all(&Failure::new(Code::Internal, "a batch holds runs of more than one tenant"));
        }
    }

    /// Fails what is not settled: the first call, and with it those that it takes along.
    pub(super) fn fail_all(&mut self, failure: &Failure) {
        for (at, call) in self.calls.iter().enumerate() {
            if self.verdicts.get(at).is_none() && !self.verdicts.blocked().holds(call) {
                self.verdicts.settle(at, call, Outcome::Failed(failure.clone()));
            }
        }
    }

    /// The longest stretches of calls of one script.
    pub(super) fn segments(&self) -> Vec<&[usize]> {
        let one_script = |a: &usize, b: &usize| match (self.calls.get(*a), self.calls.get(*b)) {
            (Some(a), Some(b)) => a.action.shares_script_with(&b.action),
            _ => false,
        };
        self.fresh.chunk_by(one_script).collect()
    }

    /// Settles a call.
    pub(super) fn settle(&mut self, at: usize, outcome: Outcome) {
        if let Some(call) = self.calls.get(at) {
            self.verdicts.settle(at, call, outcome);
        }
    }

    /// The calls that are tried.
    pub(super) fn fresh_calls(&self) -> impl Iterator<Item = &EffectCall> {
        self.fresh.iter().filter_map(|at| self.calls.get(*at))
    }

    /// The effects that have happened now, with their outputs.
    pub(super) fn happened(&self) -> impl Iterator<Item = (&EffectCall, &[Value])> {
        self.fresh.iter().filter_map(|at| match (self.calls.get(*at), self.verdicts.get(*at)) {
            (Some(call), Some(Outcome::Performed(outputs))) => Some((call, outputs.as_slice())),
            _ => None,
        })
    }

    /// One outcome for each call.
    pub(super) fn finish(mut self) -> Vec<Outcome> {
        for (at, first) in std::mem::take(&mut self.repeated) {
            if let Some(outcome) = self.verdicts.get(first).cloned() {
                self.settle(at, outcome);
            }
        }
        self.verdicts.finish()
    }
}
