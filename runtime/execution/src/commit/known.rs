//! Runs that are there already: asked once the database has refused a batch.
//!
//! A run that is accepted with its first barrier performs its effects in the round trip that asks whether its event is
//! new. If it is not, the effects may be in the ledger, which refuses them before the answer is there.

use std::collections::BTreeMap;

use alcove_store::tables::{
    events,
    executions::{self, Held, Key},
};

use super::{
    Shared,
    ask::key_of,
    attempt::AttemptError,
    queue::Job,
    unit::{Accept, Answer, Barrier, CommitError, RunRef, Unit},
};

/// Units whose runs were accepted before, by their positions, with their answers.
pub(super) async fn known(
    shared: &Shared,
    jobs: &[Job],
) -> Result<Vec<(usize, Result<Answer, CommitError>)>, AttemptError> {
    let direct: Vec<(usize, &Barrier, &Accept)> = jobs.iter().enumerate().filter_map(direct).collect();
    let Some((_, first, _)) = direct.first() else { return Ok(Vec::new()) };
    let mut transaction = shared.parts.store.begin().await?;
    transaction.for_tenant(first.scope.tenant.as_str());
    let dialect = transaction.dialect();
    let keys: Vec<events::Key> =
        direct.iter().filter_map(|(_, _, accept)| accept.event.as_ref()).map(events::Row::key).collect();
    let digests = transaction.enqueue(events::digests(dialect, &keys));
    let runs: Vec<Key> = direct.iter().map(|(_, barrier, _)| key_of(barrier)).collect();
    let held = transaction.enqueue(executions::lock(dialect, &runs));
    transaction.flush().await?;
    let mut bodies = BTreeMap::new();
    for row in transaction.take(digests)? {
        bodies.extend([events::decode_digest(&row)?]);
    }
    let held = transaction.take(held)?;
    let held = held.iter().map(|row| Held::decode(row)).collect::<Result<Vec<_>, _>>()?;
    transaction.rollback().await;
    let known = direct.into_iter().filter_map(|(at, barrier, accept)| {
        let event = accept.event.as_ref();
        let body = event.and_then(|event| bodies.get(&event.key()));
        let is_there = body.is_some() || held.iter().any(|held| held.key == key_of(barrier));
        // An event that is forgotten, while its run is not, is taken to be the same.
        let same_body = body.is_none_or(|body| event.is_some_and(|event| event.digest == *body));
        is_there.then_some((at, Ok(Answer::Duplicate { same_body })))
    });
    Ok(known.collect())
}

fn direct((at, job): (usize, &Job)) -> Option<(usize, &Barrier, &Accept)> {
    match &job.unit {
        Unit::Barrier(barrier) => match &barrier.run {
            RunRef::Direct(accept) => Some((at, barrier, accept)),
            RunRef::Leased { .. } => None,
        },
        Unit::Accept(_) | Unit::Claim(_) => None,
    }
}
