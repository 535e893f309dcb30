//! People were asked.

use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::Digest,
};

use super::{Effect, effect::decode_digest};

/// A `request_approval` that waits. What was agreed to is what the preview showed, of this effect, of the run's plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ApprovalRequested {
    /// The call of `request_approval`.
    pub effect: Effect,
    /// What the approver is shown: [`digest_of_preview`](crate::digest_of_preview).
    pub preview: Digest,
    /// When it expires, in microseconds since 1970-01-01T00:00:00Z.
    pub expires_us: i64,
}

impl ApprovalRequested {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        self.effect.encode(encoder);
        encoder.raw(&self.preview.0);
        encoder.zigzag(self.expires_us);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { effect: Effect::decode(decoder)?, preview: decode_digest(decoder)?, expires_us: decoder.zigzag()? })
    }
}
