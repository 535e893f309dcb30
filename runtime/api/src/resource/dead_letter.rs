//! `/v1/dead-letters`: runs that failed for good and took their trigger with them.

use alcove_control::{DeadLetterView, ExecutionView, Word};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The body of `:redrive`: what a person says of an effect whose outcome is unknown, where one is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Redrive {
    /// Needed exactly where the run failed with E013.
    #[serde(default)]
    outcome: Option<Word>,
}

/// What becomes of a dead letter.
const STATUS: Parameter = Parameter {
    name: "status",
    about: "Only those that became of that; `open` unless it is said.",
    form: Form::Word(&["open", "redriven", "discarded"]),
};

pub(crate) const LIST: Doc = Doc::new(Tag::DEAD_LETTERS, "Lists dead letters, oldest first")
    .query(&[STATUS, LIMIT, CURSOR])
    .gives(&[Success::page::<DeadLetterView>("The dead letters of this page.")]);

/// `GET /v1/dead-letters?status=&limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(
        &call.query,
        call.control.dead_letters(&call.principal, call.query.get("status"), call.query.page()).await?,
    )
}

pub(crate) const READ: Doc = Doc::new(Tag::DEAD_LETTERS, "Reads the dead letter of a run")
    .gives(&[Success::ok::<DeadLetterView>("The dead letter.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/dead-letters/{execution}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.dead_letter(&call.principal, call.parameter(0)).await?)
}

pub(crate) const REDRIVE: Doc =
    Doc::new(Tag::DEAD_LETTERS, "Has the run tried again, with the same id and journal: what was done stays done")
        .may_read(&[("application/json", Shape::of::<Redrive>())])
        .gives(&[Success::accepted::<ExecutionView>("The run, which is queued.")])
        .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::REFUSED]);

/// `POST /v1/dead-letters/{execution}:redrive`.
pub(crate) async fn redrive(call: Call) -> Result<Reply, Problem> {
    let Redrive { outcome } = call.json()?;
    Reply::accepted(&call.control.redrive(&call.principal, call.parameter(0), outcome).await?)
}

pub(crate) const DISCARD: Doc = Doc::new(Tag::DEAD_LETTERS, "Gives a dead letter up")
    .gives(&[Success::ok::<DeadLetterView>("The dead letter, which is closed now.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `POST /v1/dead-letters/{execution}:discard`.
pub(crate) async fn discard(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.discard(&call.principal, call.parameter(0)).await?)
}
