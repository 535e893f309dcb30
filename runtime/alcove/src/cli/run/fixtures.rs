//! Rows and events from files, typed by the catalog.

use alcove_catalog::{Catalog, ingest};
use alcove_execution::RunEvent;
use alcove_plan::{
    envelope::Digest,
    plan::Plan,
    trigger::Trigger,
    value::{Timestamp, Value},
};
use serde_json::{Map, Value as Json};

use super::inputs::Rows;
use crate::cli::complaint::Complaint;

/// The keys of an event file.
const EVENT_KEYS: [&str; 4] = ["type", "id", "timestamp", "payload"];

/// The rows of a `--data` file, by connector.
pub(super) fn rows(json: &Json, file: &str, now: Timestamp) -> Result<Vec<(String, Rows)>, Complaint> {
    let invalid = |path: &str, message: String| Complaint::new("invalid-data", file, path, message);
    let tables =
        json.as_object().ok_or_else(|| invalid("", "it must be an object: connector names and lists".into()))?;
    let mut loaded = Vec::with_capacity(tables.len());
    for (name, list) in tables {
        let path = format!("/{name}");
        let connector = Catalog::shipped().connector(name);
        let connector = connector.ok_or_else(|| invalid(&path, format!("there is no connector `{name}`")))?;
        let list = list.as_array().ok_or_else(|| invalid(&path, "it must be a list of rows".to_owned()))?;
        let row = |(at, row): (usize, &Json)| {
            let error = |error: ingest::IngestError| invalid(&format!("/{name}/{at}"), error.to_string());
            ingest::row(connector, row, now).map_err(error)
        };
        loaded.push((name.clone(), list.iter().enumerate().map(row).collect::<Result<_, _>>()?));
    }
    Ok(loaded)
}

/// The event of an `--event` file.
pub(super) fn event(json: &Json, file: &str, plan: &Plan, now: Timestamp) -> Result<RunEvent, Complaint> {
    let invalid = |path: &str, message: String| Complaint::new("invalid-event", file, path, message);
    let members =
        json.as_object().ok_or_else(|| invalid("", "it must be an object with `type` and `payload`".to_owned()))?;
    if let Some(unknown) = members.keys().find(|key| !EVENT_KEYS.contains(&key.as_str())) {
        let known = EVENT_KEYS.join(", ");
        return Err(invalid(&format!("/{unknown}"), format!("there is no such key; there are {known}")));
    }
    let text = |key: &str| match members.get(key) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(invalid(&format!("/{key}"), "it must be a string".to_owned())),
    };
    let manual = matches!(plan.trigger, Trigger::Manual);
    let name = match text("type")? {
        Some(name) => name,
        None if manual => "manual",
        None => return Err(invalid("", "it needs a `type`".to_owned())),
    };
    let timestamp = match text("timestamp")? {
        None => now,
        Some(text) => {
            Timestamp::parse(text).ok_or_else(|| invalid("/timestamp", "it is not an RFC 3339 timestamp".to_owned()))?
        }
    };
    let id = text("id")?.map_or_else(|| derived_id(json), str::to_owned);
    let empty = Json::Object(Map::new());
    let payload = members.get("payload").unwrap_or(&empty);
    let value = if manual {
        untyped(name, &id, timestamp, payload)
    } else {
        ingest::event(Catalog::shipped(), name, payload, &id, timestamp).map(|ingested| ingested.event)
    };
    let value = value.map_err(|error| invalid("/payload", error.to_string()))?;
    Ok(RunEvent { name: name.to_owned(), id, value })
}

/// The input of a manual run: whatever it is, beside the members that every event has.
fn untyped(name: &str, id: &str, timestamp: Timestamp, payload: &Json) -> Result<Value, ingest::IngestError> {
    let envelope = [("id", Value::from(id)), ("type", Value::from(name)), ("timestamp", Value::Time(timestamp))];
    let Value::Record(payload) = ingest::value(payload)? else { return Ok(Value::object(envelope)) };
    let members = payload.members().map(|(name, value)| (name.to_string(), value.clone()));
    Ok(Value::object(envelope.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(members)))
}

/// An event without an id is named after its content, so that the same file gives the same run.
fn derived_id(json: &Json) -> String {
    let digest = Digest::of(json.to_string().as_bytes()).to_string();
    format!("evt_{}", digest.chars().take(26).collect::<String>())
}
