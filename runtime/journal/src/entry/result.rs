//! An external effect was settled.

use alcove_ids::EffectId;
use alcove_plan::codec::{DecodeError, Decoder, Encoder};

use super::{Outcome, effect::decode_id};

/// What became of an external effect: the answer of who performed it, the verdict that nobody knows (E013), or the word
/// of a person about the latter.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectResult {
    /// Which effect.
    pub effect: EffectId,
    /// What became of it.
    pub outcome: Outcome,
}

impl EffectResult {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.str(self.effect.as_str());
        self.outcome.encode(encoder);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { effect: decode_id(decoder)?, outcome: Outcome::decode(decoder)? })
    }
}
