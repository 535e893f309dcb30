//! What became of each call of a batch, and what that means for those after it.

use std::collections::BTreeSet;

use alcove_plan::codec::Outcome;

use super::perform::EffectCall;

/// The outcomes so far.
#[derive(Clone, Debug)]
pub(super) struct Verdicts {
    outcomes: Vec<Option<Outcome>>,
    blocked: Blocked,
}

/// Which calls are not performed any more, because of what became of calls before them.
#[derive(Clone, Debug, Default)]
pub struct Blocked {
    all: bool,
    /// Loop indices of recover scopes in which a call has failed.
    scopes: BTreeSet<Vec<u32>>,
}

impl Blocked {
    /// Whether a call before it takes it along.
    pub fn holds(&self, call: &EffectCall) -> bool {
        self.all
            || (0..=call.indices.len())
                .any(|depth| call.indices.get(..depth).is_some_and(|scope| self.scopes.contains(scope)))
    }

    /// Draws the consequences of an outcome.
    pub fn note(&mut self, call: &EffectCall, outcome: &Outcome) {
        match outcome {
            Outcome::Performed(_) | Outcome::NotPerformed => {}
            Outcome::Suspended => self.all = true,
            Outcome::Failed(failure) if failure.code.stops_run() => self.all = true,
            Outcome::Failed(_) => {
                let depth = usize::from(call.recover_depth);
                // A call with fewer loops around it than its recover scope needs does not come from a sound plan.
                let scope = call.indices.get(..depth).unwrap_or_default();
                self.scopes.insert(scope.to_vec());
            }
        }
    }
}

impl Verdicts {
    /// No outcomes yet.
    pub(super) fn new(calls: usize) -> Self {
        Self { outcomes: vec![None; calls], blocked: Blocked::default() }
    }

    /// The outcome of the call at `at`, once it is settled.
    pub(super) fn get(&self, at: usize) -> Option<&Outcome> {
        self.outcomes.get(at).and_then(Option::as_ref)
    }

    /// What is blocked now.
    pub(super) fn blocked(&self) -> &Blocked {
        &self.blocked
    }

    /// Settles a call.
    pub(super) fn settle(&mut self, at: usize, call: &EffectCall, outcome: Outcome) {
        self.blocked.note(call, &outcome);
        if let Some(slot) = self.outcomes.get_mut(at) {
            *slot = Some(outcome);
        }
    }

    /// All outcomes; a call that nothing settled was not performed.
    pub(super) fn finish(self) -> Vec<Outcome> {
        self.outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::NotPerformed)).collect()
    }
}
