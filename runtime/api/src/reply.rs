//! What a client is told when a request is done.

use alcove_control::List;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    problem::{Kind, Problem},
    query::Query,
};

/// A response with JSON in it, or none.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Body,
    headers: HeaderMap,
}

impl Reply {
    /// 200 with this.
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::OK, body)
    }

    /// 200 with a page of the list that the query asks for.
    pub(crate) fn page<T: Serialize>(query: &Query, page: List<T>) -> Result<Self, Problem> {
        let Some(listing) = query.listing() else { return Self::ok(&page) };
        let next_cursor = page.next_cursor.map(|place| listing.seal(&place));
        let link = next_cursor.as_deref().and_then(|cursor| HeaderValue::from_str(&listing.link(cursor)).ok());
        let reply = Self::ok(&List { items: page.items, next_cursor })?;
        Ok(match link {
            Some(link) => reply.header(header::LINK, link),
            None => reply,
        })
    }

    /// 202 with this: it is durable, and goes on by itself.
    pub(crate) fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// 207 with this: what became of each part of a request of which some part was not done.
    pub(crate) fn mixed(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::MULTI_STATUS, body)
    }

    /// 201 with this, which is from now on at `location`.
    pub(crate) fn created(location: &str, body: &impl Serialize) -> Result<Self, Problem> {
        let reply = Self::with(StatusCode::CREATED, body)?;
        Ok(match HeaderValue::from_str(location) {
            Ok(location) => reply.header(header::LOCATION, location),
            Err(_) => reply,
        })
    }

    /// 204.
    pub(crate) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Body::empty(), headers: HeaderMap::new() }
    }

    /// 304: the client has it.
    pub(crate) fn unchanged() -> Self {
        Self { status: StatusCode::NOT_MODIFIED, body: Body::empty(), headers: HeaderMap::new() }
    }

    /// 200 with this of a type.
    pub(crate) fn content(media_type: &'static str, body: impl Into<Body>) -> Self {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))]);
        Self { status: StatusCode::OK, body: body.into(), headers }
    }

    /// With one more header.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let written = serde_json::to_vec(body);
        let body = written.map_err(|error| Problem::new(Kind::INTERNAL, format!("the answer is not JSON: {error}")))?;
        Ok(Self { status, ..Self::content("application/json", body) })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
