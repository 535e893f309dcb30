//! Local effects were committed.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

use super::{Effect, Outcome};

/// What one barrier committed, in the very transaction that wrote this entry: in the order in which the run asked. An
/// external effect that was refused before anything was sent (its parameters, a quota) is among them, failed.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalEffects {
    /// The effects that were performed or failed. Those that a failure took with it are not here.
    pub effects: Vec<LocalEffect>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalEffect {
    /// Which effect.
    pub effect: Effect,
    /// What became of it.
    pub outcome: Outcome,
}

impl LocalEffects {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.count(self.effects.len());
        for LocalEffect { effect, outcome } in &self.effects {
            effect.encode(encoder);
            outcome.encode(encoder);
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        // An effect takes 40 bytes at least: its digest and a byte for each other part.
        let count = decoder.count(40)?;
        let effects = (0..count).map(|_| {
            let effect = Effect::decode(decoder)?;
            Ok(LocalEffect { effect, outcome: Outcome::decode(decoder)? })
        });
        Ok(Self { effects: effects.collect::<Result<_, _>>()? })
    }
}
