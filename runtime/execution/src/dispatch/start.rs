//! Takes runs from the queue and gives them to workers.

use std::sync::Arc;

use alcove_journal::{entry::SkipReason, transition::Event};
use alcove_store::tables::executions;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Overlap, Slot, paused, scheduler::Start};
use crate::{
    commit::{Answer, Claim, Unit},
    node::Node,
    transition::{self, TransitError},
    worker,
};

/// Starts every run that may be started, each in a task of its own, until it is told to stop.
pub(super) async fn run(node: Arc<Node>, workers: TaskTracker, stop: CancellationToken) {
    loop {
        let slot = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            slot = node.dispatcher.next() => slot,
        };
        workers.spawn(carry(Arc::clone(&node), slot));
    }
}

/// Claims a run and has it carried to its end, or to where it waits.
async fn carry(node: Arc<Node>, slot: Slot) {
    let Some(start) = slot.start() else { return };
    // It is looked at again with every scan, as are runs whose app was locked.
    if !node.tenants.settings(&start.tenant).await.is_ok_and(|settings| settings.is_served()) {
        slot.park();
        return;
    }
    let claim = Claim {
        tenant: start.tenant.clone(),
        app: start.app.clone(),
        execution: start.run.execution.clone(),
        lock: start.run.overlap.is_locked(),
    };
    match node.committer.submit(Unit::Claim(claim)).await {
        Ok(Answer::Claimed(lease)) => {
            slot.claimed();
            worker::run(&node, *lease, slot.interruption()).await;
        }
        Ok(Answer::Locked) => {
            if !leave_out(&node, start).await.unwrap_or(false) {
                slot.park();
            }
        }
        Ok(Answer::Gone) => park_if_paused(&node, slot).await,
        // It is still queued, as far as is known. If the claim has become durable nevertheless, nobody has the run, and
        // it is given back by `takeover`.
        Ok(_) | Err(_) => slot.park(),
    }
}

/// A run that is not to be had may be in the queue still, as its app is paused: then it waits until that changes. The
/// app is looked at only here, since a claim that is given says that the app is not paused.
async fn park_if_paused(node: &Node, slot: Slot) {
    let of = slot.start().map(|start| (start.tenant.clone(), start.app.clone()));
    let Some((tenant, app)) = of else { return };
    if !paused::is_paused(node, &tenant, &app).await.unwrap_or(true) {
        return;
    }
    slot.park();
    // An app that was resumed between the look and the parking has been told of before there was anything to tell.
    if !paused::is_paused(node, &tenant, &app).await.unwrap_or(true) {
        node.dispatcher.apps_changed(&tenant);
        node.dispatcher.released(&tenant, &app);
    }
}

/// Leaves out a run that found its app locked, if its app wants that. One that has begun already is not left out in its
/// middle: it waits its turn.
async fn leave_out(node: &Node, start: &Start) -> Result<bool, TransitError> {
    if start.run.overlap != Overlap::Skip {
        return Ok(false);
    }
    let Start { tenant, run, .. } = start;
    let mut transaction = node.store.begin().await?;
    transaction.for_tenant(tenant.as_str());
    let get = executions::get_for_update(transaction.dialect(), tenant, &run.execution);
    let rows = transaction.query(&get.sql, &get.params).await?;
    let row = rows.first().map(|cells| executions::Row::decode(cells)).transpose()?;
    if row.is_none_or(|row| row.started_at.is_some()) {
        return Ok(false);
    }
    let event = Event::Skipped { token: None, reason: SkipReason::Locked };
    let after = transition::apply_in(&mut transaction, node, tenant, &run.execution, event).await?;
    transaction.commit().await?;
    node.wakes.tell(after);
    Ok(true)
}
