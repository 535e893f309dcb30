//! Reports as JSON: the shapes that `alcove run --format json` promises, and dry runs over HTTP.

use alcove_catalog::ingest::to_json;
use alcove_host::Level;
use serde_json::{Map, Value, json};

use super::{ReportedError, RunReport, Status, Usage};
use crate::{EffectRecord, LogEntry};

impl RunReport {
    /// The report as JSON: `{status, reason?, error?, execution_id, effects, log, usage, result}`.
    pub fn to_json(&self) -> Value {
        run(self)
    }

    /// The report of one run as itself; the reports of a delayed app as one, with each under `runs`.
    pub fn all_to_json(reports: &[(Option<String>, Self)]) -> Value {
        if let [(None, report)] = reports { report.to_json() } else { runs(reports) }
    }
}

/// One run.
fn run(report: &RunReport) -> Value {
    let mut members = Map::new();
    members.insert("status".to_owned(), json!(report.status.name()));
    if report.status == Status::Skipped {
        members.insert("reason".to_owned(), json!("filter"));
    }
    if let Some(problem) = &report.error {
        members.insert("error".to_owned(), error(problem));
    }
    members.insert("execution_id".to_owned(), json!(report.execution.as_str()));
    members.insert("effects".to_owned(), report.effects.iter().map(effect).collect());
    members.insert("log".to_owned(), report.log.iter().map(log_entry).collect());
    members.insert("usage".to_owned(), usage(&report.usage));
    members.insert("result".to_owned(), to_json(&report.result));
    Value::Object(members)
}

/// The runs of a delayed app as one: the gravest status, effects and log one after the other, usage added up; and each
/// run by itself under `runs`.
fn runs(reports: &[(Option<String>, RunReport)]) -> Value {
    let all =
        |part: fn(&RunReport) -> Vec<Value>| -> Value { reports.iter().flat_map(|(_, report)| part(report)).collect() };
    let mut members = Map::new();
    let gravest = reports.iter().max_by_key(|(_, report)| report.status);
    if let Some((_, gravest)) = gravest {
        let Value::Object(whole) = run(gravest) else { return Value::Null };
        members.extend(whole.into_iter().filter(|(name, _)| matches!(name.as_str(), "status" | "reason" | "error")));
    }
    members.insert("effects".to_owned(), all(|report| report.effects.iter().map(effect).collect()));
    members.insert("log".to_owned(), all(|report| report.log.iter().map(log_entry).collect()));
    members.insert("usage".to_owned(), usage(&total(reports)));
    let each = reports.iter().map(|(delay, report)| {
        let mut value = run(report);
        if let Value::Object(members) = &mut value {
            members.shift_insert(0, "delay".to_owned(), json!(delay));
        }
        value
    });
    members.insert("runs".to_owned(), each.collect());
    members.insert("result".to_owned(), gravest.map_or(Value::Null, |(_, report)| to_json(&report.result)));
    Value::Object(members)
}

fn total(reports: &[(Option<String>, RunReport)]) -> Usage {
    let mut sum = Usage::default();
    for (_, RunReport { usage, .. }) in reports {
        sum.fuel += usage.fuel;
        sum.peak_memory_bytes = sum.peak_memory_bytes.max(usage.peak_memory_bytes);
        sum.host_calls += usage.host_calls;
        sum.rows_read += usage.rows_read;
        sum.effects += usage.effects;
        sum.emails += usage.emails;
        sum.ai_calls += usage.ai_calls;
        sum.ai_tokens_in += usage.ai_tokens_in;
        sum.ai_tokens_out += usage.ai_tokens_out;
        sum.wall += usage.wall;
    }
    sum
}

fn error(error: &ReportedError) -> Value {
    let mut value = json!({ "code": error.code.as_str(), "path": error.path, "message": error.message });
    if let (Some(limit), Value::Object(members)) = (&error.limit, &mut value) {
        members.insert("limit".to_owned(), json!({ "name": limit.name, "value": limit.value }));
    }
    value
}

fn effect(effect: &EffectRecord) -> Value {
    json!({
        "effect_id": effect.effect_id.as_str(),
        "action": effect.action,
        "params": to_json(&effect.params),
        "result": to_json(&effect.result),
    })
}

fn log_entry(entry: &LogEntry) -> Value {
    json!({ "level": level_name(entry.level), "path": entry.path, "message": entry.message })
}

/// The word for a level of the log.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn usage(usage: &Usage) -> Value {
    json!({
        "fuel": usage.fuel,
        "peak_memory_bytes": usage.peak_memory_bytes,
        "host_calls": usage.host_calls,
        "rows_read": usage.rows_read,
        "effects": usage.effects,
        "emails": usage.emails,
        "ai_calls": usage.ai_calls,
        "ai_tokens_in": usage.ai_tokens_in,
        "ai_tokens_out": usage.ai_tokens_out,
        "wall_ms": u64::try_from(usage.wall.as_millis()).unwrap_or(u64::MAX),
    })
}
