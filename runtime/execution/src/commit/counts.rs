//! How much was committed.

use std::sync::atomic::{AtomicU64, Ordering};

/// How much was committed since the engine started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommitCounts {
    /// Transactions.
    pub commits: u64,
    /// Units in them: accepted events, claims, barriers of runs.
    pub units: u64,
}

/// The same, as it is counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    commits: AtomicU64,
    units: AtomicU64,
}

impl Counts {
    /// One more transaction, with so many units.
    pub(super) fn add(&self, units: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.units.fetch_add(units as u64, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> CommitCounts {
        CommitCounts { commits: self.commits.load(Ordering::Relaxed), units: self.units.load(Ordering::Relaxed) }
    }
}
