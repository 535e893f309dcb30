//! What time it is, for everything that the engine writes down or waits for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alcove_plan::value::Timestamp;
use async_trait::async_trait;
use tokio::sync::watch;

/// The longest single sleep: a timer of years is slept in parts.
const SLEEP_MAX: Duration = Duration::from_hours(1);

/// The last microsecond of the year 9998.
const MICROS_MAX: i64 = 253_370_764_799_999_999;

/// The clock of a node. The engine reads no other.
#[async_trait]
pub trait Clock: Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Waits until it is this time or later. May be dropped at any moment.
    async fn sleep_until(&self, at: Timestamp);
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    #[expect(clippy::expect_used, reason = "from 1970 to 9999 every microsecond is a timestamp")]
    fn now(&self) -> Timestamp {
        // A clock before 1970 or after 9999 is one that was never set: every row will say so.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(MICROS_MAX).min(MICROS_MAX);
        Timestamp::from_micros(micros).expect("a year up to 9999")
    }

    async fn sleep_until(&self, at: Timestamp) {
        // The machine's clock may be set meanwhile, so it is read again after each part.
        loop {
            let left = at.micros().saturating_sub(self.now().micros());
            let Ok(left @ 1..) = u64::try_from(left) else { return };
            tokio::time::sleep(Duration::from_micros(left).min(SLEEP_MAX)).await;
        }
    }
}

/// A clock that stands still until it is moved: time is under the hand of a test.
#[derive(Clone, Debug)]
pub struct SimulatedClock(watch::Sender<Timestamp>);

impl SimulatedClock {
    /// It is this time.
    pub fn new(now: Timestamp) -> Self {
        Self(watch::Sender::new(now))
    }

    /// Moves on to this time; never back.
    pub fn advance_to(&self, now: Timestamp) {
        self.0.send_if_modified(|at| {
            let moves = now.micros() > at.micros();
            if moves {
                *at = now;
            }
            moves
        });
    }

    /// Moves on by so much.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        if let Some(at) = Timestamp::from_micros(self.now().micros().saturating_add(micros)) {
            self.advance_to(at);
        }
    }
}

#[async_trait]
impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut now = self.0.subscribe();
        // The sender lives as long as this borrow of it, so waiting cannot fail.
        let _ = now.wait_for(|now| now.micros() >= at.micros()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_simulated_time_has_come_and_not_before() {
        let clock = SimulatedClock::new(at("2026-11-20T12:00:00Z"));
        let sleeper = clock.clone();
        let asleep = tokio::spawn(async move { sleeper.sleep_until(at("2026-11-20T12:00:10Z")).await });
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!asleep.is_finished());
        clock.advance(Duration::from_secs(1));
        asleep.await.unwrap();
    }

    #[tokio::test]
    async fn a_time_that_is_over_is_not_waited_for_and_time_never_goes_back() {
        let clock = SimulatedClock::new(at("2026-11-20T12:00:00Z"));
        clock.advance_to(at("2026-11-20T11:00:00Z"));
        assert_eq!(clock.now(), at("2026-11-20T12:00:00Z"));
        clock.sleep_until(at("2026-11-20T11:59:59Z")).await;
        SystemClock.sleep_until(at("1970-01-01T00:00:00Z")).await;
    }

    #[test]
    fn the_machines_clock_is_past_the_year_in_which_this_was_written() {
        assert!(SystemClock.now() > at("2026-01-01T00:00:00Z"));
    }
}
