//! Comparison, rendering, instants; and the values that properties are tried on.

mod any;
mod order;
mod record;
mod text;
mod time;

pub(crate) use any::any_value;

use rust_decimal::Decimal;

use super::Value;

/// A decimal value from its text.
pub(crate) fn num(text: &str) -> Value {
    Value::Num(text.parse::<Decimal>().unwrap())
}
