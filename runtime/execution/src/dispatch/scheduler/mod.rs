//! Which queued run is started next: a pure state machine.
//!
//! Tenants take turns, as often as their weight says (weighted round-robin, by virtual time): a tenant waits for one
//! turn of each of the others at the most, however many runs they have queued. Within a tenant the run that has waited
//! longest comes first, of those whose app may run. Runs that did not go through the queue ([`Scheduler::admit`]) count
//! against the same bounds and the same turns.
//!
//! Architecture invariants: no I/O, no clock. The queue is in the database; here is what this node remembers of it, for
//! each app at most [`Bounds::remembered_max`] runs. Whether a run may start is for the database to say, which several
//! nodes share: what is decided here is an order.

mod app;
mod tenant;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::{AppId, ExecutionId, TenantId};

use self::{app::Waiting, tenant::TenantQueue};
use super::{
    overlap::Overlap,
    reach::{Halted, Reach},
};

/// What holds for the node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Runs at a time.
    pub(super) runs_max: u32,
    /// Queued runs that are remembered for each app. The rest of them is in the database only.
    pub(super) remembered_max: usize,
}

impl Bounds {
    /// At so many runs the rest is read.
    fn remembered_min(&self) -> usize {
        self.remembered_max / 4
    }
}

/// A tenant's share of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// How many runs it may start while a tenant of weight 1 starts one.
    pub(crate) weight: u32,
    /// How many runs it may have at a time.
    pub(crate) runs_max: u32,
}

impl Share {
    /// The largest weight; larger ones count as this.
    pub(crate) const WEIGHT_MAX: u32 = 1_000;
}

/// A run in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueuedRun {
    /// Which.
    pub(crate) execution: ExecutionId,
    /// What its plan says about other runs of the app.
    pub(crate) overlap: Overlap,
}

/// A run that is to be started. It takes a slot until it is given back to the scheduler, in one way or another.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) tenant: TenantId,
    pub(super) app: AppId,
    pub(super) run: QueuedRun,
    order: u64,
}

/// What this node knows about queued runs, and what it has running.
#[derive(Debug)]
pub(super) struct Scheduler {
    bounds: Bounds,
    /// The share of a tenant of which nothing is known yet.
    share: Share,
    running: u32,
    /// Virtual time: the turn of the tenant that started a run last.
    clock: u64,
    arrivals: u64,
    tenants: BTreeMap<TenantId, TenantQueue>,
    /// The tenants of which a run may be started, by turn and arrival.
    startable: BTreeMap<(u64, u64), TenantId>,
    hungry: BTreeSet<(TenantId, AppId)>,
    strangers: BTreeSet<TenantId>,
    halted: Halted,
}

impl Scheduler {
    pub(super) fn new(bounds: Bounds, share: Share) -> Self {
        Self {
            bounds,
            share,
            running: 0,
            clock: 0,
            arrivals: 0,
            tenants: BTreeMap::new(),
            startable: BTreeMap::new(),
            hungry: BTreeSet::new(),
            strangers: BTreeSet::new(),
            halted: Halted::default(),
        }
    }

    /// A run has been queued. It is durable; it may be known already.
    pub(super) fn push(&mut self, tenant: &TenantId, app: &AppId, run: QueuedRun) {
        let (order, remembered_max) = (self.arrive(), self.bounds.remembered_max);
        self.tenant(tenant).app(app).push(order, run, remembered_max);
        self.settle(tenant, app);
    }

    /// The database has queued runs of this app, of which this node may not know.
    pub(super) fn discovered(&mut self, tenant: &TenantId, app: &AppId) {
        self.tenant(tenant).app(app).suspect();
        self.settle(tenant, app);
    }

    /// The apps of which queued runs should be read now. Each must be answered: [`loaded`](Self::loaded) or
    /// [`load_failed`](Self::load_failed).
    pub(super) fn take_hungry(&mut self) -> Vec<(TenantId, AppId)> {
        let hungry = std::mem::take(&mut self.hungry).into_iter().collect::<Vec<_>>();
        for (tenant, app) in &hungry {
            self.tenant(tenant).app(app).begin_to_load();
        }
        hungry
    }

    /// How many queued runs of an app to read at once: those that are remembered or claimed may be among them.
    pub(super) fn load_max(&self) -> usize {
        let running = usize::try_from(self.bounds.runs_max).unwrap_or(usize::MAX);
        self.bounds.remembered_max.saturating_add(running)
    }

    /// The oldest queued runs of an app, the oldest first; `complete`: there were no more.
    pub(super) fn loaded(&mut self, tenant: &TenantId, app: &AppId, runs: Vec<QueuedRun>, complete: bool) {
        let runs = runs.into_iter().map(|run| Waiting { order: self.arrive(), run }).collect();
        let remembered_max = self.bounds.remembered_max;
        self.tenant(tenant).app(app).load(runs, complete, remembered_max);
        self.settle(tenant, app);
    }

    /// The queued runs of an app could not be read.
    pub(super) fn load_failed(&mut self, tenant: &TenantId, app: &AppId) {
        self.tenant(tenant).app(app).load_failed();
        self.settle(tenant, app);
    }

    /// The run that is to be started now, if there is one and a slot for it.
    pub(super) fn next(&mut self) -> Option<Start> {
        if self.running >= self.bounds.runs_max {
            return None;
        }
        let (_, tenant) = self.startable.pop_first()?;
        let clock = self.clock;
        let queue = self.tenants.get_mut(&tenant)?;
        queue.standing = None;
        self.clock = queue.turn(clock);
        let (app, Waiting { order, run }) = queue.start()?;
        self.running += 1;
        self.settle(&tenant, &app);
        Some(Start { tenant, app, run, order })
    }

    /// Asks for a slot for a run that is not in the queue. Whoever waits comes first.
    pub(super) fn admit(&mut self, tenant: &TenantId, app: &AppId, overlap: Overlap) -> bool {
        let is_free = self.running < self.bounds.runs_max && self.startable.is_empty();
        if !is_free || self.halted.covers(tenant, app) || !self.tenant(tenant).admits(app, overlap) {
            return false;
        }
        let clock = self.clock;
        let queue = self.tenant(tenant);
        let turn = queue.turn(clock);
        queue.start_direct(app);
        self.clock = turn;
        self.running += 1;
        self.settle(tenant, app);
        true
    }

    /// A run that was started is not in the database's queue any more.
    pub(super) fn claimed(&mut self, tenant: &TenantId, app: &AppId, execution: &ExecutionId) {
        self.tenant(tenant).claimed(app, execution);
    }

    /// A run that was started or admitted is no longer on this node.
    pub(super) fn ended(&mut self, tenant: &TenantId, app: &AppId) {
        self.running = self.running.saturating_sub(1);
        self.tenant(tenant).end(app);
        self.settle(tenant, app);
    }

    /// A run that was started has found its app locked: it waits until the app may be free.
    pub(super) fn park(&mut self, start: Start) {
        let Start { tenant, app, run, order } = start;
        self.running = self.running.saturating_sub(1);
        self.tenant(&tenant).park(&app, Waiting { order, run });
        self.settle(&tenant, &app);
    }

    /// The app's lock was given back.
    pub(super) fn released(&mut self, tenant: &TenantId, app: &AppId) {
        if let Some(queue) = self.tenants.get_mut(tenant).and_then(|queue| queue.known_app(app)) {
            queue.unpark();
            self.settle(tenant, app);
        }
    }

    /// Other nodes may have given locks back.
    pub(super) fn released_anywhere(&mut self) {
        let locked = self.tenants.iter().map(|(tenant, queue)| (tenant.clone(), queue.locked_apps()));
        for (tenant, apps) in locked.collect::<Vec<_>>() {
            for app in apps {
                self.released(&tenant, &app);
            }
        }
    }

    /// Starts nothing of this from now on.
    pub(super) fn halt(&mut self, reach: &Reach) {
        self.halted.add(reach.clone());
        self.settle_reach(reach);
    }

    /// Starts it again.
    pub(super) fn resume(&mut self, reach: &Reach) {
        self.halted.remove(reach);
        self.settle_reach(reach);
    }

    /// Starts nothing of an app that is not active, until it [is](Self::unpause).
    pub(super) fn pause(&mut self, tenant: &TenantId, app: &AppId) {
        self.halted.pause(tenant, app);
        self.settle(tenant, app);
    }

    /// The app may be active. Its runs that were started too early are first in line.
    pub(super) fn unpause(&mut self, tenant: &TenantId, app: &AppId) {
        self.halted.unpause(tenant, app);
        self.released(tenant, app);
        self.settle(tenant, app);
    }

    /// The apps that are paused, as far as this node has noticed.
    pub(super) fn paused(&self) -> Vec<(TenantId, AppId)> {
        self.halted.paused().cloned().collect()
    }

    /// The tenants whose share is to be read.
    pub(super) fn take_strangers(&mut self) -> Vec<TenantId> {
        std::mem::take(&mut self.strangers).into_iter().collect()
    }

    /// The share of a tenant.
    pub(super) fn set_share(&mut self, tenant: &TenantId, share: Share) {
        if let Some(queue) = self.tenants.get_mut(tenant) {
            queue.set_share(share);
            self.place(tenant);
        }
    }

    /// Forgets the tenants of which there is nothing to know; the shares of the others are to be read again.
    pub(super) fn sweep(&mut self) {
        self.tenants.retain(|_, queue| !queue.is_idle());
        self.strangers = self.tenants.keys().cloned().collect();
    }

    /// Whether [`next`](Self::next) has something to give.
    pub(super) fn has_startable(&self) -> bool {
        self.running < self.bounds.runs_max && !self.startable.is_empty()
    }

    /// Whether there are shares or queued runs to read.
    pub(super) fn has_unread(&self) -> bool {
        !self.strangers.is_empty() || !self.hungry.is_empty()
    }

    /// Runs that are on this node now.
    pub(super) fn running(&self) -> u32 {
        self.running
    }

    fn arrive(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    fn tenant(&mut self, tenant: &TenantId) -> &mut TenantQueue {
        if !self.tenants.contains_key(tenant) {
            self.strangers.insert(tenant.clone());
        }
        let share = self.share;
        self.tenants.entry(tenant.clone()).or_insert_with(|| TenantQueue::new(share))
    }

    /// Puts an app and its tenant where they belong after a change.
    fn settle(&mut self, tenant: &TenantId, app: &AppId) {
        let is_halted = self.halted.covers(tenant, app);
        let Some(queue) = self.tenants.get_mut(tenant) else { return };
        let is_hungry = queue.settle(app, is_halted, self.bounds.remembered_min());
        if is_hungry {
            self.hungry.insert((tenant.clone(), app.clone()));
        } else if !self.hungry.is_empty() {
            self.hungry.remove(&(tenant.clone(), app.clone()));
        }
        self.place(tenant);
    }

    fn settle_reach(&mut self, reach: &Reach) {
        let apps = self.tenants.iter().map(|(tenant, queue)| (tenant.clone(), queue.app_ids()));
        for (tenant, apps) in apps.collect::<Vec<_>>() {
            for app in apps.iter().filter(|app| reach.covers(&tenant, app)) {
                self.settle(&tenant, app);
            }
        }
    }

    fn place(&mut self, tenant: &TenantId) {
        let clock = self.clock;
        let Some(queue) = self.tenants.get_mut(tenant) else { return };
        match (queue.standing, queue.may_start()) {
            (None, true) => {
                self.arrivals += 1;
                let standing = (queue.turn(clock), self.arrivals);
                queue.standing = Some(standing);
                self.startable.insert(standing, tenant.clone());
            }
            (Some(standing), false) => {
                queue.standing = None;
                self.startable.remove(&standing);
            }
            (None, false) | (Some(_), true) => {}
        }
    }
}
