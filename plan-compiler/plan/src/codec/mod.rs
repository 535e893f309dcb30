//! The encoding of everything that crosses between host and guest, as `wit/encoding.md` specifies it.
//!
//! | message | writer | reader |
//! |---|---|---|
//! | input | [`Input::encode`] | [`Input::decode`] |
//! | arguments | [`encode_arguments`] | [`Decoder::message`], then [`Decoder::value`] for each hole |
//! | page | [`PageWriter`] | [`PageReader`] |
//! | batch | [`BatchWriter`] | [`BatchReader`] |
//! | outcomes | [`OutcomesWriter`] | [`OutcomesReader`] |
//! | report | [`encode_value`] | [`decode_value`] |

mod batch;
mod decoder;
mod encoder;
mod input;
mod literal;
mod outcomes;
mod page;
mod parts;
#[cfg(test)]
mod tests;

pub use batch::{BatchReader, BatchWriter, CallHeader};
pub use decoder::{DecodeError, Decoder};
pub use encoder::Encoder;
pub use input::{DelayIndex, Input, Zone};
pub use literal::Literal;
pub use outcomes::{Outcome, OutcomesReader, OutcomesWriter};
pub use page::{PageReader, PageWriter};
pub use parts::{CONTAINERS_FREE, Parts, VALUES_FREE};

use alloc::vec::Vec;

use crate::value::Value;

/// The first byte of each message.
pub const VERSION: u8 = 1;

/// A message of one value.
pub fn encode_value(value: &Value) -> Vec<u8> {
    encode_arguments(core::slice::from_ref(value))
}

/// Reads a message of one value.
pub fn decode_value(bytes: &[u8]) -> Result<Value, DecodeError> {
    let mut decoder = Decoder::message(bytes)?;
    let value = decoder.value()?;
    decoder.finish()?;
    Ok(value)
}

/// An *arguments* message.
pub fn encode_arguments(values: &[Value]) -> Vec<u8> {
    let mut encoder = Encoder::message();
    for value in values {
        encoder.value(value);
    }
    encoder.into_bytes()
}
