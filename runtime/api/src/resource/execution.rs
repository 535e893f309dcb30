//! `/v1/executions`, and `POST /v1/apps/{app}:run`.

use alcove_control::{CallView, ExecutionFilter, ExecutionView, ReplayReport, StepLog, Word};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, IDEMPOTENCY_KEY, LIMIT, Parameter, Shape, Success, Tag, WAIT},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The body of `:cancel`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// For whoever reads about the run, at most 1,000 bytes.
    #[serde(default)]
    reason: Option<String>,
}

/// The body of `:retry`: what a person says of an effect whose outcome is unknown, where one is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Retry {
    /// Needed exactly where the run failed with E013, and then only an admin may say it.
    #[serde(default)]
    outcome: Option<Word>,
}

pub(crate) const START: Doc = Doc::new(Tag::APPS, "Starts a run by hand; the body is its input")
    .query(&[WAIT])
    .headers(&[IDEMPOTENCY_KEY])
    .may_read(&[("application/json", Shape::ANY)])
    .gives(&[
        Success::ok::<ExecutionView>("The run has ended."),
        Success::accepted::<ExecutionView>("The run has begun, and is durable."),
    ])
    .tells_rate()
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::OTHER_BODY, Kind::REFUSED, Kind::QUOTA_EXCEEDED]);

/// `POST /v1/apps/{app}:run?wait=30s`.
pub(crate) async fn start(call: Call) -> Result<Reply, Problem> {
    let wait = call.query.wait();
    let request = call.idempotency_key()?;
    let started = call.control.run_app(&call.principal, call.parameter(0), call.text()?, request, wait).await?;
    if started.has_ended() { Reply::ok(&started) } else { Reply::accepted(&started) }
}

/// Of which app.
const APP: Parameter = Parameter { name: "app", about: "Only runs of this app.", form: Form::Text(128) };
/// In which state.
const STATUS: Parameter = Parameter {
    name: "status",
    about: "Only runs in this state.",
    form: Form::Word(&["queued", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"]),
};

pub(crate) const LIST: Doc = Doc::new(Tag::EXECUTIONS, "Lists runs, newest first")
    .query(&[APP, STATUS, LIMIT, CURSOR])
    .gives(&[Success::page::<ExecutionView>("The runs of this page.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/executions?app=&status=&limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let filter = ExecutionFilter { app: call.query.get("app"), status: call.query.get("status") };
    Reply::page(&call.query, call.control.executions(&call.principal, filter, call.query.page()).await?)
}

pub(crate) const READ: Doc = Doc::new(Tag::EXECUTIONS, "Reads a run")
    .gives(&[Success::ok::<ExecutionView>("The run.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/executions/{execution}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.execution(&call.principal, call.parameter(0)).await?)
}

pub(crate) const LOG: Doc = Doc::new(Tag::EXECUTIONS, "Tells what a run did, step by step")
    .gives(&[Success::ok::<StepLog>("The steps.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/executions/{execution}/log`.
pub(crate) async fn log(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.execution_log(&call.principal, call.parameter(0)).await?)
}

pub(crate) const CALLS: Doc = Doc::new(Tag::EXECUTIONS, "Lists the requests that a run has sent, in their order")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<CallView>("The requests of this page.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/executions/{execution}/calls?limit=&cursor=`.
pub(crate) async fn calls(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.execution_calls(&call.principal, call.parameter(0), call.query.page()).await?)
}

pub(crate) const CANCEL: Doc =
    Doc::new(Tag::EXECUTIONS, "Ends a run: at once if it waits, at its next host call if it is running")
        .may_read(&[("application/json", Shape::of::<Cancel>())])
        .gives(&[Success::accepted::<ExecutionView>("The run, which ends or has ended.")])
        .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `POST /v1/executions/{execution}:cancel`.
pub(crate) async fn cancel(call: Call) -> Result<Reply, Problem> {
    let Cancel { reason } = call.json()?;
    Reply::accepted(&call.control.cancel(&call.principal, call.parameter(0), reason.as_deref()).await?)
}

pub(crate) const REPLAY: Doc =
    Doc::new(Tag::EXECUTIONS, "Executes a run again, answered by its journal, and says whether it does the same")
        .gives(&[Success::ok::<ReplayReport>("What it came to. Nothing is performed or written.")])
        .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `POST /v1/executions/{execution}:replay`.
pub(crate) async fn replay(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.replay(&call.principal, call.parameter(0)).await?)
}

pub(crate) const RETRY: Doc =
    Doc::new(Tag::EXECUTIONS, "Has a failed run tried again, with the same id and journal: what was done stays done")
        .may_read(&[("application/json", Shape::of::<Retry>())])
        .gives(&[Success::accepted::<ExecutionView>("The run, which is queued.")])
        .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::REFUSED]);

/// `POST /v1/executions/{execution}:retry`.
pub(crate) async fn retry(call: Call) -> Result<Reply, Problem> {
    let Retry { outcome } = call.json()?;
    Reply::accepted(&call.control.retry(&call.principal, call.parameter(0), outcome).await?)
}
