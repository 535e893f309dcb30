//! Members of a payload, as Shopify writes them.

use alcove_catalog::ingest;
use alcove_execution::ToldRow;
use serde_json::{Value, json};

use crate::ControlError;

/// A number of Shopify that names something, as text.
pub(super) fn id(payload: &Value, member: &str) -> Result<String, ControlError> {
    match payload.get(member) {
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(wrong(member, "a number or text that names it")),
    }
}

/// A text; empty where there is none.
pub(super) fn text<'p>(payload: &'p Value, member: &str) -> &'p str {
    payload.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// Money, which Shopify writes as text, so that no digit of it is lost.
pub(super) fn amount(payload: &Value, member: &str) -> Result<Value, ControlError> {
    let digits = match payload.get(member) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(wrong(member, "an amount such as `199.00`")),
    };
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let read = is_plain.then(|| ingest::json(digits.as_bytes()).ok()).flatten();
    read.ok_or_else(|| wrong(member, "an amount such as `199.00`"))
}

/// A row of these members, without those of which the payload says nothing.
pub(super) fn row(connector: &'static str, mut row: Value) -> ToldRow {
    if let Value::Object(members) = &mut row {
        members.retain(|_, value| !value.is_null());
    }
    ToldRow { connector, row }
}

/// When something was, if the payload says it.
pub(super) fn time(payload: &Value, member: &str) -> Value {
    payload.get(member).and_then(Value::as_str).map_or(Value::Null, |time| json!(time))
}

/// The items of a list; none where there is no list.
pub(super) fn items<'p>(payload: &'p Value, member: &str) -> &'p [Value] {
    payload.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// An integer; 0 where there is none.
pub(super) fn count(payload: &Value, member: &str) -> i64 {
    payload.get(member).and_then(Value::as_i64).unwrap_or_default()
}

fn wrong(member: &str, wanted: &str) -> ControlError {
    ControlError::Unfit(format!("the webhook's `{member}` must be {wanted}"))
}
