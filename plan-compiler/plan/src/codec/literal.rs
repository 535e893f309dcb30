//! Constants inside a plan.

use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Decoder, Encoder};
use crate::value::Value;

/// A constant: on the wire the bytes of a value in the codec of this module, so that its depth is bounded by one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal(pub Value);

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut encoder = Encoder::new();
        encoder.value(&self.0);
        serializer.serialize_bytes(&encoder.into_bytes())
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes: &[u8] = Deserialize::deserialize(deserializer)?;
        let mut decoder = Decoder::new(bytes);
        let value = decoder.value().map_err(D::Error::custom)?;
        decoder.finish().map_err(D::Error::custom)?;
        Ok(Self(value))
    }
}

impl From<Vec<Value>> for Literal {
    fn from(items: Vec<Value>) -> Self {
        Self(Value::list(items))
    }
}
