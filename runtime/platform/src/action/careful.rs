//! The careful path, taken where something stands against a batch: one group after the other, and halves of a group
//! where the database refuses it, so that a bad call fails alone.

use std::collections::BTreeMap;

use alcove_ids::TenantId;
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use alcove_store::{SqlValue, StoreError, Transaction};

use super::{
    Most, PreparedAction, batch, ledger,
    run::Run,
    script::Purpose,
    together::most,
    verdict::Blocked,
    wave::{Group, Member},
};

/// What became of some calls of a group.
enum Tried {
    /// An outcome for each, in order.
    Settled(Vec<Outcome>),
    /// None of it happened: one of the calls at least cannot be.
    Refused(Failure),
}

/// Performs the groups and settles their calls. An error if the effect of any of them is in the ledger.
pub(super) async fn perform(
    transaction: &mut Transaction,
    tenant: &TenantId,
    runs: &mut [Run<'_>],
    groups: &[Group],
) -> Result<(), StoreError> {
    ledger::probe(transaction, runs).await?;
    for group in groups {
        let mut work = vec![group.members.as_slice()];
        while let Some(members) = work.pop() {
            let outcomes = match attempt(transaction, tenant, runs, &group.action, members).await? {
                Tried::Settled(outcomes) => outcomes,
                Tried::Refused(failure) if members.len() <= 1 => vec![Outcome::Failed(failure)],
                Tried::Refused(_) => {
                    let (first, second) = members.split_at(members.len() / 2);
                    work.extend([second, first]);
                    continue;
                }
            };
            for (member, outcome) in members.iter().zip(outcomes) {
                if let Some(run) = runs.get_mut(member.run) {
                    run.settle(member.at, outcome);
                }
            }
        }
    }
    Ok(())
}

/// Performs some calls of a group together, or nothing.
async fn attempt(
    transaction: &mut Transaction,
    tenant: &TenantId,
    runs: &[Run<'_>],
    action: &PreparedAction,
    members: &[Member],
) -> Result<Tried, StoreError> {
    transaction.mark().await?;
    let tried = match check_and_apply(transaction, tenant, runs, action, members).await {
        Ok(tried) => tried,
        Err(error) if error.is_refusal() => {
            let message = format!("the database refused the values of `{}`", action.name());
            Tried::Refused(Failure::new(Code::Action, message))
        }
        Err(error) => return Err(error),
    };
    match &tried {
        Tried::Settled(_) => transaction.release_mark().await?,
        Tried::Refused(_) => transaction.rollback_to_mark().await?,
    }
    Ok(tried)
}

async fn check_and_apply(
    transaction: &mut Transaction,
    tenant: &TenantId,
    runs: &[Run<'_>],
    action: &PreparedAction,
    members: &[Member],
) -> Result<Tried, StoreError> {
    let faults = check(transaction, tenant, action, members).await?;
    let mut decisions = decide(runs, members, faults);
    let kept = members.iter().enumerate().filter(|(at, _)| !decisions.contains_key(at));
    let rows: Vec<&[SqlValue]> = kept.filter_map(|(_, member)| member.row.as_deref().ok()).collect();
    let mut outputs = match apply(transaction, tenant, action, rows, most(runs)).await? {
        Ok(outputs) => outputs,
        Err(failure) => return Ok(Tried::Refused(failure)),
    };
    let mut row = 0;
    let outcome = |at: usize| {
        decisions.remove(&at).unwrap_or_else(|| {
            row += 1;
            Outcome::Performed(outputs.remove(&(row - 1)).unwrap_or_default())
        })
    };
    Ok(Tried::Settled((0..members.len()).map(outcome).collect()))
}

/// The members whose rows name something that is not there, by their position.
async fn check(
    transaction: &mut Transaction,
    tenant: &TenantId,
    action: &PreparedAction,
    members: &[Member],
) -> Result<BTreeMap<usize, Failure>, StoreError> {
    let (positions, rows): (Vec<usize>, Vec<&[SqlValue]>) =
        members.iter().enumerate().filter_map(|(at, member)| Some((at, member.row.as_deref().ok()?))).unzip();
    let mut faults = BTreeMap::new();
    if rows.is_empty() {
        return Ok(faults);
    }
    let params = batch::params(tenant, rows);
    for step in action.steps().iter().filter(|step| step.purpose == Purpose::Check) {
        for found in transaction.query(&step.sql, &params).await? {
            if let [n, SqlValue::Text(message)] = found.as_slice()
                && let Some(at) = batch::position(n).and_then(|n| positions.get(n))
            {
                faults.entry(*at).or_insert_with(|| Failure::new(Code::Action, message));
            }
        }
    }
    Ok(faults)
}

/// Which members are not tried, by their position, and what they are instead.
fn decide(runs: &[Run<'_>], members: &[Member], mut faults: BTreeMap<usize, Failure>) -> BTreeMap<usize, Outcome> {
    let mut blocked: BTreeMap<usize, Blocked> = BTreeMap::new();
    let mut decisions = BTreeMap::new();
    for (position, member) in members.iter().enumerate() {
        let Some((run, call)) = runs.get(member.run).and_then(|run| Some((run, run.calls.get(member.at)?))) else {
            continue;
        };
        let blocked = blocked.entry(member.run).or_insert_with(|| run.verdicts.blocked().clone());
        let fault = faults.remove(&position).map(Outcome::Failed);
        if let Some(outcome) = member.foregone(call, blocked).or(fault) {
            blocked.note(call, &outcome);
            decisions.insert(position, outcome);
        }
    }
    decisions
}

/// Performs rows together and gives the outputs of each by its position; or why they cannot be, with half of it done.
async fn apply(
    transaction: &mut Transaction,
    tenant: &TenantId,
    action: &PreparedAction,
    rows: Vec<&[SqlValue]>,
    most: Option<&Most>,
) -> Result<Result<BTreeMap<usize, Vec<Value>>, Failure>, StoreError> {
    let mut outputs = BTreeMap::new();
    if rows.is_empty() {
        return Ok(Ok(outputs));
    }
    let params = batch::params(tenant, rows);
    for step in action.steps() {
        match step.purpose {
            Purpose::Check => {}
            Purpose::Quota => {
                let asked = most.and_then(|most| Some((most, batch::params_of(step.purpose, &params, Some(most))?)));
                if let Some((most, params)) = asked
                    && !transaction.query(&step.sql, &params).await?.is_empty()
                {
                    return Ok(Err(most.failure.clone()));
                }
            }
            Purpose::Guard => {
                if let Some([SqlValue::Text(message), SqlValue::Text(limit), SqlValue::Int(value)]) =
                    transaction.query(&step.sql, &params).await?.first().map(Vec::as_slice)
                {
                    return Ok(Err(Failure::limit(limit, value.unsigned_abs(), message)));
                }
            }
            Purpose::Apply => {
                transaction.execute(&step.sql, &params).await?;
            }
            Purpose::Outputs => match batch::outputs(action, &transaction.query(&step.sql, &params).await?) {
                Ok(found) => outputs.extend(found),
                Err(error) => return Ok(Err(Failure::new(Code::Internal, error))),
            },
        }
    }
    Ok(Ok(outputs))
}
