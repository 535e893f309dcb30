//! What waits for a commit.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use alcove_ids::TenantId;
use tokio::sync::{Notify, oneshot};

use super::{
    rounds::Rounds,
    unit::{Answer, CommitError, Unit},
};

/// Units of one commit at the most: enough that a commit's own cost is shared, few enough that nobody waits for long.
pub(super) const BATCH_UNITS_MAX: usize = 256;

/// A unit and who waits for its answer.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) unit: Unit,
    pub(super) answer: oneshot::Sender<Result<Answer, CommitError>>,
}

/// How batches are formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mix {
    /// Units of all tenants.
    Tenants,
    /// Units of one tenant, of which there are so many batches at a time at the most.
    ///
    /// What two of them must not both do, the database refuses to one: an event and a run have one key, whoever takes a
    /// run locks its row, a commit of a run has its own number in the journal, and effects that are not independent
    /// take turns. It has to anyway, as another node may be writing a batch of the same tenant. A task waits for its
    /// unit before it submits the next, so that none overtakes another.
    OneTenant {
        /// One at least.
        batches: usize,
    },
}

/// Units that wait, bounded for each tenant.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is something to take.
    filled: Notify,
    /// Something was taken.
    room: Notify,
    mix: Mix,
    most_of_tenant: usize,
}

#[derive(Debug, Default)]
struct State {
    waiting: Rounds<Job>,
    /// How many batches of a tenant are being written, if any. Only where a batch holds one tenant.
    busy: BTreeMap<TenantId, usize>,
    closed: bool,
}

/// Units to write together.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) jobs: Vec<Job>,
    /// Whose they are, if they are one tenant's.
    pub(super) tenant: Option<TenantId>,
}

impl Queue {
    pub(super) fn new(mix: Mix, most_of_tenant: usize) -> Self {
        let (filled, room) = (Notify::new(), Notify::new());
        Self { state: Mutex::default(), filled, room, mix, most_of_tenant: most_of_tenant.max(1) }
    }

    /// Puts a unit into the queue, once its tenant has room there.
    pub(super) async fn push(&self, mut job: Job) -> Result<(), CommitError> {
        loop {
            let room = self.room.notified();
            tokio::pin!(room);
            // From here on it hears of room that is made, so none is missed between the look and the wait.
            room.as_mut().enable();
            match self.try_push(job)? {
                None => break,
                Some(refused) => job = refused,
            }
            room.await;
        }
        self.filled.notify_one();
        Ok(())
    }

    fn try_push(&self, job: Job) -> Result<Option<Job>, CommitError> {
        let mut state = self.lock();
        if state.closed {
            return Err(CommitError::Closed);
        }
        let tenant = job.unit.tenant().clone();
        if state.waiting.len_of(&tenant) >= self.most_of_tenant {
            return Ok(Some(job));
        }
        state.waiting.push(&tenant, job);
        Ok(None)
    }

    /// The next batch; `None` once the queue is closed and empty.
    pub(super) async fn take(&self) -> Option<Taken> {
        loop {
            match self.try_take() {
                Ok(taken) => {
                    self.room.notify_waiters();
                    return Some(taken);
                }
                Err(true) => {
                    // Other lanes wait for the same news.
                    self.filled.notify_one();
                    return None;
                }
                Err(false) => self.filled.notified().await,
            }
        }
    }

    /// A batch, or whether there will never be one again.
    fn try_take(&self) -> Result<Taken, bool> {
        let mut state = self.lock();
        let State { waiting, busy, closed } = &mut *state;
        let taken = match self.mix {
            Mix::Tenants => Some(Taken { jobs: waiting.take(BATCH_UNITS_MAX), tenant: None }),
            Mix::OneTenant { batches } => {
                let has_turn = |tenant: &TenantId| busy.get(tenant).is_none_or(|busy| *busy < batches);
                waiting.take_of_one(BATCH_UNITS_MAX, has_turn).map(|(tenant, jobs)| {
                    *busy.entry(tenant.clone()).or_default() += 1;
                    Taken { jobs, tenant: Some(tenant) }
                })
            }
        };
        match taken.filter(|taken| !taken.jobs.is_empty()) {
            Some(taken) => {
                if !waiting.is_empty() {
                    self.filled.notify_one();
                }
                Ok(taken)
            }
            None => Err(*closed && waiting.is_empty()),
        }
    }

    /// A batch was written; these units of it are for the next one, in this order.
    pub(super) fn done(&self, tenant: Option<&TenantId>, put_back: Vec<Job>) {
        let mut state = self.lock();
        for job in put_back.into_iter().rev() {
            let tenant = job.unit.tenant().clone();
            state.waiting.put_back(&tenant, job);
        }
        if let Some(tenant) = tenant {
            let left = state.busy.get(tenant).map_or(0, |busy| busy.saturating_sub(1));
            if left == 0 {
                state.busy.remove(tenant);
            } else {
                state.busy.insert(tenant.clone(), left);
            }
        }
        if !state.waiting.is_empty() {
            self.filled.notify_one();
        }
    }

    /// Takes no more units. Those that wait are written.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
        self.room.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
