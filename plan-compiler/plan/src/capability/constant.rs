//! Constants of a plan as JSON.

use alloc::{format, string::ToString};

use rust_decimal::prelude::ToPrimitive;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use crate::value::{Value, render_decimal};

/// A constant. It serialises as the JSON that the language writes for it: a decimal is a number where JSON readers get
/// it back exactly, and a string otherwise; a timestamp is a string.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant(pub Value);

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Int(n) => serializer.serialize_i64(*n),
            Value::Num(n) => {
                let exact = render_decimal(*n);
                match n.to_f64().filter(|float| format!("{float}") == exact) {
                    Some(float) => serializer.serialize_f64(float),
                    None => serializer.serialize_str(&exact),
                }
            }
            Value::Str(text) => serializer.serialize_str(text),
            Value::Time(instant) => serializer.serialize_str(&instant.to_string()),
            Value::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| seq.serialize_element(&Self(item.clone())))?;
                seq.end()
            }
            Value::Record(record) => {
                let mut map = serializer.serialize_map(Some(record.cells().len()))?;
                record.members().try_for_each(|(name, value)| map.serialize_entry(&**name, &Self(value.clone())))?;
                map.end()
            }
        }
    }
}
