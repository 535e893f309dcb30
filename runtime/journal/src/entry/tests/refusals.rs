//! What a reader does not accept, and what it says.

use alcove_plan::{codec::Encoder, failure::Failure};

use super::super::*;

/// A record of these bytes after the length.
fn framed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    encoder.bytes(bytes);
    encoder.into_bytes()
}

fn refusal(bytes: &[u8]) -> String {
    read_journal(bytes).unwrap_err().to_string()
}

#[test]
fn a_kind_of_a_newer_build_is_refused() {
    let expected = "journal record 0: kind 13 is not known to this build; a newer one has written it";
    assert_eq!(refusal(&framed(&[1, 13, 0])), expected);
    assert_eq!(refusal(&framed(&[1, 0, 0])), expected.replace("13", "0"));
}

#[test]
fn a_version_of_a_newer_build_is_refused() {
    let expected = "journal record 0: version 2 of kind 8 is not known to this build (it reads up to 1)";
    assert_eq!(refusal(&framed(&[2, 8, 0, 0, 0])), expected);
    assert_eq!(refusal(&framed(&[0, 8, 0, 0, 0])), expected.replace("version 2", "version 0"));
}

#[test]
fn a_refusal_says_which_record_it_is() {
    let mut bytes = framed(&[1, 8, 0, 0, 0]);
    bytes.extend(framed(&[1]));
    assert_eq!(refusal(&bytes), "journal record 1: cut off");
}

#[test]
fn bytes_left_over_in_a_record_are_refused() {
    assert_eq!(refusal(&framed(&[1, 8, 0, 0, 0, 0])), "journal record 0: malformed message at byte 5: bytes left over");
}

#[test]
fn a_count_that_could_not_be_true_is_refused_before_it_is_believed() {
    // 2^40 local effects in no bytes.
    let mut encoder = Encoder::new();
    encoder.raw(&[1, 5, 0]);
    encoder.varint(1 << 40);
    assert!(refusal(&framed(&encoder.into_bytes())).contains("count exceeds the message"));
}

#[test]
fn loops_are_as_deep_as_the_language_has_them_and_no_deeper() {
    let indices = |count: u8| {
        let mut encoder = Encoder::new();
        encoder.raw(&[1, 6, 0]);
        encoder.str("eff_1");
        encoder.raw(&[0, count]);
        encoder.raw(&vec![0; usize::from(count)]);
        encoder.raw(&[0; 32]);
        encoder.raw(&[1, 0]);
        encoder.raw(&[0; 33]);
        framed(&encoder.into_bytes())
    };
    assert!(read_journal(&indices(2)).is_ok());
    assert!(refusal(&indices(3)).contains("too many loop indices"));
}

#[test]
fn every_part_has_its_own_bound_on_values() {
    use alcove_plan::value::Value;
    // Twice the number of lists that one message of this length may hold.
    let outputs = || Outcome::Performed(vec![Value::list(vec![Value::list(Vec::new()); 60_000])]);
    let effect = |n: u32| Effect {
        id: alcove_ids::EffectId::parse(&format!("eff_{n}")).unwrap(),
        action: n,
        indices: Vec::new(),
        digest: alcove_plan::envelope::Digest([0; 32]),
        shown: Value::Null,
    };
    let effects = (0..4).map(|n| LocalEffect { effect: effect(n), outcome: outputs() }).collect();
    let record = Record { at_us: 0, entry: Entry::LocalEffects(LocalEffects { effects }) };
    assert_eq!(read_journal(&write_journal([&record])), Ok(vec![record]));
}

#[test]
fn messages_name_no_types() {
    let failure = Failure::new(alcove_plan::failure::Code::External, "x");
    let ending = Ending::Failed { failure, place: 3 };
    assert_eq!(ending.to_string(), "failed at place 3, E007: x");
}
