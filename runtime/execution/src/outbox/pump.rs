//! One batch of the outbox after the other.

use std::collections::BTreeSet;

use alcove_ids::{AppId, TenantId};
use alcove_plan::value::Timestamp;
use alcove_store::{
    Transaction,
    tables::{
        emitted_events, events, executions,
        notices::{self, Kind},
        tenants, timers,
    },
};

use super::error::PumpError;
use crate::{
    node::Node,
    quota::admit_all,
    transition::After,
    trigger::{Follows, Occurrence},
};

/// Events that are moved at a time.
const BATCH: u32 = 256;

/// What became of a batch.
enum Moved {
    /// There was nothing.
    Nothing,
    /// It is in the inbox.
    Batch(Vec<After>),
    /// The index is out of date for these tenants; nothing was moved.
    Stale(Vec<TenantId>),
}

/// Moves everything that is in the outbox.
pub(crate) async fn pump(node: &Node) -> Result<(), PumpError> {
    // A look costs nobody anything; a transaction holds up those that have something to write.
    if node.store.query(&emitted_events::any(node.store.dialect())).await?.is_empty() {
        return Ok(());
    }
    loop {
        match pump_batch(node).await? {
            Moved::Nothing => return Ok(()),
            Moved::Batch(after) => node.wakes.tell(after),
            Moved::Stale(tenants) => {
                for tenant in tenants {
                    node.index.refresh(&tenant, node.clock.now()).await?;
                }
            }
        }
    }
}

async fn pump_batch(node: &Node) -> Result<Moved, PumpError> {
    let now = node.clock.now();
    let mut transaction = node.store.begin().await?;
    transaction.for_all_tenants();
    let rows = take(&mut transaction).await?;
    if rows.is_empty() {
        transaction.rollback().await;
        return Ok(Moved::Nothing);
    }
    let stale = stale(node, &mut transaction, &rows).await?;
    if !stale.is_empty() {
        transaction.rollback().await;
        return Ok(Moved::Stale(stale));
    }
    let mut occurrences = Vec::new();
    let mut refused = Vec::new();
    for row in &rows {
        match Occurrence::emitted(row) {
            Ok(occurrence) => occurrences.push(occurrence),
            Err(error) => refused.push((row, error.to_string())),
        }
    }
    tell_admins(&mut transaction, &refused, now).await?;
    let new = accept(&mut transaction, &occurrences, now).await?;
    let mut follows = follow(node, occurrences.iter().filter(|one| new.contains(&name(one))), now);
    let dialect = transaction.dialect();
    let mut all = admit_all(&mut transaction, node, std::mem::take(&mut follows.runs), now.micros()).await?;
    follows.timers.extend(std::mem::take(&mut all.admitted.timers));
    let runs = transaction.enqueue(executions::insert_new(dialect, &all.admitted.runs));
    transaction.enqueue(timers::arm(dialect, &follows.timers));
    let keys: Vec<emitted_events::Key> = rows.iter().map(emitted_events::Row::key).collect();
    transaction.enqueue(emitted_events::delete(dialect, &keys));
    transaction.flush().await?;
    let runs = transaction.take(runs)?.iter().map(|row| executions::Key::decode(row)).collect::<Result<_, _>>()?;
    all.correct(&mut transaction, &runs);
    transaction.commit().await?;
    Ok(Moved::Batch(told(&all.admitted.runs, &follows.timers, &runs)))
}

async fn take(transaction: &mut Transaction) -> Result<Vec<emitted_events::Row>, PumpError> {
    let ticket = transaction.enqueue(emitted_events::take(transaction.dialect(), BATCH));
    transaction.flush().await?;
    let rows = transaction.take(ticket)?;
    Ok(rows.iter().map(|row| emitted_events::Row::decode(row)).collect::<Result<_, _>>()?)
}

/// The tenants of whose apps the index has another state than the database.
async fn stale(
    node: &Node,
    transaction: &mut Transaction,
    rows: &[emitted_events::Row],
) -> Result<Vec<TenantId>, PumpError> {
    let tenants: BTreeSet<&TenantId> = rows.iter().map(|row| &row.tenant).collect();
    let tenants: Vec<&TenantId> = tenants.into_iter().collect();
    let ticket = transaction.enqueue(tenants::generations(transaction.dialect(), &tenants));
    transaction.flush().await?;
    let mut stale = Vec::new();
    for row in transaction.take(ticket)? {
        let (tenant, generation) = tenants::decode_generation(&row)?;
        if node.index.generation(&tenant) != generation {
            stale.push(tenant);
        }
    }
    Ok(stale)
}

/// Puts events into the inbox; gives those that were not there.
async fn accept(
    transaction: &mut Transaction,
    occurrences: &[Occurrence],
    now: Timestamp,
) -> Result<BTreeSet<events::Key>, PumpError> {
    let rows: Vec<events::Row> = occurrences.iter().map(|one| one.row(now.micros())).collect();
    let ticket = transaction.enqueue(events::insert(transaction.dialect(), &rows));
    transaction.flush().await?;
    let new = transaction.take(ticket)?;
    Ok(new.iter().map(|row| events::Key::decode(row)).collect::<Result<_, _>>()?)
}

fn name(occurrence: &Occurrence) -> events::Key {
    let Occurrence { tenant, source, id, .. } = occurrence;
    events::Key { tenant: tenant.clone(), source: source.clone(), id: id.clone() }
}

/// What follows from events: no run for what no filter passes.
fn follow<'o>(node: &Node, occurrences: impl Iterator<Item = &'o Occurrence>, now: Timestamp) -> Follows {
    let mut all = Follows::default();
    for one in occurrences {
        let matches = node.index.matching(&one.tenant, &one.name, &one.input.event, now);
        let Follows { runs, timers } = one.follows(&matches.runs, now.micros());
        all.runs.extend(runs);
        all.timers.extend(timers);
    }
    all
}

/// Tells the admins of what is no event. It is taken out of the outbox all the same: nothing will make it one.
async fn tell_admins(
    transaction: &mut Transaction,
    refused: &[(&emitted_events::Row, String)],
    now: Timestamp,
) -> Result<(), PumpError> {
    let mut rows = Vec::new();
    for (row, why) in refused {
        let (tenant, event) = (&row.tenant, &row.id);
        tracing::warn!(%tenant, %event, %why, "an emitted event does not fit the catalog");
        let Some(app) = emitter(transaction, row).await? else { continue };
        rows.push(notices::Row {
            tenant: row.tenant.clone(),
            id: row.id.clone(),
            kind: Kind::TriggerUnreadable,
            app,
            execution: row.execution.clone(),
            message: format!("the event `{}` of type `{}` starts nothing: {why}", row.id, row.r#type),
            created_at: now.micros(),
        });
    }
    if !rows.is_empty() {
        transaction.enqueue(notices::insert_new(transaction.dialect(), &rows));
    }
    Ok(())
}

/// The app whose run emitted it, if the run is still known.
async fn emitter(transaction: &mut Transaction, row: &emitted_events::Row) -> Result<Option<AppId>, PumpError> {
    let Some(execution) = &row.execution else { return Ok(None) };
    let ticket = transaction.enqueue(executions::get(transaction.dialect(), &row.tenant, execution));
    transaction.flush().await?;
    let found = transaction.take(ticket)?;
    let run = found.first().map(|cells| executions::Row::decode(cells)).transpose()?;
    Ok(run.map(|run| run.app))
}

/// Who hears of it.
fn told(runs: &[executions::Row], timers: &[timers::Row], new: &BTreeSet<executions::Key>) -> Vec<After> {
    let queued = runs.iter().filter_map(|run| {
        let key = executions::Key { tenant: run.tenant.clone(), id: run.id.clone() };
        let is_queued = new.contains(&key) && run.state == executions::State::Queued;
        is_queued.then(|| After::accepted(run)).flatten()
    });
    let armed = timers.iter().map(|timer| timer.due_at).min().map(|due_us| After::Armed { due_us });
    queued.chain(armed).collect()
}
