//! From a request to the operation that it asks for.
//!
//! axum routes by resource; a `:verb` after the last `{…}` of a path is split off here, and only here, because one
//! segment of a path holds both.

use std::{collections::BTreeMap, time::Duration};

use alcove_control::{Control, Principal, Revision};
use axum::{
    Router,
    body::{self, Body},
    extract::{RawPathParams, Request, State, rejection::RawPathParamsRejection},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use tokio::time::timeout;

use crate::{
    ServerLimits,
    call::{Api, Call, Parameters, SignedCall, content_type, media_type},
    denial::Denials,
    operation::{Answer, Handler, Operation},
    precondition::only_if,
    problem::{Kind, Problem},
    query::Query,
    rate_limit,
    reply::Reply,
};

/// The router of these operations.
pub(crate) fn router(operations: &'static [Operation], api: Api) -> Router {
    let mut resources: BTreeMap<&'static str, Vec<&'static Operation>> = BTreeMap::new();
    for operation in operations {
        resources.entry(operation.resource()).or_default().push(operation);
    }
    let mut router = Router::new();
    for (resource, operations) in resources {
        let operations: &'static [&'static Operation] = operations.leak();
        router = router.route(
            resource,
            any(async move |State(api): State<Api>, parameters: Segments, request: Request| {
                answer(operations, api, parameters, request).await
            }),
        );
    }
    router.fallback(nothing_here).with_state(api)
}

type Segments = Result<RawPathParams, RawPathParamsRejection>;

async fn nothing_here(request: Request) -> Response {
    let path = request.uri().path();
    Problem::new(Kind::NO_SUCH_PATH, format!("`{path}` is not a path of this API")).into_response()
}

async fn answer(
    operations: &'static [&'static Operation],
    api: Api,
    parameters: Segments,
    request: Request,
) -> Response {
    match perform(operations, api, parameters, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn perform(
    operations: &'static [&'static Operation],
    api: Api,
    parameters: Segments,
    request: Request,
) -> Result<Response, Problem> {
    let parameters = parameters.map_err(|error| Problem::new(Kind::INVALID, error.body_text()))?;
    let mut parameters = Parameters(parameters.iter().map(|(_, value)| value.to_owned()).collect());
    let (parts, body) = request.into_parts();
    let operation = choose(operations, &parts.method, parts.uri.path(), &mut parameters)?;
    let time = api.limits.operation_time;
    let reply = match operation.handler {
        Handler::Open(handler) => {
            Query::parse(parts.uri.path(), parts.uri.query().unwrap_or_default(), operation.doc.query)?;
            handler(api).await
        }
        Handler::Signed(handler) => {
            let Arrived { headers, body, .. } = Arrived::read(parts, body, operation, &api.limits).await?;
            in_time(time, handler(SignedCall { control: api.control, headers, body })).await
        }
        Handler::Keyed(_, handler) => {
            let denials = Denials::of(&api.control, operation, parts.uri.path());
            let principal = api.authentication.principal(&api.control, &parts.headers).await;
            let principal = denials.told(None, principal).await?;
            api.requests.admit(&principal.tenant)?;
            let arrived = Arrived::read(parts, body, operation, &api.limits).await?;
            let time = time + arrived.query.wait().unwrap_or_default();
            let rate = operation.doc.tells_rate.then(|| (api.control.clone(), principal.clone()));
            let by = principal.clone();
            let reply = in_time(time, handler(arrived.call(api, principal, parameters))).await;
            let reply = denials.told(Some(&by), reply).await;
            match rate {
                Some((control, principal)) => return Ok(with_rate(reply, &control, &principal).await),
                None => reply,
            }
        }
        Handler::Operator(handler) => {
            let denials = Denials::of(&api.control, operation, parts.uri.path());
            let operator = api.authentication.operator(&api.control, &parts.headers).await;
            let operator = denials.told(None, operator).await?;
            let arrived = Arrived::read(parts, body, operation, &api.limits).await?;
            in_time(time, handler(arrived.call(api, operator, parameters))).await
        }
    };
    reply.map(IntoResponse::into_response)
}

/// A request that has been read.
struct Arrived {
    query: Query,
    headers: HeaderMap,
    body: Bytes,
    only_if: Option<Vec<Revision>>,
}

impl Arrived {
    /// Reads a request, of which nothing may be that the operation does not allow.
    async fn read(parts: Parts, body: Body, operation: &Operation, limits: &ServerLimits) -> Result<Self, Problem> {
        let Parts { uri, headers, .. } = parts;
        let query = Query::parse(uri.path(), uri.query().unwrap_or_default(), operation.doc.query)?;
        is_read_here(&headers, operation)?;
        let only_if = only_if(&headers)?;
        let body = read(body, &headers, operation.body_bytes_max, limits.body_time).await?;
        Ok(Self { query, headers, body, only_if })
    }

    /// The request of somebody who is known.
    fn call<P>(self, api: Api, principal: P, parameters: Parameters) -> Call<P> {
        let (Self { query, headers, body, only_if }, Api { control, draining, .. }) = (self, api);
        Call { control, principal, parameters, query, headers, body, only_if, draining }
    }
}

/// The answer with how far the tenant may go, whatever it says.
async fn with_rate(reply: Result<Reply, Problem>, control: &Control, by: &Principal) -> Response {
    let mut response = reply.map_or_else(IntoResponse::into_response, IntoResponse::into_response);
    match control.rate(by).await {
        Ok(Some(rate)) => response.headers_mut().extend(rate_limit::headers(&rate)),
        Ok(None) => {}
        // What was done is done.
        Err(error) => tracing::warn!(%error, "an answer goes without its rate limit"),
    }
    response
}

/// The operation that a method and the end of a path ask for. The verb leaves the last parameter.
fn choose(
    operations: &'static [&'static Operation],
    method: &Method,
    path: &str,
    parameters: &mut Parameters,
) -> Result<&'static Operation, Problem> {
    let verb = parameters.0.last().and_then(|last| last.rsplit_once(':')).map(|(_, verb)| verb.to_owned());
    let known = verb.filter(|verb| operations.iter().any(|operation| operation.verb() == Some(verb)));
    if let (Some(verb), Some(last)) = (&known, parameters.0.last_mut()) {
        last.truncate(last.len().saturating_sub(verb.len() + 1));
    }
    let candidates = operations.iter().filter(|operation| operation.verb() == known.as_deref());
    // A HEAD is a GET whose body the server leaves out.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = candidates.clone().find(|operation| operation.method == method.as_str());
    found.copied().ok_or_else(|| {
        let allowed: Vec<&str> = candidates.map(|operation| operation.method).collect();
        let mut detail = format!("`{path}` has no method {method}; it has {}", allowed.join(", "));
        let verbs: Vec<&str> = operations.iter().filter_map(|operation| operation.verb()).collect();
        if known.is_none() && !verbs.is_empty() {
            detail.extend([", and POST with `:", &verbs.join("`, `:"), "`"]);
        }
        let allow = HeaderValue::from_str(&allowed.join(", "));
        let problem = Problem::new(Kind::METHOD, detail);
        allow.map_or(problem.clone(), |allow| problem.with_header(header::ALLOW, allow))
    })
}

/// Refuses a body of a type that the operation does not read.
fn is_read_here(headers: &HeaderMap, operation: &Operation) -> Result<(), Problem> {
    let (Some(body), Some(found)) = (&operation.doc.body, content_type(headers)) else { return Ok(()) };
    if body.is_of(&found) {
        return Ok(());
    }
    let read: Vec<&str> = body.types.iter().map(|(media_type, _)| *media_type).collect();
    Err(media_type(&found, &read.join("` or `")))
}

/// What an operation comes to, if it does so in time.
async fn in_time(time: Duration, answer: Answer) -> Result<Reply, Problem> {
    timeout(time, answer).await.unwrap_or_else(|_| {
        tracing::error!(seconds = time.as_secs(), "a request was not carried out in time");
        let detail = format!("it was not done within {} s; whether something was changed is not known", time.as_secs());
        Err(Problem::new(Kind::TIMED_OUT, detail))
    })
}

/// The body, if it is not too large and arrives in time. What says that it is too large is not read at all.
async fn read(body: Body, headers: &HeaderMap, bytes_max: usize, time: Duration) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Kind::TOO_LARGE, format!("at most {bytes_max} bytes are allowed here"));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|len| len > bytes_max) {
        return Err(too_large());
    }
    let slow = |_| {
        // What is still to come is not waited for.
        let detail = format!("the body did not arrive within {} s", time.as_secs());
        Problem::new(Kind::TOO_SLOW, detail).with_header(header::CONNECTION, HeaderValue::from_static("close"))
    };
    timeout(time, body::to_bytes(body, bytes_max)).await.map_err(slow)?.map_err(|error| {
        // With an announced length that fits, it is the connection that broke; without one, the limit was reached.
        if announced.is_some() {
            Problem::new(Kind::MALFORMED, format!("the body was cut off: {error}"))
        } else {
            too_large()
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::choose;
    use crate::{call::Parameters, operation::Operation, routes::OPERATIONS};

    fn of(resource: &str) -> &'static [&'static Operation] {
        let all: Vec<&'static Operation> =
            OPERATIONS.iter().filter(|operation| operation.resource() == resource).collect();
        all.leak()
    }

    fn chosen(method: &Method, last: &str) -> (Option<&'static str>, String) {
        let mut parameters = Parameters(vec![last.to_owned()]);
        let operation = choose(of("/v1/apps/{app}"), method, "/v1/apps/x", &mut parameters);
        (operation.ok().map(|operation| operation.path), parameters.0.concat())
    }

    #[test]
    fn a_verb_is_split_from_the_id_before_it() {
        let full = |verb: &str| format!("/v1/apps/{{app}}{verb}");
        let cases = [
            (Method::GET, "hello", Some(""), "hello"),
            (Method::HEAD, "hello", Some(""), "hello"),
            (Method::POST, "hello:activate", Some(":activate"), "hello"),
            (Method::POST, "a:b:pause", Some(":pause"), "a:b"),
            (Method::GET, "hello:other", Some(""), "hello:other"),
            (Method::POST, "hello:other", None, "hello:other"),
            (Method::POST, "hello", None, "hello"),
            (Method::GET, "hello:activate", None, "hello"),
        ];
        for (method, last, path, id) in cases {
            let (found, left) = chosen(&method, last);
            assert_eq!((found.map(str::to_owned), left.as_str()), (path.map(full), id), "{method} {last}");
        }
    }
}
