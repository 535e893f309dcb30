//! One event of one run, in the transaction of whoever it happens to.

use alcove_ids::{ExecutionId, TenantId};
use alcove_journal::{
    cursor::{Cursor, History},
    entry::{Entry, Record, read_journal},
    transition::{Action, Event, Run},
};
use alcove_plan::envelope::Digest;
use alcove_store::{
    Transaction,
    tables::{
        executions::{self, Key},
        journal, reservations,
    },
};

use super::{After, Circumstances, Moved, TransitError, Writes, circumstances::one};
use crate::{commit::Summary, node::Node};

/// Takes a run one step on, at this moment; what has to be written waits in the transaction. Gives who is to hear of
/// it: [tell](super::Wakes::tell) them after the commit.
///
/// # Errors
///
/// Nothing was written: the transaction may go on with something else, unless the database failed.
pub(crate) async fn apply_in(
    transaction: &mut Transaction,
    node: &Node,
    tenant: &TenantId,
    execution: &ExecutionId,
    event: Event,
) -> Result<Vec<After>, TransitError> {
    let now_us = node.clock.now().micros();
    let dialect = transaction.dialect();
    let row = transaction.enqueue(executions::get_for_update(dialect, tenant, execution));
    transaction.flush().await?;
    let row = transaction.take(row)?.into_iter().next().ok_or_else(|| TransitError::NoRun(execution.clone()))?;
    let row = executions::Row::decode(&row)?;
    let run = Run::decode(&row.run)?;
    let circumstances = if Circumstances::matter_to(&event) {
        Circumstances::read(transaction, &node.plans, &row, now_us).await?
    } else {
        Circumstances::none(now_us)
    };
    let transition = run.on(event, &circumstances.context())?;
    let ends = transition.actions.iter().any(|action| matches!(action, Action::Finish(_)));
    let (seq, records) = journal_end(transaction, &row, ends, now_us).await?;
    let mut writes = Writes::default();
    writes.moved(
        Moved {
            key: Key { tenant: row.tenant, id: row.id },
            app: row.app,
            plan: Digest::from_hex(&row.digest),
            new: None,
            token: row.token,
            node: row.node,
            seq,
            records,
            summary: Summary { result: row.result, error: None, usage: None, items: row.items },
            question: None,
            transition,
        },
        now_us,
    );
    Ok(writes.enqueue(transaction, now_us).await?)
}

/// Where the journal goes on, and what it gets first if the run ends: results of effects that were begun and that
/// nobody will ever settle.
async fn journal_end(
    transaction: &mut Transaction,
    row: &executions::Row,
    ends: bool,
    now_us: i64,
) -> Result<(u32, Vec<Record>), TransitError> {
    let dialect = transaction.dialect();
    let key = Key { tenant: row.tenant.clone(), id: row.id.clone() };
    let next = transaction.enqueue(journal::next_seq(dialect, std::slice::from_ref(&key)));
    let entries = ends.then(|| transaction.enqueue(journal::read(dialect, &row.tenant, &row.id)));
    transaction.flush().await?;
    let (_, seq) = journal::decode_next_seq(&one(transaction.take(next)?, "journal")?)?;
    let mut bytes = Vec::new();
    for row in entries.map(|entries| transaction.take(entries)).transpose()?.unwrap_or_default() {
        bytes.extend(journal::Row::decode(&row)?.records);
    }
    if bytes.is_empty() {
        return Ok((seq, Vec::new()));
    }
    let cursor = Cursor::new(History::read(read_journal(&bytes)?)?);
    let lost = cursor.lost(now_us);
    if !lost.is_empty() {
        // What they have reserved counts as used: nobody knows better.
        transaction.enqueue(reservations::delete_of_run(dialect, &row.tenant, &row.id));
    }
    Ok((seq, lost.into_iter().map(|result| Record { at_us: now_us, entry: Entry::Result(result) }).collect()))
}
