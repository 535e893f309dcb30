//! Values as text and as JSON.

use alloc::string::{String, ToString};
use core::fmt::Write;

use rust_decimal::Decimal;

use super::Value;

/// The text of a value inside a longer string: null is empty, a string is itself, timestamps are RFC 3339, lists and
/// objects are JSON.
pub fn to_text(value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Str(text) => out.push_str(text),
        Value::Time(instant) => write_display(out, instant),
        _ => to_json(value, out),
    }
}

/// The value as compact JSON. Decimals are written in full, without an exponent; timestamps as RFC 3339 strings.
pub fn to_json(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(n) => write_display(out, n),
        Value::Num(n) => out.push_str(&render_decimal(*n)),
        Value::Str(text) => quote(text, out),
        Value::Time(instant) => {
            out.push('"');
            write_display(out, instant);
            out.push('"');
        }
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                to_json(item, out);
            }
            out.push(']');
        }
        Value::Record(record) => {
            out.push('{');
            for (i, (name, value)) in record.members().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                to_json(value, out);
            }
            out.push('}');
        }
    }
}

/// A decimal in its shortest form: no trailing zeros, no `.0`.
pub fn render_decimal(n: Decimal) -> String {
    n.normalize().to_string()
}

fn write_display(out: &mut String, value: &impl core::fmt::Display) {
    // Writing into a `String` cannot fail.
    let _ = write!(out, "{value}");
}

/// A JSON string (RFC 8259): quotes, backslashes and control characters escaped, everything else as it is.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
