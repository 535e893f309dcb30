//! Events as runs see them.

use alcove_plan::value::{Timestamp, Value};
use serde_json::Map;

use super::{
    IngestError,
    error::nearest,
    typed::{Place, typed},
    untyped::{bounded, kind_name, nested},
};
use crate::{Catalog, Event};

/// The namespace of events that apps emit.
const CUSTOM: &str = "custom.";
/// What every event carries besides its payload.
const ENVELOPE: [&str; 3] = ["id", "type", "timestamp"];
/// A field stands inside the event.
const FIELD_DEPTH: usize = 1;

/// An event that fits the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct IngestedEvent {
    /// The object that runs see as `event`: `id`, `type`, `timestamp`, then the fields of the payload. A field that the
    /// catalog calls by one of those names stands in its place.
    pub event: Value,
    /// Names in the payload that were left out: the catalog does not have them (newer senders may say more), or, in
    /// `custom.*` events, they are taken.
    pub dropped: Vec<String>,
}

/// Checks an event. A field that may be null may be missing; `custom.*` events carry what they like.
pub fn event(
    catalog: &Catalog,
    name: &str,
    payload: &serde_json::Value,
    id: &str,
    timestamp: Timestamp,
) -> Result<IngestedEvent, IngestError> {
    let custom = name.strip_prefix(CUSTOM).is_some_and(|rest| !rest.is_empty());
    let declared = catalog.event(name);
    if declared.is_none() && !custom {
        let suggestion = nearest(name, catalog.events().map(|event| event.name.as_str()));
        return Err(IngestError::UnknownEvent { name: name.to_owned(), suggestion });
    }
    let members = payload
        .as_object()
        .ok_or_else(|| IngestError::NotAnObject { owner: name.to_owned(), found: kind_name(payload) })?;
    let mut fields =
        vec![("id", bounded(id)?.into()), ("type", bounded(name)?.into()), ("timestamp", Value::Time(timestamp))];
    let dropped = match declared {
        Some(event) => declared_fields(event, members, &mut fields)?,
        None => custom_fields(members, &mut fields)?,
    };
    Ok(IngestedEvent { event: Value::object(fields), dropped })
}

fn declared_fields<'a>(
    event: &'a Event,
    members: &Map<String, serde_json::Value>,
    fields: &mut Vec<(&'a str, Value)>,
) -> Result<Vec<String>, IngestError> {
    for field in &event.fields {
        let value = match members.get(&field.name) {
            Some(json) => typed(json, field.ty, Place { owner: &event.name, field: &field.name, depth: FIELD_DEPTH })?,
            None if field.ty.nullable => Value::Null,
            None => {
                return Err(IngestError::MissingField { owner: event.name.clone(), field: field.name.clone() });
            }
        };
        fields.push((&field.name, value));
    }
    Ok(members.keys().filter(|name| event.field(name).is_none()).cloned().collect())
}

fn custom_fields<'a>(
    members: &'a Map<String, serde_json::Value>,
    fields: &mut Vec<(&'a str, Value)>,
) -> Result<Vec<String>, IngestError> {
    let (taken, own): (Vec<_>, Vec<_>) = members.iter().partition(|(name, _)| ENVELOPE.contains(&name.as_str()));
    for (name, json) in own {
        fields.push((bounded(name)?, nested(json, FIELD_DEPTH)?));
    }
    Ok(taken.into_iter().map(|(name, _)| name.clone()).collect())
}
