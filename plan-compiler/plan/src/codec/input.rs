//! The *input* message: what a run begins with.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{DecodeError, Decoder, Encoder};
use crate::value::{Timestamp, Value};

/// What a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// `now`, the same all through the run.
    pub now: Timestamp,
    /// `tenant_id`.
    pub tenant_id: String,
    /// `app_id`.
    pub app_id: String,
    /// `execution_id`.
    pub execution_id: String,
    /// Which delay fired.
    pub delay: Option<DelayIndex>,
    /// The zone of dates; `None` for UTC.
    pub zone: Option<Zone>,
    /// The event, an object; null without one.
    pub event: Value,
}

/// An index into the plan's delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayIndex(pub u32);

/// A time zone as the host knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// TZif data (RFC 9636).
    pub tzif: Vec<u8>,
}

impl Input {
    /// Writes the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::message();
        encoder.zigzag(self.now.micros());
        for id in [&self.tenant_id, &self.app_id, &self.execution_id] {
            encoder.str(id);
        }
        match self.delay {
            None => encoder.byte(0),
            Some(DelayIndex(index)) => {
                encoder.byte(1);
                encoder.varint(u64::from(index));
            }
        }
        match &self.zone {
            None => encoder.byte(0),
            Some(zone) => {
                encoder.byte(1);
                encoder.str(&zone.name);
                encoder.bytes(&zone.tzif);
            }
        }
        encoder.value(&self.event);
        encoder.into_bytes()
    }

    /// Reads the message.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::message(bytes)?;
        let micros = decoder.zigzag()?;
        let now = Timestamp::from_micros(micros).ok_or_else(|| decoder.error("timestamp out of range"))?;
        let tenant_id = decoder.str()?.to_string();
        let app_id = decoder.str()?.to_string();
        let execution_id = decoder.str()?.to_string();
        let delay = match decoder.byte()? {
            0 => None,
            1 => Some(DelayIndex(decoder.index()?)),
            _ => return Err(decoder.error("unknown mark of an option")),
        };
        let zone = match decoder.byte()? {
            0 => None,
            1 => Some(Zone { name: decoder.str()?.to_string(), tzif: decoder.bytes()?.to_vec() }),
            _ => return Err(decoder.error("unknown mark of an option")),
        };
        let event = decoder.value()?;
        decoder.finish()?;
        Ok(Self { now, tenant_id, app_id, execution_id, delay, zone, event })
    }
}
