//! Moves what effects have emitted into the inbox: events, with the runs and the delays that follow from them.
//!
//! Started by the engine, one task for each node ([`run`]); woken after commits that may have emitted something.
//! Actions write the outbox in the transaction of their effect; [`pump`] takes it from there.
//!
//! Architecture invariants: an event leaves the outbox in the transaction that puts it into the inbox, so a crash loses
//! none and two nodes move none twice. An event that cannot be one stops no other: the tenant's admins are told.

mod error;
mod pump;

use std::{error::Error, sync::Arc};

use alcove_plan::value::Timestamp;
use tokio_util::sync::CancellationToken;

pub(crate) use pump::pump;

use crate::node::Node;

/// Moves events until it is told to stop.
pub(crate) async fn run(node: Arc<Node>, stop: CancellationToken) {
    loop {
        if let Err(error) = pump(&node).await {
            tracing::warn!(error = &error as &dyn Error, "emitted events could not be moved; they are looked at again");
        }
        // What another node has left behind is found every now and then.
        let now = node.clock.now();
        let pause_us = i64::try_from(node.config.scan.as_micros()).unwrap_or(i64::MAX);
        let look = Timestamp::from_micros(now.micros().saturating_add(pause_us)).unwrap_or(now);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = node.wakes.outbox.notified() => {}
            () = node.clock.sleep_until(look) => {}
        }
    }
}
