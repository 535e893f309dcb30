//! A run's place on this node.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::{Dispatcher, Interruption, scheduler::Start};

/// A run's place on this node. Dropped, it is free for the next run.
#[derive(Debug)]
pub(crate) struct Slot {
    dispatcher: Dispatcher,
    serial: u64,
    held: Option<Held>,
    interruption: Interruption,
}

#[derive(Debug)]
enum Held {
    Queued(Start),
    Direct { tenant: TenantId, app: AppId, execution: ExecutionId },
}

impl Slot {
    pub(super) fn queued(dispatcher: Dispatcher, serial: u64, start: Start, interruption: Interruption) -> Self {
        Self { dispatcher, serial, held: Some(Held::Queued(start)), interruption }
    }

    pub(super) fn direct(
        dispatcher: Dispatcher,
        serial: u64,
        (tenant, app, execution): (TenantId, AppId, ExecutionId),
        interruption: Interruption,
    ) -> Self {
        Self { dispatcher, serial, held: Some(Held::Direct { tenant, app, execution }), interruption }
    }

    /// How the run is told to stop.
    pub(crate) fn interruption(&self) -> &Interruption {
        &self.interruption
    }

    /// The queued run that has the slot; `None`: a run that was not queued.
    pub(super) fn start(&self) -> Option<&Start> {
        match &self.held {
            Some(Held::Queued(start)) => Some(start),
            Some(Held::Direct { .. }) | None => None,
        }
    }

    /// The database has answered that the queued run may go on.
    pub(super) fn claimed(&self) {
        if let Some(start) = self.start() {
            self.dispatcher.claimed(start);
        }
    }

    /// Gives the slot back; the run, if it was queued, waits until its app may be free.
    pub(super) fn park(mut self) {
        match self.held.take() {
            Some(Held::Queued(start)) => self.dispatcher.parked(self.serial, start),
            Some(direct @ Held::Direct { .. }) => self.held = Some(direct),
            None => {}
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        match &self.held {
            Some(Held::Queued(start)) => {
                self.dispatcher.left(self.serial, &start.tenant, &start.app, &start.run.execution);
            }
            Some(Held::Direct { tenant, app, execution }) => {
                self.dispatcher.left(self.serial, tenant, app, execution);
            }
            None => {}
        }
    }
}
