//! `/v1/catalog`: what apps are made of.

use axum::http::{HeaderValue, header};

use crate::{
    call::Call,
    openapi::{Doc, Form, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const READ: Doc =
    Doc::new(Tag::APPS, "Lists what apps are made of: connectors, entities, events, actions and template filters")
        .headers(&[Parameter {
            name: "If-None-Match",
            about: "The `ETag` of an answer that the client has: it is not sent again.",
            form: Form::Text(1_024),
        }])
        .gives(&[
            Success::content("The building blocks.", &[("application/json", Shape::OBJECT)]),
            Success::unchanged("The client has them."),
        ]);

/// `GET /v1/catalog`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    let blocks = call.control.building_blocks(&call.principal)?;
    let tag = format!("\"{}\"", blocks.digest);
    let known = call.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(|item| item.trim().trim_start_matches("W/"));
    let has_it = known.any(|known| known == tag || known == "*");
    let reply = if has_it { Reply::unchanged() } else { Reply::content("application/json", blocks.json.as_str()) };
    let tag = HeaderValue::from_str(&tag).map_err(|error| Problem::new(Kind::INTERNAL, error.to_string()))?;
    // It changes with the server, and is nobody's secret; but who has no key has no business with it.
    let cache = HeaderValue::from_static("private, max-age=300");
    Ok(reply.header(header::ETAG, tag).header(header::CACHE_CONTROL, cache))
}
