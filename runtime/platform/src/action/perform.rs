//! A batch of calls, from the first to the last, in one transaction.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use alcove_ids::EffectId;
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use alcove_store::{SqlValue, Store, StoreError, Transaction};

use super::{
    PreparedAction,
    attempt::{Candidate, attempt_all},
    ledger,
    prepare::Performer,
    verdict::Verdicts,
};
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

pub(crate) async fn perform(store: &Store, scope: &Scope, calls: &[EffectCall]) -> Vec<Outcome> {
    match try_perform(store, scope, calls).await {
        Ok(verdicts) => verdicts.finish(),
        Err(error) => {
            // The transaction is gone, and with it everything that was done in it.
            let failure = Failure::new(Code::Action, error);
            let mut verdicts = Verdicts::new(calls.len());
            for (at, call) in calls.iter().enumerate() {
                if !verdicts.blocked().holds(call) {
                    verdicts.settle(at, call, Outcome::Failed(failure.clone()));
                }
            }
            verdicts.finish()
        }
    }
}

async fn try_perform(store: &Store, scope: &Scope, calls: &[EffectCall]) -> Result<Verdicts, StoreError> {
    let mut transaction = store.begin().await?;
    let recorded = ledger::read(&mut transaction, scope, calls).await?;
    let mut verdicts = Verdicts::new(calls.len());
    let mut first_of: BTreeMap<&EffectId, usize> = BTreeMap::new();
    let mut repeated = Vec::new();
    let mut fresh = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        if let Some(entry) = recorded.get(call.effect_id.as_str()) {
            verdicts.settle(at, call, entry.outputs(&call.action).map_or_else(Outcome::Failed, Outcome::Performed));
        } else if let Some(first) = first_of.get(&call.effect_id) {
            repeated.push((at, *first));
        } else {
            first_of.insert(&call.effect_id, at);
            fresh.push(at);
        }
    }
    for run in runs(calls, &fresh) {
        perform_run(&mut transaction, scope, calls, fresh.get(run).unwrap_or_default(), &mut verdicts).await?;
    }
    let happened = fresh.iter().filter_map(|at| match (calls.get(*at), verdicts.get(*at)) {
        (Some(call), Some(Outcome::Performed(outputs))) => Some((call, outputs.as_slice())),
        _ => None,
    });
    ledger::write(&mut transaction, scope, happened).await?;
    transaction.commit().await?;
    for (at, first) in repeated {
        if let (Some(call), Some(outcome)) = (calls.get(at), verdicts.get(first).cloned()) {
            verdicts.settle(at, call, outcome);
        }
    }
    Ok(verdicts)
}

/// The longest stretches of calls of one action, as ranges of `fresh`.
fn runs(calls: &[EffectCall], fresh: &[usize]) -> Vec<Range<usize>> {
    let action = |at: &usize| calls.get(*at).map(|call| Arc::as_ptr(&call.action));
    let mut start = 0;
    let stretch = |stretch: &[usize]| {
        let range = start..start + stretch.len();
        start = range.end;
        range
    };
    fresh.chunk_by(|a, b| action(a) == action(b)).map(stretch).collect()
}

/// Performs calls of one action.
async fn perform_run(
    transaction: &mut Transaction,
    scope: &Scope,
    calls: &[EffectCall],
    run: &[usize],
    verdicts: &mut Verdicts,
) -> Result<(), StoreError> {
    let Some(action) = run.first().and_then(|at| calls.get(*at)).map(|call| Arc::clone(&call.action)) else {
        return Ok(());
    };
    let row = |at: &usize| {
        let call = calls.get(*at)?;
        Some((*at, action.row(scope, &call.effect_id, &call.values)))
    };
    let candidates: Vec<Candidate> = run.iter().filter_map(row).collect();
    match action.performer() {
        Performer::Tables => attempt_all(transaction, scope, &action, calls, candidates, verdicts).await,
        Performer::Ai | Performer::Approval => {
            for (at, row) in candidates {
                let Some(call) = calls.get(at).filter(|call| !verdicts.blocked().holds(call)) else { continue };
                verdicts.settle(at, call, elsewhere(&action, row));
            }
            Ok(())
        }
    }
}

/// The outcome of a call that is not performed on the tables.
fn elsewhere(action: &PreparedAction, row: Result<Vec<SqlValue>, Failure>) -> Outcome {
    match (row, action.performer()) {
        (Err(failure), _) => Outcome::Failed(failure),
        (Ok(_), Performer::Approval) => Outcome::Suspended,
        (Ok(_), _) => {
            let message = format!("`{}` is not performed on the platform's tables", action.name());
            Outcome::Failed(Failure::new(Code::Internal, message))
        }
    }
}
