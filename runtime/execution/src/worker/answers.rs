//! The answers to one batch of calls, as far as they are known.

use alcove_ids::EffectId;
use alcove_plan::{codec::Outcome, failure::Failure};
use alcove_platform::{Blocked, EffectCall};

/// The outcomes of the calls so far, in order, and what they mean for the calls after them.
#[derive(Debug)]
pub(super) struct Answers<'c> {
    calls: &'c [EffectCall],
    outcomes: Vec<Outcome>,
    /// Calls whose effects are kept back: their outcome is a guess until the next barrier, or until the run is told.
    kept: Vec<usize>,
    blocked: Blocked,
}

impl<'c> Answers<'c> {
    /// Nothing is answered.
    pub(super) fn new(calls: &'c [EffectCall]) -> Self {
        Self { calls, outcomes: Vec::with_capacity(calls.len()), kept: Vec::new(), blocked: Blocked::default() }
    }

    /// The call that is to be answered next.
    pub(super) fn next(&self) -> Option<&'c EffectCall> {
        self.calls.get(self.outcomes.len())
    }

    /// Whether a call before it takes it along.
    pub(super) fn holds(&self, call: &EffectCall) -> bool {
        self.blocked.holds(call)
    }

    /// Answers the next call.
    pub(super) fn push(&mut self, outcome: Outcome) {
        if let Some(call) = self.next() {
            self.blocked.note(call, &outcome);
            self.outcomes.push(outcome);
        }
    }

    /// Answers the next call with the guess that its effect will be performed.
    pub(super) fn push_kept(&mut self, outcome: Outcome) {
        self.kept.push(self.outcomes.len());
        self.push(outcome);
    }

    /// Answers this call, and with it all that follow: the guest is stopped here.
    pub(super) fn stop(&mut self, at: usize, failure: Failure) {
        self.outcomes.truncate(at);
        self.push(Outcome::Failed(failure));
    }

    /// What became of the effects that were kept back, in order: the guesses are replaced. Gives the last that failed.
    pub(super) fn correct(&mut self, outcomes: impl IntoIterator<Item = Outcome>) -> Option<(EffectId, Failure)> {
        let mut failed = None;
        for (at, outcome) in std::mem::take(&mut self.kept).into_iter().zip(outcomes) {
            let Some((call, slot)) = self.calls.get(at).zip(self.outcomes.get_mut(at)) else { continue };
            if let Outcome::Failed(failure) = &outcome {
                failed = Some((call.effect_id.clone(), failure.clone()));
            }
            self.blocked.note(call, &outcome);
            *slot = outcome;
        }
        failed
    }

    /// One outcome for each call; those that are not answered were not performed.
    pub(super) fn finish(mut self) -> Vec<Outcome> {
        self.outcomes.resize_with(self.calls.len(), || Outcome::NotPerformed);
        self.outcomes
    }
}
