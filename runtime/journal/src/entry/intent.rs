//! An external effect is about to be sent.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

use super::Effect;
use crate::External;

const FOREIGN_TX: u8 = 1;
const KEYED: u8 = 2;
const NATURAL: u8 = 3;
const UNPROVEN: u8 = 4;

/// Durable before an external effect is sent. Without a [result](super::EffectResult) the effect is in doubt.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Which effect.
    pub effect: Effect,
    /// Until when it may be sent: the call's time-out and the skew of clocks from now, in microseconds since
    /// 1970-01-01T00:00:00Z. Egress does not send after it, and a successor does nothing before it.
    pub deadline_us: i64,
    /// What its binding promises. Recorded, since the catalog may change while the run waits.
    pub guarantee: External,
}

impl Intent {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        self.effect.encode(encoder);
        encoder.zigzag(self.deadline_us);
        match self.guarantee {
            External::ForeignTx => encoder.byte(FOREIGN_TX),
            External::Keyed { window_us } => {
                encoder.byte(KEYED);
                encoder.varint(window_us);
            }
            External::Natural => encoder.byte(NATURAL),
            External::Unproven => encoder.byte(UNPROVEN),
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let effect = Effect::decode(decoder)?;
        let deadline_us = decoder.zigzag()?;
        let guarantee = match decoder.byte()? {
            FOREIGN_TX => External::ForeignTx,
            KEYED => External::Keyed { window_us: decoder.varint()? },
            NATURAL => External::Natural,
            UNPROVEN => External::Unproven,
            _ => return Err(decoder.error("unknown guarantee")),
        };
        Ok(Self { effect, deadline_us, guarantee })
    }
}
