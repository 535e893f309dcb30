//! One request, after it has been read and its sender is known.

use std::{borrow::Cow, sync::Arc, time::Duration};

use alcove_control::{Control, Principal};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::Deserialize;

use crate::{
    Authentication,
    problem::{Kind, Problem},
    query::Query,
};

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) control: Control,
    pub(crate) authentication: Arc<Authentication>,
}

/// One request.
pub(crate) struct Call {
    pub(crate) control: Control,
    pub(crate) principal: Principal,
    pub(crate) parameters: Parameters,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What the client filled into the path, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<String>);

/// The longest that a caller may wait for a run to end.
const WAIT_MAX: Duration = Duration::from_mins(5);

impl Call {
    /// What stands at this position of the path's `{…}`.
    pub(crate) fn parameter(&self, at: usize) -> &str {
        self.parameters.0.get(at).map_or("", String::as_str)
    }

    /// The query, in which only these names may stand, each once.
    pub(crate) fn query(&self, names: &'static [&'static str]) -> Result<Query<'_>, Problem> {
        Query::parse(self.query.as_deref().unwrap_or_default(), names)
    }

    /// How long the caller waits, from `?wait=30s`.
    pub(crate) fn wait(query: &Query<'_>) -> Result<Option<Duration>, Problem> {
        let Some(text) = query.get("wait") else { return Ok(None) };
        let wait = duration(text).filter(|wait| *wait <= WAIT_MAX);
        let wrong = || format!("`wait` is `{text}`; it must be such as `500ms`, `30s` or `5m`, and at most 5m");
        wait.map(Some).ok_or_else(|| Problem::new(Kind::INVALID, wrong()))
    }

    /// The `Idempotency-Key`.
    pub(crate) fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        let Some(value) = self.headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().ok().map(str::trim).filter(|key| !key.is_empty());
        key.map(Some).ok_or_else(|| Problem::new(Kind::INVALID, "`Idempotency-Key` must be visible ASCII characters"))
    }

    /// The body as this type; no body is an empty object.
    pub(crate) fn json<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Problem> {
        let text = self.text()?;
        let text = if text.trim_ascii().is_empty() { "{}" } else { text };
        serde_json::from_str(text).map_err(|error| malformed(&error))
    }

    /// The body, which must be JSON, as text.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        match self.content_type() {
            None => {}
            Some(kind) if kind == "application/json" => {}
            Some(kind) => return Err(media_type(&kind, "application/json")),
        }
        str::from_utf8(&self.body).map_err(|error| Problem::new(Kind::MALFORMED, format!("it is not UTF-8: {error}")))
    }

    /// The type of the body in lower case, without parameters; `None` where the client does not say.
    pub(crate) fn content_type(&self) -> Option<Cow<'_, str>> {
        let value = self.headers.get(header::CONTENT_TYPE)?;
        let text = String::from_utf8_lossy(value.as_bytes());
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        (!essence.is_empty()).then_some(Cow::Owned(essence))
    }
}

/// A body of a type that the operation does not read.
pub(crate) fn media_type(found: &str, wanted: &str) -> Problem {
    Problem::new(Kind::MEDIA_TYPE, format!("the body is `{found}`; send `Content-Type: {wanted}`"))
}

/// JSON that cannot be read, or is of another shape.
pub(crate) fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::MALFORMED, error.to_string())
}

/// An integer with `ms`, `s` or `m`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_an_integer_and_a_unit() {
        let good = [("0s", 0), ("500ms", 500), ("30s", 30_000), ("5m", 300_000)];
        for (text, millis) in good {
            assert_eq!(duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "30", "-1s", "1.5s", "1h", "30 s", "99999999999999999999s", "18446744073709551615m"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
