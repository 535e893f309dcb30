//! Limits at and one past, wrong kinds, zones.

use std::{iter::repeat_n, string::String, string::ToString, vec, vec::Vec};

use alcove_plan::{
    failure::{Code, Failure, LimitHit},
    limits::STRING_BYTES_MAX,
    value::{Timestamp, Value},
};
use jiff::tz::TimeZone;

use super::{eval, eval_in, num, time};
use crate::{ALL, Env, EvalError, Sample};

fn message(result: Result<Value, EvalError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn wrong_kinds_are_errors_with_names() {
    let object = Value::object([("a", Value::Int(1))]);
    let cases: Vec<(&str, Value, Vec<Value>, &str)> = vec![
        ("uppercase", Value::Int(1), vec![], "`uppercase` takes a string, not integer"),
        ("first", "x".into(), vec![], "`first` takes a list, not string"),
        (
            "plus",
            Value::Int(1),
            vec!["1d".into()],
            "argument `amount` of `plus` must be a number or a string, not string",
        ),
        ("plus", "2026-13-01".into(), vec!["1d".into()], "`plus` takes a number or a timestamp, not string"),
        (
            "minus",
            time("2026-01-01T00:00:00Z"),
            vec![Value::Int(1)],
            "argument `amount` of `minus` must be a number or a string, not integer",
        ),
        (
            "join",
            Value::list(vec![object]),
            vec![",".into()],
            "`join` takes a list of scalars, not list with an object in it",
        ),
        (
            "join",
            Value::list(vec![]),
            vec![Value::Int(1)],
            "argument `separator` of `join` must be a string, not integer",
        ),
        ("truncate", "x".into(), vec![Value::Int(0)], "argument `length` of `truncate` must be at least 1"),
        ("round", num("1.5"), vec![Value::Int(29)], "argument `decimals` of `round` must be from 0 to 28"),
        ("uppercase", "x".into(), vec![Value::Int(1)], "`uppercase` got 1 arguments"),
        ("replace", "x".into(), vec![], "`replace` got 0 arguments"),
    ];
    for (name, input, args, expected) in cases {
        assert_eq!(message(eval(name, input, &args)), expected);
    }
}

#[test]
fn no_input_of_any_kind_panics() {
    let samples = [
        Value::Bool(true),
        Value::Int(i64::MIN),
        num("-0.0"),
        num("9999999999999999999999999999"),
        "ﬁ\u{0}🎉".into(),
        earliest(),
        latest(),
        Value::list(vec![Value::Null, "x".into()]),
        Value::object([("a", Value::Null)]),
    ];
    for builtin in ALL {
        for input in &samples {
            for example in builtin.examples {
                let args: Vec<Value> = example.args.iter().map(Sample::value).collect();
                let _ = builtin.eval(&Env { zone: &TimeZone::UTC }, input, &args);
            }
            for arg in &samples {
                let _ = builtin.eval(&Env { zone: &TimeZone::UTC }, input, &[arg.clone(), arg.clone()]);
                let _ = builtin.eval(&Env { zone: &TimeZone::UTC }, input, core::slice::from_ref(arg));
            }
        }
    }
}

#[test]
fn strings_end_at_64_kib() {
    let full: String = repeat_n('a', STRING_BYTES_MAX).collect();
    let half: String = repeat_n('a', STRING_BYTES_MAX / 2).collect();
    assert_eq!(eval("uppercase", full.as_str(), &[]).unwrap().as_str().map(str::len), Some(STRING_BYTES_MAX));
    let past = String::from("ŉ") + &half + half.get(3..).unwrap();
    assert_eq!(past.len(), STRING_BYTES_MAX - 1);
    assert_eq!(eval("uppercase", past.as_str(), &[]).unwrap().as_str().map(str::len), Some(STRING_BYTES_MAX));
    let past = String::from("ŉŉ") + &half + half.get(5..).unwrap();
    assert_eq!(past.len(), STRING_BYTES_MAX - 1);
    let failure = Failure::from(eval("uppercase", past.as_str(), &[]).unwrap_err());
    assert_eq!((failure.code, failure.limit), (Code::Limit, Some(LimitHit { name: "string".into(), value: 65_536 })));

    let items = |n| Value::list(repeat_n(Value::from("aaaa"), n).collect());
    assert!(eval("join", items(16_384), &["".into()]).is_ok());
    assert!(eval("join", items(16_385), &["".into()]).is_err());
    assert!(eval("json", full.get(2..).unwrap(), &[]).is_ok());
    assert!(eval("json", full.get(1..).unwrap(), &[]).is_err());
    assert!(eval("replace", half.as_str(), &["a".into(), "bb".into()]).is_ok());
    assert!(eval("replace", full.as_str(), &["a".into(), full.as_str().into()]).is_err());
    assert!(eval("url_encode", &*" ".repeat(21_845), &[]).is_ok());
    assert!(eval("url_encode", &*" ".repeat(21_846), &[]).is_err());
}

#[test]
fn a_small_value_with_a_huge_text_is_refused_before_it_is_written() {
    let mut value = Value::from("x".repeat(1_000));
    for _ in 0..20 {
        value = Value::list(vec![value.clone(), value.clone(), value.clone(), value]);
    }
    assert!(matches!(eval("json", value, &[]), Err(EvalError::TooLong { .. })));
}

#[test]
fn integers_end_at_64_bits() {
    let max = Value::Int(i64::MAX);
    assert_eq!(eval("plus", Value::Int(i64::MAX - 1), &[Value::Int(1)]), Ok(max.clone()));
    assert_eq!(message(eval("plus", max.clone(), &[Value::Int(1)])), "the result of `plus` is out of range");
    assert!(eval("minus", Value::Int(i64::MIN), &[Value::Int(1)]).is_err());
    assert!(eval("times", max.clone(), &[Value::Int(2)]).is_err());
    assert_eq!(eval("floor", num("9223372036854775807.9"), &[]), Ok(max.clone()));
    assert!(eval("ceil", num("9223372036854775807.1"), &[]).is_err());
    assert_eq!(eval("round", num("9223372036854775807.4"), &[]), Ok(max));
    assert!(eval("round", num("9223372036854775807.5"), &[]).is_err());
    let failure = Failure::from(eval("times", Value::Int(i64::MAX), &[Value::Int(2)]).unwrap_err());
    assert_eq!((failure.code, failure.limit), (Code::Action, None));
}

#[test]
fn timestamps_end_with_the_calendar() {
    assert!(eval("plus", latest(), &["0s".into()]).is_ok());
    assert!(eval("plus", latest(), &["1s".into()]).is_err());
    assert!(eval("plus", time("2026-01-01T00:00:00Z"), &["9223372036854775s".into()]).is_err());
    assert!(eval("start_of", earliest(), &["week".into()]).is_err());
}

#[test]
fn text_from_untyped_places_is_read_as_a_timestamp() {
    assert_eq!(eval("date", "2026-01-31T12:00:00Z", &[]), Ok("Jan 31".into()));
    assert!(eval("date", "yesterday", &[]).is_err());
}

fn earliest() -> Value {
    Value::Time(Timestamp::from_micros(jiff::Timestamp::MIN.as_microsecond()).unwrap())
}

fn latest() -> Value {
    Value::Time(Timestamp::from_micros(jiff::Timestamp::MAX.as_second() * 1_000_000).unwrap())
}

/// One hour ahead of UTC, two in summer.
fn zone() -> TimeZone {
    TimeZone::posix("AAA-1BBB,M3.5.0/2,M10.5.0/3").unwrap()
}

#[test]
fn dates_and_starts_are_those_of_the_zone() {
    let late = time("2026-01-31T23:30:00Z");
    assert_eq!(eval_in(&zone(), "date", late.clone(), &["%F %H:%M %:z".into()]), Ok("2026-02-01 00:30 +01:00".into()));
    let starts = [("day", "2026-01-31T23:00:00Z"), ("month", "2026-01-31T23:00:00Z"), ("week", "2026-01-25T23:00:00Z")];
    for (unit, expected) in starts {
        assert_eq!(eval_in(&zone(), "start_of", late.clone(), &[unit.into()]), Ok(time(expected)), "{unit}");
    }
    let summer = time("2026-03-30T12:00:00Z");
    assert_eq!(eval_in(&zone(), "start_of", summer, &["week".into()]), Ok(time("2026-03-29T22:00:00Z")));
}

#[test]
fn a_day_that_begins_in_a_gap_begins_after_it_and_durations_ignore_clocks() {
    let zone = TimeZone::posix("AAA0BBB,M3.5.0/0,M10.5.0/0").unwrap();
    let noon = time("2026-03-29T12:00:00Z");
    assert_eq!(eval_in(&zone, "start_of", noon.clone(), &["day".into()]), Ok(time("2026-03-29T00:00:00Z")));
    assert_eq!(eval_in(&zone, "date", time("2026-03-29T00:00:00Z"), &["%H:%M".into()]), Ok("01:00".into()));
    assert_eq!(eval_in(&zone, "minus", noon, &["1d".into()]), Ok(time("2026-03-28T12:00:00Z")));
}

#[test]
fn a_pattern_that_is_none_is_an_error_also_at_run_time() {
    assert!(eval("date", time("2026-01-01T00:00:00Z"), &["%".into()]).is_err());
    assert!(eval("date", time("2026-01-01T00:00:00Z"), &["x".repeat(256).into()]).is_ok());
    assert!(eval("date", time("2026-01-01T00:00:00Z"), &["x".repeat(257).into()]).is_err());
}

#[test]
fn large_numbers_are_grouped_whole() {
    let large = num("9999999999999999999999999999");
    assert_eq!(eval("number", large.clone(), &[]), Ok("9,999,999,999,999,999,999,999,999,999".into()));
    assert_eq!(eval("currency", large, &[]), Ok("$9,999,999,999,999,999,999,999,999,999.00".into()));
    for (n, text) in [(0, "0"), (12, "12"), (123, "123"), (1_234, "1,234"), (i64::MIN, "-9,223,372,036,854,775,808")] {
        assert_eq!(eval("number", Value::Int(n), &[]), Ok(text.into()));
    }
}
