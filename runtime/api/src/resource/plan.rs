//! `/v1/plans`: compiled plans, before there is an app for them.

use alcove_control::PlanView;
use axum::http::{HeaderValue, header};

use crate::{
    call::Call,
    openapi::{Doc, Form, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The type of a compiled plan.
pub(crate) const PLAN: &str = "application/vnd.alcove.plan";

pub(crate) const SUBMIT: Doc = Doc::new(Tag::PLANS, "Keeps a compiled plan; an app can be made of it by its digest")
    .reads(&[(PLAN, Shape::BYTES)])
    .gives(&[Success::created::<PlanView>("What it is, what it may touch, and what the tenant was not granted.")])
    .fails(&[Kind::REFUSED]);

/// `POST /v1/plans`.
pub(crate) async fn submit(call: Call) -> Result<Reply, Problem> {
    let plan = call.control.submit_plan(&call.principal, &call.body).await?;
    Reply::created(&format!("/v1/plans/{}", plan.digest), &plan)
}

pub(crate) const READ: Doc = Doc::new(Tag::PLANS, "Reads a plan: what it may touch, its bytes, or its text")
    .headers(&[Parameter {
        name: "Accept",
        about: "`application/vnd.alcove.plan` for the bytes, `text/plain` for the disassembly; JSON otherwise.",
        form: Form::Text(1_024),
    }])
    .gives(&[Success::content(
        "The plan.",
        &[("application/json", Shape::of::<PlanView>()), (PLAN, Shape::BYTES), ("text/plain", Shape::TEXT)],
    )])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/plans/{plan}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    let (control, by, digest) = (&call.control, &call.principal, call.parameter(0));
    let reply = match wanted(&call) {
        Wanted::Bytes => Reply::content(PLAN, control.plan_bytes(by, digest).await?),
        Wanted::Text => Reply::content("text/plain; charset=utf-8", control.plan_text(by, digest).await?),
        Wanted::Json => Reply::ok(&control.plan(by, digest).await?)?,
    };
    Ok(reply.header(header::VARY, HeaderValue::from_static("Accept")))
}

/// A form of a plan.
enum Wanted {
    Json,
    Bytes,
    Text,
}

/// The first of the types that the client takes and that there is.
fn wanted(call: &Call) -> Wanted {
    let accepted = call.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let types = accepted.flat_map(|value| value.split(',')).map(|item| item.split(';').next().unwrap_or_default());
    for media_type in types.map(|media_type| media_type.trim().to_ascii_lowercase()) {
        match media_type.as_str() {
            PLAN => return Wanted::Bytes,
            "text/plain" => return Wanted::Text,
            "application/json" | "application/*" | "*/*" => return Wanted::Json,
            _ => {}
        }
    }
    Wanted::Json
}
