//! Values and usage in a line, for a person: what `alcove run` and the demo print alike.

use alcove_execution::RunReport;
use alcove_plan::value::{Value, to_json};

use crate::escape::shown;

/// The members of an object as `name=value …`, each value with at most `chars` characters; nulls and `hidden` names are
/// left out.
pub(crate) fn members(object: &Value, hidden: &[&str], chars: usize) -> String {
    let Value::Record(record) = object else { return String::new() };
    let visible = record.members().filter(|(name, value)| !hidden.contains(&&***name) && !value.is_null());
    visible.map(|(name, value)| format!("{}={}", shown(name), shortened(value, chars))).collect::<Vec<_>>().join(" ")
}

/// What a run used.
pub(crate) fn usage(report: &RunReport) -> String {
    let usage = &report.usage;
    let kib = usage.peak_memory_bytes / 1024;
    let ms = usage.wall.as_secs_f64() * 1_000.0;
    format!(
        "{} effects · {} rows read · {} host calls · fuel {} · memory {kib} KiB · {ms:.2} ms",
        usage.effects, usage.rows_read, usage.host_calls, usage.fuel
    )
}

fn shortened(value: &Value, chars: usize) -> String {
    let mut text = String::new();
    to_json(value, &mut text);
    let text = shown(&text);
    if text.chars().count() <= chars {
        return text.into_owned();
    }
    text.chars().take(chars.saturating_sub(1)).chain(['…']).collect()
}
