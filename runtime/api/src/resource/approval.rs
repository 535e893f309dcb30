//! `/v1/approvals`: questions to people.

use alcove_control::{Edit, Ruling, Seen};
use serde::Deserialize;

use crate::{call::Call, problem::Problem, reply::Reply};

/// The body of `:approve` and `:reject`: what the caller has seen, as `GET` gave it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    plan: String,
    preview_digest: String,
}

/// The body of `:modify`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Modification {
    plan: String,
    preview_digest: String,
    edits: Vec<Edit>,
}

/// `GET /v1/approvals?status=&limit=&cursor=`, oldest first.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["status", "limit", "cursor"])?;
    let page = query.page()?;
    Reply::ok(&call.control.approvals(&call.principal, query.get("status"), page).await?)
}

/// `GET /v1/approvals/{approval}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.approval(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/approvals/{approval}:approve`.
pub(crate) async fn approve(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Decision { plan, preview_digest } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Approve).await
}

/// `POST /v1/approvals/{approval}:reject`.
pub(crate) async fn reject(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Decision { plan, preview_digest } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Reject).await
}

/// `POST /v1/approvals/{approval}:modify`.
pub(crate) async fn modify(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Modification { plan, preview_digest, edits } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Modify(edits)).await
}

async fn decide(call: &Call, seen: Seen<'_>, ruling: Ruling) -> Result<Reply, Problem> {
    Reply::ok(&call.control.decide(&call.principal, call.parameter(0), seen, ruling).await?)
}
