//! From the parameters of a call to a request.

use std::time::Duration;

use alcove_builtins::parse_duration;
use alcove_egress::{Egress, Method, SignatureHeaders, sign};
use alcove_plan::{
    failure::{Code, Failure},
    value::{Value, to_json},
};

use super::{
    answer,
    sending::{IDEMPOTENCY_KEY, Sending},
};
use crate::Unperformed;

/// Headers that belong to the client, not to the app: framing, routing, the key, and the signature.
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
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

/// Headers of one call at the most.
const HEADERS_MAX: usize = 32;
/// How long a call without a `timeout` may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// How long any call may take.
const TIMEOUT_MAX: Duration = Duration::from_mins(1);

/// How long a call with these parameters may take.
pub fn timeout(params: &Value) -> Duration {
    let asked = params.member("timeout").as_str().and_then(parse_duration);
    let asked = asked.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    asked.unwrap_or(TIMEOUT).min(TIMEOUT_MAX)
}

/// Sends the request of a call and gives the outputs in the catalog's order. `params` are its rendered parameters.
///
/// E005: the request is refused here or there, and would be again. E007: it did not succeed, and may another time.
/// E013: it was sent and nobody knows what became of it, and the receiver is not known to honour idempotency keys.
pub async fn perform(egress: &Egress, params: &Value, sending: Sending<'_>) -> Result<Vec<Value>, Unperformed> {
    let (url, headers) = (params.member("url"), headers(&params.member("headers"))?);
    let body = params.member("body");
    let method = method(&params.member("method"))?;
    if method == Method::Get && !body.is_null() {
        return Err(refused("a GET request has no `body`: leave it out, or use `POST`").into());
    }
    let (content_type, body) = content(&body);
    let effect = sending.effect.as_str();
    let signed = sign(sending.signing, effect, sending.at_s, &body);
    let mut pairs: Vec<(&str, &str)> = vec![(IDEMPOTENCY_KEY, effect)];
    let signed = signed.as_ref().map(SignatureHeaders::pairs);
    pairs.extend(signed.into_iter().flatten().map(|(name, value)| -> (&str, &str) { (name, value) }));
    let typed = headers.iter().any(|(name, _)| name == "content-type");
    pairs.extend(content_type.filter(|_| !typed).map(|content_type| ("content-type", content_type)));
    pairs.extend(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let url = url.as_str().unwrap_or_default();
    let request = sending.request(method, url, &pairs, body, timeout(params));
    answer::outputs(egress.send(request).await, sending.guarantee)
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

/// A text as it is, anything else as JSON.
pub(super) fn text(value: &Value) -> String {
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
