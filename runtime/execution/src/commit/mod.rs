//! Group commit: what runs and callers want to be durable, written many at a time.
//!
//! For everything on the hot path: `ingest` accepts by it, `dispatch` claims by it, `worker` commits barriers and ends
//! by it. A [`Unit`] is committed as a whole or not at all; [`Committer::submit`] answers after the commit that holds
//! it. What is rare opens a transaction of its own and uses [`transition`](crate::transition).
//!
//! ```text
//!  submit ─▶ queue (rounds over tenants) ─▶ lane ─▶ attempt: ask ─▶ judge ─▶ write ─▶ COMMIT ─▶ answers, wakes
//! ```
//!
//! A commit takes two round trips to SQLite, whatever it holds: the first asks what must be known (who holds which run,
//! which events are new, which locks are free) and performs the effects, the second writes and commits. A unit that
//! loses is answered; if it has left something behind, all is undone and done again without it.
//!
//! Architecture invariants: nothing is answered before it is durable. A unit of a worker that has lost its run changes
//! nothing. One table is written by one statement of a commit. On PostgreSQL a commit holds units of one tenant.

mod unit;

mod rounds;

mod counts;
mod queue;

mod ask;
mod attempt;
mod judge;
mod known;
mod lane;
mod reserve;
mod write;

#[cfg(test)]
mod tests;

pub use counts::CommitCounts;
pub use unit::CommitError;
pub(crate) use unit::{Accept, Answer, Barrier, Claim, End, FIRST_TOKEN, Lease, Question, RunRef, Summary, Unit};

use std::sync::Arc;

use alcove_platform::Platform;
use alcove_store::{Dialect, Store};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::task::TaskTracker;

use self::{
    counts::Counts,
    queue::{Job, Mix, Queue},
};
use crate::{Clock, EngineConfig, dispatch::Standing, plans::Plans, quota::Seen, tenant::Tenants, transition::Wakes};

/// Batches that are written at the same time where the database has many writers.
const LANES: usize = 4;
/// How many of these may be one tenant's: one is worked on while another reaches the disk.
const LANES_OF_TENANT: usize = 2;
/// Where it has one writer: one batch is made while another reaches the disk.
const LANES_OF_ONE_WRITER: usize = 2;

/// Where units become durable. Clones share it.
#[derive(Clone)]
pub(crate) struct Committer {
    shared: Arc<Shared>,
    lanes: TaskTracker,
}

/// What the committer works with.
pub(crate) struct Parts {
    /// Who the node is, and which of its leases it has.
    pub(crate) standing: Standing,
    pub(crate) store: Store,
    pub(crate) platform: Platform,
    pub(crate) plans: Plans,
    pub(crate) tenants: Tenants,
    /// What is seen of the tenants' quotas.
    pub(crate) seen: Seen,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wakes: Wakes,
    pub(crate) config: EngineConfig,
}

struct Shared {
    queue: Queue,
    /// Batches that may be made at a time: as many as the database has writers. Who has such a turn takes whatever
    /// waits, so that batches are as large as they can be.
    turns: Semaphore,
    counts: Counts,
    parts: Parts,
}

impl Committer {
    /// Starts to write, in tasks of the current Tokio runtime.
    pub(crate) fn start(parts: Parts) -> Self {
        let (mix, lanes_wanted, turns) = match parts.store.dialect() {
            Dialect::Sqlite => (Mix::Tenants, LANES_OF_ONE_WRITER, 1),
            Dialect::Postgres => (Mix::OneTenant { batches: LANES_OF_TENANT }, LANES, LANES),
        };
        let queue = Queue::new(mix, parts.config.units_waiting_per_tenant);
        let turns = Semaphore::new(turns);
        let shared = Arc::new(Shared { queue, turns, counts: Counts::default(), parts });
        let lanes = TaskTracker::new();
        for _ in 0..lanes_wanted {
            lanes.spawn(lane::run(Arc::clone(&shared)));
        }
        Self { shared, lanes }
    }

    /// Commits a unit; answers once it is durable. Waits first while too many of its tenant's units wait.
    ///
    /// Dropping the future does not take the unit back.
    pub(crate) async fn submit(&self, unit: Unit) -> Result<Answer, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.shared.queue.push(Job { unit, answer }).await?;
        answered.await.unwrap_or(Err(CommitError::Closed))
    }

    /// How much was committed since the start.
    pub(crate) fn counts(&self) -> CommitCounts {
        self.shared.counts.read()
    }

    /// Takes no more units, and waits until those that wait are written.
    pub(crate) async fn close(&self) {
        self.shared.queue.close();
        self.lanes.close();
        self.lanes.wait().await;
    }
}
