//! Callers that wait for a run to end.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use alcove_ids::{ExecutionId, TenantId};
use alcove_store::tables::executions;
use tokio::sync::oneshot;

/// How a run stands that has ended or waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The execution.
    pub execution: ExecutionId,
    /// The word that users see: `succeeded`, `failed`, `skipped`, `cancelled` or `waiting`.
    pub state: &'static str,
    /// Why it was skipped, or what it waits for.
    pub reason: Option<String>,
    /// What the plan gave back, as JSON.
    pub result: Option<String>,
    /// Why it failed, as JSON: `code`, `path`, `message` and, where one was reached, `limit`.
    pub error: Option<String>,
}

impl Settled {
    /// How the run of a row stands; `None`: it has neither ended nor does it wait.
    pub(crate) fn of(row: &executions::Row) -> Option<Self> {
        let moves = matches!(row.state, executions::State::Queued | executions::State::Running);
        (!moves).then(|| Self {
            execution: row.id.clone(),
            state: row.state.as_str(),
            reason: row.reason.clone(),
            result: row.result.clone(),
            error: row.error.clone(),
        })
    }
}

type Key = (TenantId, ExecutionId);

/// Who waits for what, on this node. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiters(Arc<Mutex<BTreeMap<Key, Vec<oneshot::Sender<Settled>>>>>);

/// One caller's wait. Dropped, nobody is told.
#[derive(Debug)]
pub(crate) struct Wait {
    told: oneshot::Receiver<Settled>,
}

impl Waiters {
    /// Waits from now on. Register before the run can end, or it may end unnoticed.
    pub(crate) fn register(&self, tenant: &TenantId, execution: &ExecutionId) -> Wait {
        let (tell, told) = oneshot::channel();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Callers that went away leave with the next one who waits for the same run, or when it is told.
        let tellers = waiting.entry((tenant.clone(), execution.clone())).or_default();
        tellers.retain(|teller| !teller.is_closed());
        tellers.push(tell);
        Wait { told }
    }

    /// Tells everybody who waits for this run.
    pub(crate) fn tell(&self, tenant: &TenantId, settled: &Settled) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.is_empty() {
            return;
        }
        for teller in waiting.remove(&(tenant.clone(), settled.execution.clone())).unwrap_or_default() {
            // Whoever has gone away need not hear of it.
            let _ = teller.send(settled.clone());
        }
    }

    /// Forgets callers of this run that have gone away.
    pub(crate) fn forget(&self, tenant: &TenantId, execution: &ExecutionId) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (tenant.clone(), execution.clone());
        if let Some(tellers) = waiting.get_mut(&key) {
            tellers.retain(|teller| !teller.is_closed());
            if tellers.is_empty() {
                waiting.remove(&key);
            }
        }
    }
}

impl Wait {
    /// How the run stands, once it has ended or waits; `None` if the engine ends before.
    pub(crate) async fn settled(self) -> Option<Settled> {
        self.told.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> (TenantId, ExecutionId) {
        (TenantId::parse("t").unwrap(), ExecutionId::parse("run_1").unwrap())
    }

    fn settled(execution: &ExecutionId) -> Settled {
        Settled { execution: execution.clone(), state: "succeeded", reason: None, result: None, error: None }
    }

    #[tokio::test]
    async fn everybody_who_waits_is_told_once_and_other_tenants_are_not() {
        let (tenant, execution) = ids();
        let waiters = Waiters::default();
        let (first, second) = (waiters.register(&tenant, &execution), waiters.register(&tenant, &execution));
        let other = waiters.register(&TenantId::parse("u").unwrap(), &execution);
        waiters.tell(&tenant, &settled(&execution));
        assert_eq!(first.settled().await, Some(settled(&execution)));
        assert_eq!(second.settled().await, Some(settled(&execution)));
        drop(waiters);
        assert_eq!(other.settled().await, None);
    }

    #[test]
    fn callers_that_went_away_leave_nothing_behind() {
        let (tenant, execution) = ids();
        let waiters = Waiters::default();
        drop(waiters.register(&tenant, &execution));
        waiters.forget(&tenant, &execution);
        assert!(waiters.0.lock().unwrap().is_empty());
    }
}
