//! Bytes from someone who can compute digests.

use std::vec::Vec;

use super::sample::sample;
use crate::{
    capability::Manifest,
    envelope::{Digest, OpenError, seal},
    verify::{LoadError, load},
};

const BODY_AT: usize = 38;

fn sealed() -> Vec<u8> {
    let (plan, program) = sample();
    seal(&plan, &program).unwrap()
}

/// Puts the right digest on a changed body.
fn reseal(bytes: &mut [u8]) {
    let digest = Digest::of(&bytes[BODY_AT..]);
    bytes[6..BODY_AT].copy_from_slice(&digest.0);
}

/// A generator of reproducible numbers (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

#[test]
fn the_sample_loads_as_it_was_sealed() {
    let (plan, program) = sample();
    let bytes = sealed();
    let loaded = load(&bytes).unwrap();
    assert_eq!((&loaded.plan, &loaded.program), (&plan, &program));
    assert_eq!(crate::envelope::decode_program(loaded.program_bytes).unwrap(), program);
    assert_eq!(loaded.digest, Digest::of(&bytes[BODY_AT..]));
}

#[test]
fn every_truncation_is_refused_even_with_a_right_digest() {
    let whole = sealed();
    for len in 0..whole.len() {
        let mut bytes = whole[..len].to_vec();
        assert!(load(&bytes).is_err(), "cut at {len}");
        if len >= BODY_AT {
            reseal(&mut bytes);
            assert!(load(&bytes).is_err(), "cut at {len} and sealed again");
        }
    }
}

#[test]
fn a_hundred_thousand_flips_with_a_right_digest_are_refused_or_well_formed() {
    let whole = sealed();
    let mut numbers = Numbers(2);
    let mut accepted = 0;
    for _ in 0..100_000 {
        let mut bytes = whole.clone();
        for _ in 0..=numbers.below(3) {
            let at = BODY_AT + numbers.below(bytes.len() - BODY_AT);
            bytes[at] ^= 1 << numbers.below(8);
        }
        reseal(&mut bytes);
        if let Ok(loaded) = load(&bytes) {
            accepted += 1;
            let _ = Manifest::derive(&loaded.plan);
            assert_eq!(seal(&loaded.plan, &loaded.program).unwrap(), bytes, "a plan has one form");
        }
    }
    assert!(accepted > 0, "flips in texts and constants leave a plan well-formed");
}

#[test]
fn another_spelling_of_the_same_plan_is_refused() {
    let mut bytes = sealed();
    // The length of the name, `6`, as a varint of two bytes.
    let name_at = BODY_AT + 4;
    assert_eq!(bytes[name_at], 6);
    bytes.splice(name_at..=name_at, [0x86, 0]);
    let host_len = u32::from_le_bytes(bytes[BODY_AT..name_at].try_into().unwrap()) + 1;
    bytes[BODY_AT..name_at].copy_from_slice(&host_len.to_le_bytes());
    reseal(&mut bytes);
    let expected = OpenError::Malformed { section: "host", reason: "not in its canonical form".into() };
    assert_eq!(load(&bytes), Err(LoadError::Open(expected)));
}

#[test]
fn a_list_that_is_too_long_is_refused_while_it_is_read() {
    let (mut plan, program) = sample();
    plan.queries[1].filter.resize(257, crate::query::FilterNode::Not);
    let bytes = seal(&plan, &program).unwrap();
    assert!(matches!(load(&bytes), Err(LoadError::Open(OpenError::Malformed { section: "host", .. }))));
}
