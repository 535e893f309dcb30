//! `/v1/events`: what has happened.

use std::borrow::Cow;

use alcove_control::{Accepted, NewEvent};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{Doc, IDEMPOTENCY_KEY, Shape, Success, Tag, WAIT},
    problem::{Kind, Problem},
    reply::Reply,
};

/// A plain event. What it carries stays text until it is typed by the catalog.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlainEvent<'b> {
    /// What happened, such as `user.created`.
    #[serde(rename = "type", borrow)]
    #[schema(value_type = String)]
    name: Cow<'b, str>,
    /// Which event it is: the same id again is the same event. Needed unless there is an `Idempotency-Key`.
    #[serde(default)]
    id: Option<String>,
    /// Its data, as the catalog describes it.
    #[serde(borrow, default)]
    #[schema(value_type = Option<Object>)]
    payload: Option<&'b RawValue>,
    /// When it happened (RFC 3339); when it is accepted, unless it is said.
    #[serde(default)]
    timestamp: Option<String>,
}

pub(crate) const ACCEPT: Doc = Doc::new(Tag::EVENTS, "Accepts an event, or a batch of them")
    .query(&[WAIT])
    .headers(&[IDEMPOTENCY_KEY])
    .reads(&[
        ("application/json", Shape::of::<PlainEvent<'_>>()),
    ])
    .gives(&[
        Success::ok::<Accepted>("The event is durable, and all runs that it started have ended."),
        Success::accepted::<Accepted>("The event is durable; its runs go on by themselves."),
    ])
    .tells_rate()
    .fails(&[Kind::OTHER_BODY, Kind::REFUSED]);

/// `POST /v1/events?wait=30s`: 202 once it is durable; 200 with the runs, if the caller waits and all of them ended.
pub(crate) async fn accept(call: Call) -> Result<Reply, Problem> {
    let wait = call.query.wait();
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
