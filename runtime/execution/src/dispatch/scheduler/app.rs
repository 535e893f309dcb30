//! The queued and the running runs of one app on this node.

use std::collections::{BTreeSet, VecDeque};

use alcove_ids::ExecutionId;

use super::QueuedRun;
use crate::dispatch::overlap::Overlap;

/// One app with runs that are queued or running.
#[derive(Debug, Default)]
pub(super) struct AppQueue {
    /// The oldest first.
    queued: VecDeque<Waiting>,
    /// Found the app locked; the oldest first. They are older than those that are queued.
    parked: VecDeque<Waiting>,
    /// Were started, and may still be in the database's queue.
    claiming: BTreeSet<ExecutionId>,
    running: u32,
    rest: Rest,
    /// Where it stands in its tenant's order, if a run of it may be started.
    pub(super) standing: Option<u64>,
}

/// A run with its place in the order of arrival.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) order: u64,
    pub(super) run: QueuedRun,
}

/// Queued runs that are in the database only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rest {
    /// There is none.
    #[default]
    Nothing,
    /// There may be some, and they are older than any that arrives.
    Some,
    /// They are being read.
    Loading {
        /// Whether another one arrived since.
        missed: bool,
    },
}

impl AppQueue {
    /// Adds a run that has just been queued, unless there are older ones that are not remembered, or too many that are.
    pub(super) fn push(&mut self, order: u64, run: QueuedRun, remembered_max: usize) {
        match self.rest {
            Rest::Nothing if self.remembered() < remembered_max => self.queued.push_back(Waiting { order, run }),
            Rest::Nothing | Rest::Some => self.rest = Rest::Some,
            Rest::Loading { .. } => self.rest = Rest::Loading { missed: true },
        }
    }

    /// There may be runs that nobody has told of. Those that are remembered come first anyway.
    pub(super) fn suspect(&mut self) {
        if self.remembered() == 0 && self.rest == Rest::Nothing {
            self.rest = Rest::Some;
        }
    }

    /// Whether the rest should be read now.
    pub(super) fn is_hungry(&self, remembered_min: usize) -> bool {
        self.rest == Rest::Some && self.remembered() <= remembered_min
    }

    pub(super) fn begin_to_load(&mut self) {
        self.rest = Rest::Loading { missed: false };
    }

    /// Takes in what was read, the oldest first; `complete`: there was no more.
    pub(super) fn load(&mut self, runs: Vec<Waiting>, complete: bool, remembered_max: usize) {
        let remembered = self.queued.iter().chain(&self.parked).map(|waiting| &waiting.run.execution);
        let known = remembered.chain(&self.claiming).cloned().collect::<BTreeSet<_>>();
        let missed = self.rest == Rest::Loading { missed: true };
        let mut whole = complete && !missed;
        for waiting in runs {
            if known.contains(&waiting.run.execution) {
                continue;
            }
            if self.remembered() >= remembered_max {
                whole = false;
                break;
            }
            self.queued.push_back(waiting);
        }
        self.rest = if whole { Rest::Nothing } else { Rest::Some };
    }

    /// The rest could not be read: it is still to be.
    pub(super) fn load_failed(&mut self) {
        self.rest = Rest::Some;
    }

    /// The order of the run that may be started next, if one may.
    pub(super) fn next(&self) -> Option<u64> {
        let head = self.queued.front()?;
        let may = match head.run.overlap {
            // Whether it is left out is for the lock to say, which another node may hold.
            Overlap::Skip => true,
            Overlap::Queue => self.running == 0 && self.parked.is_empty(),
            Overlap::Parallel { runs_max } => self.running < runs_max,
        };
        may.then_some(head.order)
    }

    /// Starts the run that is next.
    pub(super) fn start(&mut self) -> Option<Waiting> {
        let waiting = self.queued.pop_front()?;
        self.claiming.insert(waiting.run.execution.clone());
        self.running += 1;
        Some(waiting)
    }

    /// Whether a run may be started that is not queued: nothing of the app waits that it would overtake.
    pub(super) fn admits(&self, overlap: Overlap) -> bool {
        let is_free = self.remembered() == 0 && self.rest == Rest::Nothing;
        match overlap {
            Overlap::Parallel { runs_max } => is_free && self.running < runs_max,
            Overlap::Skip | Overlap::Queue => is_free && self.running == 0,
        }
    }

    pub(super) fn start_direct(&mut self) {
        self.running += 1;
    }

    /// A run that was started is not in the database's queue any more.
    pub(super) fn claimed(&mut self, execution: &ExecutionId) {
        self.claiming.remove(execution);
    }

    /// A run has left its worker; the app may be free.
    pub(super) fn end(&mut self) {
        self.running = self.running.saturating_sub(1);
        self.unpark();
    }

    /// A run that was started has found the app locked. It waits until the app is [released](Self::unpark).
    pub(super) fn park(&mut self, waiting: Waiting) {
        self.claimed(&waiting.run.execution);
        self.running = self.running.saturating_sub(1);
        let behind = self.parked.partition_point(|parked| parked.order < waiting.order);
        self.parked.insert(behind, waiting);
    }

    /// The app may be free: those that were parked come first.
    pub(super) fn unpark(&mut self) {
        while let Some(waiting) = self.parked.pop_back() {
            self.queued.push_front(waiting);
        }
    }

    pub(super) fn has_parked(&self) -> bool {
        !self.parked.is_empty()
    }

    /// Whether there is nothing to remember of it.
    pub(super) fn is_idle(&self) -> bool {
        self.running == 0 && self.remembered() == 0 && self.rest == Rest::Nothing
    }

    fn remembered(&self) -> usize {
        self.queued.len() + self.parked.len()
    }
}
