//! Calls of one action: one statement per table for all of them, and halves of them where that is refused.

use std::collections::BTreeMap;

use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use alcove_store::{SqlValue, StoreError, Transaction};

use super::{
    PreparedAction,
    perform::EffectCall,
    script::{Purpose, Step},
    verdict::Verdicts,
};
use crate::{Scope, cell};

/// A call that can be tried: its position among all calls, and its row or why it has none.
pub(super) type Candidate = (usize, Result<Vec<SqlValue>, Failure>);

/// What became of the statements of one action.
enum Applied {
    /// The outputs of each row, by its position.
    All(BTreeMap<usize, Vec<Value>>),
    /// None of it happened: one of the rows at least cannot be.
    Refused(Failure),
}

/// Tries calls together; where the database refuses them, each half, so that a bad one fails alone.
pub(super) async fn attempt_all(
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
