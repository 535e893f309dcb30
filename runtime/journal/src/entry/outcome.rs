//! What became of an effect, for good.

use alcove_plan::{
    codec::{self, DecodeError, Decoder, Encoder},
    failure::Failure,
    value::Value,
};

use super::effect::{decode_part, encode_part};

const PERFORMED: u8 = 0;
const FAILED: u8 = 1;

/// What became of an effect. A call that was left out or waits has no outcome, and no entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It happened. One value for each output of the action.
    Performed(Vec<Value>),
    /// It did not happen, or, with [`Code::UnknownOutcome`](alcove_plan::failure::Code::UnknownOutcome), nobody knows.
    Failed(Failure),
}

impl From<Outcome> for codec::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Performed(outputs) => Self::Performed(outputs),
            Outcome::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl Outcome {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Performed(outputs) => {
                encoder.byte(PERFORMED);
                encoder.count(outputs.len());
                encode_part(encoder, outputs);
            }
            Self::Failed(failure) => {
                encoder.byte(FAILED);
                encoder.failure(failure);
            }
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.byte()? {
            PERFORMED => {
                let count = decoder.count(1)?;
                decode_part(decoder, count).map(Self::Performed)
            }
            FAILED => decoder.failure().map(Self::Failed),
            _ => Err(decoder.error("unknown kind of outcome")),
        }
    }
}
