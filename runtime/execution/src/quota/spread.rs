//! When what was put off goes on: not all of it at once, and in order.

use super::{Exceeded, Window};

/// Over which part of its window what was put off is spread.
const PART: i64 = 12;
/// Over how long runs are spread that wait in the middle, in microseconds: they have no place yet, and go first.
const WAITING_US: i64 = 60_000_000;

/// When a run is due that has the place at `position` of `limit` places in a window: places follow each other in order,
/// each with some chance of its own within its share.
pub(super) fn due(window: Window, window_start: i64, (position, limit): (i64, i64), seed: u64) -> i64 {
    let share = (window.us() / PART / limit.max(1)).max(1);
    let chance = i64::try_from(seed % share.unsigned_abs()).unwrap_or(0);
    window_start.saturating_add(position.saturating_mul(share)).saturating_add(chance)
}

/// When a run goes on that began then and has met a quota; `None`: the quota does not come back by itself.
pub(crate) fn resume_at(exceeded: Exceeded, began_us: i64, run: &str) -> Option<i64> {
    let reset_us = exceeded.reset_at?.micros();
    Some(resume(exceeded.resource.window()?, reset_us, began_us, seed(run)))
}

/// When a run goes on that began then and waits for a quota to come back: the longer it has been under way, the sooner.
fn resume(window: Window, reset_us: i64, began_us: i64, seed: u64) -> i64 {
    let age = i128::from(reset_us.saturating_sub(began_us).max(0));
    let offset = i128::from(WAITING_US) * i128::from(window.us()) / (i128::from(window.us()) + age);
    let chance = i64::try_from(seed % 1_000).unwrap_or(0);
    reset_us.saturating_add(i64::try_from(offset).unwrap_or(WAITING_US)).saturating_add(chance)
}

/// Chance that is always the same for the same text (FNV-1a).
pub(crate) fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_window_are_due_in_order_and_early_in_it() {
        let due = |position| due(Window::Hour, 0, (position, 50), seed(&format!("run_{position}")));
        let times: Vec<i64> = (0..50).map(due).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        assert!(times[0] >= 0 && times[49] < Window::Hour.us() / PART);
    }

    #[test]
    fn runs_of_one_place_are_not_due_at_the_same_time() {
        let due = |run| due(Window::Hour, 0, (7, 50), seed(run));
        assert_ne!(due("run_a"), due("run_b"));
        assert_eq!(due("run_a"), due("run_a"));
    }

    #[test]
    fn who_has_waited_longest_goes_on_first_and_nobody_before_the_reset() {
        let reset = Window::Day.us();
        let times: Vec<i64> = (0..1_000).map(|n| resume(Window::Day, reset, n * 60_000_000, seed("r"))).collect();
        assert!(times.is_sorted_by(|a, b| a < b));
        assert!(times[0] > reset && times[999] <= reset + WAITING_US + 1_000);
        assert!(resume(Window::Hour, reset, i64::MAX, 0) > reset, "a clock that runs ahead");
    }
}
