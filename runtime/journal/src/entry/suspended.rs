//! The run waits.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

/// The instance is gone; a timer, or a person, brings the run back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// For what.
    pub why: Why,
    /// Until when at the latest, in microseconds since 1970-01-01T00:00:00Z.
    pub until_us: i64,
}

/// What a run waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A decision.
    Approval,
    /// The next attempt of something that failed.
    Retry,
    /// A time: a quota's reset, or the deadline of a predecessor's intent.
    Delay,
}

impl Suspended {
    pub(super) fn encode(self, encoder: &mut Encoder) {
        encoder.byte(self.why as u8);
        encoder.zigzag(self.until_us);
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let number = decoder.byte()?;
        let why = [Why::Approval, Why::Retry, Why::Delay].into_iter().find(|why| *why as u8 == number);
        let why = why.ok_or_else(|| decoder.error("unknown reason to wait"))?;
        Ok(Self { why, until_us: decoder.zigzag()? })
    }
}
