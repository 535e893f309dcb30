//! How an event travels.

use axum::http::HeaderMap;

/// What the names of headers that carry attributes begin with.
pub(super) const PREFIX: &str = "ce-";

/// How a request carries events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Not as CloudEvents: `{type, id?, payload, timestamp?}`.
    Plain,
    /// One event, all of it in the body.
    Structured,
    /// A list of events.
    Batch,
    /// One event: its attributes in headers, its data in the body.
    Binary,
    /// As CloudEvents in a format other than JSON.
    OtherFormat,
}

impl Mode {
    /// How a request is to be read with this `Content-Type`, which is in lower case and without parameters.
    pub(crate) fn of(content_type: Option<&str>, headers: &HeaderMap) -> Self {
        match content_type {
            Some("application/cloudevents+json") => Self::Structured,
            Some("application/cloudevents-batch+json") => Self::Batch,
            Some(other) if other.starts_with("application/cloudevents") => Self::OtherFormat,
            _ if headers.keys().any(|name| name.as_str().starts_with(PREFIX)) => Self::Binary,
            _ => Self::Plain,
        }
    }
}
