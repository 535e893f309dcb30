//! Rules for arguments that several filters share.

use alcove_plan::value::Value;

use crate::{decimal::DIGITS_MAX, parse_duration};

/// Text must be a duration.
pub(super) fn duration(amount: &Value) -> Result<(), &'static str> {
    match amount.as_str() {
        Some(text) if parse_duration(text).is_none() => Err("must be a duration, such as `30d` or `1d12h`"),
        _ => Ok(()),
    }
}

/// A number of decimals.
pub(super) fn decimals(decimals: &Value) -> Result<(), &'static str> {
    match decimals {
        Value::Int(n) if *n < 0 || *n > i64::from(DIGITS_MAX) => Err("must be from 0 to 28"),
        _ => Ok(()),
    }
}
