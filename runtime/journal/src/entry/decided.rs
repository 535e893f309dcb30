//! People, or the time-out, have decided.

use alcove_ids::EffectId;
use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    limits::PARAM_PATH_MAX,
    value::Value,
};

use super::effect::{decode_id, decode_indices, decode_value, encode_indices, encode_part};

const APPROVED: u8 = 0;
const REJECTED: u8 = 1;
const EXPIRED: u8 = 2;
const MODIFIED: u8 = 3;

/// What was decided about an approval.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The call of `request_approval`.
    pub effect: EffectId,
    /// Who decided; `None` for the time-out.
    pub by: Option<String>,
    /// What.
    pub decision: Decision,
}

/// A decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// What was shown may happen.
    Approved,
    /// It may not: the run is cancelled.
    Rejected,
    /// Nobody decided in time: the run is cancelled.
    Expired,
    /// It may happen with these changes, which have been checked against types, allow-list and policy.
    Modified(Vec<Edit>),
}

/// One changed parameter of a call that was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The position among the plan's actions.
    pub action: u32,
    /// Indices of the loops around it, outermost first.
    pub indices: Vec<u32>,
    /// The parameter's name, then the keys of literal objects inside it.
    pub path: Vec<String>,
    /// What it is instead.
    pub value: Value,
}

impl Decided {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.str(self.effect.as_str());
        match &self.by {
            None => encoder.byte(0),
            Some(by) => {
                encoder.byte(1);
                encoder.str(by);
            }
        }
        match &self.decision {
            Decision::Approved => encoder.byte(APPROVED),
            Decision::Rejected => encoder.byte(REJECTED),
            Decision::Expired => encoder.byte(EXPIRED),
            Decision::Modified(edits) => {
                encoder.byte(MODIFIED);
                encoder.count(edits.len());
                for edit in edits {
                    edit.encode(encoder);
                }
            }
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let effect = decode_id(decoder)?;
        let by = match decoder.byte()? {
            0 => None,
            1 => Some(decoder.str()?.to_owned()),
            _ => return Err(decoder.error("unknown mark of an option")),
        };
        let decision = match decoder.byte()? {
            APPROVED => Decision::Approved,
            REJECTED => Decision::Rejected,
            EXPIRED => Decision::Expired,
            MODIFIED => {
                // An edit takes five bytes at least: action, two counts, and a part of one value.
                let count = decoder.count(5)?;
                Decision::Modified((0..count).map(|_| Edit::decode(decoder)).collect::<Result<_, _>>()?)
            }
            _ => return Err(decoder.error("unknown decision")),
        };
        Ok(Self { effect, by, decision })
    }
}

impl Edit {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.varint(u64::from(self.action));
        encode_indices(encoder, &self.indices);
        encoder.count(self.path.len());
        self.path.iter().for_each(|key| encoder.str(key));
        encode_part(encoder, std::slice::from_ref(&self.value));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let (action, indices) = (decoder.index()?, decode_indices(decoder)?);
        let keys = decoder.count(1)?;
        if keys > PARAM_PATH_MAX {
            return Err(decoder.error("path too long"));
        }
        let path = (0..keys).map(|_| Ok(decoder.str()?.to_owned())).collect::<Result<_, DecodeError>>()?;
        Ok(Self { action, indices, path, value: decode_value(decoder)? })
    }
}
