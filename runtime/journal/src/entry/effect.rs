//! Which effect an entry is about.

use alcove_ids::EffectId;
use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::Digest,
    limits::LOOP_DEPTH_MAX,
    value::Value,
};

/// One call of an action, as the journal knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Its identity.
    pub id: EffectId,
    /// Its place: the position among the plan's actions.
    pub action: u32,
    /// Indices of the loops around it, outermost first; at most two.
    pub indices: Vec<u32>,
    /// What it is recognised by: [`digest_of_call`](crate::digest_of_call).
    pub digest: Digest,
    /// Its rendered parameters for whoever reads the log, as the app's `log_values` allows; null for none. No replay
    /// goes by them.
    pub shown: Value,
}

impl Effect {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.str(self.id.as_str());
        encoder.varint(u64::from(self.action));
        encode_indices(encoder, &self.indices);
        encoder.raw(&self.digest.0);
        encode_part(encoder, std::slice::from_ref(&self.shown));
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            id: decode_id(decoder)?,
            action: decoder.index()?,
            indices: decode_indices(decoder)?,
            digest: decode_digest(decoder)?,
            shown: decode_value(decoder)?,
        })
    }
}

pub(super) fn encode_indices(encoder: &mut Encoder, indices: &[u32]) {
    encoder.count(indices.len());
    for index in indices {
        encoder.varint(u64::from(*index));
    }
}

pub(super) fn decode_indices(decoder: &mut Decoder<'_>) -> Result<Vec<u32>, DecodeError> {
    let count = decoder.count(1)?;
    if count > LOOP_DEPTH_MAX {
        return Err(decoder.error("too many loop indices"));
    }
    (0..count).map(|_| decoder.index()).collect()
}

pub(crate) fn decode_id(decoder: &mut Decoder<'_>) -> Result<EffectId, DecodeError> {
    let text = decoder.str()?;
    EffectId::parse(text).map_err(|_| decoder.error("not an effect id"))
}

pub(crate) fn decode_digest(decoder: &mut Decoder<'_>) -> Result<Digest, DecodeError> {
    let mut digest = Digest([0; 32]);
    for byte in &mut digest.0 {
        *byte = decoder.byte()?;
    }
    Ok(digest)
}

/// Values with a length of their own around them.
pub(super) fn encode_part(encoder: &mut Encoder, values: &[Value]) {
    let mut part = Encoder::new();
    for value in values {
        part.value(value);
    }
    encoder.bytes(&part.into_bytes());
}

/// So many values with a length of their own around them.
pub(super) fn decode_part(decoder: &mut Decoder<'_>, count: usize) -> Result<Vec<Value>, DecodeError> {
    let mut part = Decoder::new(decoder.bytes()?);
    if count > part.remaining() {
        return Err(decoder.error("more values than bytes"));
    }
    let values: Result<Vec<_>, _> = (0..count).map(|_| part.value()).collect();
    let values = values.map_err(|inner| decoder.error(inner.what))?;
    part.finish().map_err(|inner| decoder.error(inner.what))?;
    Ok(values)
}

pub(super) fn decode_value(decoder: &mut Decoder<'_>) -> Result<Value, DecodeError> {
    let mut values = decode_part(decoder, 1)?;
    values.pop().ok_or_else(|| decoder.error("no value"))
}
