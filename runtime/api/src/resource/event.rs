//! `/v1/events`: what has happened, as plain JSON or as CloudEvents 1.0.

use std::borrow::Cow;

use alcove_control::{Accepted, NewEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use crate::{
    call::{Call, media_type},
    cloud_event::{Mode, read_batch, read_binary, read_structured},
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

/// What became of a batch: one for each of its events, in their order.
#[derive(Serialize, ToSchema)]
struct BatchAnswer {
    events: Vec<OneOfBatch>,
}

/// What became of one event of a batch: what it alone would have been answered.
#[derive(Serialize, ToSchema)]
struct OneOfBatch {
    /// 202, or the status of the problem.
    status: u16,
    /// What it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
    /// Why it was not accepted.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Value>,
}

pub(crate) const ACCEPT: Doc = Doc::new(Tag::EVENTS, "Accepts an event, or a batch of them")
    .query(&[WAIT])
    .headers(&[IDEMPOTENCY_KEY])
    .reads(&[
        ("application/json", Shape::of::<PlainEvent<'_>>()),
        ("application/cloudevents+json", Shape::OBJECT),
        ("application/cloudevents-batch+json", Shape::ANY),
        ("*/*", Shape::ANY),
    ])
    .gives(&[
        Success::ok::<Accepted>("The event is durable, and all runs that it started have ended."),
        Success::accepted_either::<Accepted, BatchAnswer>(
            "The event, or every event of the batch, is durable; what it started goes on by itself.",
        ),
        Success::mixed::<BatchAnswer>("Some events of the batch were accepted and some were not."),
    ])
    .tells_rate()
    .fails(&[Kind::OTHER_BODY, Kind::REFUSED]);

/// `POST /v1/events?wait=30s`: 202 once it is durable; 200 with the runs, if the caller waits and all of them ended. A
/// batch is answered 202 if every event of it was accepted and 207 if one was not; those that were are.
pub(crate) async fn accept(call: Call) -> Result<Reply, Problem> {
    let kind = call.content_type();
    match Mode::of(kind.as_deref(), &call.headers) {
        Mode::Plain if kind.as_deref().is_some_and(|kind| kind != "application/json") => {
            let wanted = "application/json`, `application/cloudevents+json` or `application/cloudevents-batch+json";
            Err(media_type(&kind.unwrap_or_default(), wanted))
        }
        Mode::Plain => accept_plain(&call).await,
        Mode::Structured => accept_one(&call, read_structured(call.text()?)?.as_new()).await,
        Mode::Binary => accept_one(&call, read_binary(&call.headers, call.text()?)?.as_new()).await,
        Mode::Batch => accept_batch(&call).await,
        Mode::OtherFormat => {
            let found = kind.unwrap_or_default();
            Err(media_type(&found, "application/cloudevents+json` or `application/cloudevents-batch+json"))
        }
    }
}

async fn accept_plain(call: &Call) -> Result<Reply, Problem> {
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
        source: None,
        name: &event.name,
        id,
        payload: event.payload.map_or("{}", RawValue::get),
        timestamp: event.timestamp.as_deref(),
    };
    accept_one(call, event).await
}

async fn accept_one(call: &Call, event: NewEvent<'_>) -> Result<Reply, Problem> {
    let wait = call.query.wait();
    let accepted = call.control.accept(&call.principal, event, wait).await?;
    if wait.is_some() && accepted.has_ended() { Reply::ok(&accepted) } else { Reply::accepted(&accepted) }
}

async fn accept_batch(call: &Call) -> Result<Reply, Problem> {
    if call.query.wait().is_some() {
        return Err(Problem::new(Kind::INVALID, "`wait` is for one event; a batch is accepted without waiting"));
    }
    let events = read_batch(call.text()?)?;
    let readable = events.iter().flatten().map(|event| event.as_new()).collect();
    let mut accepted = call.control.accept_batch(&call.principal, readable).await?.into_iter();
    let one = |event: Result<_, Problem>| match event {
        Err(problem) => OneOfBatch::refused(problem),
        Ok(_) => match accepted.next() {
            Some(Ok(accepted)) => OneOfBatch { status: 202, accepted: Some(accepted), problem: None },
            Some(Err(error)) => OneOfBatch::refused(error.into()),
            None => OneOfBatch::refused(Problem::new(Kind::INTERNAL, "an event of the batch was left out")),
        },
    };
    let answer = BatchAnswer { events: events.into_iter().map(one).collect() };
    let all = answer.events.iter().all(|event| event.accepted.is_some());
    if all { Reply::accepted(&answer) } else { Reply::mixed(&answer) }
}

impl OneOfBatch {
    #[expect(clippy::needless_pass_by_value, reason = "a problem is told once")]
    fn refused(problem: Problem) -> Self {
        Self { status: problem.status().as_u16(), accepted: None, problem: Some(problem.body()) }
    }
}
