//! Damaged plans: the starter apps, compiled, cut and flipped. A plan is refused, or it runs within its limits.

use std::{path::Path, time::Duration};

use alcove_plan::envelope::Digest;
use serde_json::Value as Json;

use crate::{
    run::{STARTERS, read_case},
    scene::{Stage, to_json},
};

/// Where the digest of a plan stands, and where what it covers begins.
const DIGEST_AT: usize = 6;
const BODY_AT: usize = 38;
/// Flips that the envelope must find, over all apps.
const FLIPS: usize = 100_000;
/// Flips under a right digest, over all apps: each may end in a run.
const FORGERIES: usize = 2_000;

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

    fn flip(&mut self, bytes: &mut [u8], from: usize) {
        let at = from + self.below(bytes.len() - from);
        bytes[at] ^= 1 << self.below(8);
    }
}

/// Each starter app on its stage, with its plan.
async fn stages() -> Vec<(Stage, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/run");
    let mut stages = Vec::new();
    for name in STARTERS {
        let scene = read_case(&root.join(name));
        stages.push((scene.stage().await, scene.compile().unwrap()));
    }
    stages
}

#[tokio::test(flavor = "multi_thread")]
async fn every_truncation_is_refused() {
    for (stage, plan) in stages().await {
        assert!(stage.runner.load(&plan).is_ok());
        for len in 0..plan.len() {
            assert!(stage.runner.load(&plan[..len]).is_err(), "cut to {len} of {} bytes", plan.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_flipped_bits_are_found() {
    let mut numbers = Numbers(1);
    let stages = stages().await;
    for at in 0..FLIPS {
        let (stage, plan) = &stages[at % stages.len()];
        let mut bytes = plan.clone();
        numbers.flip(&mut bytes, 0);
        assert!(stage.runner.load(&bytes).is_err(), "flip {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_changed_and_sealed_again_is_refused_or_runs_within_its_limits() {
    let mut numbers = Numbers(2);
    let (mut refused, mut ran) = (0, 0);
    let stages = stages().await;
    for at in 0..FORGERIES {
        let (stage, plan) = &stages[at % stages.len()];
        let mut bytes = plan.clone();
        for _ in 0..=numbers.below(2) {
            numbers.flip(&mut bytes, BODY_AT);
        }
        let digest = Digest::of(&bytes[BODY_AT..]);
        bytes[DIGEST_AT..BODY_AT].copy_from_slice(&digest.0);
        let Ok(forged) = stage.runner.load(&bytes) else {
            refused += 1;
            continue;
        };
        let mut spec = stage.spec.clone();
        spec.limits.fuel = 50_000_000;
        spec.limits.wall_clock = Duration::from_secs(10);
        // A plan that waits for another event does not begin.
        let Ok(report) = stage.runner.run(&forged, spec).await else { continue };
        ran += 1;
        assert!(report.usage.fuel <= 50_000_000);
        let report = to_json(&report);
        let message = report["error"]["message"].as_str().unwrap_or_default();
        assert!(!message.contains("trapped"), "flip {at} makes the executor trap: {report:#}");
        assert_ne!(report["error"]["code"], Json::from("E003"), "flip {at} makes the run hang");
    }
    assert!(refused > FORGERIES / 4 && ran > FORGERIES / 20, "{refused} refused, {ran} ran");
}
