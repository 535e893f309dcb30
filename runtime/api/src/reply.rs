//! What a client is told when a request is done.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::{Kind, Problem};

/// A response with JSON in it, or none.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Vec<u8>>,
    location: Option<HeaderValue>,
}

impl Reply {
    /// 200 with this.
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::OK, body)
    }

    /// 202 with this: it is durable, and goes on by itself.
    pub(crate) fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// 201 with this, which is from now on at `location`.
    pub(crate) fn created(location: &str, body: &impl Serialize) -> Result<Self, Problem> {
        let mut reply = Self::with(StatusCode::CREATED, body)?;
        reply.location = HeaderValue::from_str(location).ok();
        Ok(reply)
    }

    /// 204.
    pub(crate) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, location: None }
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let written = serde_json::to_vec(body);
        let body = written.map_err(|error| Problem::new(Kind::INTERNAL, format!("the answer is not JSON: {error}")))?;
        Ok(Self { status, body: Some(body), location: None })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body.map_or_else(Body::empty, Body::from));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if self.status != StatusCode::NO_CONTENT {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(location) = self.location {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}
