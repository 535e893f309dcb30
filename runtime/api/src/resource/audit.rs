//! `/v1/audit`: who changed what, and who was refused.

use alcove_control::AuditView;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Success, Tag},
    problem::Problem,
    reply::Reply,
};

/// Where a list begins.
const FROM: Parameter = Parameter {
    name: "from",
    about: "From the note of this number on; from the first unless it is said.",
    form: Form::Number(0, u32::MAX),
};

pub(crate) const LIST: Doc = Doc::new(Tag::AUDIT, "Lists the audit log: every change and every refused call, in order")
    .query(&[FROM, LIMIT, CURSOR])
    .gives(&[Success::page::<AuditView>("The notes of this page.")]);

/// `GET /v1/audit?from=&limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let from = call.query.get("from").and_then(|from| from.parse().ok());
    Reply::page(&call.query, call.control.audit(&call.principal, from, call.query.page()).await?)
}
