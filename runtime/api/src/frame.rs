//! What surrounds every request: its name, its place in a trace, room for it, and an answer whatever happens.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;
use tower_service::Service;
use tracing::{Instrument, Span, field};

use crate::{
    ServerLimits,
    problem::{Kind, Problem},
    request_id::{Names, RequestId, TRACERESPONSE, Trace, X_REQUEST_ID},
};

/// When whoever is turned away may come again, in seconds.
const COME_AGAIN: HeaderValue = HeaderValue::from_static("1");

/// What surrounds every request.
pub(crate) struct Frame {
    router: Router,
    limits: ServerLimits,
    room: Semaphore,
    names: Names,
    draining: CancellationToken,
}

impl Frame {
    pub(crate) fn new(router: Router, limits: ServerLimits, draining: CancellationToken) -> Arc<Self> {
        let room = Semaphore::new(limits.in_flight);
        Arc::new(Self { router, limits, room, names: Names::new(), draining })
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let id = self.names.name(request.headers());
        let trace = Trace::of(request.headers());
        let span = span(&request, &id, trace.as_ref());
        let mut response = self.guarded(request).instrument(span).await;
        if let Some(problem) = response.extensions_mut().remove::<Problem>() {
            let problem = problem.with("instance", id.as_str().into());
            *response.body_mut() = Body::from(problem.body().to_string());
            // The router has measured the body that was not there yet.
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        let headers = response.headers_mut();
        if let Some(id) = id.header() {
            headers.insert(X_REQUEST_ID, id);
        }
        if let Some(trace) = trace.and_then(|trace| trace.response(self.names.span())) {
            headers.insert(TRACERESPONSE, trace);
        }
        if self.draining.is_cancelled() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The answer, if there is room for the request; a panic is a problem, not a broken connection.
    async fn guarded(&self, request: Request) -> Response {
        let _room = match self.admitted(&request) {
            Ok(room) => room,
            Err(problem) => return problem.into_response(),
        };
        let mut router = self.router.clone();
        match AssertUnwindSafe(router.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            Err(panic) => {
                tracing::error!(panic = words(&*panic), "a request has panicked");
                Problem::internal().into_response()
            }
        }
    }

    /// Refuses what is too large, and what there is no room for. Probes always have room.
    fn admitted(&self, request: &Request) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        self.is_small(request)?;
        if is_probe(request.uri()) {
            return Ok(None);
        }
        let again = |kind, detail: &str| Problem::new(kind, detail).with_header(header::RETRY_AFTER, COME_AGAIN);
        if self.draining.is_cancelled() {
            return Err(again(Kind::UNAVAILABLE, "the server is stopping; another one takes over"));
        }
        let full = |_| again(Kind::OVERLOADED, "the server has as many requests as it can take; nothing was done");
        self.room.try_acquire().map(Some).map_err(full)
    }

    fn is_small(&self, request: &Request) -> Result<(), Problem> {
        let ServerLimits { url_bytes, headers: most, header_bytes, .. } = self.limits;
        if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > url_bytes) {
            return Err(Problem::new(Kind::URL_TOO_LONG, format!("at most {url_bytes} bytes are allowed")));
        }
        let headers = request.headers();
        let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if headers.len() > most || bytes > header_bytes {
            let detail = format!("at most {most} headers with {header_bytes} bytes in all are allowed");
            return Err(Problem::new(Kind::HEADERS_TOO_LARGE, detail));
        }
        Ok(())
    }
}

/// Whether somebody only asks how the server is.
fn is_probe(uri: &Uri) -> bool {
    matches!(uri.path(), "/healthz" | "/readyz")
}

/// What the log says beside every line about the request. A query may be personal, and is left out.
fn span(request: &Request, id: &RequestId, trace: Option<&Trace>) -> Span {
    let span = tracing::info_span!(
        "request",
        id = id.as_str(),
        method = request.method().as_str(),
        path = request.uri().path(),
        trace = field::Empty,
        parent = field::Empty,
    );
    if let Some(trace) = trace {
        span.record("trace", &*trace.id).record("parent", &*trace.parent);
    }
    span
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&'static str>().copied();
    literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it does not say why")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{Router, body, extract::Request, http::HeaderValue, routing::get};
    use serde_json::Value;
    use tokio_util::sync::CancellationToken;

    use super::Frame;
    use crate::ServerLimits;

    async fn panics() -> &'static str {
        panic!("on purpose")
    }

    fn router() -> Router {
        let never = || async { tokio::time::sleep(Duration::MAX).await };
        Router::new().route("/", get(|| async { "done" })).route("/panic", get(panics)).route("/never", get(never))
    }

    fn request(target: &str) -> Request {
        Request::builder().uri(target).body(body::Body::empty()).unwrap()
    }

    async fn told(frame: &Frame, request: Request) -> (u16, Value) {
        let (parts, body) = frame.answer(request).await.into_parts();
        let body = body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_says_nothing_of_it() {
        let frame = Frame::new(router(), ServerLimits::default(), CancellationToken::new());
        let mut request = request("/panic");
        request.headers_mut().insert("x-request-id", HeaderValue::from_static("mine"));
        let (status, problem) = told(&frame, request).await;
        assert_eq!((status, &problem["code"], &problem["instance"]), (500, &"internal".into(), &"mine".into()));
        assert!(!problem.to_string().contains("on purpose"));
    }

    #[tokio::test]
    async fn heads_are_taken_as_large_as_the_limits_and_no_larger() {
        let limits = ServerLimits { url_bytes: 8, headers: 2, header_bytes: 20, ..ServerLimits::default() };
        let frame = Frame::new(router(), limits, CancellationToken::new());
        let status = async |target: &str, headers: &[(&'static str, &str)]| {
            let mut request = request(target);
            for (name, value) in headers {
                request.headers_mut().append(*name, value.parse().unwrap());
            }
            frame.answer(request).await.status().as_u16()
        };
        assert_eq!((status("/?234567", &[]).await, status("/?2345678", &[]).await), (200, 414));
        assert_eq!(status("/", &[("a", "1"), ("b", "2")]).await, 200);
        assert_eq!(status("/", &[("a", "1"), ("b", "2"), ("c", "3")]).await, 431);
        assert_eq!(status("/", &[("a", &"1".repeat(19))]).await, 200);
        assert_eq!(status("/", &[("a", &"1".repeat(20))]).await, 431);
    }

    #[tokio::test]
    async fn one_request_more_than_there_is_room_for_is_turned_away_and_probes_are_not() {
        let limits = ServerLimits { in_flight: 1, ..ServerLimits::default() };
        let frame = Frame::new(router(), limits, CancellationToken::new());
        let mut first = Box::pin(frame.answer(request("/never")));
        assert!(futures_util::poll!(&mut first).is_pending());
        let turned_away = frame.answer(request("/")).await;
        assert_eq!(
            (turned_away.status().as_u16(), &turned_away.headers()["retry-after"]),
            (503, &"1".parse().unwrap())
        );
        assert_eq!(frame.answer(request("/healthz")).await.status().as_u16(), 404);
        drop(first);
        assert_eq!(frame.answer(request("/")).await.status().as_u16(), 200);
    }

    #[tokio::test]
    async fn whoever_comes_while_the_server_stops_is_sent_elsewhere() {
        let draining = CancellationToken::new();
        let frame = Frame::new(router(), ServerLimits::default(), draining.clone());
        draining.cancel();
        let answer = frame.answer(request("/")).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()["connection"]), (503, &"close".parse().unwrap()));
    }
}
