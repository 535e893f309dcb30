//! Schedules and delays that are due: each makes a run.

use std::collections::{BTreeMap, BTreeSet};

use alcove_journal::{
    entry::SkipReason,
    transition::{Run, State},
};
use alcove_plan::value::Timestamp;
use alcove_store::{
    Transaction,
    tables::{
        apps::{self, Standing, Status},
        executions,
        notices::{self, Kind},
        timers,
    },
};

use super::{BATCH, error::TimerError};
use crate::{
    node::Node,
    plans::digest_from_hex,
    transition::After,
    trigger::{Delayed, Schedules},
};

/// What one batch of due timers comes to.
#[derive(Debug, Default)]
struct Fired {
    runs: Vec<executions::Row>,
    armed: Vec<timers::Row>,
    gone: Vec<timers::Key>,
    notices: Vec<notices::Row>,
}

/// Fires schedules and delays; keeps the schedules that it has read.
#[derive(Debug, Default)]
pub(crate) struct Firing {
    schedules: Schedules,
}

impl Firing {
    /// Fires some of what is due, in one transaction; false if there is no more.
    pub(super) async fn fire_batch(&mut self, node: &Node) -> Result<bool, TimerError> {
        let now = node.clock.now();
        let mut transaction = node.store.begin().await?;
        let rows = due(&mut transaction, now).await?;
        if rows.is_empty() {
            transaction.rollback().await;
            return Ok(false);
        }
        let standings = standings(&mut transaction, &rows).await?;
        let mut fired = Fired::default();
        for row in &rows {
            let key = apps::Key { tenant: row.key.tenant.clone(), id: row.app.clone() };
            self.fire_one(row, standings.get(&key), now, &mut fired);
        }
        let after = fired.write(transaction).await?;
        node.wakes.tell(after);
        Ok(true)
    }

    fn fire_one(&mut self, row: &timers::Row, app: Option<&Standing>, now: Timestamp, fired: &mut Fired) {
        match row.key.kind {
            timers::Kind::Cron => self.fire_schedule(row, app, now, fired),
            timers::Kind::Delay => fire_delay(row, app, now, fired),
            // The statement does not give them.
            timers::Kind::Run => {}
        }
    }

    /// A schedule goes on as long as its app is active, with the version that it was armed by.
    fn fire_schedule(&mut self, row: &timers::Row, app: Option<&Standing>, now: Timestamp, fired: &mut Fired) {
        if app.is_none_or(|app| app.status != Status::Active) {
            fired.gone.push(row.key.clone());
            return;
        }
        match self.schedules.tick(row, now) {
            Ok(tick) => {
                fired.runs.push(tick.run);
                match tick.next {
                    Some(next) => fired.armed.push(next),
                    None => fired.gone.push(row.key.clone()),
                }
            }
            Err(error) => fired.unreadable(row, &format!("its schedule has stopped: {error}"), now),
        }
    }
}

/// A delay fires whatever version is active now: it is pinned to its own. If its app is not active, the run is left
/// out, and is there to be seen; if the app is gone, so is the delay.
fn fire_delay(row: &timers::Row, app: Option<&Standing>, now: Timestamp, fired: &mut Fired) {
    fired.gone.push(row.key.clone());
    let Some(app) = app.filter(|app| app.status != Status::Deleted) else { return };
    let Some(delayed) = Delayed::from_timer(row) else {
        fired.unreadable(row, "its timer holds no event", now);
        return;
    };
    let run = delayed.run(now.micros());
    fired.runs.push(if app.status == Status::Active { run } else { left_out(run, SkipReason::Paused) });
}

/// The run as one that never begins.
fn left_out(row: executions::Row, reason: SkipReason) -> executions::Row {
    let run = Run { state: State::Skipped(reason), ..Run::queued() };
    executions::Row {
        state: executions::State::Skipped,
        reason: Some(reason.as_str().to_owned()),
        run: run.encode(),
        ended_at: Some(row.queued_at),
        ..row
    }
}

impl Fired {
    /// A timer that cannot fire is taken away, and the tenant's admins are told.
    fn unreadable(&mut self, row: &timers::Row, why: &str, now: Timestamp) {
        self.gone.push(row.key.clone());
        let timers::Key { tenant, kind, key, .. } = &row.key;
        self.notices.push(notices::Row {
            tenant: tenant.clone(),
            id: format!("{}:{}:{key}:{}", row.app, kind.as_str(), row.due_at),
            kind: Kind::TriggerUnreadable,
            app: row.app.clone(),
            execution: None,
            message: format!("app `{}` was not started: {why}; activate it again", row.app),
            created_at: now.micros(),
        });
    }

    /// Makes it durable; gives who is to hear of it.
    async fn write(mut self, mut transaction: Transaction) -> Result<Vec<After>, TimerError> {
        let dialect = transaction.dialect();
        let new = transaction.enqueue(executions::insert_new(dialect, &self.runs));
        self.gone.sort();
        self.gone.dedup();
        transaction.enqueue(timers::cancel(dialect, &self.gone));
        transaction.enqueue(timers::arm(dialect, &self.armed));
        if !self.notices.is_empty() {
            transaction.enqueue(notices::insert_new(dialect, &self.notices));
        }
        transaction.flush().await?;
        let new = transaction.take(new)?;
        let new = new.iter().map(|row| executions::Key::decode(row)).collect::<Result<BTreeSet<_>, _>>()?;
        transaction.commit().await?;
        Ok(self.runs.iter().filter_map(|run| queued(run, &new)).collect())
    }
}

/// Who hears of a run that was put into the queue.
fn queued(run: &executions::Row, new: &BTreeSet<executions::Key>) -> Option<After> {
    let key = executions::Key { tenant: run.tenant.clone(), id: run.id.clone() };
    let is_queued = new.contains(&key) && run.state == executions::State::Queued;
    let plan = digest_from_hex(&run.digest)?;
    is_queued.then(|| After::Queued { tenant: key.tenant, app: run.app.clone(), execution: key.id, plan })
}

async fn due(transaction: &mut Transaction, now: Timestamp) -> Result<Vec<timers::Row>, TimerError> {
    let ticket = transaction.enqueue(timers::due(transaction.dialect(), now.micros(), BATCH));
    transaction.flush().await?;
    let rows = transaction.take(ticket)?;
    Ok(rows.iter().map(|row| timers::Row::decode(row)).collect::<Result<_, _>>()?)
}

/// How the apps of these timers stand.
async fn standings(
    transaction: &mut Transaction,
    rows: &[timers::Row],
) -> Result<BTreeMap<apps::Key, Standing>, TimerError> {
    let keys = rows.iter().map(|row| apps::Key { tenant: row.key.tenant.clone(), id: row.app.clone() });
    let keys: BTreeSet<apps::Key> = keys.collect();
    let keys: Vec<&apps::Key> = keys.iter().collect();
    let ticket = transaction.enqueue(apps::standings(transaction.dialect(), &keys));
    transaction.flush().await?;
    let rows = transaction.take(ticket)?.into_iter();
    let standings = rows.map(|row| Standing::decode(&row).map(|standing| (standing.key.clone(), standing)));
    Ok(standings.collect::<Result<_, _>>()?)
}
