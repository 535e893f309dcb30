//! The header. What is inside is tested where it is verified.

use std::vec::Vec;

use super::{Digest, OpenError, PLAN_BYTES_MAX, SealError, open, seal};
use crate::verify::tests::sample::sample;

fn sealed() -> Vec<u8> {
    let (plan, program) = sample();
    seal(&plan, &program).unwrap()
}

fn reseal(bytes: &mut [u8]) {
    let digest = Digest::of(&bytes[38..]);
    bytes[6..38].copy_from_slice(&digest.0);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(sealed(), sealed());
    let bytes = sealed();
    let text = std::format!("{}", open(&bytes).unwrap().digest);
    assert_eq!(text.len(), 64);
}

#[test]
fn a_wrong_header_is_named() {
    let changed = |at: usize| {
        let mut bytes = sealed();
        bytes[at] ^= 1;
        open(&bytes).unwrap_err()
    };
    assert_eq!(changed(0), OpenError::NotAPlan);
    assert_eq!(changed(3), OpenError::NotAPlan);
    assert_eq!(changed(4), OpenError::Version { found: 0 });
    assert_eq!(changed(5), OpenError::Version { found: 257 });
    assert_eq!(changed(6), OpenError::Damaged);
    assert_eq!(changed(38), OpenError::Damaged);
    assert_eq!(changed(100), OpenError::Damaged);
}

#[test]
fn every_truncation_is_refused() {
    let bytes = sealed();
    for len in 0..bytes.len() {
        let expected = if len < 42 { OpenError::Truncated } else { OpenError::Damaged };
        assert_eq!(open(&bytes[..len]), Err(expected), "cut at {len}");
    }
}

#[test]
fn lengths_of_sections_are_held_against_the_bytes() {
    let mut bytes = sealed();
    bytes[38..42].copy_from_slice(&u32::MAX.to_le_bytes());
    reseal(&mut bytes);
    assert_eq!(open(&bytes), Err(OpenError::Truncated));
    let mut bytes = sealed();
    bytes.push(0);
    reseal(&mut bytes);
    let left_over = OpenError::Malformed { section: "guest", reason: "1 bytes left over".into() };
    assert_eq!(open(&bytes), Err(left_over));
}

#[test]
fn a_plan_has_a_largest_size() {
    let (mut plan, program) = sample();
    let padding = PLAN_BYTES_MAX - sealed().len();
    // The length of the name grows from one byte to three.
    plan.name = "x".repeat(plan.name.len() + padding - 2);
    let bytes = seal(&plan, &program).unwrap();
    assert_eq!(bytes.len(), PLAN_BYTES_MAX);
    assert!(open(&bytes).is_ok());
    plan.name.push('x');
    let len = PLAN_BYTES_MAX + 1;
    assert_eq!(seal(&plan, &program), Err(SealError::TooLarge { len }));
    assert_eq!(open(&[bytes, std::vec![0]].concat()), Err(OpenError::TooLarge { len }));
}

#[test]
fn a_digest_reads_back_from_its_text_and_from_nothing_else() {
    let digest = Digest::of(b"plan");
    let text = std::format!("{digest}");
    assert_eq!(Digest::from_hex(&text), Some(digest));
    for other in ["", "00", &std::format!("{text}0"), &text.replace(|c: char| c.is_ascii_digit(), "x")] {
        assert_eq!(Digest::from_hex(other), None, "{other}");
    }
}
