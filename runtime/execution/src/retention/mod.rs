//! Forgets what is old: events that cannot come again, and runs that ended long ago, with their journals.
//!
//! Started by the engine, one task for each node ([`run`]). How long things are kept is in the
//! [settings](crate::EngineConfig).
//!
//! Architecture invariants: a run goes with everything that belongs to it, in one transaction. One that has not ended,
//! and a dead letter, stays however old it is. Work is done in small parts, so that nobody waits for it.

mod prune;

use std::{error::Error, sync::Arc, time::Duration};

use alcove_plan::value::Timestamp;
use tokio_util::sync::CancellationToken;

pub(crate) use prune::prune;

use crate::node::Node;

/// How often it is looked for something to forget.
const PAUSE: Duration = Duration::from_mins(10);

/// Forgets what is old until it is told to stop.
pub(crate) async fn run(node: Arc<Node>, stop: CancellationToken) {
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            done = prune(&node) => if let Err(error) = done {
                tracing::warn!(error = &error as &dyn Error, "what is old could not be forgotten; it is tried again");
            }
        }
        let now_us = node.clock.now().micros();
        let pause_us = i64::try_from(PAUSE.as_micros()).unwrap_or(i64::MAX);
        let again = Timestamp::from_micros(now_us.saturating_add(pause_us)).unwrap_or_else(|| node.clock.now());
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = node.clock.sleep_until(again) => {}
        }
    }
}

/// The time so long before another.
fn ago(at: Timestamp, by: Duration) -> Timestamp {
    let by_us = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(at.micros().saturating_sub(by_us)).unwrap_or(at)
}
