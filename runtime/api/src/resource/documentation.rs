//! `/openapi.json` and `/docs`: what this API is.

use axum::http::{HeaderName, HeaderValue, header};

use crate::{
    call::Api,
    openapi::{self, Doc, Shape, Success, Tag},
    problem::Problem,
    reply::Reply,
};

/// What a browser may do with the page: show it, with its style sheet.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
const NO_SNIFFING: (HeaderName, HeaderValue) = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

pub(crate) const OPENAPI: Doc = Doc::new(Tag::SERVER, "This document")
    .gives(&[Success::content("OpenAPI 3.1.", &[("application/json", Shape::OBJECT)])]);

/// `GET /openapi.json`.
pub(crate) async fn openapi(_: Api) -> Result<Reply, Problem> {
    Ok(Reply::content("application/json", openapi::openapi()))
}

pub(crate) const PAGE: Doc = Doc::new(Tag::SERVER, "This document for people")
    .gives(&[Success::content("A page without scripts.", &[("text/html", Shape::TEXT)])]);

/// `GET /docs`.
pub(crate) async fn page(_: Api) -> Result<Reply, Problem> {
    let (sniffing, never) = NO_SNIFFING;
    let reply = Reply::content("text/html; charset=utf-8", openapi::page());
    Ok(reply.header(header::CONTENT_SECURITY_POLICY, POLICY).header(sniffing, never))
}

pub(crate) const STYLE: Doc = Doc::new(Tag::SERVER, "The style sheet of `/docs`")
    .gives(&[Success::content("CSS.", &[("text/css", Shape::TEXT)])]);

/// `GET /docs/style.css`.
pub(crate) async fn style(_: Api) -> Result<Reply, Problem> {
    let (sniffing, never) = NO_SNIFFING;
    Ok(Reply::content("text/css; charset=utf-8", openapi::STYLE).header(sniffing, never))
}
