//! `/v1/dead-letters`: runs that failed for good and took their trigger with them.

use alcove_control::Word;
use serde::Deserialize;

use crate::{call::Call, problem::Problem, reply::Reply};

/// The body of `:redrive`: what a person says of an effect whose outcome is unknown, where one is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redrive {
    #[serde(default)]
    outcome: Option<Word>,
}

/// `GET /v1/dead-letters?status=&limit=&cursor=`, oldest first.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["status", "limit", "cursor"])?;
    let page = query.page()?;
    Reply::ok(&call.control.dead_letters(&call.principal, query.get("status"), page).await?)
}

/// `GET /v1/dead-letters/{execution}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.dead_letter(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/dead-letters/{execution}:redrive`.
pub(crate) async fn redrive(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Redrive { outcome } = call.json()?;
    Reply::accepted(&call.control.redrive(&call.principal, call.parameter(0), outcome).await?)
}

/// `POST /v1/dead-letters/{execution}:discard`.
pub(crate) async fn discard(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.discard(&call.principal, call.parameter(0)).await?)
}
