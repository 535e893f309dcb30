//! One attempt to commit a batch, in one transaction.

use std::collections::BTreeMap;

use alcove_ids::TenantId;
use alcove_plan::codec::Outcome;
use alcove_platform::RunCalls;
use alcove_store::{
    StoreError, Transaction,
    tables::{
        RowError,
        executions::{Key, Row},
    },
};

use super::{
    Shared,
    ask::{Asked, Facts},
    judge::{Judge, Lost, Won, WonClaim},
    lane::{Turn, tell},
    queue::Job,
    reserve::Reserving,
    unit::{Answer, CommitError, Unit},
    write::{Writing, lease},
};
use crate::{Planted, quota::AdmitError};

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
    #[error(transparent)]
    Admit(#[from] AdmitError),
}

impl AttemptError {
    /// Whether it may pass by itself.
    pub(super) fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) | Self::Admit(AdmitError::Store(error)) => error.is_retryable(),
            Self::Admit(error) => matches!(error, AdmitError::Crowded),
            Self::Row(_) => false,
        }
    }

    /// Whether a unit of the batch is to blame.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Store(error) | Self::Admit(AdmitError::Store(error)) => error.is_refusal(),
            Self::Admit(AdmitError::Crowded) => false,
            Self::Row(_) | Self::Admit(AdmitError::Row(_) | AdmitError::Transition(_)) => true,
        }
    }
}

type Answers = Vec<(usize, Result<Answer, CommitError>)>;

/// What a transaction has begun with.
struct Begun {
    transaction: Transaction,
    facts: Facts,
    outcomes: BTreeMap<usize, Vec<Outcome>>,
}

/// Asks what must be known and performs the effects of all units, as far as their tenants' quotas go.
async fn begin(shared: &Shared, jobs: &[Job], reserving: &mut Reserving, now_us: i64) -> Result<Begun, AttemptError> {
    let parts = &shared.parts;
    loop {
        let mut transaction = parts.store.begin().await?;
        if let Some(job) = jobs.first() {
            transaction.for_tenant(job.unit.tenant().as_str());
        }
        reserving.begin(&mut transaction, jobs).await?;
        let asked = Asked::enqueue(&mut transaction, parts, jobs, reserving, now_us);
        let outcomes = perform(&mut transaction, shared, jobs, reserving).await?;
        let facts = asked.answers(&mut transaction).await?;
        if reserving.learn(&mut transaction, jobs)? {
            return Ok(Begun { transaction, facts, outcomes });
        }
        transaction.rollback().await;
    }
}

/// Commits a batch and answers its units, or says which of them stand in the way.
pub(super) async fn attempt(
    shared: &Shared,
    turn: &mut Turn<'_>,
    jobs: &mut Vec<Job>,
) -> Result<Attempt, AttemptError> {
    let parts = &shared.parts;
    let now = parts.clock.now();
    let now_us = now.micros();
    let mut reserving = match Reserving::of(parts, jobs, now).await? {
        Ok(reserving) => reserving,
        Err(unsettled) => return Ok(Attempt::Without(unsettled)),
    };
    let Begun { mut transaction, facts, mut outcomes } = begin(shared, jobs, &mut reserving, now_us).await?;
    let judge = Judge { facts: &facts, now_us, fences: !parts.config.has(Planted::NoFencing) };

    let (mut answers, mut claims, mut traces): (Answers, Vec<_>, bool) = (Vec::new(), Vec::new(), false);
    let mut writing = Writing::new(parts, now_us);
    for (at, job) in jobs.iter().enumerate() {
        let judged = match judge.judge(&job.unit, outcomes.remove(&at).unwrap_or_default()) {
            Ok(mut won) => {
                let taken = reserving.take(&mut transaction, parts, at, &mut won, &facts).await?;
                taken.map(|admitted| (won, admitted))
            }
            Err(lost) => Err(lost),
        };
        let (won, admitted) = match judged {
            Ok(judged) => judged,
            Err(Lost { answer, left_traces }) => {
                traces |= left_traces;
                answers.push((at, *answer));
                continue;
            }
        };
        match writing.unit(&mut transaction, &won, admitted).await? {
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
    reserving.enqueue(&mut transaction);
    let written = writing.enqueue(&mut transaction).await?;
    let mut claimed = written.claimed(&mut transaction).await?;
    let gone = gone(&claims, &claimed);
    if !gone.is_empty() {
        transaction.rollback().await;
        return Ok(Attempt::Without(gone));
    }
    answers.extend(claims.into_iter().map(|(at, claim)| (at, Ok(lease(claim, &mut claimed)))));
    if parts.config.has(Planted::EarlyAcknowledgement) {
        answer_all(jobs, std::mem::take(&mut answers));
    }
    commit(turn, transaction).await?;
    shared.counts.add(units);
    reserving.committed(parts, now);
    parts.wakes.tell(written.after);
    answer_all(jobs, answers);
    Ok(Attempt::Committed)
}

/// The claims of apps that were paused meanwhile: their runs stay in the queue, and must not keep the apps' locks.
fn gone(claims: &[(usize, WonClaim<'_>)], claimed: &BTreeMap<Key, Row>) -> Answers {
    let gone = claims.iter().filter(|(_, claim)| !claimed.contains_key(&claim.claim.key()));
    gone.map(|(at, _)| (*at, Ok(Answer::Gone))).collect()
}

/// Commits. The next batch is made while this one reaches the disk.
async fn commit(turn: &mut Turn<'_>, transaction: Transaction) -> Result<(), StoreError> {
    let committing = transaction.send_commit();
    drop(turn.take());
    committing.done().await
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
    reserving: &Reserving,
) -> Result<BTreeMap<usize, Vec<Outcome>>, StoreError> {
    let mut tenants: BTreeMap<&TenantId, Vec<(usize, RunCalls<'_>)>> = BTreeMap::new();
    for (at, job) in jobs.iter().enumerate() {
        let Unit::Barrier(barrier) = &job.unit else { continue };
        if !barrier.calls().is_empty() {
            let allowance = reserving.allowance(at, &barrier.scope.tenant);
            let calls = RunCalls { scope: &barrier.scope, calls: barrier.calls(), allowance };
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
    for (at, outcomes) in &mut outcomes {
        reserving.not_performed(*at, outcomes);
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
