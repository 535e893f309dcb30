//! Schedules and delays that are due: each makes a run.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use alcove_journal::entry::SkipReason;
use alcove_plan::{envelope::Digest, value::Timestamp};
use alcove_store::{
    Transaction,
    tables::{
        apps::{self, Standing, Status},
        executions,
        notices::{self, Kind},
        tenants, timers,
    },
};

use super::{BATCH, error::TimerError};
use crate::{
    TenantSettings,
    node::Node,
    quota::admit_all,
    transition::After,
    trigger::{Delayed, Schedules, left_out},
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
        transaction.for_all_tenants();
        let rows = due(&mut transaction, now).await?;
        if rows.is_empty() {
            transaction.rollback().await;
            return Ok(false);
        }
        let standings = standings(&mut transaction, &rows).await?;
        let unserved = unserved(&mut transaction, &rows).await?;
        let mut fired = Fired::default();
        for row in &rows {
            let key = apps::Key { tenant: row.key.tenant.clone(), id: row.app.clone() };
            let is_served = !unserved.contains(&row.key.tenant);
            self.fire_one(row, standings.get(&key), is_served, now, &mut fired);
        }
        let after = fired.write(node, transaction, now).await?;
        node.wakes.tell(after);
        Ok(true)
    }

    fn fire_one(
        &mut self,
        row: &timers::Row,
        app: Option<&Standing>,
        is_served: bool,
        now: Timestamp,
        fired: &mut Fired,
    ) {
        match row.key.kind {
            timers::Kind::Cron => self.fire_schedule(row, app, is_served, now, fired),
            timers::Kind::Delay => fire_delay(row, app, now, fired),
            // The statement does not give them.
            timers::Kind::Run => {}
        }
    }

    /// A schedule goes on as long as its app is active, with the version that it was armed by. Where the tenant is not
    /// served it goes on too, and its ticks are lost.
    fn fire_schedule(
        &mut self,
        row: &timers::Row,
        app: Option<&Standing>,
        is_served: bool,
        now: Timestamp,
        fired: &mut Fired,
    ) {
        if app.is_none_or(|app| app.status != Status::Active) {
            fired.gone.push(row.key.clone());
            return;
        }
        match self.schedules.tick(row, now) {
            Ok(tick) => {
                if is_served {
                    fired.runs.push(tick.run);
                }
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
    async fn write(
        mut self,
        node: &Node,
        mut transaction: Transaction,
        now: Timestamp,
    ) -> Result<Vec<After>, TimerError> {
        let dialect = transaction.dialect();
        let mut all = admit_all(&mut transaction, node, std::mem::take(&mut self.runs), now.micros()).await?;
        self.armed.extend(std::mem::take(&mut all.admitted.timers));
        let new = transaction.enqueue(executions::insert_new(dialect, &all.admitted.runs));
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
        all.correct(&mut transaction, &new);
        transaction.commit().await?;
        Ok(all.admitted.runs.iter().filter_map(|run| queued(run, &new)).collect())
    }
}

/// Who hears of a run that was put into the queue.
fn queued(run: &executions::Row, new: &BTreeSet<executions::Key>) -> Option<After> {
    let key = executions::Key { tenant: run.tenant.clone(), id: run.id.clone() };
    let is_queued = new.contains(&key) && run.state == executions::State::Queued;
    let plan = Digest::from_hex(&run.digest)?;
    is_queued.then(|| After::Queued { tenant: key.tenant, app: run.app.clone(), execution: key.id, plan })
}

async fn due(transaction: &mut Transaction, now: Timestamp) -> Result<Vec<timers::Row>, TimerError> {
    let ticket = transaction.enqueue(timers::due(transaction.dialect(), now.micros(), BATCH));
    transaction.flush().await?;
    let rows = transaction.take(ticket)?;
    Ok(rows.iter().map(|row| timers::Row::decode(row)).collect::<Result<_, _>>()?)
}

/// Which tenants of these timers are not served. Settings that do not read allow nothing.
async fn unserved(transaction: &mut Transaction, rows: &[timers::Row]) -> Result<BTreeSet<TenantId>, TimerError> {
    let tenants: BTreeSet<&TenantId> = rows.iter().map(|row| &row.key.tenant).collect();
    let tenants: Vec<&TenantId> = tenants.into_iter().collect();
    let ticket = transaction.enqueue(tenants::of(transaction.dialect(), &tenants));
    transaction.flush().await?;
    let rows = transaction.take(ticket)?;
    let rows = rows.iter().map(|row| tenants::Row::decode(row)).collect::<Result<Vec<_>, _>>()?;
    let unserved =
        rows.into_iter().filter(|row| !TenantSettings::parse(&row.settings).is_ok_and(|all| all.is_served()));
    Ok(unserved.map(|row| row.tenant).collect())
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
