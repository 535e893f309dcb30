//! What the rest of the engine says to the dispatcher, and asks it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use alcove_ids::{AppId, ExecutionId, TenantId};
use tokio::sync::Notify;

use super::{
    Interruption, Overlap, Reach, Slot, Why,
    scheduler::{Bounds, QueuedRun, Scheduler, Share, Start},
};
use crate::EngineConfig;

/// Queued runs that are remembered for each app: enough that reading the next ones keeps up with running these.
const REMEMBERED_MAX: usize = 128;

/// Which runs are on this node, and which are next. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Dispatcher(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// A run may be started.
    startable: Notify,
    /// Something is to be read.
    readable: Notify,
    /// A run has left.
    left: Notify,
}

#[derive(Debug)]
struct State {
    scheduler: Scheduler,
    /// The runs on this node. A number tells two from each other that are one run, of which the database will refuse
    /// one.
    running: BTreeMap<(ExecutionId, u64), Running>,
    serial: u64,
}

#[derive(Debug)]
struct Running {
    tenant: TenantId,
    app: AppId,
    interruption: Interruption,
}

impl Dispatcher {
    /// Nothing is queued, nothing runs.
    pub(crate) fn new(config: &EngineConfig) -> Self {
        let bounds = Bounds { runs_max: config.runs_max, remembered_max: REMEMBERED_MAX };
        let share = Share { weight: 1, runs_max: config.runs_per_tenant_max };
        let state = State { scheduler: Scheduler::new(bounds, share), running: BTreeMap::new(), serial: 0 };
        let (startable, readable, left) = (Notify::new(), Notify::new(), Notify::new());
        Self(Arc::new(Shared { state: Mutex::new(state), startable, readable, left }))
    }

    /// A run was queued, and that is durable. To say so twice does no harm.
    pub(crate) fn wake(&self, tenant: &TenantId, app: &AppId, execution: ExecutionId, overlap: Overlap) {
        self.change(|state| state.scheduler.push(tenant, app, QueuedRun { execution, overlap }));
    }

    /// The lock of an app was given back by something else than the end of a run on this node.
    pub(crate) fn released(&self, tenant: &TenantId, app: &AppId) {
        self.change(|state| state.scheduler.released(tenant, app));
    }

    /// Asks for a slot for a run that is not queued. `None`: none is free for it, or others come first; then the run is
    /// to be queued.
    pub(crate) fn admit(
        &self,
        tenant: &TenantId,
        app: &AppId,
        execution: &ExecutionId,
        overlap: Overlap,
    ) -> Option<Slot> {
        let mut state = self.lock();
        if !state.scheduler.admit(tenant, app, overlap) {
            return None;
        }
        let (serial, interruption) = state.enter(tenant, app, execution);
        drop(state);
        let run = (tenant.clone(), app.clone(), execution.clone());
        Some(Slot::direct(self.clone(), serial, run, interruption))
    }

    /// Tells a run to stop, if it is on this node.
    pub(crate) fn interrupt(&self, execution: &ExecutionId, why: Why) {
        let state = self.lock();
        let same = (execution.clone(), u64::MIN)..=(execution.clone(), u64::MAX);
        state.running.range(same).for_each(|(_, running)| running.interruption.interrupt(why));
    }

    /// The kill switch: starts nothing of this from now on, and tells what runs to stop.
    pub(crate) fn halt(&self, reach: &Reach, why: Why) {
        let mut state = self.lock();
        state.scheduler.halt(reach);
        state.interrupt(reach, why);
    }

    /// Takes a [`halt`](Self::halt) back.
    pub(crate) fn resume(&self, reach: &Reach) {
        self.change(|state| state.scheduler.resume(reach));
    }

    /// An app is not active any more: nothing of it is started, and what runs is given back.
    pub(crate) fn pause(&self, tenant: &TenantId, app: &AppId) {
        let mut state = self.lock();
        state.scheduler.pause(tenant, app);
        state.interrupt(&Reach::App(tenant.clone(), app.clone()), Why::GivenBack);
    }

    /// Apps of the tenant have changed: those that were paused may be active.
    pub(crate) fn apps_changed(&self, tenant: &TenantId) {
        self.change(|state| {
            for (_, app) in state.scheduler.paused().iter().filter(|(of, _)| of == tenant) {
                state.scheduler.unpause(tenant, app);
            }
        });
    }

    /// What tenants may have at a time has changed: it is read again.
    pub(crate) fn shares_changed(&self) {
        self.change(|state| state.scheduler.sweep());
    }

    /// The apps that have runs on this node, and those that are paused as far as it knows, each once.
    pub(super) fn apps(&self) -> BTreeSet<(TenantId, AppId)> {
        let state = self.lock();
        let running = state.running.values().map(|running| (running.tenant.clone(), running.app.clone()));
        running.chain(state.scheduler.paused()).collect()
    }

    /// Tells what runs to stop.
    pub(super) fn interrupt_all(&self, reach: &Reach, why: Why) {
        self.lock().interrupt(reach, why);
    }

    /// Starts nothing more.
    pub(super) fn close(&self) {
        self.lock().scheduler.halt(&Reach::Node);
    }

    /// Whether a run is on this node.
    pub(super) fn has(&self, execution: &ExecutionId) -> bool {
        let same = (execution.clone(), u64::MIN)..=(execution.clone(), u64::MAX);
        self.lock().running.range(same).next().is_some()
    }

    /// Waits until no run is on this node.
    pub(super) async fn empty(&self) {
        loop {
            let left = self.0.left.notified();
            if self.lock().scheduler.running() == 0 {
                return;
            }
            left.await;
        }
    }

    /// Waits until a run may be started, and gives it its slot.
    pub(super) async fn next(&self) -> Slot {
        loop {
            let startable = self.0.startable.notified();
            if let Some(slot) = self.try_next() {
                return slot;
            }
            startable.await;
        }
    }

    fn try_next(&self) -> Option<Slot> {
        let mut state = self.lock();
        let start = state.scheduler.next()?;
        let (serial, interruption) = state.enter(&start.tenant, &start.app, &start.run.execution);
        drop(state);
        Some(Slot::queued(self.clone(), serial, start, interruption))
    }

    /// A run that was started is not in the database's queue any more.
    pub(super) fn claimed(&self, start: &Start) {
        self.lock().scheduler.claimed(&start.tenant, &start.app, &start.run.execution);
    }

    /// A run has left this node without a change: it waits until its app may be free.
    pub(super) fn parked(&self, serial: u64, start: Start) {
        self.change(|state| {
            state.running.remove(&(start.run.execution.clone(), serial));
            state.scheduler.park(start);
        });
        self.0.left.notify_waiters();
    }

    /// A run has left this node.
    pub(super) fn left(&self, serial: u64, tenant: &TenantId, app: &AppId, execution: &ExecutionId) {
        self.change(|state| {
            state.running.remove(&(execution.clone(), serial));
            state.scheduler.claimed(tenant, app, execution);
            state.scheduler.ended(tenant, app);
        });
        self.0.left.notify_waiters();
    }

    /// Something is to be read, or may be.
    pub(super) async fn readable(&self) {
        self.0.readable.notified().await;
    }

    /// Looks at the scheduler, or tells it what was read.
    pub(super) fn scheduler<T>(&self, act: impl FnOnce(&mut Scheduler) -> T) -> T {
        self.change(|state| act(&mut state.scheduler))
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        let (startable, readable) = (state.scheduler.has_startable(), state.scheduler.has_unread());
        drop(state);
        if startable {
            self.0.startable.notify_one();
        }
        if readable {
            self.0.readable.notify_one();
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way through a change.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter(&mut self, tenant: &TenantId, app: &AppId, execution: &ExecutionId) -> (u64, Interruption) {
        self.serial += 1;
        let interruption = Interruption::default();
        let running = Running { tenant: tenant.clone(), app: app.clone(), interruption: interruption.clone() };
        self.running.insert((execution.clone(), self.serial), running);
        (self.serial, interruption)
    }

    fn interrupt(&self, reach: &Reach, why: Why) {
        let covered = self.running.values().filter(|running| reach.covers(&running.tenant, &running.app));
        covered.for_each(|running| running.interruption.interrupt(why));
    }
}
