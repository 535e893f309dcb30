//! When a failed attempt is followed by the next.

use alcove_plan::action::Retry;

/// The pause after so many failed attempts, 1 or more, in microseconds; `None`: there is no next attempt. It grows by
/// the factor up to the longest pause; with jitter it is spread over its second half, by the seed.
pub fn retry_delay_us(retry: &Retry, failed: u32, seed: u64) -> Option<u64> {
    if failed >= u32::from(retry.attempts_max) {
        return None;
    }
    let longest_us = retry.delay_max_ms.saturating_mul(1_000);
    let mut pause_us = retry.initial_delay_ms.saturating_mul(1_000).min(longest_us);
    for _ in 1..failed {
        let grown = u128::from(pause_us) * u128::from(retry.factor_percent) / 100;
        pause_us = u64::try_from(grown).unwrap_or(u64::MAX).min(longest_us);
    }
    let spread_us = if retry.jitter { pause_us / 2 } else { 0 };
    let back_us = match spread_us.checked_add(1) {
        Some(choices) => mix(seed, failed) % choices,
        None => 0,
    };
    Some(pause_us - back_us)
}

/// A number that follows from both, evenly spread (SplitMix64).
fn mix(seed: u64, failed: u32) -> u64 {
    let step = u64::from(failed).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut z = seed.wrapping_add(step);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Retry =
        Retry { attempts_max: 6, initial_delay_ms: 1_000, delay_max_ms: 5_000, factor_percent: 200, jitter: false };

    fn pauses(retry: &Retry, seed: u64) -> Vec<Option<u64>> {
        (1..=6).map(|failed| retry_delay_us(retry, failed, seed).map(|us| us / 1_000)).collect()
    }

    #[test]
    fn pauses_double_up_to_the_longest_until_no_attempt_is_left() {
        assert_eq!(pauses(&RETRY, 7), [Some(1_000), Some(2_000), Some(4_000), Some(5_000), Some(5_000), None]);
    }

    #[test]
    fn one_attempt_is_no_retry() {
        assert_eq!(retry_delay_us(&Retry { attempts_max: 1, ..RETRY }, 1, 0), None);
    }

    #[test]
    fn jitter_spreads_a_pause_over_its_second_half() {
        let retry = Retry { jitter: true, ..RETRY };
        let first = (0..1_000).map(|seed| retry_delay_us(&retry, 1, seed).unwrap());
        let (low, high) = first.fold((u64::MAX, 0), |(low, high), us| (low.min(us), high.max(us)));
        assert!((500_000..510_000).contains(&low), "{low}");
        assert!((990_000..=1_000_000).contains(&high), "{high}");
        assert_eq!(pauses(&retry, 7), pauses(&retry, 7), "the same seed gives the same pauses");
        assert_ne!(pauses(&retry, 7), pauses(&retry, 8));
    }

    #[test]
    fn pauses_of_absurd_length_do_not_overflow() {
        let retry = Retry {
            attempts_max: u8::MAX,
            initial_delay_ms: u64::MAX,
            delay_max_ms: u64::MAX,
            factor_percent: u32::MAX,
            jitter: true,
        };
        assert!(retry_delay_us(&retry, 200, 1).unwrap() >= u64::MAX / 2);
        assert!(retry_delay_us(&retry, 0, 1).is_some());
    }
}
