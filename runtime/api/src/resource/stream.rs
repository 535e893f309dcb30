//! `/v1/executions/{execution}/stream`: a run, as it happens, as server-sent events.

use std::{convert::Infallible, time::Duration};

use alcove_control::{ExecutionWatch, Happening};
use axum::{
    http::{HeaderValue, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::{
    call::Call,
    openapi::{Doc, Form, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// How often a client hears something, if only that the connection stands.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts. Its client comes back with what it saw last; by then its key counts again.
const LASTS: Duration = Duration::from_mins(5);
/// When a client whose stream has ended comes back.
const RETRY: Duration = Duration::from_secs(1);

/// The header by which a client says what it saw last.
const LAST: &str = "last-event-id";

pub(crate) const FOLLOW: Doc = Doc::new(Tag::EXECUTIONS, "Follows a run until it ends, as server-sent events")
    .headers(&[Parameter {
        name: "Last-Event-ID",
        about: "The `id` of the last event that the client has seen: the stream goes on after it.",
        form: Form::Text(64),
    }])
    .gives(&[Success::content(
        "Events `log` (a step that was made or has changed; each has an `id`), `status`, and at last `end`. A stream \
         that ends without `end` is taken up again; one that ends with `stopping` on another connection.",
        &[("text/event-stream", Shape::TEXT)],
    )])
    .fails(&[Kind::NOT_FOUND, Kind::TOO_MANY]);

/// `GET /v1/executions/{execution}/stream`.
pub(crate) async fn follow(call: Call) -> Result<Reply, Problem> {
    let last = call.headers.get(LAST).map(|value| value.to_str());
    let wrong = |_| Problem::new(Kind::INVALID, "`Last-Event-ID` must be visible ASCII characters");
    let last = last.transpose().map_err(wrong)?.map(str::trim).filter(|last| !last.is_empty());
    let watch = call.control.watch_execution(&call.principal, call.parameter(0), last).await?;
    let open = Open { watch, ends: Instant::now() + LASTS, stopping: call.draining };
    let events = stream::unfold(Some(open), |open| async move { open?.next().await });
    let beat = KeepAlive::new().interval(HEARTBEAT);
    let body = Sse::new(events).keep_alive(beat).into_response().into_body();
    Ok(Reply::content("text/event-stream", body).header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
}

/// A stream that goes on. It asks for the next event when the last one was taken, and holds nothing meanwhile.
struct Open {
    watch: ExecutionWatch,
    ends: Instant,
    stopping: CancellationToken,
}

impl Open {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Option<Self>)> {
        let happens = tokio::select! {
            biased;
            () = self.stopping.cancelled() => {
                return Some((Ok(Event::default().event("stopping").retry(RETRY).data("{}")), None));
            }
            happens = timeout_at(self.ends, self.watch.next()) => happens,
        };
        match happens {
            Ok(Ok(Some(happening))) => Some((Ok(written(&happening)), Some(self))),
            Ok(Ok(None)) | Err(_) => None,
            // The client comes back, and is told then what is wrong if it still is.
            Ok(Err(error)) => {
                tracing::warn!(%error, "the stream of a run is cut off");
                None
            }
        }
    }
}

fn written(happening: &Happening) -> Event {
    match happening {
        Happening::Log { id, step } => Event::default().event("log").id(id).data(json(step)),
        Happening::Status(status) => Event::default().event("status").retry(RETRY).data(json(status)),
        Happening::End(status) => Event::default().event("end").data(json(status)),
    }
}

/// As one line of JSON.
fn json(value: &impl Serialize) -> String {
    // Words, numbers and lists always have a form as JSON.
    serde_json::to_string(value).unwrap_or_default()
}
