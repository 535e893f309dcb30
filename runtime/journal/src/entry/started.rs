//! The run has begun: everything that it is pinned to.

use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::Digest,
};

use super::effect::decode_digest;

/// What a run begins with, and what it keeps to until it ends, whatever is deployed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The plan.
    pub plan: Digest,
    /// The executor component.
    pub executor: Digest,
    /// The version of the builtins' semantics.
    pub builtins_version: u16,
    /// The version of the time-zone data, such as `2026a`.
    pub tz_version: String,
    /// The *input* message: `now`, ids, event, zone.
    pub input: Vec<u8>,
}

impl Started {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.raw(&self.plan.0);
        encoder.raw(&self.executor.0);
        encoder.varint(u64::from(self.builtins_version));
        encoder.str(&self.tz_version);
        encoder.bytes(&self.input);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            plan: decode_digest(decoder)?,
            executor: decode_digest(decoder)?,
            builtins_version: u16::try_from(decoder.varint()?).map_err(|_| decoder.error("version too large"))?,
            tz_version: decoder.str()?.to_owned(),
            input: decoder.bytes()?.to_vec(),
        })
    }
}
