//! What one barrier commits.

use alcove_plan::codec;

use crate::entry::{Effect, Entry, LocalEffect, LocalEffects, Outcome, Record};

/// Reads and local effects on their way into one transaction.
#[derive(Clone, Debug)]
pub struct Batch<C> {
    reads: Vec<Record>,
    effects: Vec<Effect>,
    calls: Vec<C>,
}

/// A batch whose effects were performed, in a transaction that is not committed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// What the same transaction appends to the journal. May be empty.
    pub records: Vec<Record>,
    /// What became of each effect, in order.
    pub outcomes: Vec<codec::Outcome>,
}

/// Why outcomes do not fit a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// Too few, or too many.
    #[error("{given} outcomes for {wanted} local effects")]
    Number {
        /// How many there are.
        given: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A local effect is not an approval.
    #[error("local effect {position} of the batch is suspended")]
    Suspended {
        /// Which, from 0.
        position: usize,
    },
}

impl<C> Batch<C> {
    pub(super) fn new(reads: Vec<Record>, effects: Vec<(Effect, C)>) -> Self {
        let (effects, calls) = effects.into_iter().unzip();
        Self { reads, effects, calls }
    }

    /// What is to be performed, in order.
    pub fn calls(&self) -> &[C] {
        &self.calls
    }

    /// Makes the entries for what became of the calls: one outcome for each. Only what was performed or failed is
    /// recorded; a call that a failure took with it was not made.
    pub fn settle(self, at_us: i64, outcomes: Vec<codec::Outcome>) -> Result<Settled, SettleError> {
        let (given, wanted) = (outcomes.len(), self.effects.len());
        if given != wanted {
            return Err(SettleError::Number { given, wanted });
        }
        let mut effects = Vec::with_capacity(wanted);
        for (position, (effect, outcome)) in self.effects.into_iter().zip(&outcomes).enumerate() {
            let outcome = match outcome {
                codec::Outcome::Performed(outputs) => Outcome::Performed(outputs.clone()),
                codec::Outcome::Failed(failure) => Outcome::Failed(failure.clone()),
                codec::Outcome::NotPerformed => continue,
                codec::Outcome::Suspended => return Err(SettleError::Suspended { position }),
            };
            effects.push(LocalEffect { effect, outcome });
        }
        let mut records = self.reads;
        if !effects.is_empty() {
            records.push(Record { at_us, entry: Entry::LocalEffects(LocalEffects { effects }) });
        }
        Ok(Settled { records, outcomes })
    }
}

impl Settled {
    /// Whether a run that was told of the first `told` effects that they were performed has gone on by a wrong answer.
    /// It is dropped then, and executed again against the journal.
    pub fn misled(&self, told: usize) -> bool {
        self.outcomes.iter().take(told).any(|outcome| !matches!(outcome, codec::Outcome::Performed(_)))
    }
}
