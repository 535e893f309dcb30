//! The event of a file, typed by the catalog.

use alcove_catalog::{
    Catalog,
    ingest::{self, IngestError, IngestedEvent},
};
use alcove_execution::RunEvent;
use alcove_plan::{
    envelope::Digest,
    plan::Plan,
    trigger::Trigger,
    value::{Timestamp, Value},
};
use serde_json::{Map, Value as Json};

use crate::cli::{complaint::Complaint, fixtures::below};

/// The type of the event of a scheduled run.
const SCHEDULE: &str = "schedule";
/// The keys of an event file.
const EVENT_KEYS: [&str; 4] = ["type", "id", "timestamp", "payload"];

/// The event of an `--event` file.
pub(super) fn read(json: &Json, file: &str, plan: &Plan, now: Timestamp) -> Result<RunEvent, Complaint> {
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
    let name = match (text("type")?, &plan.trigger) {
        (Some(name), _) => name,
        (None, Trigger::Manual) => "manual",
        (None, Trigger::Scheduled { .. }) => SCHEDULE,
        (None, _) => return Err(invalid("", "it needs a `type`".to_owned())),
    };
    if let Some(wanted) = plan.trigger.event().filter(|wanted| *wanted != name) {
        return Err(invalid("/type", format!("the app runs on `{wanted}` events, not on `{name}`")));
    }
    let timestamp = match text("timestamp")? {
        None => now,
        Some(text) => {
            Timestamp::parse(text).ok_or_else(|| invalid("/timestamp", "it is not an RFC 3339 timestamp".to_owned()))?
        }
    };
    let id = text("id")?.map_or_else(|| derived_id(json), str::to_owned);
    let empty = Json::Object(Map::new());
    let payload = members.get("payload").unwrap_or(&empty);
    if matches!(plan.trigger, Trigger::Scheduled { .. }) {
        return due(name, payload, timestamp).map_err(|(path, message)| invalid(path, message));
    }
    let ingested = if manual {
        untyped(name, &id, timestamp, payload)
    } else {
        ingest::event(Catalog::shipped(), name, payload, &id, timestamp)
    };
    let ingested = ingested.map_err(|error| invalid(&below("/payload", &error), error.to_string()))?;
    Ok(RunEvent::ingested(name, &id, ingested))
}

/// A tick of the schedule; its payload may say how many were missed before it.
fn due(name: &str, payload: &Json, at: Timestamp) -> Result<RunEvent, (&'static str, String)> {
    if name != SCHEDULE {
        return Err(("/type", format!("a scheduled app runs when it is due: `{SCHEDULE}`, not `{name}`")));
    }
    let members = payload.as_object().ok_or(("/payload", "it must be an object".to_owned()))?;
    if members.keys().any(|key| key != "missed") {
        return Err(("/payload", "of a schedule it says `missed` and nothing else".to_owned()));
    }
    let missed = members.get("missed").map_or(Some(0), Json::as_i64).filter(|missed| *missed >= 0);
    let missed = missed.ok_or(("/payload/missed", "it must be a whole number from 0".to_owned()))?;
    Ok(RunEvent::due(at, missed))
}

/// The input of a manual run: whatever it is, beside the members that every event has.
fn untyped(name: &str, id: &str, timestamp: Timestamp, payload: &Json) -> Result<IngestedEvent, IngestError> {
    let envelope = [("id", Value::from(id)), ("type", Value::from(name)), ("timestamp", Value::Time(timestamp))];
    let payload = match ingest::value(payload)? {
        Value::Record(payload) => payload,
        other => return Err(IngestError::NotAnObject { owner: name.to_owned(), found: other.kind_name() }),
    };
    let members = payload.members().map(|(name, value)| (name.to_string(), value.clone()));
    let event = Value::object(envelope.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(members));
    Ok(IngestedEvent { event, dropped: Vec::new() })
}

/// An event without an id is named after its content, so that the same file gives the same run.
fn derived_id(json: &Json) -> String {
    let digest = Digest::of(json.to_string().as_bytes()).to_string();
    format!("evt_{}", digest.chars().take(26).collect::<String>())
}
