//! One request, after it has been read and its sender is known.

use std::sync::Arc;

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
    /// What stood in the URL, of what the operation's documentation allows.
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What the client filled into the path, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<String>);

impl Call {
    /// What stands at this position of the path's `{…}`.
    pub(crate) fn parameter(&self, at: usize) -> &str {
        self.parameters.0.get(at).map_or("", String::as_str)
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

    /// The body as text.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        str::from_utf8(&self.body).map_err(|error| Problem::new(Kind::MALFORMED, format!("it is not UTF-8: {error}")))
    }

    /// The type of the body in lower case, without parameters; `None` where the client does not say.
    pub(crate) fn content_type(&self) -> Option<String> {
        content_type(&self.headers)
    }
}

/// The type of a body in lower case, without parameters.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::CONTENT_TYPE)?.as_bytes());
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!essence.is_empty()).then_some(essence)
}

/// A body of a type that the operation does not read.
pub(crate) fn media_type(found: &str, wanted: &str) -> Problem {
    Problem::new(Kind::MEDIA_TYPE, format!("the body is `{found}`; send `Content-Type: {wanted}`"))
}

/// JSON that cannot be read, or is of another shape.
pub(crate) fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::MALFORMED, error.to_string())
}
