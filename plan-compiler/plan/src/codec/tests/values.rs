//! Primitives and values.

use std::{vec, vec::Vec};

use proptest::prelude::*;

use crate::{
    codec::{DecodeError, Decoder, Encoder, Parts, decode_value, encode_value},
    value::{Timestamp, Value, tests::any_value, tests::num},
};

fn read(bytes: &[u8]) -> Result<Value, &'static str> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.value().map_err(|error| error.what)?;
    decoder.finish().map_err(|error| error.what)?;
    Ok(value)
}

fn varint(bytes: &[u8]) -> Result<u64, &'static str> {
    let mut decoder = Decoder::new(bytes);
    let n = decoder.varint().map_err(|error| error.what)?;
    decoder.finish().map_err(|error| error.what)?;
    Ok(n)
}

#[test]
fn varints_have_one_form() {
    assert_eq!(varint(&[0]), Ok(0));
    assert_eq!(varint(&[0x7f]), Ok(127));
    assert_eq!(varint(&[0x80, 1]), Ok(128));
    assert_eq!(varint(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Ok(u64::MAX));
    assert_eq!(varint(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), Err("integer too large"));
    assert_eq!(varint(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0]), Err("integer too large"));
    assert_eq!(varint(&[0x80, 0]), Err("integer not in shortest form"));
    assert_eq!(varint(&[0x80]), Err("cut off"));
    assert_eq!(varint(&[]), Err("cut off"));
}

#[test]
fn each_kind_has_the_bytes_of_the_specification() {
    let time = |micros| Value::Time(Timestamp::from_micros(micros).unwrap());
    let cases: Vec<(Value, &[u8])> = vec![
        (Value::Null, &[0]),
        (Value::Bool(false), &[1]),
        (Value::Bool(true), &[2]),
        (Value::Int(-1), &[3, 1]),
        (Value::Int(1), &[3, 2]),
        (Value::Int(i64::MIN), &[3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        (num("1.5"), &[4, 1, 0, 15, 0]),
        (num("-1.5"), &[4, 1, 1, 15, 0]),
        (num("18446744073709551616"), &[4, 0, 0, 0, 1]),
        ("é".into(), &[5, 2, 0xc3, 0xa9]),
        (time(-1), &[6, 1]),
        (Value::list(vec![Value::Null, Value::Bool(true)]), &[7, 2, 0, 2]),
        (Value::object([("b", Value::Null), ("a", Value::Int(0))]), &[8, 2, 1, b'b', 0, 1, b'a', 3, 0]),
    ];
    for (value, bytes) in cases {
        let mut encoder = Encoder::new();
        encoder.value(&value);
        assert_eq!(encoder.into_bytes(), bytes);
        assert_eq!(read(bytes), Ok(value));
    }
}

#[test]
fn what_is_past_a_bound_is_refused() {
    for (bytes, expected) in [
        (&[9][..], "unknown tag"),
        (&[4, 29, 0, 0, 0], "decimal out of range"),
        (&[4, 0, 2, 1, 0], "decimal out of range"),
        (&[4, 0, 1, 0, 0], "zero with a sign"),
        (&[4, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x10], "decimal out of range"),
        (&[5, 1, 0xff], "not UTF-8"),
        (&[5, 2, b'a'], "count exceeds the message"),
        (&[7, 2, 0], "count exceeds the message"),
        (&[8, 1, 0], "count exceeds the message"),
        (&[8, 2, 1, b'a', 0, 1, b'a', 0], "name repeated"),
        (&[0, 0], "bytes left over"),
        (&[6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], "timestamp out of range"),
        (&[3], "cut off"),
    ] {
        assert_eq!(read(bytes), Err(expected), "{bytes:?}");
    }
    assert!(read(&[4, 28, 0, 1, 0]).is_ok());
    assert_eq!(read(&[4, 28, 0, 0, 0]), Ok(num("0")));
}

#[test]
fn negative_zero_is_written_as_zero() {
    let zero = Value::Num(-rust_decimal::Decimal::ZERO);
    assert_eq!(encode_value(&zero), [1, 4, 0, 0, 0, 0]);
}

#[test]
fn nesting_is_bounded() {
    let lists = |depth: usize| [[7, 1].repeat(depth), vec![0]].concat();
    assert!(read(&lists(32)).is_ok());
    assert_eq!(read(&lists(33)), Err("nested too deeply"));
    let objects = |depth: usize| [[8, 1, 0].repeat(depth), vec![0]].concat();
    assert!(read(&objects(32)).is_ok());
    assert_eq!(read(&objects(33)), Err("nested too deeply"));
    assert_eq!(read(&vec![7; 1_000_000]), Err("nested too deeply"));
}

/// Each level claims as many members as could follow; none of it is there.
#[test]
fn claimed_counts_cost_nothing() {
    let mut message = Vec::new();
    for _ in 0..32 {
        message.extend([8, 0xff, 0xff, 0x3f, 0]);
    }
    message.resize(4 * 1024 * 1024, 0xff);
    assert!(read(&message).is_err());
}

/// A list of `count` times `item`, as bytes.
fn list_of(item: &[u8], count: usize) -> Vec<u8> {
    let mut encoder = Encoder::new();
    encoder.byte(7);
    encoder.count(count);
    encoder.raw(&item.repeat(count));
    encoder.into_bytes()
}

#[test]
fn the_number_of_values_is_bounded_by_the_length() {
    // With the list itself n + 1 values in n + 4 bytes, of which 262,144 + (n + 4) / 4 are allowed.
    assert!(read(&list_of(&[0], 349_525)).is_ok());
    assert_eq!(read(&list_of(&[0], 349_526)), Err("too many values"));
}

#[test]
fn who_writes_a_message_counts_as_its_reader_does() {
    for (value, reads) in [
        (Value::list(vec![Value::Null; 349_525]), true),
        (Value::list(vec![Value::Null; 349_526]), false),
        (Value::list(vec![Value::list(Vec::new()); 67_649]), true),
        (Value::list(vec![Value::object::<&str>([]); 67_650]), false),
    ] {
        let bytes = encode_value(&value);
        let mut parts = Parts::default();
        parts.add(&value);
        assert_eq!(parts.fit(bytes.len()), reads);
        assert_eq!(decode_value(&bytes).err().is_some_and(|error| error.is_too_much()), !reads);
    }
}

#[test]
fn the_number_of_lists_and_objects_is_bounded_by_the_length() {
    for empty in [[7, 0], [8, 0]] {
        // With the list itself n + 1 of them in 2 n + 4 bytes, of which 65,536 + (2 n + 4) / 64 are allowed.
        assert!(read(&list_of(&empty, 67_649)).is_ok());
        assert_eq!(read(&list_of(&empty, 67_650)), Err("too many lists and objects"));
    }
}

#[test]
fn messages_have_a_version_and_end_where_they_end() {
    assert_eq!(decode_value(&[1, 0]), Ok(Value::Null));
    assert_eq!(decode_value(&[2, 0]), Err(DecodeError { at: 0, what: "unknown version" }));
    assert_eq!(decode_value(&[1, 0, 0]), Err(DecodeError { at: 2, what: "bytes left over" }));
    assert_eq!(decode_value(&[]), Err(DecodeError { at: 0, what: "cut off" }));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn values_come_back_and_have_one_form(value in any_value()) {
        let bytes = encode_value(&value);
        let back = decode_value(&bytes);
        prop_assert_eq!(back.as_ref(), Ok(&value));
        prop_assert_eq!(encode_value(&back.unwrap()), bytes);
    }

    #[test]
    fn every_truncation_is_refused(value in any_value()) {
        let bytes = encode_value(&value);
        for len in 0..bytes.len() {
            prop_assert!(decode_value(&bytes[..len]).is_err());
        }
    }

    #[test]
    fn random_bytes_are_refused_or_are_the_one_form_of_a_value(mut bytes: Vec<u8>) {
        bytes.insert(0, 1);
        if let Ok(value) = decode_value(&bytes) {
            prop_assert_eq!(encode_value(&value), bytes);
        }
    }
}
