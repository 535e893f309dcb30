//! Settings, trigger and everything else that is a number or a text of the host's section.

use alloc::collections::BTreeSet;

use super::{At, Fault, VerifyError, tables};
use crate::{
    action::Retry,
    limits::{
        DELAY_MS_MAX, DELAYS_MAX, RETRY_ATTEMPTS_MAX, RETRY_DELAY_MS_MAX, RETRY_FACTOR_PERCENT_MAX,
        RETRY_FACTOR_PERCENT_MIN, TIMEOUT_MS_MAX,
    },
    plan::Plan,
    trigger::{Delay, Trigger},
};

/// Checks name, trigger and settings.
pub(super) fn check(plan: &Plan) -> Result<(), VerifyError> {
    tables::text(&plan.name, At::Plan)?;
    tables::text(&plan.version, At::Plan)?;
    trigger(&plan.trigger)?;
    let settings = &plan.settings;
    timeout(settings.timeout_ms, At::Settings)?;
    if let Some(runs) = settings.concurrency_max {
        range("`concurrency_max`", runs, 1, u32::MAX, At::Settings)?;
    }
    settings.retry.as_ref().map_or(Ok(()), |policy| retry(policy, At::Settings))
}

/// Checks that a number lies in its range.
pub(super) fn range<N: Into<u64>>(of: &'static str, value: N, min: N, max: N, at: At) -> Result<(), VerifyError> {
    let (value, min, max) = (value.into(), min.into(), max.into());
    if (min..=max).contains(&value) { Ok(()) } else { Err(Fault::Range { of, value, min, max }.at(at)) }
}

/// Checks a time-out.
pub(super) fn timeout(timeout_ms: u32, at: At) -> Result<(), VerifyError> {
    range("`timeout_ms`", timeout_ms, 1, TIMEOUT_MS_MAX, at)
}

/// Checks a retry policy.
pub(super) fn retry(retry: &Retry, at: At) -> Result<(), VerifyError> {
    range("`attempts_max`", retry.attempts_max, 1, RETRY_ATTEMPTS_MAX, at)?;
    range("`initial_delay_ms`", retry.initial_delay_ms, 0, RETRY_DELAY_MS_MAX, at)?;
    range("`delay_max_ms`", retry.delay_max_ms, 0, RETRY_DELAY_MS_MAX, at)?;
    range("`factor_percent`", retry.factor_percent, RETRY_FACTOR_PERCENT_MIN, RETRY_FACTOR_PERCENT_MAX, at)
}

fn trigger(trigger: &Trigger) -> Result<(), VerifyError> {
    match trigger {
        Trigger::Manual => Ok(()),
        Trigger::Event { event } => tables::name("event", event, At::Trigger),
        Trigger::Scheduled { cron, timezone } => {
            tables::name("cron expression", cron, At::Trigger)?;
            tables::name("time zone", timezone, At::Trigger)
        }
        Trigger::Delayed { event, delays } => {
            tables::name("event", event, At::Trigger)?;
            check_delays(delays)
        }
    }
}

fn check_delays(delays: &[Delay]) -> Result<(), VerifyError> {
    if delays.is_empty() {
        return Err(Fault::Empty("delay").at(At::Trigger));
    }
    tables::at_most("delays", delays.len(), DELAYS_MAX, At::Trigger)?;
    let mut ids = BTreeSet::new();
    for (i, delay) in delays.iter().enumerate() {
        tables::name("id", &delay.id, At::Delay(i))?;
        range("`after_ms`", delay.after_ms, 0, DELAY_MS_MAX, At::Delay(i))?;
        tables::once(&mut ids, "delay", &delay.id, At::Delay(i))?;
    }
    Ok(())
}
