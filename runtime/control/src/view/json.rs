//! Stored JSON, which goes out as it is.

use serde_json::value::RawValue;

/// The JSON of a cell. What is stored was written by this program, so that it reads; `null` if it does not.
pub(super) fn json(text: Option<String>) -> Option<Box<RawValue>> {
    text.and_then(|text| RawValue::from_string(text).ok())
}
