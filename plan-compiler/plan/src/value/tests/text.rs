//! Values as text and as JSON.

use std::{string::String, vec};

use super::num;
use crate::value::{Timestamp, Value, to_json, to_text};

fn json(value: &Value) -> String {
    let mut out = String::new();
    to_json(value, &mut out);
    out
}

fn text(value: &Value) -> String {
    let mut out = String::new();
    to_text(value, &mut out);
    out
}

#[test]
fn numbers_are_shortest_and_without_exponent() {
    for (number, expected) in [
        ("1.0", "1"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("-0.0", "0"),
        ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("-12.340", "-12.34"),
    ] {
        assert_eq!(text(&num(number)), expected);
        assert_eq!(json(&num(number)), expected);
    }
    assert_eq!(text(&Value::Int(i64::MIN)), "-9223372036854775808");
}

#[test]
fn a_negative_zero_that_arithmetic_made_is_zero() {
    let zero = Value::Num(-rust_decimal::Decimal::ZERO);
    assert_eq!(text(&zero), "0");
}

#[test]
fn text_of_null_is_empty_and_of_strings_themselves() {
    assert_eq!(text(&Value::Null), "");
    assert_eq!(text(&"a\"b".into()), "a\"b");
    assert_eq!(text(&Value::Bool(true)), "true");
    assert_eq!(text(&Value::Time(Timestamp::from_micros(1_500_000).unwrap())), "1970-01-01T00:00:01.5Z");
}

#[test]
fn lists_and_objects_are_compact_json() {
    let value = Value::object([
        ("a", Value::list(vec![Value::Null, Value::Bool(false), num("2.50")])),
        ("t", Value::Time(Timestamp::from_micros(0).unwrap())),
        ("é\"", "x".into()),
    ]);
    let expected = r#"{"a":[null,false,2.5],"t":"1970-01-01T00:00:00Z","é\"":"x"}"#;
    assert_eq!(json(&value), expected);
    assert_eq!(text(&value), expected);
    assert_eq!(json(&Value::list(vec![])), "[]");
    assert_eq!(json(&Value::object::<&str>([])), "{}");
}

#[test]
fn control_characters_quotes_and_backslashes_are_escaped() {
    assert_eq!(
        json(&"\u{0}\u{1f}\u{8}\u{c}\n\r\t\"\\/\u{7f}\u{2028}😀".into()),
        "\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\/\u{7f}\u{2028}😀\""
    );
}
