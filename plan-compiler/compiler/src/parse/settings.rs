//! Settings.

use alcove_plan::settings::{Concurrency, LogValues, OnQuotaExceeded};

use super::{
    Cx, duration,
    node::{Node, Object},
    scalar,
};
use crate::syntax::Settings;

const KEYS: &[&str] = &[
    "enabled",
    "timeout",
    "retry",
    "auto_pause_after",
    "notify_on_error",
    "on_quota_exceeded",
    "concurrency",
    "max_concurrency",
    "log_values",
];

const ON_QUOTA_EXCEEDED: &[(&str, OnQuotaExceeded)] =
    &[("skip", OnQuotaExceeded::Skip), ("reschedule", OnQuotaExceeded::Reschedule)];

const CONCURRENCY: &[(&str, Concurrency)] =
    &[("skip", Concurrency::Skip), ("queue", Concurrency::Queue), ("parallel", Concurrency::Parallel)];

const LOG_VALUES: &[(&str, LogValues)] =
    &[("full", LogValues::Full), ("redacted", LogValues::Redacted), ("none", LogValues::None)];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Settings> {
    let object = Object::read(node, KEYS, cx.sink)?;
    let get = |key| object.get(key);
    Some(Settings {
        loc: Some(object.loc()),
        enabled: get("enabled").and_then(|node| scalar::boolean(&node, cx.sink)),
        timeout_ms: get("timeout").and_then(|node| duration::timeout(&node, cx)),
        retry: get("retry").and_then(|node| duration::retry(&node, cx)),
        auto_pause_after: get("auto_pause_after").and_then(|node| scalar::integer(&node, 1..=u32::MAX, cx.sink)),
        notify_on_error: get("notify_on_error").and_then(|node| scalar::boolean(&node, cx.sink)),
        on_quota_exceeded: get("on_quota_exceeded")
            .and_then(|node| scalar::word(&node, "reaction", ON_QUOTA_EXCEEDED, cx.sink))
            .map(|word| word.value),
        concurrency: get("concurrency").and_then(|node| scalar::word(&node, "concurrency", CONCURRENCY, cx.sink)),
        concurrency_max: get("max_concurrency").and_then(|node| scalar::integer(&node, 1..=u32::MAX, cx.sink)),
        log_values: get("log_values")
            .and_then(|node| scalar::word(&node, "choice", LOG_VALUES, cx.sink))
            .map(|word| word.value),
    })
}
