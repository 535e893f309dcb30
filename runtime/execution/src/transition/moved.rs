//! One run that something has happened to, on its way into rows.

use alcove_ids::AppId;
use alcove_journal::{
    entry::{Ending, Entry, Finished, Record},
    transition::{Run, State, Transition, Waiting},
};
use alcove_plan::envelope::Digest;
use alcove_store::tables::executions::{self, Change, Key};

use super::failure_to_json;
use crate::{
    commit::{Question, Summary},
    ingest::Settled,
};

/// One run that something has happened to.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    /// Which.
    pub(crate) key: Key,
    /// Of which app.
    pub(crate) app: AppId,
    /// Its plan, as far as it is known.
    pub(crate) plan: Option<Digest>,
    /// Its row, if it is not stored yet.
    pub(crate) new: Option<Box<executions::Row>>,
    /// The lease that it has, or had last.
    pub(crate) token: u64,
    /// Who has it.
    pub(crate) node: Option<String>,
    /// Where its journal goes on.
    pub(crate) seq: u32,
    /// What the journal gets before what the transition says.
    pub(crate) records: Vec<Record>,
    /// What it did.
    pub(crate) summary: Summary,
    /// What it asks people.
    pub(crate) question: Option<Question>,
    /// What becomes of it.
    pub(crate) transition: Transition,
}

impl Moved {
    /// Whether the journal has anything, or gets it.
    pub(super) fn has_journal(&self) -> bool {
        self.seq > 0 || !self.records.is_empty()
    }

    /// The run's row from now on.
    pub(super) fn change(&self, now_us: i64) -> Change {
        let run = &self.transition.run;
        let stands = Stands::of(run);
        let is_running = stands.state == executions::State::Running;
        let summary = &self.summary;
        Change {
            tenant: self.key.tenant.clone(),
            id: self.key.id.clone(),
            state: stands.state,
            reason: stands.reason.clone(),
            run: run.encode(),
            token: self.token,
            node: self.node.clone().filter(|_| is_running),
            attempts: run.attempts,
            items: summary.items,
            started_at: (is_running || self.new.is_some()).then_some(now_us),
            ended_at: run.has_ended().then_some(now_us),
            due_at: stands.due_us,
            result: summary.result.clone().filter(|_| stands.state == executions::State::Succeeded),
            error: summary.error.clone().or(stands.error),
            usage: summary.usage.clone(),
            dead_letter: run.dead_letter,
            drops_input: self.records.iter().any(|record| matches!(record.entry, Entry::Started(_))),
        }
    }

    /// What a caller who waits for the run is told, if it has ended or waits.
    pub(super) fn settled(&self, change: &Change) -> Option<Settled> {
        let stands = self.transition.run.has_ended() || change.state == executions::State::Waiting;
        stands.then(|| Settled {
            execution: self.key.id.clone(),
            state: change.state.as_str(),
            reason: change.reason.clone(),
            result: change.result.clone(),
            error: change.error.clone(),
        })
    }
}

/// Where a run is, as its row says it.
struct Stands {
    state: executions::State,
    reason: Option<String>,
    due_us: Option<i64>,
    error: Option<String>,
}

impl Stands {
    fn of(run: &Run) -> Self {
        let at = |state| Self { state, reason: None, due_us: None, error: None };
        match &run.state {
            State::Queued => at(executions::State::Queued),
            State::Running { .. } => at(executions::State::Running),
            State::Waiting(waiting) => {
                let (reason, due_us) = match waiting {
                    Waiting::Approval(request) => ("approval", request.expires_us),
                    Waiting::Retry { due_us } => ("retry", *due_us),
                    Waiting::Delay { until_us } => ("delay", *until_us),
                };
                let at = at(executions::State::Waiting);
                Self { reason: Some(reason.to_owned()), due_us: Some(due_us), ..at }
            }
            State::Succeeded => at(executions::State::Succeeded),
            State::Failed(stop) => {
                // The worker knows the place; whoever fails a run without one means the run as a whole.
                Self { error: Some(failure_to_json(&stop.failure, "")), ..at(executions::State::Failed) }
            }
            State::Skipped(reason) => {
                Self { reason: Some(reason.as_str().to_owned()), ..at(executions::State::Skipped) }
            }
            State::Cancelled(failure) => Self {
                reason: Some(failure.message.clone()),
                error: Some(failure_to_json(failure, "")),
                ..at(executions::State::Cancelled)
            },
        }
    }
}

/// The last record of a journal.
pub(super) fn finished(ending: Ending, at_us: i64) -> Record {
    Record { at_us, entry: Entry::Finished(Finished { ending }) }
}
