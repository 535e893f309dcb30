//! Messages: each comes back as it was written, and is refused one past its bounds.

use std::{vec, vec::Vec};

use proptest::prelude::*;

use crate::{
    codec::{
        BatchReader, BatchWriter, CallHeader, DelayIndex, Input, Outcome, OutcomesReader, OutcomesWriter, PageReader,
        PageWriter, Zone,
    },
    failure::{CODES, Code, Failure},
    value::{Timestamp, Value, tests::any_value},
};

fn input() -> Input {
    Input {
        now: Timestamp::from_micros(1).unwrap(),
        tenant_id: "t".into(),
        app_id: "a".into(),
        execution_id: "e".into(),
        delay: Some(DelayIndex(3)),
        zone: Some(Zone { name: "Europe/Paris".into(), tzif: vec![1, 2, 3] }),
        event: Value::object([("type", Value::from("user.created"))]),
    }
}

#[test]
fn input_comes_back_and_every_truncation_is_refused() {
    let plain = Input { delay: None, zone: None, event: Value::Null, ..input() };
    for input in [input(), plain] {
        let bytes = input.encode();
        assert_eq!(Input::decode(&bytes), Ok(input));
        assert!((0..bytes.len()).all(|len| Input::decode(&bytes[..len]).is_err()));
        assert_eq!(Input::decode(&[bytes, vec![0]].concat()).unwrap_err().what, "bytes left over");
    }
}

#[test]
fn marks_of_options_are_zero_or_one() {
    let plain = Input { delay: None, zone: None, event: Value::Null, ..input() }.encode();
    for from_end in [3, 2] {
        let mut bytes = plain.clone();
        let at = bytes.len() - from_end;
        bytes[at] = 2;
        assert_eq!(Input::decode(&bytes).unwrap_err().what, "unknown mark of an option");
    }
}

#[test]
fn pages_come_back() {
    let mut writer = PageWriter::new();
    let rows = [[Value::Int(1), Value::Null], [Value::Int(2), "b".into()]];
    for row in &rows {
        writer.row(row);
    }
    let bytes = writer.finish(true, false);
    let mut reader = PageReader::new(&bytes, 2).unwrap();
    assert_eq!((reader.last, reader.cut, reader.rows_left()), (true, false, 2));
    assert_eq!(reader.next_row(), Ok(Some(rows[0].to_vec())));
    assert_eq!(reader.next_row(), Ok(Some(rows[1].to_vec())));
    assert_eq!(reader.next_row(), Ok(None));
}

#[test]
fn pages_past_their_bounds_are_refused() {
    let what = |bytes: &[u8]| PageReader::new(bytes, 2).unwrap_err().what;
    assert_eq!(what(&[1, 4, 0]), "unknown flags");
    assert_eq!(what(&[1, 0, 2, 0, 0, 0]), "count exceeds the message");
    let mut reader = PageReader::new(&[1, 3, 0, 0], 2).unwrap();
    assert!(reader.last && reader.cut);
    assert_eq!(reader.next_row().unwrap_err().what, "bytes left over");
}

#[test]
fn batches_come_back() {
    let mut writer = BatchWriter::new();
    writer.call(3, &[], &["x".into()]);
    writer.call(4, &[7, 4_999], &[]);
    assert_eq!((writer.count(), writer.is_empty(), writer.len()), (2, false, 10));
    let bytes = writer.finish();
    let mut reader = BatchReader::new(&bytes).unwrap();
    assert_eq!(reader.next_call(), Ok(Some(CallHeader { action: 3, indices: vec![] })));
    assert_eq!(reader.value(), Ok("x".into()));
    assert_eq!(reader.next_call(), Ok(Some(CallHeader { action: 4, indices: vec![7, 4_999] })));
    assert_eq!(reader.next_call(), Ok(None));
}

#[test]
fn batches_past_their_bounds_are_refused() {
    let calls = |count: u32| {
        let mut writer = BatchWriter::new();
        (0..count).for_each(|_| writer.call(0, &[], &[]));
        writer.finish()
    };
    assert_eq!(BatchReader::new(&calls(1_024)).unwrap().calls_left(), 1_024);
    assert_eq!(BatchReader::new(&calls(1_025)).unwrap_err().what, "too many calls");
    assert_eq!(BatchReader::new(&[1, 2, 0, 0]).unwrap_err().what, "count exceeds the message");
    let first = |bytes: &[u8]| BatchReader::new(bytes).unwrap().next_call().map_err(|error| error.what);
    assert_eq!(first(&[1, 1, 0, 3, 0, 0, 0]), Err("too many loop indices"));
    assert_eq!(first(&[1, 1, 0x80, 0x80, 0x80, 0x80, 0x10, 0]), Err("index too large"));
    assert_eq!(first(&[1, 0, 0]), Err("bytes left over"));
}

#[test]
fn outcomes_come_back() {
    let mut outcomes = vec![
        Outcome::Performed(vec![Value::Int(1), Value::Null]),
        Outcome::NotPerformed,
        Outcome::Suspended,
        Outcome::Failed(Failure::limit("emails", 2_000, "too many")),
    ];
    outcomes.extend(CODES.map(|code| Outcome::Failed(Failure::new(code, "x"))));
    let mut writer = OutcomesWriter::new();
    for outcome in &outcomes {
        writer.outcome(outcome);
    }
    let bytes = writer.finish();
    let mut reader = OutcomesReader::new(&bytes).unwrap();
    for outcome in outcomes {
        assert_eq!(reader.next_outcome(2), Ok(Some(outcome)));
    }
    assert_eq!(reader.next_outcome(2), Ok(None));
}

#[test]
fn outcomes_past_their_bounds_are_refused() {
    let first =
        |bytes: &[u8]| OutcomesReader::new(bytes).and_then(|mut reader| reader.next_outcome(1)).unwrap_err().what;
    assert_eq!(first(&[1, 1, 4]), "unknown kind of outcome");
    assert_eq!(first(&[1, 1, 1, 10, 0, 0]), "unknown code");
    assert_eq!(first(&[1, 1, 1, 0, 0, 2]), "unknown mark of an option");
    assert_eq!(first(&[1, 2, 2]), "count exceeds the message");
    assert_eq!(first(&[1, 0, 0]), "bytes left over");
}

#[test]
fn codes_stand_where_their_numbers_say() {
    assert!(CODES.iter().enumerate().all(|(i, code)| usize::from(code.wire()) == i));
    assert_eq!(Code::from_wire(10), None);
}

/// Reads as a side would that knows the plan.
fn read_everything(bytes: &[u8]) {
    let _ = Input::decode(bytes);
    if let Ok(mut page) = PageReader::new(bytes, 2) {
        while let Ok(Some(_)) = page.next_row() {}
    }
    if let Ok(mut batch) = BatchReader::new(bytes) {
        while let Ok(Some(_)) = batch.next_call() {
            let _ = batch.value();
        }
    }
    if let Ok(mut outcomes) = OutcomesReader::new(bytes) {
        while let Ok(Some(_)) = outcomes.next_outcome(1) {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(mut bytes: Vec<u8>) {
        bytes.insert(0, 1);
        read_everything(&bytes);
    }

    #[test]
    fn rows_come_back(rows in proptest::collection::vec([any_value(), any_value()], 0..5), last: bool, cut: bool) {
        let mut writer = PageWriter::new();
        for row in &rows {
        writer.row(row);
    }
        let bytes = writer.finish(last, cut);
        let mut reader = PageReader::new(&bytes, 2).unwrap();
        prop_assert_eq!((reader.last, reader.cut), (last, cut));
        for row in rows {
            prop_assert_eq!(reader.next_row(), Ok(Some(row.to_vec())));
        }
        prop_assert_eq!(reader.next_row(), Ok(None));
    }
}
