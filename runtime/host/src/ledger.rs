//! Which effects of a run have happened, so that none happens twice within it.

use std::collections::HashMap;

use alcove_plan::{
    codec::{Encoder, Outcome},
    value::Value,
};

use crate::backend::Call;

/// The place of an effect in its run: its action and the indices of at most two loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EffectKey {
    action: usize,
    indices: [u32; 2],
}

/// The outcomes of a run, within a budget of bytes.
#[derive(Debug)]
pub(crate) struct Ledger {
    entries: HashMap<EffectKey, Kept>,
    bytes_left: usize,
}

/// What is known of an effect that happened or failed.
#[derive(Debug)]
enum Kept {
    /// It happened and has no outputs: most effects.
    Done,
    /// Its outcome.
    Outcome(Box<Outcome>),
    /// Its outcome did not fit the budget.
    Forgotten,
}

/// What a guest gets that asks for an effect.
#[derive(Debug, PartialEq)]
pub(crate) enum Known {
    /// It has not happened: it may be performed.
    New,
    /// Its outcome, again.
    Outcome(Outcome),
    /// It has happened, but its outcome was not kept.
    Forgotten,
}

impl EffectKey {
    /// The key of a checked call, which has two indices at most.
    pub(crate) fn of(call: &Call) -> Self {
        let mut indices = call.indices.iter().copied();
        // Calls of one action have the same number of indices, so padding makes no two of them the same.
        Self { action: call.action, indices: [indices.next().unwrap_or(0), indices.next().unwrap_or(0)] }
    }
}

impl Ledger {
    /// An empty ledger that keeps so many bytes of outcomes. The number of entries is bounded by whoever adds them.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { entries: HashMap::new(), bytes_left: bytes }
    }

    /// What is known of an effect.
    pub(crate) fn look_up(&self, key: EffectKey) -> Known {
        match self.entries.get(&key) {
            None => Known::New,
            Some(Kept::Done) => Known::Outcome(Outcome::Performed(Vec::new())),
            Some(Kept::Outcome(outcome)) => Known::Outcome((**outcome).clone()),
            Some(Kept::Forgotten) => Known::Forgotten,
        }
    }

    /// Adds what became of an effect: only what happened or failed is an outcome.
    pub(crate) fn record(&mut self, key: EffectKey, outcome: &Outcome) {
        let kept = match outcome {
            Outcome::NotPerformed | Outcome::Suspended => return,
            Outcome::Performed(outputs) if outputs.is_empty() => Kept::Done,
            Outcome::Performed(outputs) => self.keep(outcome, encoded_len(outputs)),
            Outcome::Failed(failure) => self.keep(outcome, failure.message.len()),
        };
        self.entries.insert(key, kept);
    }

    fn keep(&mut self, outcome: &Outcome, bytes: usize) -> Kept {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Kept::Outcome(Box::new(outcome.clone()))
            }
            None => Kept::Forgotten,
        }
    }
}

fn encoded_len(values: &[Value]) -> usize {
    let mut encoder = Encoder::new();
    for value in values {
        encoder.value(value);
    }
    encoder.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(action: usize, indices: &[u32]) -> EffectKey {
        EffectKey::of(&Call { action, indices: indices.to_vec(), values: Vec::new() })
    }

    #[test]
    fn an_outcome_is_given_again_for_the_same_action_and_indices_only() {
        let mut ledger = Ledger::new(100);
        let outcome = Outcome::Performed(vec![Value::Int(7)]);
        ledger.record(key(1, &[2, 3]), &outcome);
        assert_eq!(ledger.look_up(key(1, &[2, 3])), Known::Outcome(outcome));
        for other in [key(0, &[2, 3]), key(1, &[3, 2]), key(1, &[2, 4])] {
            assert_eq!(ledger.look_up(other), Known::New);
        }
    }

    #[test]
    fn what_was_not_performed_may_be_performed_later() {
        let mut ledger = Ledger::new(100);
        ledger.record(key(0, &[]), &Outcome::NotPerformed);
        ledger.record(key(1, &[]), &Outcome::Suspended);
        assert_eq!(ledger.look_up(key(0, &[])), Known::New);
        assert_eq!(ledger.look_up(key(1, &[])), Known::New);
    }

    #[test]
    fn past_the_budget_an_effect_is_known_but_its_outcome_is_not() {
        let text = |n| Outcome::Performed(vec![Value::from("x".repeat(n))]);
        // Tag and length are two bytes more.
        let mut ledger = Ledger::new(10);
        ledger.record(key(0, &[]), &text(8));
        ledger.record(key(1, &[]), &text(1));
        ledger.record(key(2, &[]), &Outcome::Performed(Vec::new()));
        assert_eq!(ledger.look_up(key(0, &[])), Known::Outcome(text(8)));
        assert_eq!(ledger.look_up(key(1, &[])), Known::Forgotten);
        assert_eq!(ledger.look_up(key(2, &[])), Known::Outcome(Outcome::Performed(Vec::new())));
    }
}
