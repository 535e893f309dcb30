//! Who has to be woken after a commit. Nothing depends on it: whoever is not woken finds the work when it looks again.

use std::sync::Arc;

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_plan::envelope::Digest;
use alcove_store::tables::executions;
use tokio::sync::Notify;

use crate::{
    dispatch::{Dispatcher, Overlap, Why},
    ingest::{Settled, Waiters},
    plans::Plans,
};

/// Something that others are to hear of, once it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// A run is in the queue.
    Queued { tenant: TenantId, app: AppId, execution: ExecutionId, plan: Digest },
    /// A run was given back, and with it the app's lock: another run of the app may have its turn.
    Released { tenant: TenantId, app: AppId },
    /// The worker that has the run is to stop.
    Interrupt { execution: ExecutionId },
    /// A run has ended or waits.
    Settled { tenant: TenantId, settled: Settled },
    /// Effects have caused events.
    Emitted,
    /// A timer was armed.
    Armed { due_us: i64 },
    /// What the tenant's events start has changed.
    AppsChanged { tenant: TenantId },
}

impl After {
    /// Who hears of a run that was accepted as it stands in its row: whoever is to run it, or who waits for it. `None`:
    /// its digest does not read; whoever reads the queue says so.
    pub(crate) fn accepted(row: &executions::Row) -> Option<Self> {
        if let Some(settled) = Settled::of(row) {
            return Some(Self::Settled { tenant: row.tenant.clone(), settled });
        }
        let plan = Digest::from_hex(&row.digest)?;
        Some(Self::Queued { tenant: row.tenant.clone(), app: row.app.clone(), execution: row.id.clone(), plan })
    }
}

/// Who hears of it. Clones reach the same ones.
#[derive(Clone)]
pub(crate) struct Wakes {
    pub(crate) plans: Plans,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) waiters: Waiters,
    /// Whoever moves emitted events into the inbox.
    pub(crate) outbox: Arc<Notify>,
    /// Whoever fires timers.
    pub(crate) timers: Arc<Notify>,
}

impl Wakes {
    /// Tells everybody. To be called after the commit and never before.
    pub(crate) fn tell(&self, after: Vec<After>) {
        for after in after {
            match after {
                After::Queued { tenant, app, execution, plan } => self.queued(tenant, app, execution, plan),
                After::Released { tenant, app } => self.dispatcher.released(&tenant, &app),
                After::Interrupt { execution } => self.dispatcher.interrupt(&execution, Why::Cancelled),
                After::Settled { tenant, settled } => self.waiters.tell(&tenant, &settled),
                After::Emitted => self.outbox.notify_one(),
                After::Armed { .. } => self.timers.notify_one(),
                After::AppsChanged { tenant } => self.dispatcher.apps_changed(&tenant),
            }
        }
    }

    /// The dispatcher wants to know what the plan says about other runs of the app. A plan that is not at hand is
    /// loaded first, as the run will need it anyhow.
    fn queued(&self, tenant: TenantId, app: AppId, execution: ExecutionId, plan: Digest) {
        if let Some(plan) = self.plans.kept(&tenant, plan) {
            self.dispatcher.wake(&tenant, &app, execution, Overlap::of(&plan.plan().settings));
            return;
        }
        let (plans, dispatcher) = (self.plans.clone(), self.dispatcher.clone());
        tokio::spawn(async move {
            // Whoever reads the queue later finds the run too, and says what is wrong with its plan.
            if let Ok(plan) = plans.get(&tenant, plan).await {
                dispatcher.wake(&tenant, &app, execution, Overlap::of(&plan.plan().settings));
            }
        });
    }
}
