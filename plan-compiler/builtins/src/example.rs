//! Examples: constants that documentation shows and tests run.

use alcove_plan::value::{Timestamp, Value};
use rust_decimal::Decimal;

/// An input, its arguments and what they give in UTC.
#[derive(Debug)]
pub struct Example {
    /// The input.
    pub input: Sample,
    /// The arguments.
    pub args: &'static [Sample],
    /// The result.
    pub output: Sample,
}

/// A value that can be written as a constant.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A decimal, as text.
    Num(&'static str),
    /// Text.
    Str(&'static str),
    /// A timestamp, as RFC 3339.
    Time(&'static str),
    /// A list.
    List(&'static [Sample]),
    /// An object.
    Object(&'static [(&'static str, Sample)]),
}

impl Sample {
    /// The value; null where the text of a number or a timestamp cannot be read, which the tests rule out.
    pub fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(n) => Value::Int(*n),
            Self::Num(text) => Decimal::from_str_exact(text).map_or(Value::Null, Value::Num),
            Self::Str(text) => Value::str(*text),
            Self::Time(text) => Timestamp::parse(text).map_or(Value::Null, Value::Time),
            Self::List(items) => Value::list(items.iter().map(Self::value).collect()),
            Self::Object(members) => Value::object(members.iter().map(|(name, value)| (*name, value.value()))),
        }
    }
}
