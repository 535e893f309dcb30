//! Timers of runs that wait: the expiry of an approval, the next attempt, the end of a delay.

use std::error::Error;

use alcove_ids::ExecutionId;
use alcove_journal::transition::{Event, TransitionError};
use alcove_store::tables::timers;

use super::{BATCH, error::TimerError};
use crate::{
    node::Node,
    transition::{TransitError, apply_in, run_timer},
};

/// Fires what is due, one transaction for each: each locks its run. One that cannot be fired stays, and the others go
/// on.
pub(super) async fn fire(node: &Node) -> Result<(), TimerError> {
    let now_us = node.clock.now().micros();
    let dialect = node.store.dialect();
    let mut last: Option<timers::Row> = None;
    loop {
        let rows = node.store.query(&timers::due_runs(dialect, now_us, last.as_ref(), BATCH)).await?;
        let rows = rows.iter().map(|row| timers::Row::decode(row)).collect::<Result<Vec<_>, _>>()?;
        for row in &rows {
            if let Err(error) = fire_one(node, row).await {
                let (tenant, run) = (&row.key.tenant, &row.key.owner);
                let error = &error as &dyn Error;
                tracing::error!(%tenant, %run, error, "the timer of a run could not be fired; it is tried again");
            }
        }
        let Some(row) = rows.into_iter().next_back() else { return Ok(()) };
        last = Some(row);
    }
}

async fn fire_one(node: &Node, row: &timers::Row) -> Result<(), TransitError> {
    let tenant = &row.key.tenant;
    let missing = || TransitError::Missing { what: "timer" };
    let timer = run_timer(row).ok_or_else(missing)?;
    let execution = ExecutionId::parse(&row.key.owner).map_err(|_| missing())?;
    let mut transaction = node.store.begin().await?;
    transaction.for_tenant(tenant.as_str());
    let event = Event::TimerFired(timer);
    let after = match apply_in(&mut transaction, node, tenant, &execution, event).await {
        Ok(after) => after,
        // A timer that the run does not wait for any more goes too. The run is locked, so if it waits for another one
        // now, that one has another time.
        Err(TransitError::Refused(TransitionError::StaleTimer) | TransitError::NoRun(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    transaction.enqueue(timers::cancel_due(transaction.dialect(), row));
    transaction.commit().await?;
    node.wakes.tell(after);
    Ok(())
}
