//! Samples of a duration, and how they are taken.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::clock;

/// Durations of the same piece of work, in order of size.
pub(crate) struct Samples(
    // INVARIANT: not empty; upheld by `new`.
    Vec<Duration>,
);

/// How often a piece of work is done.
#[derive(Clone, Copy)]
pub(crate) struct Rounds {
    /// Before it is measured: caches fill, pages are touched, statements are prepared.
    pub(crate) warm_up: u32,
    /// Measured.
    pub(crate) measured: u32,
}

impl Samples {
    pub(crate) fn new(mut durations: Vec<Duration>) -> Result<Self> {
        durations.sort_unstable();
        durations.first().context("nothing was measured")?;
        Ok(Self(durations))
    }

    /// The smallest duration that `percent` of the samples do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).or(self.0.last()).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The median in units of `unit`.
    pub(crate) fn median_in(&self, unit: Duration) -> f64 {
        self.median().as_secs_f64() / unit.as_secs_f64()
    }
}

pub(crate) const MILLISECOND: Duration = Duration::from_millis(1);
pub(crate) const MICROSECOND: Duration = Duration::from_micros(1);
pub(crate) const NANOSECOND: Duration = Duration::from_nanos(1);

/// Measures a piece of work. It is told the number of the round, warm-up included.
pub(crate) async fn measure(rounds: Rounds, mut work: impl AsyncFnMut(u32) -> Result<()>) -> Result<Samples> {
    let mut durations = Vec::new();
    for round in 0..rounds.warm_up + rounds.measured {
        let started = clock::now();
        work(round).await?;
        if round >= rounds.warm_up {
            durations.push(started.elapsed());
        }
    }
    Samples::new(durations)
}

/// Measures two pieces of work by turns, so that whatever else the machine does hits both alike.
pub(crate) async fn measure_both(
    rounds: Rounds,
    mut one: impl AsyncFnMut(u32) -> Result<()>,
    mut other: impl AsyncFnMut(u32) -> Result<()>,
) -> Result<(Samples, Samples)> {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for round in 0..rounds.warm_up + rounds.measured {
        let started = clock::now();
        one(round).await?;
        let between = clock::now();
        other(round).await?;
        if round >= rounds.warm_up {
            ones.push(between.duration_since(started));
            others.push(between.elapsed());
        }
    }
    Ok((Samples::new(ones)?, Samples::new(others)?))
}

/// How many times the other's median the one's is.
pub(crate) fn ratio(one: &Samples, other: &Samples) -> f64 {
    one.median().as_secs_f64() / other.median().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(micros: &[u64]) -> Samples {
        Samples::new(micros.iter().map(|n| Duration::from_micros(*n)).collect()).unwrap()
    }

    #[test]
    fn percentiles_are_samples_that_were_taken() {
        let hundred = samples(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(hundred.median(), Duration::from_micros(50));
        assert_eq!(hundred.percentile(99), Duration::from_micros(99));
        assert_eq!(samples(&[7]).percentile(99), Duration::from_micros(7));
        assert!(Samples::new(Vec::new()).is_err());
    }
}
