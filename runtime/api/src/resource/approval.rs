//! `/v1/approvals`: questions to people.

use alcove_control::{ApprovalView, Edit, Ruling, Seen};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The body of `:approve` and `:reject`: what the caller has seen, as `GET` gave it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// The digest of the run's plan.
    plan: String,
    /// The digest of the preview.
    preview_digest: String,
}

/// The body of `:modify`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Modification {
    /// The digest of the run's plan.
    plan: String,
    /// The digest of the preview.
    preview_digest: String,
    /// What is to be otherwise, at least one.
    edits: Vec<Edit>,
}

/// Why a decision is not taken.
const NOT_TAKEN: &[Kind] = &[Kind::NOT_FOUND, Kind::CONFLICT, Kind::REFUSED];

/// What becomes of a question.
const STATUS: Parameter = Parameter {
    name: "status",
    about: "Only those that became of that; `open` unless it is said.",
    form: Form::Word(&["open", "approved", "rejected", "modified", "expired", "cancelled"]),
};

pub(crate) const LIST: Doc = Doc::new(Tag::APPROVALS, "Lists questions, oldest first")
    .query(&[STATUS, LIMIT, CURSOR])
    .gives(&[Success::page::<ApprovalView>("The questions of this page.")]);

/// `GET /v1/approvals?status=&limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(
        &call.query,
        call.control.approvals(&call.principal, call.query.get("status"), call.query.page()).await?,
    )
}

pub(crate) const READ: Doc = Doc::new(Tag::APPROVALS, "Reads a question")
    .gives(&[Success::ok::<ApprovalView>("The question.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/approvals/{approval}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.approval(&call.principal, call.parameter(0)).await?)
}

pub(crate) const APPROVE: Doc = Doc::new(Tag::APPROVALS, "Lets happen what was shown")
    .reads(&[("application/json", Shape::of::<Decision>())])
    .gives(&[Success::ok::<ApprovalView>("The question, which is closed now.")])
    .fails(NOT_TAKEN);

/// `POST /v1/approvals/{approval}:approve`.
pub(crate) async fn approve(call: Call) -> Result<Reply, Problem> {
    let Decision { plan, preview_digest } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Approve).await
}

pub(crate) const REJECT: Doc = Doc::new(Tag::APPROVALS, "Refuses what was shown; the run is cancelled")
    .reads(&[("application/json", Shape::of::<Decision>())])
    .gives(&[Success::ok::<ApprovalView>("The question, which is closed now.")])
    .fails(NOT_TAKEN);

/// `POST /v1/approvals/{approval}:reject`.
pub(crate) async fn reject(call: Call) -> Result<Reply, Problem> {
    let Decision { plan, preview_digest } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Reject).await
}

pub(crate) const MODIFY: Doc = Doc::new(Tag::APPROVALS, "Lets happen what was shown, with other parameters")
    .reads(&[("application/json", Shape::of::<Modification>())])
    .gives(&[Success::ok::<ApprovalView>("The question, which is closed now.")])
    .fails(NOT_TAKEN);

/// `POST /v1/approvals/{approval}:modify`.
pub(crate) async fn modify(call: Call) -> Result<Reply, Problem> {
    let Modification { plan, preview_digest, edits } = call.json()?;
    decide(&call, Seen { plan: &plan, preview: &preview_digest }, Ruling::Modify(edits)).await
}

async fn decide(call: &Call, seen: Seen<'_>, ruling: Ruling) -> Result<Reply, Problem> {
    Reply::ok(&call.control.decide(&call.principal, call.parameter(0), seen, ruling).await?)
}
