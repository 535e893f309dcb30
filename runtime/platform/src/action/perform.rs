//! A batch of calls of any number of runs, in one transaction.

use std::{collections::BTreeMap, sync::Arc};

use alcove_ids::EffectId;
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use alcove_store::{Store, StoreError, Transaction};

use super::{Allowance, PreparedAction, careful, ledger, run::Run, together, wave};
use crate::Scope;

/// One call of an action.
#[derive(Clone, Debug)]
pub struct EffectCall {
    /// The effect, which happens once.
    pub effect_id: EffectId,
    /// What is done.
    pub action: Arc<PreparedAction>,
    /// One value for each hole of the action.
    pub values: Vec<Value>,
    /// The indices of the loops around it, outermost first.
    pub indices: Vec<u32>,
    /// How many of these indices a later call shares with it where a failure of this one takes the later one along;
    /// 0: all later calls.
    pub recover_depth: u8,
}

/// Calls of one run, in the run's order.
#[derive(Clone, Copy, Debug)]
pub struct RunCalls<'c> {
    /// The run.
    pub scope: &'c Scope,
    /// What it calls.
    pub calls: &'c [EffectCall],
    /// What the quotas of its tenant leave of that.
    pub allowance: &'c Allowance,
}

/// Performs calls of one run in a transaction of their own; those whose effects are in the ledger do not happen again.
pub(crate) async fn perform(store: &Store, run: RunCalls<'_>) -> Vec<Outcome> {
    match try_perform(store, run).await {
        Ok(outcomes) => outcomes,
        Err(error) => {
            // The transaction is gone, and with it everything that was done in it.
            let mut failed = Run::new(&run, &BTreeMap::new());
            failed.fail_all(&Failure::new(Code::Action, error));
            failed.finish()
        }
    }
}

async fn try_perform(store: &Store, run: RunCalls<'_>) -> Result<Vec<Outcome>, StoreError> {
    let mut transaction = store.begin().await?;
    transaction.for_tenant(run.scope.tenant.as_str());
    let recorded = ledger::read(&mut transaction, run.scope, run.calls).await?;
    let mut runs = [Run::new(&run, &recorded)];
    perform_runs(&mut transaction, &mut runs).await?;
    transaction.commit().await?;
    let [run] = runs;
    Ok(run.finish())
}

/// Performs calls of many runs of one tenant inside the caller's transaction: one list of outcomes for each run.
pub(crate) async fn perform_in(
    transaction: &mut Transaction,
    runs: &[RunCalls<'_>],
) -> Result<Vec<Vec<Outcome>>, StoreError> {
    let recorded = BTreeMap::new();
    let mut runs: Vec<Run<'_>> = runs.iter().map(|run| Run::new(run, &recorded)).collect();
    perform_runs(transaction, &mut runs).await?;
    Ok(runs.into_iter().map(Run::finish).collect())
}

async fn perform_runs(transaction: &mut Transaction, runs: &mut [Run<'_>]) -> Result<(), StoreError> {
    let Some(tenant) = runs.first().map(|run| run.scope.tenant.clone()) else { return Ok(()) };
    for run in runs.iter_mut() {
        run.hold_to(&tenant);
    }
    let groups = wave::groups(runs);
    if groups.iter().any(|group| group.action.takes_turns()) {
        // One transaction of a tenant after the other: a script reads what it then changes.
        transaction.enqueue_turn(tenant.as_str());
    }
    if !together::perform(transaction, &tenant, runs, &groups).await? {
        careful::perform(transaction, &tenant, runs, &groups).await?;
    }
    ledger::enqueue(transaction, runs);
    Ok(())
}
