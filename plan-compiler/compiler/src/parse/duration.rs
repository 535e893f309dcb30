//! Durations and retries.

use std::ops::RangeInclusive;

use alcove_builtins::parse_duration;

use super::{
    Cx,
    node::{Node, Object, wrong_type},
    number::{self, Number},
    scalar,
};
use crate::{
    codes::Code,
    source::{JsonKind, Spanned},
    syntax::Retry,
};

/// The longest pause between two attempts: a day.
const DELAY_MS_MAX: u64 = 86_400_000;
/// Attempts, at most.
const ATTEMPTS_MAX: u32 = 10;
/// The largest growth of pauses, in hundredths.
const FACTOR_PERCENT_MAX: u32 = 1_000;

/// What holds where `retry` does not say it.
const DEFAULT: alcove_plan::action::Retry = alcove_plan::action::Retry {
    attempts_max: 3,
    initial_delay_ms: 1_000,
    delay_max_ms: 60_000,
    factor_percent: 200,
    jitter: true,
};

/// A duration of any length, in milliseconds.
pub(super) fn any(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<u64>> {
    let text = scalar::text(node, cx.sink)?;
    let Some(duration) = parse_duration(text).and_then(|ms| u64::try_from(ms).ok()) else {
        let message = format!("`{text}` is not a duration");
        let suggestion = "whole numbers with `s`, `m`, `h`, `d` or `w`, the largest unit first: `90s`, `1d12h`";
        cx.sink.suggest(Code::InvalidDuration, &node.loc(), message, suggestion);
        return None;
    };
    Some(node.with(duration))
}

/// A duration within a range of milliseconds; the largest one as a config writes it.
fn within(node: &Node<'_>, range: RangeInclusive<u64>, most: &str, cx: &mut Cx<'_>) -> Option<Spanned<u64>> {
    let duration = any(node, cx)?;
    if range.contains(&duration.value) {
        return Some(duration);
    }
    if duration.value < *range.start() {
        let message = format!("{} ms is too short: at least {} ms", duration.value, range.start());
        cx.sink.report(Code::InvalidValue, &duration.loc, message);
    } else {
        let text = scalar::text(node, cx.sink)?;
        scalar::exceeded(node, &format!("`{text}`"), &format!("`{most}`"), cx.sink);
    }
    None
}

/// A time-out of a run or of an action: at least a second, at most five minutes.
pub(super) fn timeout(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<u32>> {
    let most = u64::from(alcove_plan::limits::TIMEOUT_MS_MAX);
    let timeout = within(node, 1_000..=most, "5m", cx)?;
    Some(Spanned { value: u32::try_from(timeout.value).ok()?, loc: timeout.loc })
}

/// `retry`: every default filled in.
pub(super) fn retry(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Retry> {
    let object = Object::read(node, &["max_attempts", "initial_delay", "max_delay", "factor", "jitter"], cx.sink)?;
    let mut value = DEFAULT;
    if let Some(attempts) =
        object.get("max_attempts").and_then(|node| scalar::integer(&node, 1..=ATTEMPTS_MAX, cx.sink))
    {
        value.attempts_max = u8::try_from(attempts.value).unwrap_or(DEFAULT.attempts_max);
    }
    if let Some(delay) = object.get("initial_delay").and_then(|node| within(&node, 0..=DELAY_MS_MAX, "1d", cx)) {
        value.initial_delay_ms = delay.value;
        value.delay_max_ms = value.delay_max_ms.max(delay.value);
    }
    if let Some(delay) = object.get("max_delay").and_then(|node| within(&node, 0..=DELAY_MS_MAX, "1d", cx)) {
        if delay.value < value.initial_delay_ms {
            let message = "`max_delay` is shorter than `initial_delay`";
            cx.sink.report(Code::InvalidValue, &delay.loc, message);
        }
        value.delay_max_ms = delay.value;
    }
    if let Some(factor) = object.get("factor").and_then(|node| factor_percent(&node, cx)) {
        value.factor_percent = factor;
    }
    if let Some(jitter) = object.get("jitter").and_then(|node| scalar::boolean(&node, cx.sink)) {
        value.jitter = jitter;
    }
    Some(Retry { loc: object.loc(), value })
}

/// A number from 1 to 10 with at most two digits behind the point, in hundredths.
fn factor_percent(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<u32> {
    let JsonKind::Number(literal) = &node.json.kind else {
        wrong_type(node, "a number", cx.sink);
        return None;
    };
    let factor = match number::parse(literal) {
        Ok(Number::Int(value)) => value.into(),
        Ok(Number::Num(value)) => value,
        Err(error) => {
            cx.sink.report(Code::NumberOutOfRange, &node.loc(), error.to_string());
            return None;
        }
    };
    let hundredths = factor.checked_mul(100.into()).filter(rust_decimal::Decimal::is_integer);
    match hundredths.and_then(|hundredths| u32::try_from(hundredths).ok()) {
        Some(hundredths @ 100..=FACTOR_PERCENT_MAX) => return Some(hundredths),
        _ if factor > 10.into() => scalar::exceeded(node, &format!("`{literal}`"), "10", cx.sink),
        _ => {
            let message =
                format!("`{literal}` is not a factor: from 1 to 10, with at most two digits behind the point");
            cx.sink.report(Code::InvalidValue, &node.loc(), message);
        }
    }
    None
}
