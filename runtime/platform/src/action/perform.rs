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
    ledger,
    prepare::Performer,
    script::{Purpose, Step},
    verdict::Verdicts,
};
use crate::{Scope, cell};

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

/// A call that can be tried: its position among all calls, and its row or why it has none.
type Candidate = (usize, Result<Vec<SqlValue>, Failure>);

/// What became of the statements of one action.
enum Applied {
    /// The outputs of each row, by its position.
    All(BTreeMap<usize, Vec<Value>>),
    /// None of it happened: one of the rows at least cannot be.
    Refused(Failure),
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

/// Tries calls together; where the database refuses them, each half, so that a bad one fails alone.
async fn attempt_all(
    transaction: &mut Transaction,
    scope: &Scope,
    action: &PreparedAction,
    calls: &[EffectCall],
    candidates: Vec<Candidate>,
    verdicts: &mut Verdicts,
) -> Result<(), StoreError> {
    let mut work = vec![candidates];
    while let Some(mut batch) = work.pop() {
        let decisions = decide(transaction, scope, action, calls, &batch, verdicts).await?;
        let kept: Vec<&[SqlValue]> = batch
            .iter()
            .filter(|(at, _)| !decisions.contains_key(at))
            .filter_map(|(_, row)| row.as_deref().ok())
            .collect();
        let outputs = match apply(transaction, scope, action, &kept).await? {
            Applied::All(outputs) => outputs,
            Applied::Refused(failure) => {
                if let ([(at, _)], Some(call)) = (batch.as_slice(), batch.first().and_then(|(at, _)| calls.get(*at))) {
                    verdicts.settle(*at, call, Outcome::Failed(failure));
                } else {
                    let second = batch.split_off(batch.len() / 2);
                    work.extend([second, batch]);
                }
                continue;
            }
        };
        settle(calls, &batch, decisions, outputs, verdicts);
    }
    Ok(())
}

/// Which of these calls are not tried, and what they are instead.
async fn decide(
    transaction: &mut Transaction,
    scope: &Scope,
    action: &PreparedAction,
    calls: &[EffectCall],
    batch: &[Candidate],
    verdicts: &Verdicts,
) -> Result<BTreeMap<usize, Outcome>, StoreError> {
    let rows: Vec<(usize, &[SqlValue])> =
        batch.iter().filter_map(|(at, row)| Some((*at, row.as_deref().ok()?))).collect();
    let mut faults = check(transaction, scope, action, &rows).await?;
    let mut blocked = verdicts.blocked().clone();
    let mut decisions = BTreeMap::new();
    for (at, row) in batch {
        let Some(call) = calls.get(*at) else { continue };
        let fault = row.as_ref().err().cloned().or_else(|| faults.remove(at));
        let outcome = if blocked.holds(call) { Some(Outcome::NotPerformed) } else { fault.map(Outcome::Failed) };
        if let Some(outcome) = outcome {
            blocked.note(call, &outcome);
            decisions.insert(*at, outcome);
        }
    }
    Ok(decisions)
}

fn settle(
    calls: &[EffectCall],
    batch: &[Candidate],
    mut decisions: BTreeMap<usize, Outcome>,
    mut outputs: BTreeMap<usize, Vec<Value>>,
    verdicts: &mut Verdicts,
) {
    let mut position = 0;
    for (at, _) in batch {
        let Some(call) = calls.get(*at) else { continue };
        let outcome = decisions.remove(at).unwrap_or_else(|| {
            position += 1;
            Outcome::Performed(outputs.remove(&(position - 1)).unwrap_or_default())
        });
        verdicts.settle(*at, call, outcome);
    }
}

/// The calls whose rows name something that is not there, by their position among all calls.
async fn check(
    transaction: &mut Transaction,
    scope: &Scope,
    action: &PreparedAction,
    rows: &[(usize, &[SqlValue])],
) -> Result<BTreeMap<usize, Failure>, StoreError> {
    let mut faults = BTreeMap::new();
    if rows.is_empty() {
        return Ok(faults);
    }
    let params = params(scope, rows.iter().map(|(_, row)| *row));
    for step in of_purpose(action, Purpose::Check) {
        for found in transaction.query(&step.sql, &params).await? {
            if let [n, SqlValue::Text(message)] = found.as_slice()
                && let Some((at, _)) = position(n).and_then(|n| rows.get(n))
            {
                faults.entry(*at).or_insert_with(|| Failure::new(Code::Action, message));
            }
        }
    }
    Ok(faults)
}

/// Performs rows together, or nothing.
async fn apply(
    transaction: &mut Transaction,
    scope: &Scope,
    action: &PreparedAction,
    rows: &[&[SqlValue]],
) -> Result<Applied, StoreError> {
    if rows.is_empty() {
        return Ok(Applied::All(BTreeMap::new()));
    }
    let params = params(scope, rows.iter().copied());
    transaction.mark().await?;
    let applied = match run_steps(transaction, action, &params).await {
        Ok(applied) => applied,
        Err(error) if error.is_refusal() => {
            let message = format!("the database refused the values of `{}`", action.name());
            Applied::Refused(Failure::new(Code::Action, message))
        }
        Err(error) => return Err(error),
    };
    match &applied {
        Applied::All(_) => transaction.release_mark().await?,
        Applied::Refused(_) => transaction.rollback_to_mark().await?,
    }
    Ok(applied)
}

async fn run_steps(
    transaction: &mut Transaction,
    action: &PreparedAction,
    params: &[SqlValue],
) -> Result<Applied, StoreError> {
    let mut outputs = BTreeMap::new();
    for step in action.steps() {
        match step.purpose {
            Purpose::Check => {}
            Purpose::Guard => {
                if let Some([SqlValue::Text(message), SqlValue::Text(limit), SqlValue::Int(value)]) =
                    transaction.query(&step.sql, params).await?.first().map(Vec::as_slice)
                {
                    let value = value.unsigned_abs();
                    return Ok(Applied::Refused(Failure::limit(limit, value, message)));
                }
            }
            Purpose::Apply => {
                transaction.execute(&step.sql, params).await?;
            }
            Purpose::Outputs => {
                for row in transaction.query(&step.sql, params).await? {
                    let Some((n, cells)) = row.split_first() else { continue };
                    let values = cells.iter().zip(action.outputs()).map(|(cell, ty)| cell::from_sql(cell, *ty));
                    match (position(n), values.collect::<Result<Vec<_>, _>>()) {
                        (Some(n), Ok(values)) => outputs.insert(n, values),
                        (_, Err(error)) => return Ok(Applied::Refused(Failure::new(Code::Internal, error))),
                        (None, Ok(_)) => continue,
                    };
                }
            }
        }
    }
    Ok(Applied::All(outputs))
}

fn of_purpose(action: &PreparedAction, purpose: Purpose) -> impl Iterator<Item = &Step> {
    action.steps().iter().filter(move |step| step.purpose == purpose)
}

/// The parameters of every statement of a script; `sql/sqlite/README.md` numbers them.
fn params<'r>(scope: &Scope, rows: impl IntoIterator<Item = &'r [SqlValue]>) -> [SqlValue; 5] {
    [
        SqlValue::text(scope.tenant.as_str()),
        SqlValue::Int(scope.now.micros()),
        SqlValue::text(cell::json_rows(rows)),
        SqlValue::text(scope.app.as_str()),
        SqlValue::Int(i64::from(scope.chain_depth) + 1),
    ]
}

fn position(n: &SqlValue) -> Option<usize> {
    n.as_int().and_then(|n| usize::try_from(n).ok())
}
