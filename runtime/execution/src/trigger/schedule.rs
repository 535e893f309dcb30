//! The schedule of an app: its timer, and the run that a tick becomes.

use std::{collections::BTreeMap, sync::Arc};

use alcove_ids::{AppId, TenantId};
use alcove_plan::{trigger::Trigger, value::Timestamp};
use alcove_store::{
    Transaction,
    tables::{executions, timers},
};
use alcove_trigger::cron::{Schedule, ScheduleError};
use serde::{Deserialize, Serialize};

use super::{Cause, Start};
use crate::{LoadedPlan, RunEvent, transition::After};

/// What the timer of a schedule keeps, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    cron: String,
    timezone: String,
    digest: String,
}

/// Arms the schedule of an app that becomes active with this version, and disarms the one of the version before. An app
/// without a schedule, or whose schedule never comes (`0 0 30 2 *`), has no timer.
///
/// # Errors
///
/// [`ScheduleError`] if this build does not know the plan's zone.
pub(crate) fn arm_schedule(
    transaction: &mut Transaction,
    (tenant, app, version): (&TenantId, &AppId, u32),
    plan: &LoadedPlan,
    now: Timestamp,
    after: &mut Vec<After>,
) -> Result<(), ScheduleError> {
    disarm(transaction, tenant, app);
    let Trigger::Scheduled { cron, timezone } = &plan.plan().trigger else { return Ok(()) };
    let schedule = Schedule::parse(cron, timezone)?;
    let Some(due) = schedule.next_after(now) else { return Ok(()) };
    let payload = Payload { cron: cron.clone(), timezone: timezone.clone(), digest: plan.digest().to_string() };
    let key =
        timers::Key { tenant: tenant.clone(), kind: timers::Kind::Cron, owner: app.to_string(), key: String::new() };
    // Texts always have a form as JSON.
    let payload = serde_json::to_string(&payload).unwrap_or_default();
    let row = timers::Row { key, due_at: due.micros(), app: app.clone(), version: Some(version), payload };
    transaction.enqueue(timers::arm(transaction.dialect(), &[row]));
    after.push(After::Armed { due_us: due.micros() });
    Ok(())
}

/// Takes the schedule of an app away: it is not active any more. Delays that have begun stay.
pub(crate) fn disarm(transaction: &mut Transaction, tenant: &TenantId, app: &AppId) {
    transaction.enqueue(timers::cancel_of_app(transaction.dialect(), tenant, app, timers::Kind::Cron));
}

/// Takes the schedule of an app and its delays away: the app is gone.
pub(crate) fn forget(transaction: &mut Transaction, tenant: &TenantId, app: &AppId) {
    disarm(transaction, tenant, app);
    transaction.enqueue(timers::cancel_of_app(transaction.dialect(), tenant, app, timers::Kind::Delay));
}

/// What a tick comes to.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    /// The run.
    pub(crate) run: executions::Row,
    /// When the schedule is due again; `None`: never.
    pub(crate) next: Option<timers::Row>,
}

/// Why a timer does not tick.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum TickError {
    /// What it keeps is no schedule.
    #[error("its timer holds no schedule")]
    Payload,
    /// The schedule does not read.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
}

/// Schedules that were read before, by what timers keep: apps share few.
#[derive(Debug, Default)]
pub(crate) struct Schedules(BTreeMap<(String, String), Arc<Schedule>>);

impl Schedules {
    /// Schedules that are kept.
    const KEPT_MAX: usize = 10_000;

    /// What a timer that is due comes to at this time.
    pub(crate) fn tick(&mut self, row: &timers::Row, now: Timestamp) -> Result<Tick, TickError> {
        let payload: Payload = serde_json::from_str(&row.payload).map_err(|_| TickError::Payload)?;
        let version = row.version.ok_or(TickError::Payload)?;
        let armed_for = Timestamp::from_micros(row.due_at).ok_or(TickError::Payload)?;
        let schedule = self.get(&payload.cron, &payload.timezone)?;
        // The rules of a zone may have changed since the timer was armed: it is then due when it was armed for.
        let due = schedule.missed(armed_for, now).map_or((armed_for, 0), |due| (due.at, due.missed));
        let event = RunEvent::due(due.0, i64::try_from(due.1).unwrap_or(i64::MAX));
        let run = Start {
            tenant: &row.key.tenant,
            app: &row.app,
            version,
            digest: payload.digest,
            cause: Cause::Due(due.0.micros()),
            input: &event.value.into(),
            now_us: now.micros(),
        };
        let next = schedule.next_after(now).map(|next| timers::Row { due_at: next.micros(), ..row.clone() });
        Ok(Tick { run: run.row(), next })
    }

    fn get(&mut self, cron: &str, timezone: &str) -> Result<Arc<Schedule>, ScheduleError> {
        let key = (cron.to_owned(), timezone.to_owned());
        if let Some(known) = self.0.get(&key) {
            return Ok(Arc::clone(known));
        }
        let schedule = Arc::new(Schedule::parse(cron, timezone)?);
        if self.0.len() >= Self::KEPT_MAX {
            self.0.clear();
        }
        self.0.insert(key, Arc::clone(&schedule));
        Ok(schedule)
    }
}

#[cfg(test)]
mod tests {
    use alcove_plan::codec::decode_value;

    use super::*;

    fn timer(cron: &str, due: &str) -> timers::Row {
        let payload = Payload { cron: cron.to_owned(), timezone: "UTC".to_owned(), digest: "ab".repeat(32) };
        timers::Row {
            key: timers::Key {
                tenant: TenantId::parse("t").unwrap(),
                kind: timers::Kind::Cron,
                owner: "a".to_owned(),
                key: String::new(),
            },
            due_at: at(due).micros(),
            app: AppId::parse("a").unwrap(),
            version: Some(1),
            payload: serde_json::to_string(&payload).unwrap(),
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_tick_makes_the_run_of_its_due_time_and_arms_the_next() {
        let tick = Schedules::default().tick(&timer("0 * * * *", "2026-01-01T08:00:00Z"), at("2026-01-01T08:00:01Z"));
        let tick = tick.unwrap();
        let input = decode_value(&tick.run.input.unwrap()).unwrap();
        assert_eq!(input.member("timestamp"), alcove_plan::value::Value::Time(at("2026-01-01T08:00:00Z")));
        assert_eq!(input.member("missed"), alcove_plan::value::Value::Int(0));
        assert_eq!(tick.next.unwrap().due_at, at("2026-01-01T09:00:00Z").micros());
    }

    #[test]
    fn ticks_that_were_missed_make_one_run_that_says_how_many() {
        let tick = Schedules::default().tick(&timer("0 * * * *", "2026-01-01T08:00:00Z"), at("2026-01-01T11:30:00Z"));
        let tick = tick.unwrap();
        let input = decode_value(&tick.run.input.unwrap()).unwrap();
        assert_eq!(input.member("timestamp"), alcove_plan::value::Value::Time(at("2026-01-01T11:00:00Z")));
        assert_eq!(input.member("missed"), alcove_plan::value::Value::Int(3));
        assert_eq!(tick.next.unwrap().due_at, at("2026-01-01T12:00:00Z").micros());
    }

    #[test]
    fn the_same_tick_is_the_same_run_however_late_it_is_seen() {
        let timer = timer("0 0 * * *", "2026-01-01T00:00:00Z");
        let run = |now| Schedules::default().tick(&timer, at(now)).unwrap().run.id;
        assert_eq!(run("2026-01-01T00:00:00Z"), run("2026-01-01T23:59:59Z"));
        assert_ne!(run("2026-01-01T00:00:00Z"), run("2026-01-02T00:00:00Z"));
    }

    #[test]
    fn the_last_tick_of_a_schedule_has_no_next() {
        let last = timer("0 0 1 1 *", "5000-01-01T00:00:00Z");
        assert!(Schedules::default().tick(&last, at("5000-01-01T00:00:00Z")).unwrap().next.is_none());
    }

    #[test]
    fn a_timer_without_a_schedule_does_not_tick() {
        let row = timers::Row { payload: "{}".to_owned(), ..timer("* * * * *", "2026-01-01T00:00:00Z") };
        assert!(matches!(Schedules::default().tick(&row, at("2026-01-01T00:00:00Z")), Err(TickError::Payload)));
        let nowhere = timer("* * * * *", "2026-01-01T00:00:00Z").payload.replace("UTC", "Mars/Olympus");
        let row = timers::Row { payload: nowhere, ..timer("* * * * *", "2026-01-01T00:00:00Z") };
        assert!(matches!(Schedules::default().tick(&row, at("2026-01-01T00:00:00Z")), Err(TickError::Schedule(_))));
    }
}
