//! The apps of one tenant that have runs on this node.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::{AppId, ExecutionId};

use super::{
    Share,
    app::{AppQueue, Waiting},
};
use crate::dispatch::overlap::Overlap;

/// How far a tenant's turn moves with each run that it starts, if its weight is one. All weights up to 16 divide it, so
/// that their turns meet exactly.
const STRIDE: u64 = 720_720 << 10;

/// One tenant.
#[derive(Debug)]
pub(super) struct TenantQueue {
    share: Share,
    running: u32,
    /// When it is its turn again, in the scheduler's virtual time.
    turn: u64,
    apps: BTreeMap<AppId, AppQueue>,
    /// The apps of which a run may be started, by the arrival of that run.
    startable: BTreeSet<(u64, AppId)>,
    /// Where it stands in the scheduler's order, if a run of it may be started.
    pub(super) standing: Option<(u64, u64)>,
}

impl TenantQueue {
    pub(super) fn new(share: Share) -> Self {
        let (apps, startable) = (BTreeMap::new(), BTreeSet::new());
        Self { share, running: 0, turn: 0, apps, startable, standing: None }
    }

    pub(super) fn set_share(&mut self, share: Share) {
        self.share = share;
    }

    pub(super) fn app(&mut self, app: &AppId) -> &mut AppQueue {
        if !self.apps.contains_key(app) {
            self.apps.insert(app.clone(), AppQueue::default());
        }
        self.apps.entry(app.clone()).or_default()
    }

    pub(super) fn known_app(&mut self, app: &AppId) -> Option<&mut AppQueue> {
        self.apps.get_mut(app)
    }

    /// The apps with runs that found their app locked.
    pub(super) fn locked_apps(&self) -> Vec<AppId> {
        self.apps.iter().filter(|(_, queue)| queue.has_parked()).map(|(app, _)| app.clone()).collect()
    }

    /// All apps.
    pub(super) fn app_ids(&self) -> Vec<AppId> {
        self.apps.keys().cloned().collect()
    }

    /// Whether a run may be started, as far as the tenant is concerned.
    pub(super) fn may_start(&self) -> bool {
        self.running < self.share.runs_max && !self.startable.is_empty()
    }

    /// Whether a run that is not queued may be started now.
    pub(super) fn admits(&self, app: &AppId, overlap: Overlap) -> bool {
        self.running < self.share.runs_max && self.apps.get(app).is_none_or(|queue| queue.admits(overlap))
    }

    /// Its turn, which is not before `clock`: who did not want anything saves nothing up.
    pub(super) fn turn(&mut self, clock: u64) -> u64 {
        self.turn = self.turn.max(clock);
        self.turn
    }

    /// Starts the run that has waited longest of those that may be started.
    pub(super) fn start(&mut self) -> Option<(AppId, Waiting)> {
        let (_, app) = self.startable.pop_first()?;
        let queue = self.apps.get_mut(&app)?;
        queue.standing = None;
        let waiting = queue.start()?;
        self.take_turn();
        Some((app, waiting))
    }

    pub(super) fn start_direct(&mut self, app: &AppId) {
        self.app(app).start_direct();
        self.take_turn();
    }

    fn take_turn(&mut self) {
        self.running += 1;
        self.turn = self.turn.saturating_add(STRIDE / u64::from(self.share.weight.clamp(1, Share::WEIGHT_MAX)));
    }

    /// A run has left its worker.
    pub(super) fn end(&mut self, app: &AppId) {
        self.running = self.running.saturating_sub(1);
        if let Some(queue) = self.apps.get_mut(app) {
            queue.end();
        }
    }

    /// A run that was started has found its app locked.
    pub(super) fn park(&mut self, app: &AppId, waiting: Waiting) {
        self.running = self.running.saturating_sub(1);
        self.app(app).park(waiting);
    }

    /// A run that was started is not in the database's queue any more.
    pub(super) fn claimed(&mut self, app: &AppId, execution: &ExecutionId) {
        if let Some(queue) = self.apps.get_mut(app) {
            queue.claimed(execution);
        }
    }

    /// Puts an app where it belongs after a change. Gives whether the rest of its queue should be read.
    pub(super) fn settle(&mut self, app: &AppId, is_halted: bool, remembered_min: usize) -> bool {
        let Some(queue) = self.apps.get_mut(app) else { return false };
        let standing = if is_halted { None } else { queue.next() };
        if standing != queue.standing {
            if let Some(order) = queue.standing {
                self.startable.remove(&(order, app.clone()));
            }
            if let Some(order) = standing {
                self.startable.insert((order, app.clone()));
            }
            queue.standing = standing;
        }
        let is_hungry = !is_halted && queue.is_hungry(remembered_min);
        if queue.is_idle() {
            self.apps.remove(app);
        }
        is_hungry
    }

    /// Whether there is nothing to remember of it but its turn.
    pub(super) fn is_idle(&self) -> bool {
        self.apps.is_empty() && self.running == 0
    }
}
