//! The timer of a run as a row.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_journal::transition::{Timer, TimerKind};
use alcove_store::tables::timers;
use serde_json::json;

/// The name of the only timer that a run can have.
pub(crate) fn run_timer_key(tenant: &TenantId, execution: &ExecutionId) -> timers::Key {
    timers::Key {
        tenant: tenant.clone(),
        kind: timers::Kind::Run,
        owner: execution.as_str().to_owned(),
        key: String::new(),
    }
}

/// The row of a run's timer. Its payload says what for: `{"for":"retry"}`.
pub(crate) fn run_timer_row(tenant: &TenantId, app: &AppId, execution: &ExecutionId, timer: Timer) -> timers::Row {
    timers::Row {
        key: run_timer_key(tenant, execution),
        due_at: timer.due_us,
        app: app.clone(),
        version: None,
        payload: json!({ "for": word(timer.kind) }).to_string(),
    }
}

/// The timer of a row; `None`: it is no run's.
pub(crate) fn run_timer(row: &timers::Row) -> Option<Timer> {
    let payload: serde_json::Value = serde_json::from_str(&row.payload).ok()?;
    let found = payload.get("for")?.as_str()?;
    let kinds = [TimerKind::Approval, TimerKind::Retry, TimerKind::Delay];
    let kind = kinds.into_iter().find(|kind| word(*kind) == found)?;
    (row.key.kind == timers::Kind::Run).then_some(Timer { kind, due_us: row.due_at })
}

fn word(kind: TimerKind) -> &'static str {
    match kind {
        TimerKind::Approval => "approval",
        TimerKind::Retry => "retry",
        TimerKind::Delay => "delay",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_comes_back_from_its_row() {
        let (tenant, app) = (TenantId::parse("t").unwrap(), AppId::parse("a").unwrap());
        let execution = ExecutionId::parse("run_1").unwrap();
        for kind in [TimerKind::Approval, TimerKind::Retry, TimerKind::Delay] {
            let timer = Timer { kind, due_us: 7 };
            let row = run_timer_row(&tenant, &app, &execution, timer);
            assert_eq!(run_timer(&row), Some(timer));
            let other = timers::Row { key: timers::Key { kind: timers::Kind::Delay, ..row.key.clone() }, ..row };
            assert_eq!(run_timer(&other), None);
        }
    }
}
