use alcove_catalog::ingest;
use alcove_execution::RunReport;
use serde_json::{Value as Json, json};

/// The report as users see it, without what depends on the machine.
pub(crate) fn to_json(report: &RunReport) -> Json {
    let error = report.error.as_ref().map(|error| {
        let limit = error.limit.as_ref().map(|limit| json!({ "name": limit.name, "value": limit.value }));
        json!({ "code": error.code.as_str(), "path": error.path, "message": error.message, "limit": limit })
    });
    let effects = report.effects.iter().map(|effect| {
        json!({
            "effect_id": effect.effect_id.as_str(),
            "action": effect.action,
            "params": ingest::to_json(&effect.params),
            "result": ingest::to_json(&effect.result),
        })
    });
    let log = report.log.iter().map(|entry| {
        json!({ "level": format!("{:?}", entry.level).to_lowercase(), "path": entry.path, "message": entry.message })
    });
    json!({
        "status": report.status.name(),
        "error": error,
        "effects": effects.collect::<Vec<_>>(),
        "log": log.collect::<Vec<_>>(),
        "result": ingest::to_json(&report.result),
    })
}
