//! `/v1/usage`: what the tenant has used of what its tier allows.

use alcove_control::UsageView;

use crate::{
    call::Call,
    openapi::{Doc, Success, Tag},
    problem::Problem,
    reply::Reply,
};

pub(crate) const READ: Doc = Doc::new(Tag::USAGE, "Reads what the tenant has used of everything that its tier limits")
    .gives(&[Success::ok::<UsageView>("Every resource.")]);

/// `GET /v1/usage`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.usage(&call.principal).await?)
}
