//! Runs that are about to be accepted: each takes one of the tenant's executions, or is left out, or put off.

use alcove_journal::{
    entry::SkipReason,
    transition::{Event, Run, Timer, TimerKind, TransitionError},
};
use alcove_plan::{envelope::Digest, settings::OnQuotaExceeded};
use alcove_store::{
    StoreError, Transaction,
    tables::{RowError, executions, timers},
};

use super::{
    Exceeded, Resource,
    places::{self, Place},
    rooms::{Counter, Rooms},
    spread,
};
use crate::{
    PlanError, Tier,
    plans::Plans,
    transition::{Circumstances, run_timer_row},
    trigger::left_out,
};

/// What becomes of runs that were to be accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Admitted {
    /// Their rows: in the queue, left out, or put off.
    pub(crate) runs: Vec<executions::Row>,
    /// The timers of those that are put off.
    pub(crate) timers: Vec<timers::Row>,
}

impl From<Vec<executions::Row>> for Admitted {
    /// All of them as they are.
    fn from(runs: Vec<executions::Row>) -> Self {
        Self { runs, timers: Vec::new() }
    }
}

/// Why runs were not admitted. Nothing of the transaction may be committed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdmitError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Too many others take places at the same time.
    #[error("others take places in the windows to come at the same time")]
    Crowded,
    /// A defect: a run that is in the queue cannot be put off.
    #[error(transparent)]
    Transition(#[from] TransitionError),
}

/// Who admits, and what they go by.
pub(crate) struct Admission<'a> {
    pub(crate) plans: &'a Plans,
    pub(crate) tier: Tier,
    pub(crate) now_us: i64,
}

impl Admission<'_> {
    /// Admits runs of one tenant that are to be put into the queue, in order. `rooms` has its executions of this hour.
    pub(crate) async fn admit(
        &self,
        transaction: &mut Transaction,
        rooms: &mut Rooms,
        rows: &[executions::Row],
    ) -> Result<Admitted, AdmitError> {
        let mut admitted = Admitted::default();
        let mut later = Vec::new();
        let mut full = None;
        for row in rows {
            let counter = counter(row, self.now_us).filter(|_| row.state == executions::State::Queued);
            let taken = counter.as_ref().map_or(Ok(()), |counter| rooms.take(counter, 1));
            match taken {
                Ok(()) => admitted.runs.push(row.clone()),
                Err(exceeded) if self.reaction(transaction, row).await? == OnQuotaExceeded::Skip => {
                    admitted.runs.push(without_quota(row, exceeded));
                }
                Err(exceeded) => {
                    later.push((row, exceeded));
                    full = counter;
                }
            }
        }
        if let Some(full) = full {
            let mut places = places::take(transaction, &full, self.tier, later.len()).await?.into_iter();
            for (row, exceeded) in later {
                match places.next() {
                    Some(place) => self.put_off(row, place, exceeded, &mut admitted)?,
                    None => admitted.runs.push(without_quota(row, exceeded)),
                }
            }
        }
        Ok(admitted)
    }

    /// What the app of a run wants. A plan that does not load is run in no window.
    async fn reaction(
        &self,
        transaction: &mut Transaction,
        row: &executions::Row,
    ) -> Result<OnQuotaExceeded, StoreError> {
        let Some(digest) = Digest::from_hex(&row.digest) else { return Ok(OnQuotaExceeded::Skip) };
        match self.plans.get_in(transaction, &row.tenant, digest).await {
            Ok(plan) => Ok(plan.plan().settings.on_quota_exceeded),
            Err(PlanError::Store(error)) => Err(error),
            Err(_) => Ok(OnQuotaExceeded::Skip),
        }
    }

    fn put_off(
        &self,
        row: &executions::Row,
        place: Place,
        exceeded: Exceeded,
        admitted: &mut Admitted,
    ) -> Result<(), AdmitError> {
        let (Some(window), limit) = (exceeded.resource.window(), super::rooms::amount(exceeded.limit)) else {
            return Ok(());
        };
        let position = (place.position, limit);
        let until_us = spread::due(window, place.window_start, position, spread::seed(row.id.as_str()));
        let circumstances = Circumstances::none(self.now_us);
        let run = Run::queued().on(Event::Postponed { until_us }, &circumstances.context())?.run;
        let timer = Timer { kind: TimerKind::Delay, due_us: until_us };
        admitted.timers.push(run_timer_row(&row.tenant, &row.app, &row.id, timer));
        admitted.runs.push(executions::Row {
            state: executions::State::Waiting,
            reason: Some(SkipReason::Quota.as_str().to_owned()),
            run: run.encode(),
            due_at: Some(until_us),
            ..row.clone()
        });
        Ok(())
    }
}

/// The executions of a run's tenant in this hour.
pub(crate) fn counter(row: &executions::Row, now_us: i64) -> Option<Counter> {
    Counter::at(&row.tenant, Resource::Executions, now_us)
}

/// The run as one that is left out, with what it met.
fn without_quota(row: &executions::Row, exceeded: Exceeded) -> executions::Row {
    executions::Row { error: Some(exceeded.to_json()), ..left_out(row.clone(), SkipReason::Quota) }
}
