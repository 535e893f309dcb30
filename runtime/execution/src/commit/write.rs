//! What units that have won come to, in rows.

use std::collections::BTreeMap;

use alcove_journal::{entry::Record, transition::State};
use alcove_plan::{codec::Outcome, envelope::Digest};
use alcove_store::{
    StoreError, Ticket, Transaction,
    tables::{
        apps,
        executions::{self, Change, Key},
    },
};

use super::{
    Parts,
    ask::key_of,
    attempt::AttemptError,
    judge::{Won, WonBarrier, WonClaim},
    unit::{Answer, Barrier, CommitError, End, FIRST_TOKEN, Lease, RunRef},
};
use crate::{
    ingest::Settled,
    quota::Admitted,
    transition::{After, Circumstances, Moved, TransitError, Writes, journal_row},
};

/// What a commit writes.
pub(super) struct Writing<'p> {
    parts: &'p Parts,
    now_us: i64,
    writes: Writes,
    claims: Vec<executions::Claim>,
}

/// What was let travel with the next flush.
pub(super) struct Written {
    pub(super) after: Vec<After>,
    claimed: Option<Ticket>,
}

impl<'p> Writing<'p> {
    pub(super) fn new(parts: &'p Parts, now_us: i64) -> Self {
        Self { parts, now_us, writes: Writes::default(), claims: Vec::new() }
    }

    /// Writes a unit; gives its answer, which for a claim is what its rows will say. An inner error is the unit's own.
    pub(super) async fn unit(
        &mut self,
        transaction: &mut Transaction,
        won: &Won<'_>,
        admitted: Option<Admitted>,
    ) -> Result<Result<Option<Answer>, CommitError>, AttemptError> {
        match won {
            Won::Accept(accept) => {
                let new = accept.runs.iter().map(|row| row.id.clone()).collect();
                let Admitted { runs, timers } = admitted.unwrap_or_else(|| accept.runs.clone().into());
                let settled = runs.iter().filter_map(Settled::of).collect();
                for row in runs {
                    self.writes.accept(row);
                }
                self.writes.arm(&timers);
                self.writes.arm(&accept.timers);
                if let Some(with) = &accept.with {
                    transaction.enqueue(with.clone());
                }
                Ok(Ok(Some(Answer::Accepted { new, settled })))
            }
            Won::Claim(claim) => {
                self.claims.push(executions::Claim {
                    key: claim.claim.key(),
                    node: self.parts.standing.node().as_str().to_owned(),
                    token: claim.token,
                    run: claim.run.encode(),
                    started_at: self.now_us,
                });
                Ok(Ok(None))
            }
            Won::Barrier(barrier) => match self.barrier(transaction, barrier).await {
                Ok(answer) => Ok(Ok(Some(answer))),
                Err(TransitError::Store(error)) => Err(AttemptError::Store(error)),
                Err(error) => Ok(Err(CommitError::Defect(error.to_string()))),
            },
        }
    }

    async fn barrier(&mut self, transaction: &mut Transaction, won: &WonBarrier<'_>) -> Result<Answer, TransitError> {
        let barrier = won.barrier;
        self.writes.called(&barrier.called);
        let mut records = barrier.records.clone();
        records.extend_from_slice(&won.settled.records);
        if caused_events(barrier, &won.settled.outcomes) {
            self.writes.tell(After::Emitted);
        }
        let outcomes = won.settled.outcomes.clone();
        let performed = outcomes.iter().all(|outcome| matches!(outcome, Outcome::Performed(_)));
        let (reserved, refused) = (won.reserved.clone(), won.refused);
        let is_whole = performed && refused.is_none();
        if is_whole {
            records.extend_from_slice(&barrier.then);
        }
        let Some(end) = barrier.end.as_ref().filter(|_| is_whole) else {
            self.go_on(won, &records);
            return Ok(Answer::Done { outcomes, state: None, reserved, refused });
        };
        let circumstances = self.circumstances(transaction, won, end).await?;
        let event = circumstances.complete(end.event.clone());
        let transition = won.run.on(event, &circumstances.context())?;
        let state = Some(transition.run.clone());
        let (token, node, new) = self.stored(won);
        self.writes.moved(
            Moved {
                key: key_of(barrier),
                app: barrier.scope.app.clone(),
                plan: new.as_ref().and_then(|row| Digest::from_hex(&row.digest)),
                new,
                token,
                node,
                seq: won.seq,
                records,
                summary: end.summary.clone(),
                question: end.question.clone(),
                transition,
            },
            self.now_us,
        );
        Ok(Answer::Done { outcomes, state, reserved, refused })
    }

    /// The token and the node of a run, and its row, if it is not stored yet.
    fn stored(&self, won: &WonBarrier<'_>) -> (u64, Option<String>, Option<Box<executions::Row>>) {
        match (&won.barrier.run, won.held) {
            (RunRef::Leased { token }, held) => (token.0, held.and_then(|held| held.node.clone()), None),
            (RunRef::Direct(accept), _) => {
                let row = accept.runs.first().cloned().map(Box::new);
                (FIRST_TOKEN.0, Some(self.parts.standing.node().as_str().to_owned()), row)
            }
        }
    }

    /// A run that its worker keeps: its journal grows. Its row changes only if it is new, or need not keep its input.
    fn go_on(&mut self, won: &WonBarrier<'_>, records: &[Record]) {
        let key = key_of(won.barrier);
        let (token, node, new) = self.stored(won);
        let starts = records.iter().any(|record| matches!(record.entry, alcove_journal::entry::Entry::Started(_)));
        if new.is_some() || starts {
            let change = Change {
                tenant: key.tenant.clone(),
                id: key.id.clone(),
                state: executions::State::Running,
                reason: None,
                run: won.run.encode(),
                token,
                node,
                attempts: won.run.attempts,
                items: 0,
                started_at: Some(self.now_us),
                ended_at: None,
                due_at: None,
                result: None,
                error: None,
                usage: None,
                dead_letter: won.run.dead_letter,
                drops_input: starts,
            };
            self.writes.keep(new, change);
        }
        if !records.is_empty() {
            self.writes.grow(journal_row(&key, won.seq, records));
        }
    }

    async fn circumstances(
        &self,
        transaction: &mut Transaction,
        won: &WonBarrier<'_>,
        end: &End,
    ) -> Result<Circumstances, TransitError> {
        if !Circumstances::matter_to(&end.event) {
            return Ok(Circumstances::none(self.now_us));
        }
        let row = match &won.barrier.run {
            RunRef::Direct(accept) => accept.runs.first().cloned(),
            RunRef::Leased { .. } => {
                let key = key_of(won.barrier);
                let row = executions::get(transaction.dialect(), &key.tenant, &key.id);
                let row = transaction.enqueue(row);
                transaction.flush().await?;
                transaction.take(row)?.first().map(|row| executions::Row::decode(row)).transpose()?
            }
        };
        let row = row.ok_or(TransitError::Missing { what: "row" })?;
        let read = Circumstances::read(transaction, &self.parts.plans, &row, self.now_us).await?;
        let app = apps::Key { tenant: row.tenant, id: row.app };
        Ok(read.after(&self.writes.tally(&app)))
    }

    /// Lets everything travel with the next flush.
    pub(super) async fn enqueue(self, transaction: &mut Transaction) -> Result<Written, StoreError> {
        let claimed = (!self.claims.is_empty())
            .then(|| transaction.enqueue(executions::claim(transaction.dialect(), &self.claims)));
        let after = self.writes.enqueue(transaction, self.now_us).await?;
        Ok(Written { after, claimed })
    }
}

impl Written {
    /// The rows of the runs that were claimed. They are asked for only if there are any: it takes a round trip.
    pub(super) async fn claimed(
        &self,
        transaction: &mut Transaction,
    ) -> Result<BTreeMap<Key, executions::Row>, AttemptError> {
        let Some(ticket) = self.claimed else { return Ok(BTreeMap::new()) };
        transaction.flush().await?;
        let mut claimed = BTreeMap::new();
        for row in transaction.take(ticket)? {
            let row = executions::Row::decode(&row)?;
            claimed.insert(Key { tenant: row.tenant.clone(), id: row.id.clone() }, row);
        }
        Ok(claimed)
    }
}

/// The answer to a claim, by what the run's row has become.
pub(super) fn lease(won: WonClaim<'_>, claimed: &mut BTreeMap<Key, executions::Row>) -> Answer {
    let Some(row) = claimed.remove(&won.claim.key()) else { return Answer::Gone };
    let State::Running { token, .. } = won.run.state else { return Answer::Gone };
    Answer::Claimed(Box::new(Lease { token, row, journal: won.journal }))
}

/// Whether an effect that was performed has caused an event.
fn caused_events(barrier: &Barrier, outcomes: &[Outcome]) -> bool {
    let calls = barrier.calls().iter().zip(outcomes);
    calls.filter(|(_, outcome)| matches!(outcome, Outcome::Performed(_))).any(|(call, _)| {
        let entry = call.action.entry();
        !entry.emits.is_empty() || entry.name == alcove_plan::action::EMIT_EVENT
    })
}
