//! What is done to apps: `DELETE /v1/apps/{app}` and the verbs.

use serde::Deserialize;

use crate::{call::Call, problem::Problem, reply::Reply};

/// The body of `:activate`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Activate {
    /// Which version; the latest, unless it is said.
    #[serde(default)]
    version: Option<u32>,
}

/// The body of `:rollback`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rollback {
    version: u32,
}

/// A body in which nothing stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /v1/apps/{app}:activate`.
pub(crate) async fn activate(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Activate { version } = call.json()?;
    Reply::ok(&call.control.activate_app(&call.principal, call.parameter(0), version).await?)
}

/// `POST /v1/apps/{app}:pause`.
pub(crate) async fn pause(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Nothing {} = call.json()?;
    Reply::ok(&call.control.pause_app(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/apps/{app}:resume`.
pub(crate) async fn resume(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Nothing {} = call.json()?;
    Reply::ok(&call.control.resume_app(&call.principal, call.parameter(0)).await?)
}

/// `POST /v1/apps/{app}:rollback`.
pub(crate) async fn rollback(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let Rollback { version } = call.json()?;
    Reply::ok(&call.control.rollback_app(&call.principal, call.parameter(0), version).await?)
}

/// `DELETE /v1/apps/{app}`.
pub(crate) async fn delete(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    call.control.delete_app(&call.principal, call.parameter(0)).await?;
    Ok(Reply::done())
}
