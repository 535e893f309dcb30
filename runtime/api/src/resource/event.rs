//! `/v1/events`: what has happened.

use std::borrow::Cow;

use alcove_control::NewEvent;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    call::Call,
    problem::{Kind, Problem},
    reply::Reply,
};

/// A plain event. What it carries stays text until it is typed by the catalog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainEvent<'b> {
    #[serde(rename = "type", borrow)]
    name: Cow<'b, str>,
    #[serde(default)]
    id: Option<String>,
    #[serde(borrow, default)]
    payload: Option<&'b RawValue>,
    #[serde(default)]
    timestamp: Option<String>,
}

/// `POST /v1/events?wait=30s`: 202 once it is durable; 200 with the runs, if the caller waits and all of them ended.
pub(crate) async fn accept(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["wait"])?;
    let wait = Call::wait(&query)?;
    let event: PlainEvent<'_> = call.json()?;
    let key = call.idempotency_key()?;
    let id = match (event.id.as_deref(), key) {
        (Some(id), None) | (None, Some(id)) => id,
        (Some(id), Some(key)) if id == key => id,
        (Some(_), Some(_)) => {
            let detail = "the event's `id` and the `Idempotency-Key` differ: send one of them";
            return Err(Problem::new(Kind::INVALID, detail));
        }
        (None, None) => {
            let detail = "the event needs an `id`, or the request an `Idempotency-Key`: by it a second delivery is \
                          recognised";
            return Err(Problem::new(Kind::INVALID, detail));
        }
    };
    let event = NewEvent {
        name: &event.name,
        id,
        payload: event.payload.map_or("{}", RawValue::get),
        timestamp: event.timestamp.as_deref(),
    };
    let accepted = call.control.accept(&call.principal, event, wait).await?;
    if wait.is_some() && accepted.has_ended() { Reply::ok(&accepted) } else { Reply::accepted(&accepted) }
}
