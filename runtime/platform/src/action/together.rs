//! The fast path: everything in one round trip, on the assumption that nothing stands against it.

use std::collections::BTreeMap;

use alcove_ids::TenantId;
use alcove_plan::{codec::Outcome, value::Value};
use alcove_store::{SqlValue, Statement, StoreError, Ticket, Transaction};

use super::{Most, batch, run::Run, script::Purpose, verdict::Blocked, wave::Group};

/// Statements of one round trip: more would make a text that no cache of prepared statements keeps.
const STATEMENTS_PER_FLUSH: usize = 32;

/// A group whose statements are on their way.
struct Sent<'g> {
    group: &'g Group,
    /// What the members are that the database is not asked about, by their position.
    foregone: BTreeMap<usize, Outcome>,
    /// Statements that give rows only where something stands against the group.
    objections: Vec<Ticket>,
    outputs: Vec<Ticket>,
}

/// Performs the groups and settles their calls; false if anything stands against any of them, or if the database
/// refuses: then nothing of it has happened, and nothing is settled.
pub(super) async fn perform(
    transaction: &mut Transaction,
    tenant: &TenantId,
    runs: &mut [Run<'_>],
    groups: &[Group],
) -> Result<bool, StoreError> {
    transaction.enqueue_mark();
    match send(transaction, tenant, runs, groups).await {
        Ok(sent) => match outcomes(transaction, sent)? {
            Some(outcomes) => {
                transaction.enqueue_release();
                for (run, at, outcome) in outcomes {
                    if let Some(run) = runs.get_mut(run) {
                        run.settle(at, outcome);
                    }
                }
                Ok(true)
            }
            None => transaction.rollback_to_mark().await.map(|()| false),
        },
        Err(error) if error.is_refusal() => match transaction.rollback_to_mark().await {
            Ok(()) => Ok(false),
            // There is no mark: it was refused what the caller had enqueued before.
            Err(_) => Err(error),
        },
        Err(error) => Err(error),
    }
}

async fn send<'g>(
    transaction: &mut Transaction,
    tenant: &TenantId,
    runs: &[Run<'_>],
    groups: &'g [Group],
) -> Result<Vec<Sent<'g>>, StoreError> {
    let mut blocked: Vec<Blocked> = runs.iter().map(|run| run.verdicts.blocked().clone()).collect();
    let mut sent = Vec::with_capacity(groups.len());
    let mut waiting = 0;
    for group in groups {
        let foregone = foregone(runs, &mut blocked, group);
        let members = group.members.iter().enumerate().filter(|(at, _)| !foregone.contains_key(at));
        let rows: Vec<&[SqlValue]> = members.filter_map(|(_, member)| member.row.as_deref().ok()).collect();
        let (mut objections, mut outputs) = (Vec::new(), Vec::new());
        if !rows.is_empty() {
            let params = batch::params(tenant, rows);
            for step in group.action.steps() {
                let Some(params) = batch::params_of(step.purpose, &params, most(runs)) else { continue };
                let ticket = transaction.enqueue(Statement::new(step.sql.clone(), params));
                match step.purpose {
                    Purpose::Check | Purpose::Guard | Purpose::Quota => objections.push(ticket),
                    Purpose::Outputs => outputs.push(ticket),
                    Purpose::Apply => {}
                }
                waiting += 1;
            }
        }
        sent.push(Sent { group, foregone, objections, outputs });
        if waiting >= STATEMENTS_PER_FLUSH {
            transaction.flush().await?;
            waiting = 0;
        }
    }
    transaction.flush().await?;
    Ok(sent)
}

/// The quota of the tenant, whose runs they all are.
pub(super) fn most<'r>(runs: &'r [Run<'_>]) -> Option<&'r Most> {
    runs.first().and_then(|run| run.allowance.state_keys.as_ref())
}

/// What is settled before the database is asked, provided that all else happens.
fn foregone(runs: &[Run<'_>], blocked: &mut [Blocked], group: &Group) -> BTreeMap<usize, Outcome> {
    let mut foregone = BTreeMap::new();
    for (position, member) in group.members.iter().enumerate() {
        let call = runs.get(member.run).and_then(|run| run.calls.get(member.at));
        if let (Some(call), Some(blocked)) = (call, blocked.get_mut(member.run))
            && let Some(outcome) = member.foregone(call, blocked)
        {
            blocked.note(call, &outcome);
            foregone.insert(position, outcome);
        }
    }
    foregone
}

/// A call, by its run and its position there, and its outcome.
type Settled = (usize, usize, Outcome);

/// The outcome of each call; `None` if something stands against one of them.
fn outcomes(transaction: &mut Transaction, sent: Vec<Sent<'_>>) -> Result<Option<Vec<Settled>>, StoreError> {
    let mut all = Vec::new();
    for Sent { group, mut foregone, objections, outputs } in sent {
        for ticket in objections {
            if !transaction.take(ticket)?.is_empty() {
                return Ok(None);
            }
        }
        let mut values: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for ticket in outputs {
            match batch::outputs(&group.action, &transaction.take(ticket)?) {
                Ok(found) => values.extend(found),
                Err(_) => return Ok(None),
            }
        }
        let mut row = 0;
        for (position, member) in group.members.iter().enumerate() {
            let outcome = foregone.remove(&position).unwrap_or_else(|| {
                row += 1;
                Outcome::Performed(values.remove(&(row - 1)).unwrap_or_default())
            });
            all.push((member.run, member.at, outcome));
        }
    }
    Ok(Some(all))
}
