//! `/v1/hooks`: what other systems tell, in their own words and with their own signatures.

use alcove_control::{ShopAnswer, ShopCall};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::{
    call::SignedCall,
    openapi::{Doc, Form, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The longest value of a header of Shopify.
const HEADER_BYTES_MAX: usize = 512;

const DOMAIN: Parameter = header_of("X-Shopify-Shop-Domain", "Which shop it is, and so whose.");
const SIGNATURE: Parameter =
    header_of("X-Shopify-Hmac-Sha256", "The body's HMAC-SHA256 with the shop's secret, in base64.");
const ID: Parameter = header_of("X-Shopify-Webhook-Id", "Which webhook it is: the same again is done once.");
const TOPIC: Parameter = header_of("X-Shopify-Topic", "What it is about, such as `orders/create`.");
const TRIGGERED_AT: Parameter = header_of("X-Shopify-Triggered-At", "When it happened (RFC 3339).");

const fn header_of(name: &'static str, about: &'static str) -> Parameter {
    Parameter { name, about, form: Form::Text(HEADER_BYTES_MAX) }
}

pub(crate) const SHOPIFY: Doc = Doc::new(Tag::EVENTS, "Accepts a webhook of Shopify, which its shop has signed")
    .headers(&[DOMAIN, SIGNATURE, ID, TOPIC, TRIGGERED_AT])
    .reads(&[("application/json", Shape::OBJECT)])
    .gives(&[Success::accepted::<ShopAnswer>("What it says is durable.")])
    .fails(&[Kind::UNAUTHENTICATED, Kind::REFUSED]);

/// `POST /v1/hooks/shopify`.
pub(crate) async fn shopify(call: SignedCall) -> Result<Reply, Problem> {
    let needed = |parameter: Parameter| {
        text(&call.headers, parameter.name)?
            .ok_or_else(|| Problem::new(Kind::INVALID, format!("the header `{}` is missing", parameter.name)))
    };
    let hook = ShopCall {
        domain: needed(DOMAIN)?,
        signature: needed(SIGNATURE)?,
        id: needed(ID)?,
        topic: needed(TOPIC)?,
        triggered_at: text(&call.headers, TRIGGERED_AT.name)?,
        body: &call.body,
    };
    let answer = call.control.accept_shopify(hook).await?;
    if answer.late {
        tracing::warn!(shop = hook.domain, webhook = hook.id, happened = hook.triggered_at, "a webhook comes late");
    }
    Reply::accepted(&answer)
}

/// The value of a header, if it is there.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let value = value.to_str().ok().map(str::trim).filter(|value| (1..=HEADER_BYTES_MAX).contains(&value.len()));
    let wrong = || format!("the header `{name}` must have 1 to {HEADER_BYTES_MAX} visible ASCII characters");
    value.map(Some).ok_or_else(|| Problem::new(Kind::INVALID, wrong()))
}

/// What a webhook that nobody we know has signed is told.
pub(crate) const CHALLENGE: (header::HeaderName, HeaderValue) =
    (header::WWW_AUTHENTICATE, HeaderValue::from_static("Shopify-Hmac-Sha256 realm=\"alcove\""));
