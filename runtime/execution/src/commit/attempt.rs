//! One attempt to commit a batch, in one transaction.

use std::collections::BTreeMap;

use alcove_ids::TenantId;
use alcove_plan::codec::Outcome;
use alcove_platform::RunCalls;
use alcove_store::{StoreError, Transaction, tables::RowError};

use super::{
    Shared,
    ask::Asked,
    judge::{Judge, Lost, Won},
    lane::tell,
    queue::Job,
    unit::{Answer, CommitError, Unit},
    write::{Writing, lease},
};
use crate::Planted;

/// What an attempt came to.
#[derive(Debug)]
pub(super) enum Attempt {
    /// All units are answered.
    Committed,
    /// Nothing was changed, because of these units. The others may be tried again without them.
    Without(Vec<(usize, Result<Answer, CommitError>)>),
}

/// Why an attempt was not finished. Unless the database went away during the commit itself, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttemptError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Row(#[from] RowError),
}

impl AttemptError {
    /// Whether it may pass by itself.
    pub(super) fn is_retryable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retryable())
    }

    /// Whether a unit of the batch is to blame.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Store(error) => error.is_refusal(),
            Self::Row(_) => true,
        }
    }
}

type Answers = Vec<(usize, Result<Answer, CommitError>)>;

/// Commits a batch and answers its units, or says which of them stand in the way.
pub(super) async fn attempt(shared: &Shared, jobs: &mut Vec<Job>) -> Result<Attempt, AttemptError> {
    let parts = &shared.parts;
    let now_us = parts.clock.now().micros();
    let mut transaction = parts.store.begin().await?;
    if let Some(job) = jobs.first() {
        transaction.for_tenant(job.unit.tenant().as_str());
    }
    let asked = Asked::enqueue(&mut transaction, parts, jobs, now_us);
    let mut outcomes = perform(&mut transaction, shared, jobs).await?;
    let facts = asked.answers(&mut transaction).await?;
    let judge = Judge { facts: &facts, now_us, fences: !parts.config.has(Planted::NoFencing) };

    let (mut answers, mut claims, mut traces): (Answers, Vec<_>, bool) = (Vec::new(), Vec::new(), false);
    let mut writing = Writing::new(parts, now_us);
    for (at, job) in jobs.iter().enumerate() {
        let won = match judge.judge(&job.unit, outcomes.remove(&at).unwrap_or_default()) {
            Ok(won) => won,
            Err(Lost { answer, left_traces }) => {
                traces |= left_traces;
                answers.push((at, *answer));
                continue;
            }
        };
        match writing.unit(&mut transaction, &won).await? {
            Ok(answer) => answers.extend(answer.map(|answer| (at, Ok(answer)))),
            Err(defect) => {
                traces = true;
                answers.push((at, Err(defect)));
            }
        }
        if let Won::Claim(claim) = won {
            claims.push((at, claim));
        }
    }
    if traces {
        transaction.rollback().await;
        answers.retain(|(_, answer)| !is_win(answer));
        return Ok(Attempt::Without(answers));
    }
    let units = jobs.len();
    let written = writing.enqueue(&mut transaction).await?;
    let mut claimed = written.claimed(&mut transaction).await?;
    // The app was paused meanwhile: the run stays in the queue, and must not keep the app's lock.
    let gone = claims.iter().filter(|(_, claim)| !claimed.contains_key(&claim.claim.key()));
    let gone: Answers = gone.map(|(at, _)| (*at, Ok(Answer::Gone))).collect();
    if !gone.is_empty() {
        transaction.rollback().await;
        return Ok(Attempt::Without(gone));
    }
    answers.extend(claims.into_iter().map(|(at, claim)| (at, Ok(lease(claim, &mut claimed)))));
    if parts.config.has(Planted::EarlyAcknowledgement) {
        answer_all(jobs, std::mem::take(&mut answers));
    }
    transaction.commit().await?;
    shared.counts.add(units);
    parts.wakes.tell(written.after);
    answer_all(jobs, answers);
    Ok(Attempt::Committed)
}

/// Whether an answer says that something is durable.
fn is_win(answer: &Result<Answer, CommitError>) -> bool {
    matches!(answer, Ok(Answer::Accepted { .. } | Answer::Claimed(_) | Answer::Done { .. }))
}

/// Performs the effects of all units, with whatever waits in the transaction. Gives the outcomes of each unit that has
/// effects, by its position.
async fn perform(
    transaction: &mut Transaction,
    shared: &Shared,
    jobs: &[Job],
) -> Result<BTreeMap<usize, Vec<Outcome>>, StoreError> {
    let mut tenants: BTreeMap<&TenantId, Vec<(usize, RunCalls<'_>)>> = BTreeMap::new();
    for (at, job) in jobs.iter().enumerate() {
        let Unit::Barrier(barrier) = &job.unit else { continue };
        if !barrier.calls().is_empty() {
            let calls = RunCalls { scope: &barrier.scope, calls: barrier.calls() };
            tenants.entry(&barrier.scope.tenant).or_default().push((at, calls));
        }
    }
    if tenants.is_empty() {
        transaction.flush().await?;
    }
    let mut outcomes = BTreeMap::new();
    for runs in tenants.into_values() {
        let (positions, calls): (Vec<usize>, Vec<RunCalls<'_>>) = runs.into_iter().unzip();
        let performed = shared.parts.platform.perform_in(transaction, &calls).await?;
        outcomes.extend(positions.into_iter().zip(performed));
    }
    Ok(outcomes)
}

/// Answers units and takes them out, each at its position.
fn answer_all(jobs: &mut Vec<Job>, mut answers: Answers) {
    answers.sort_unstable_by_key(|(at, _)| *at);
    for (at, answer) in answers.into_iter().rev() {
        if at < jobs.len() {
            tell(jobs.swap_remove(at), answer);
        }
    }
}
