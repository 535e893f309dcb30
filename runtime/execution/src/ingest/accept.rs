//! An event comes in: it is typed, matched, and made durable with everything that follows from it.

use std::time::Duration;

use alcove_catalog::{Catalog, ingest};
use alcove_ids::TenantId;
use alcove_plan::value::Timestamp;
use alcove_store::Statement;

use super::{
    AcceptError, IncomingEvent, Reply,
    direct::{self, Direct},
    waiting::Awaited,
};
use crate::{
    Engine,
    commit::{Accept, Answer, CommitError, Unit},
    node::Node,
    trigger::{Occurrence, RUN_SOURCE_PREFIX, RunInput},
};

/// The longest name, source or id of an event, in bytes.
const NAME_BYTES_MAX: usize = 512;
/// How often an event is matched before it is given back to its sender: each time the apps have changed meanwhile.
const MATCHES_MAX: u32 = 16;

impl Engine {
    /// Accepts an event: it is durable, with the runs and delays that follow from it, when this returns. With `wait` it
    /// returns as soon as these runs have ended or wait, or after that time.
    ///
    /// An event of the same source and id that was accepted before is answered as a duplicate and starts nothing.
    ///
    /// # Errors
    ///
    /// [`AcceptError::Conflict`]: the event of this source and id was another one.
    pub async fn accept(
        &self,
        tenant: &TenantId,
        event: IncomingEvent,
        wait: Option<Duration>,
    ) -> Result<Reply, AcceptError> {
        self.accept_with(tenant, event, None, wait).await
    }

    /// Accepts an event, and performs a statement in the same commit if the event is new.
    pub(super) async fn accept_with(
        &self,
        tenant: &TenantId,
        event: IncomingEvent,
        with: Option<Statement>,
        wait: Option<Duration>,
    ) -> Result<Reply, AcceptError> {
        let node = self.node();
        let occurrence = typed(tenant, &event, node.clock.now())?;
        let mut has_room = true;
        for _ in 0..MATCHES_MAX {
            let now = node.clock.now();
            let matches = node.index.matching(tenant, &occurrence.name, &occurrence.input.event, now);
            let follows = occurrence.follows(&matches.runs, now.micros());
            let accept = Accept {
                tenant: tenant.clone(),
                generation: Some(matches.generation),
                event: Some(occurrence.row(now.micros())),
                runs: follows.runs,
                timers: follows.timers,
                with: with.clone(),
            };
            let answer = match wait.filter(|_| has_room && direct::may_be(&accept, &matches.runs)) {
                Some(wait) => match direct::run(node, accept, wait).await? {
                    Direct::Ran(settled) => {
                        let executions = vec![settled.execution.clone()];
                        return Ok(Reply { executions, duplicate: false, settled: vec![settled] });
                    }
                    Direct::GoesOn(execution) => return Ok(Reply { executions: vec![execution], ..Reply::default() }),
                    Direct::Not(accept) => queued(node, *accept, Some(wait)).await?,
                    Direct::Refused(answer) => Queued::Refused(answer),
                },
                None => queued(node, accept, wait).await?,
            };
            match answer {
                Queued::Accepted(reply) => return Ok(reply),
                Queued::Refused(Answer::Duplicate { same_body: true }) => {
                    return Ok(Reply { duplicate: true, ..Reply::default() });
                }
                Queued::Refused(Answer::Duplicate { same_body: false }) => {
                    return Err(AcceptError::Conflict { source_name: event.source, id: event.id });
                }
                // Its run is left out, or put off: that is for the acceptance by itself to write.
                Queued::Refused(Answer::OverQuota(_)) => has_room = false,
                // What does not refresh now is stale the next time too.
                Queued::Refused(_) => drop(node.index.refresh(tenant, now).await),
            }
        }
        Err(AcceptError::Unsteady)
    }
}

/// What became of an acceptance by itself.
pub(super) enum Queued {
    Accepted(Reply),
    Refused(Answer),
}

/// Accepts an event, or a request, whose runs go through the queue.
pub(super) async fn queued(node: &Node, accept: Accept, wait: Option<Duration>) -> Result<Queued, CommitError> {
    let tenant = accept.tenant.clone();
    let awaited = wait.map(|wait| (Awaited::register(node, &tenant, accept.runs.iter().map(|run| &run.id)), wait));
    match node.committer.submit(Unit::Accept(Box::new(accept))).await? {
        Answer::Accepted { new, settled } => {
            let settled = match awaited {
                Some((awaited, wait)) => awaited.settled(wait).await,
                None => settled,
            };
            Ok(Queued::Accepted(Reply { executions: new, duplicate: false, settled }))
        }
        answer => Ok(Queued::Refused(answer)),
    }
}

/// The event as the catalog has it.
fn typed(tenant: &TenantId, event: &IncomingEvent, now: Timestamp) -> Result<Occurrence, AcceptError> {
    for (part, text) in [("source", &event.source), ("id", &event.id), ("type", &event.name)] {
        if text.is_empty() || text.len() > NAME_BYTES_MAX {
            return Err(AcceptError::Length { part, max: NAME_BYTES_MAX, found: text.len() });
        }
    }
    if event.source.starts_with(RUN_SOURCE_PREFIX) {
        return Err(AcceptError::Source { source_name: event.source.clone(), prefix: RUN_SOURCE_PREFIX });
    }
    let timestamp = event.timestamp.unwrap_or(now);
    let typed = ingest::event(Catalog::shipped(), &event.name, &event.payload, &event.id, timestamp)?;
    Ok(Occurrence {
        tenant: tenant.clone(),
        source: event.source.clone(),
        id: event.id.clone(),
        name: event.name.clone(),
        timestamp,
        payload: event.payload.to_string(),
        digest: event.digest(),
        input: RunInput { event: typed.event, left_out: typed.dropped },
        chain_depth: 0,
        parent: None,
    })
}
