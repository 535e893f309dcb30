//! Writes one batch after the other.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{
    Shared,
    attempt::{self, Attempt, AttemptError},
    known,
    queue::Job,
    unit::{Answer, CommitError, RunRef, Unit},
};
use alcove_ids::{ExecutionId, TenantId};
use tokio::sync::SemaphorePermit;

/// Tries of a batch that the database could have committed, had others not been in the way.
const TRIES_MAX: u32 = 5;
/// The pause before the second try; it doubles.
const PAUSE: Duration = Duration::from_millis(2);

/// Writes until the queue is closed and empty.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let mut turn = shared.turns.acquire().await.ok();
        let Some(taken) = shared.queue.take().await else { return };
        let (jobs, put_back) = apart(taken.jobs);
        write(&shared, &mut turn, jobs).await;
        shared.queue.done(taken.tenant.as_ref(), put_back);
    }
}

/// The right to make a batch; given back once the batch is on its way to the disk.
pub(super) type Turn<'s> = Option<SemaphorePermit<'s>>;

/// What a unit claims for itself: no two units of a commit may want the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    Event { tenant: TenantId, source: String, id: String },
    Run { tenant: TenantId, execution: ExecutionId },
}

/// The units that can be committed together, and those for which the answer to another one has to be there first.
fn apart(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let mut taken = BTreeSet::new();
    jobs.into_iter().partition(|job| {
        let wanted = wanted(&job.unit);
        let free = wanted.iter().all(|wanted| !taken.contains(wanted));
        taken.extend(wanted);
        free
    })
}

fn wanted(unit: &Unit) -> Vec<Wanted> {
    let tenant = unit.tenant();
    let run = |execution: &ExecutionId| Wanted::Run { tenant: tenant.clone(), execution: execution.clone() };
    match unit {
        Unit::Claim(claim) => vec![run(&claim.execution)],
        Unit::Barrier(barrier) => match &barrier.run {
            RunRef::Leased { .. } => vec![run(&barrier.scope.execution)],
            RunRef::Direct(accept) => wanted_by_accept(tenant, accept),
        },
        Unit::Accept(accept) => wanted_by_accept(tenant, accept),
    }
}

fn wanted_by_accept(tenant: &TenantId, accept: &super::Accept) -> Vec<Wanted> {
    let event = accept.event.as_ref().map(|event| Wanted::Event {
        tenant: tenant.clone(),
        source: event.source.clone(),
        id: event.id.clone(),
    });
    let runs = accept.runs.iter().map(|row| Wanted::Run { tenant: tenant.clone(), execution: row.id.clone() });
    event.into_iter().chain(runs).collect()
}

/// Writes units and answers each. A batch that the database refuses is written unit by unit: only the one that is to
/// blame fails.
async fn write(shared: &Shared, turn: &mut Turn<'_>, jobs: Vec<Job>) {
    let mut alone: Vec<Vec<Job>> = vec![jobs];
    while let Some(batch) = alone.pop() {
        let refused = write_batch(shared, turn, batch).await;
        alone.extend(refused.into_iter().rev().map(|job| vec![job]));
    }
}

/// Writes a batch; gives the units back if the database refuses it and there is more than one.
async fn write_batch(shared: &Shared, turn: &mut Turn<'_>, mut jobs: Vec<Job>) -> Vec<Job> {
    let mut tries = 1;
    while !jobs.is_empty() {
        match attempt::attempt(shared, turn, &mut jobs).await {
            Ok(Attempt::Committed) => return Vec::new(),
            Ok(Attempt::Without(losers)) => answer_some(&mut jobs, losers),
            Err(error) if error.is_retryable() && tries < TRIES_MAX => {
                tokio::time::sleep(PAUSE * 2_u32.pow(tries - 1)).await;
                tries += 1;
            }
            Err(error) if error.is_refusal() => match known::known(shared, &jobs).await {
                Ok(known) if !known.is_empty() => answer_some(&mut jobs, known),
                _ if jobs.len() > 1 => return jobs,
                _ => answer_error(&mut jobs, &error),
            },
            Err(error) => answer_error(&mut jobs, &error),
        }
    }
    jobs
}

/// Answers the units at these positions, which rise, and takes them out.
fn answer_some(jobs: &mut Vec<Job>, losers: Vec<(usize, Result<Answer, CommitError>)>) {
    for (at, answer) in losers.into_iter().rev() {
        if at < jobs.len() {
            tell(jobs.remove(at), answer);
        }
    }
}

/// Answers all units with what went wrong.
fn answer_error(jobs: &mut Vec<Job>, error: &AttemptError) {
    let error = commit_error(error);
    jobs.drain(..).for_each(|job| tell(job, Err(error.clone())));
}

/// Answers a unit.
pub(super) fn tell(job: Job, answer: Result<Answer, CommitError>) {
    // Whoever has gone away need not hear of it.
    let _ = job.answer.send(answer);
}

fn commit_error(error: &AttemptError) -> CommitError {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    if error.is_refusal() { CommitError::Refused(cause) } else { CommitError::Unavailable(cause) }
}
