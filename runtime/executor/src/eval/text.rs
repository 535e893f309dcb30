//! Values as text, within the limit of a string.

use alcove_builtins::percent_encode;
use alcove_plan::{
    failure::Failure,
    limits::STRING_BYTES_MAX,
    value::{Value, to_text},
};

use crate::measure::measure;

/// A value that has more than this many bytes encoded also has more text than a string may have: no value takes less
/// than an eighth of its encoded size as text.
const ENCODED_BYTES_MAX: usize = 8 * STRING_BYTES_MAX;

/// The texts of values, joined.
pub(super) fn join(parts: &[Value]) -> Result<Value, Failure> {
    let mut out = String::new();
    for part in parts {
        write(part, &mut out)?;
    }
    Ok(Value::from(out))
}

/// The text of one value.
pub(super) fn render(value: &Value) -> Result<Value, Failure> {
    join(std::slice::from_ref(value))
}

/// The text with what HTML gives a meaning as entities. Null stays null.
pub(super) fn escape_html(value: &Value) -> Result<Value, Failure> {
    escape(value, |text, out| {
        for character in text.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
    })
}

/// The text percent-encoded, all but the unreserved characters of RFC 3986. Null stays null.
pub(super) fn escape_url(value: &Value) -> Result<Value, Failure> {
    escape(value, |text, out| out.extend(percent_encode(text)))
}

/// Refuses a text that is longer than a string may be.
pub(super) fn check_len(len: usize) -> Result<(), Failure> {
    if len > STRING_BYTES_MAX {
        let message = format!("a text has more than {STRING_BYTES_MAX} bytes; shorten what it is made of");
        return Err(Failure::limit("string", STRING_BYTES_MAX as u64, message));
    }
    Ok(())
}

fn write(value: &Value, out: &mut String) -> Result<(), Failure> {
    match value {
        Value::Str(text) => check_len(out.len() + text.len())?,
        Value::List(_) | Value::Record(_) => check_len(measure(value, ENCODED_BYTES_MAX).map_or(usize::MAX, |_| 0))?,
        _ => {}
    }
    to_text(value, out);
    check_len(out.len())
}

fn escape(value: &Value, write: impl FnOnce(&str, &mut String)) -> Result<Value, Failure> {
    let rendered = match value {
        Value::Null => return Ok(Value::Null),
        Value::Str(text) => Value::Str(text.clone()),
        other => render(other)?,
    };
    let text = rendered.as_str().unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    write(text, &mut out);
    check_len(out.len())?;
    Ok(Value::from(out))
}
