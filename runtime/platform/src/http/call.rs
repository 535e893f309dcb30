//! From the parameters of a call to a request.

use std::time::{Duration, Instant};

use alcove_builtins::parse_duration;
use alcove_catalog::Guarantee;
use alcove_egress::{Egress, Method, Request};
use alcove_ids::EffectId;
use alcove_plan::{
    failure::{Code, Failure},
    value::{Value, to_json},
};

use super::answer;

/// The header that names the effect (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Headers that belong to the client, not to the app: framing, routing, and the key.
const RESERVED: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    IDEMPOTENCY_KEY,
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers of one call at the most.
const HEADERS_MAX: usize = 32;
/// How long a call without a `timeout` may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long any call may take.
const TIMEOUT_MAX: Duration = Duration::from_mins(1);

/// One call.
#[derive(Clone, Copy, Debug)]
pub struct HttpCall<'a> {
    /// Its rendered parameters.
    pub params: &'a Value,
    /// The effect that it is.
    pub effect: &'a EffectId,
    /// What the plan says about the receiver.
    pub guarantee: Guarantee,
    /// Nothing is sent after this moment; `None`: there is no such moment.
    pub not_after: Option<Instant>,
}

impl HttpCall<'_> {
    /// How long the call may take.
    pub fn timeout(&self) -> Duration {
        let asked = self.params.member("timeout").as_str().and_then(parse_duration);
        let asked = asked.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
        asked.unwrap_or(TIMEOUT).min(TIMEOUT_MAX)
    }
}

/// Sends the request of a call and gives the outputs in the catalog's order.
///
/// E005: the request is refused here or there, and would be again. E007: it did not succeed, and may another time.
/// E013: it was sent and nobody knows what became of it, and the receiver is not known to honour idempotency keys.
pub async fn perform(egress: &Egress, call: HttpCall<'_>) -> Result<Vec<Value>, Failure> {
    let params = call.params;
    let (url, headers) = (params.member("url"), headers(&params.member("headers"))?);
    let body = params.member("body");
    let method = method(&params.member("method"))?;
    if method == Method::Get && !body.is_null() {
        return Err(refused("a GET request has no `body`: leave it out, or use `POST`"));
    }
    let (content_type, body) = content(&body);
    let mut pairs: Vec<(&str, &str)> = vec![(IDEMPOTENCY_KEY, call.effect.as_str())];
    let typed = headers.iter().any(|(name, _)| name == "content-type");
    pairs.extend(content_type.filter(|_| !typed).map(|content_type| ("content-type", content_type)));
    pairs.extend(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let request = Request {
        method,
        url: url.as_str().unwrap_or_default(),
        headers: &pairs,
        body,
        timeout: call.timeout(),
        not_after: call.not_after,
        response_bytes_max: answer::BODY_BYTES_MAX,
    };
    answer::outputs(egress.send(request).await, call.guarantee)
}

fn method(given: &Value) -> Result<Method, Failure> {
    match given.as_str() {
        None => Ok(Method::Post),
        Some(name) => Method::parse(name).ok_or_else(|| refused(format!("`{name}` is not a method"))),
    }
}

/// Names in small letters, with their values.
fn headers(given: &Value) -> Result<Vec<(String, String)>, Failure> {
    let Value::Record(record) = given else { return Ok(Vec::new()) };
    let headers: Result<Vec<_>, Failure> = record
        .members()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            if RESERVED.contains(&name.as_str()) {
                return Err(refused(format!("the header `{name}` is set by the platform, not by an app")));
            }
            Ok((name, text(value)))
        })
        .collect();
    let headers = headers?;
    if headers.len() > HEADERS_MAX {
        return Err(refused(format!("a call has at most {HEADERS_MAX} headers, not {}", headers.len())));
    }
    Ok(headers)
}

/// A text goes as it is, anything else as JSON.
fn content(body: &Value) -> (Option<&'static str>, Vec<u8>) {
    match body {
        Value::Null => (None, Vec::new()),
        Value::Str(text) => (Some("text/plain; charset=utf-8"), text.as_bytes().to_vec()),
        other => (Some("application/json"), text(other).into_bytes()),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        other => {
            let mut json = String::new();
            to_json(other, &mut json);
            json
        }
    }
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new(Code::Action, message.into())
}
