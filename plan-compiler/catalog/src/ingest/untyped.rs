//! Values without a declared type.

use alcove_plan::{
    limits::STRING_BYTES_MAX,
    value::{DEPTH_MAX, Value, render_decimal},
};
use rust_decimal::Decimal;
use serde_json::{Map, Number};

use super::IngestError;

/// 10²⁸: a decimal's digits are below it.
const DIGITS_END: u128 = 10_u128.pow(28);
/// How much of a number messages show.
const SHOWN_DIGITS: usize = 40;

/// A JSON value as a value of the language: integers of 64 bits as `i`, other numbers as `n`, exactly; strings stay
/// strings, also where they look like timestamps.
pub fn value(json: &serde_json::Value) -> Result<Value, IngestError> {
    nested(json, 0)
}

/// The same for a value that will stand inside `depth` lists and objects.
pub(super) fn nested(json: &serde_json::Value, depth: usize) -> Result<Value, IngestError> {
    use serde_json::Value as Json;
    if depth >= DEPTH_MAX && (json.is_array() || json.is_object()) {
        return Err(IngestError::TooDeep);
    }
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => number(n)?,
        Json::String(text) => Value::from(bounded(text)?),
        Json::Array(items) => Value::list(items.iter().map(|item| nested(item, depth + 1)).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| Ok((bounded(name)?, nested(value, depth + 1)?)));
            Value::object(members.collect::<Result<Vec<_>, IngestError>>()?)
        }
    })
}

/// A value as JSON: decimals in full, timestamps as RFC 3339 strings.
pub fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(n) => Json::from(*n),
        Value::Num(n) => {
            let text = render_decimal(*n);
            // The text of a decimal is a JSON number, so the other branch is never taken.
            text.parse::<Number>().map_or(Json::String(text), Json::Number)
        }
        Value::Str(text) => Json::from(&**text),
        Value::Time(time) => Json::String(time.to_string()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Record(record) => {
            let members = record.members().map(|(name, value)| (String::from(&**name), to_json(value)));
            Json::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// The word that messages use for the kind of a JSON value.
pub(super) fn kind_name(json: &serde_json::Value) -> &'static str {
    use serde_json::Value as Json;
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(n) if is_integer(n.as_str()) => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

/// The text, if it is not longer than any string may be.
pub(super) fn bounded(text: &str) -> Result<&str, IngestError> {
    if text.len() > STRING_BYTES_MAX { Err(IngestError::StringTooLong { len: text.len() }) } else { Ok(text) }
}

fn number(number: &Number) -> Result<Value, IngestError> {
    let text = number.as_str();
    if is_integer(text)
        && let Ok(n) = text.parse()
    {
        return Ok(Value::Int(n));
    }
    let exact = decimal(text).map(|n| n.normalize()).filter(|n| n.mantissa().unsigned_abs() < DIGITS_END);
    exact.map(Value::Num).ok_or_else(|| IngestError::Number { number: text.chars().take(SHOWN_DIGITS).collect() })
}

fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

/// The decimal that the text says, if it can be said exactly.
fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    let significant = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    Decimal::from_str_exact(significant).ok()
}
