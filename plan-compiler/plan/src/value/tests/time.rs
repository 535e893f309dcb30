//! Instants.

use std::string::ToString;

use crate::value::Timestamp;

fn micros(text: &str) -> Option<i64> {
    Timestamp::parse(text).map(Timestamp::micros)
}

#[test]
fn rfc_3339_is_read() {
    for (text, expected) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 01:00:00+01:00", 0),
        ("1970-01-01T00:00:01.5-00:00", 1_500_000),
        ("1970-01-01T00:00:00.123456789Z", 123_456),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000_000),
    ] {
        assert_eq!(micros(text), Some(expected), "{text}");
    }
}

#[test]
fn anything_else_is_refused() {
    for text in [
        "",
        "1970-01-01",
        "1970-01-01T00:00:00",
        "1970-01-01T00:00Z",
        "19700101T000000Z",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00,5Z",
        "1970-01-01T00:00:00+0100",
        "1970-01-01T00:00:00+01",
        "1970-01-01T00:00:00Z[UTC]",
        "+001970-01-01T00:00:00Z",
        " 1970-01-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1970-13-01T00:00:00Z",
        "1970-01-01T24:00:00Z",
        "１970-01-01T00:00:00Z",
    ] {
        assert_eq!(micros(text), None, "{text}");
    }
}

#[test]
fn text_has_a_fraction_only_where_there_is_one() {
    let text = |micros| Timestamp::from_micros(micros).unwrap().to_string();
    assert_eq!(text(0), "1970-01-01T00:00:00Z");
    assert_eq!(text(1), "1970-01-01T00:00:00.000001Z");
    assert_eq!(text(-500_000), "1969-12-31T23:59:59.5Z");
}

#[test]
fn the_range_ends_just_inside_the_years_9999() {
    let (first, last) = (-377_705_023_201_000_000, 253_402_207_200_000_000);
    assert!(Timestamp::from_micros(first).is_some() && Timestamp::from_micros(first - 1).is_none());
    assert!(Timestamp::from_micros(last).is_some() && Timestamp::from_micros(last + 1).is_none());
}
