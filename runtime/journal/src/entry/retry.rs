//! Something that failed is tried again.

use alcove_ids::EffectId;
use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    failure::Failure,
};

use super::effect::decode_id;

const NOTHING: u8 = 0;
const READ: u8 = 1;
const EFFECT: u8 = 2;

/// A failure is put aside: what failed is asked again, live. Execution id and journal stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Whose retry it is.
    pub of: RetryOf,
    /// How many attempts have failed, this one included.
    pub attempt: u32,
    /// How it failed.
    pub failure: Failure,
    /// When it is tried again, in microseconds since 1970-01-01T00:00:00Z.
    pub due_us: i64,
    /// What is asked again; `None`: the run failed by itself, and continues where its journal ends.
    pub reopens: Option<Asked>,
}

/// Whose retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryOf {
    /// The action's own: nothing but that effect has been tried again.
    Action,
    /// The run's, by its settings.
    Run,
    /// A person's: `:retry`, or redrive of a dead letter.
    Person,
}

/// What a run has asked, by its identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// A page of a query.
    Read {
        /// The position among the plan's queries.
        query: u32,
        /// Which page.
        page: u32,
    },
    /// A call of an action.
    Effect(EffectId),
}

impl Retry {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.byte(self.of as u8);
        encoder.varint(u64::from(self.attempt));
        encoder.failure(&self.failure);
        encoder.zigzag(self.due_us);
        Asked::encode(self.reopens.as_ref(), encoder);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let number = decoder.byte()?;
        let of = [RetryOf::Action, RetryOf::Run, RetryOf::Person].into_iter().find(|of| *of as u8 == number);
        let of = of.ok_or_else(|| decoder.error("unknown kind of retry"))?;
        let (attempt, failure, due_us) = (decoder.index()?, decoder.failure()?, decoder.zigzag()?);
        Ok(Self { of, attempt, failure, due_us, reopens: Asked::decode(decoder)? })
    }
}

impl Asked {
    /// A question, or none.
    pub(crate) fn encode(asked: Option<&Self>, encoder: &mut Encoder) {
        match asked {
            None => encoder.byte(NOTHING),
            Some(Self::Read { query, page }) => {
                encoder.byte(READ);
                encoder.varint(u64::from(*query));
                encoder.varint(u64::from(*page));
            }
            Some(Self::Effect(id)) => {
                encoder.byte(EFFECT);
                encoder.str(id.as_str());
            }
        }
    }

    pub(crate) fn decode(decoder: &mut Decoder<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(match decoder.byte()? {
            NOTHING => None,
            READ => Some(Self::Read { query: decoder.index()?, page: decoder.index()? }),
            EFFECT => Some(Self::Effect(decode_id(decoder)?)),
            _ => return Err(decoder.error("unknown kind of question")),
        })
    }
}
