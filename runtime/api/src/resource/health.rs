//! `/healthz` and `/readyz`.

use serde_json::json;

use crate::{call::Api, problem::Problem, reply::Reply};

/// The process is there.
pub(crate) async fn alive(_: Api) -> Result<Reply, Problem> {
    Reply::ok(&json!({ "status": "alive" }))
}

/// It can take requests: the engine runs and its database answers.
pub(crate) async fn ready(api: Api) -> Result<Reply, Problem> {
    api.control.ready().await?;
    Reply::ok(&json!({ "status": "ready" }))
}
