//! `/v1/executions`, and `POST /v1/apps/{app}:run`.

use alcove_control::{ExecutionFilter, Word};
use serde::Deserialize;

use crate::{call::Call, problem::Problem, reply::Reply};

/// The body of `:cancel`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    #[serde(default)]
    reason: Option<String>,
}

/// The body of `:retry`: what a person says of an effect whose outcome is unknown, where one is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retry {
    #[serde(default)]
    outcome: Option<Word>,
}

/// `POST /v1/apps/{app}:run?wait=30s`: the body is the run's input.
pub(crate) async fn start(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["wait"])?;
    let wait = Call::wait(&query)?;
    let request = call.idempotency_key()?;
    let started = call.control.run_app(&call.principal, call.parameter(0), call.text()?, request, wait).await?;
    if started.has_ended() { Reply::ok(&started) } else { Reply::accepted(&started) }
}

/// `GET /v1/executions?app=&status=&limit=&cursor=`, newest first.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["app", "status", "limit", "cursor"])?;
    let page = query.page()?;
    let filter = ExecutionFilter { app: query.get("app"), status: query.get("status") };
    Reply::ok(&call.control.executions(&call.principal, filter, page).await?)
}

/// `GET /v1/executions/{execution}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.execution(&call.principal, call.parameter(0)).await?)
}

/// `GET /v1/executions/{execution}/log`: what it did, step by step.
pub(crate) async fn log(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.execution_log(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/executions/{execution}:cancel`.
pub(crate) async fn cancel(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Cancel { reason } = call.json()?;
    Reply::accepted(&call.control.cancel(&call.principal, call.parameter(0), reason.as_deref()).await?)
}

/// `POST /v1/executions/{execution}:replay`: `{execution, status, run, effects, reads, other_build, diverged?,
/// stopped_at?}`.
pub(crate) async fn replay(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.replay(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/executions/{execution}:retry`.
pub(crate) async fn retry(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Retry { outcome } = call.json()?;
    Reply::accepted(&call.control.retry(&call.principal, call.parameter(0), outcome).await?)
}
