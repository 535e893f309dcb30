//! Runs of any tenants that timers or events of other runs start: admitted in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use alcove_store::{StoreError, Transaction, tables::executions};

use super::{Admission, AdmitError, Admitted, admit::counter, rooms::Rooms};
use crate::{Tier, node::Node};

/// Runs that were admitted, with the counters that they were counted in.
#[derive(Debug, Default)]
pub(crate) struct AllAdmitted {
    /// The rows and the timers.
    pub(crate) admitted: Admitted,
    rooms: Rooms,
    now_us: i64,
}

/// Admits runs of any tenants, each tenant's in their order.
pub(crate) async fn admit_all(
    transaction: &mut Transaction,
    node: &Node,
    runs: Vec<executions::Row>,
    now_us: i64,
) -> Result<AllAdmitted, AdmitError> {
    let mut all = AllAdmitted { admitted: Admitted::default(), rooms: Rooms::default(), now_us };
    let mut tiers: BTreeMap<TenantId, Option<Tier>> = BTreeMap::new();
    let mut counted: BTreeMap<TenantId, Vec<executions::Row>> = BTreeMap::new();
    for run in runs {
        let tier = if let Some(tier) = tiers.get(&run.tenant) {
            *tier
        } else {
            let tier = tier(transaction, node, &run.tenant).await?;
            tiers.insert(run.tenant.clone(), tier);
            tier
        };
        let is_queued = run.state == executions::State::Queued;
        match counter(&run, now_us).filter(|_| is_queued && tier.is_some()) {
            Some(counter) => {
                all.rooms.ask(counter, tier, 1);
                counted.entry(run.tenant.clone()).or_default().push(run);
            }
            None => all.admitted.runs.push(run),
        }
    }
    if all.rooms.is_empty() {
        return Ok(all);
    }
    all.rooms.enqueue(transaction);
    transaction.flush().await?;
    all.rooms.learn(transaction)?;
    for (tenant, runs) in counted {
        let Some(tier) = tiers.get(&tenant).copied().flatten() else { continue };
        let admission = Admission { plans: &node.plans, tier, now_us };
        let Admitted { runs, timers } = admission.admit(transaction, &mut all.rooms, &runs).await?;
        all.admitted.runs.extend(runs);
        all.admitted.timers.extend(timers);
    }
    Ok(all)
}

/// The tier of a tenant. One whose settings do not read is held to the smallest: others must not wait for it.
async fn tier(transaction: &mut Transaction, node: &Node, tenant: &TenantId) -> Result<Option<Tier>, StoreError> {
    match node.tenants.settings_in(transaction, tenant).await {
        Ok(settings) => Ok(settings.tier),
        Err(StoreError::Row(error)) => {
            tracing::error!(%tenant, %error, "the settings of a tenant do not read; it is held to the smallest tier");
            Ok(Some(Tier::Free))
        }
        Err(error) => Err(error),
    }
}

impl AllAdmitted {
    /// Lets travel with the commit what makes the counters right: a run that was there already is not counted again.
    pub(crate) fn correct(&mut self, transaction: &mut Transaction, new: &BTreeSet<executions::Key>) {
        for run in &self.admitted.runs {
            let key = executions::Key { tenant: run.tenant.clone(), id: run.id.clone() };
            if let Some(counter) = counter(run, self.now_us)
                && run.state == executions::State::Queued
                && !new.contains(&key)
            {
                self.rooms.count(&counter, -1);
            }
        }
        self.rooms.correct(transaction);
    }
}
