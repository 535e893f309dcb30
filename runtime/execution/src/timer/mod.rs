//! Fires timers: schedules, delays, and those of runs that wait.
//!
//! Started by the engine, one task for each node ([`run`]); woken when a timer is armed. [`due`] fires schedules and
//! delays, [`runs`] those of runs.
//!
//! Architecture invariants: a timer fires in the transaction that advances or removes it, so a crash loses none and two
//! nodes fire none twice. What cannot be fired stays where it is, is told of, and holds up no other.

mod due;
mod error;
mod runs;

use std::{error::Error, sync::Arc};

use alcove_plan::value::Timestamp;
use alcove_store::{SqlValue, tables::timers};
use tokio_util::sync::CancellationToken;

use self::{due::Firing, error::TimerError};
use crate::node::Node;

/// Timers that are read at a time.
const BATCH: u32 = 256;

/// Fires timers until it is told to stop.
pub(crate) async fn run(node: Arc<Node>, stop: CancellationToken) {
    let mut firing = Firing::default();
    loop {
        // Read before the timers are: what becomes due meanwhile is not waited for.
        let began = node.clock.now();
        let next = match fire(&node, &mut firing).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "timers could not be fired; they are looked at again");
                None
            }
        };
        let wake = wake(&node, began, next);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = node.wakes.timers.notified() => {}
            () = node.clock.sleep_until(wake) => {}
        }
    }
}

/// Fires everything that is due; gives when the next timer is.
pub(crate) async fn fire(node: &Node, firing: &mut Firing) -> Result<Option<i64>, TimerError> {
    let next = next_due(node).await?;
    if next.is_none_or(|next| next > node.clock.now().micros()) {
        return Ok(next);
    }
    while firing.fire_batch(node).await? {}
    runs::fire(node).await?;
    next_due(node).await
}

async fn next_due(node: &Node) -> Result<Option<i64>, TimerError> {
    let rows = node.store.query(&timers::next_due(node.store.dialect())).await?;
    Ok(match rows.first().and_then(|row| row.first()) {
        Some(SqlValue::Int(due_us)) => Some(*due_us),
        _ => None,
    })
}

/// When to look again: when the next timer is due; and every now and then, for what other nodes have armed, and for
/// what is due but could not be fired.
fn wake(node: &Node, began: Timestamp, next: Option<i64>) -> Timestamp {
    let pause_us = i64::try_from(node.config.scan.as_micros()).unwrap_or(i64::MAX);
    let scan_us = began.micros().saturating_add(pause_us);
    let wake_us = next.filter(|next| *next > began.micros()).map_or(scan_us, |next| next.min(scan_us));
    Timestamp::from_micros(wake_us).unwrap_or(began)
}
