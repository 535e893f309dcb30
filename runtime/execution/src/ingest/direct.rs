//! The short way: a run that is carried out before its event is accepted, so that both need one commit.
//!
//! Only for a caller who waits, so that nothing is promised meanwhile; only where nothing that the run does can be seen
//! outside the commit that accepts it.

use std::{sync::Arc, time::Duration};

use alcove_ids::ExecutionId;
use alcove_plan::envelope::Digest;
use alcove_trigger::index::Subscription;

use super::{
    AcceptError, Settled,
    waiting::{is_stored, stored},
};
use crate::{
    PlanError,
    commit::{Accept, Answer, CommitError},
    dispatch::Overlap,
    node::Node,
    worker::{self, Direct as Left, Refusal},
};

/// How often a caller whose time is over looks whether the run was accepted meanwhile.
const LOOK: Duration = Duration::from_millis(10);

/// What became of the short way.
pub(super) enum Direct {
    /// The run has ended, or waits.
    Ran(Settled),
    /// The run was accepted and goes on; the caller's time is over.
    GoesOn(ExecutionId),
    /// The node has no room for it now.
    Not(Box<Accept>),
    /// Nothing was accepted.
    Refused(Answer),
}

/// Whether a run may take the short way: it is the only one, and its app allows it.
pub(super) fn may_be(accept: &Accept, matches: &[Arc<Subscription>]) -> bool {
    let is_alone = accept.runs.len() == 1 && accept.timers.is_empty();
    is_alone && matches.first().is_some_and(|subscription| subscription.direct)
}

/// Carries out the run of an event.
pub(super) async fn run(node: &Arc<Node>, accept: Accept, wait: Duration) -> Result<Direct, AcceptError> {
    let Some(row) = accept.runs.first() else { return Ok(Direct::Not(Box::new(accept))) };
    let (tenant, app, execution) = (row.tenant.clone(), row.app.clone(), row.id.clone());
    let digest = Digest::from_hex(&row.digest).ok_or(CommitError::Defect("a stored digest is none".to_owned()))?;
    let plan = match node.plans.get(&tenant, digest).await {
        Ok(plan) => plan,
        Err(PlanError::Store(error)) => return Err(error.into()),
        // The event is accepted, and its run says what is wrong with the plan.
        Err(_) => return Ok(Direct::Not(Box::new(accept))),
    };
    let overlap = Overlap::of(&plan.plan().settings);
    let Some(slot) = node.dispatcher.admit(&tenant, &app, &execution, overlap) else {
        return Ok(Direct::Not(Box::new(accept)));
    };
    let told = node.waiters.register(&tenant, &execution).settled();
    let worker = Arc::clone(node);
    // The run goes on if the caller goes away.
    let mut running = tokio::spawn(async move {
        let left = worker::run_direct(&worker, Box::new(accept), plan, slot.interruption()).await;
        drop(slot);
        left
    });
    tokio::pin!(told);
    let time_is_over = tokio::time::sleep(wait);
    tokio::pin!(time_is_over);
    let left = tokio::select! {
        biased;
        Some(settled) = &mut told => return Ok(Direct::Ran(settled)),
        left = &mut running => left,
        () = &mut time_is_over => loop {
            // Nothing is answered before it is durable, whoever waits.
            if is_stored(node, &tenant, &execution).await {
                node.waiters.forget(&tenant, &execution);
                return Ok(Direct::GoesOn(execution));
            }
            if let Ok(left) = tokio::time::timeout(LOOK, &mut running).await {
                break left;
            }
        },
    };
    match left.map_err(|_| CommitError::Defect("a run was broken off".to_owned()))? {
        Ok(Left::Over | Left::Lost) => {
            // Whoever ended it has said so by now; another node that took it over will not say so here.
            let settled = stored(node, &tenant, &execution).await;
            node.waiters.forget(&tenant, &execution);
            Ok(settled.map_or(Direct::GoesOn(execution), Direct::Ran))
        }
        Ok(Left::Refused(Refusal::Answer(answer))) => Ok(Direct::Refused(answer)),
        Ok(Left::Refused(Refusal::Error(error))) => Err(error.into()),
        Err(failure) => Err(CommitError::Defect(failure.message).into()),
    }
}
