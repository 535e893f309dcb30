//! `/v1/apps/{app}/versions`: what apps were.

use crate::{
    call::Call,
    problem::{Kind, Problem},
    reply::Reply,
};

/// `GET /v1/apps/{app}/versions?limit=&cursor=`, the latest first.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["limit", "cursor"])?;
    Reply::ok(&call.control.versions(&call.principal, call.parameter(0), query.page()?).await?)
}

/// `GET /v1/apps/{app}/versions/{version}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let text = call.parameter(1);
    let wrong = |_| Problem::new(Kind::NOT_FOUND, format!("`{text}` is not the number of a version"));
    let version = text.parse().map_err(wrong)?;
    Reply::ok(&call.control.version(&call.principal, call.parameter(0), version).await?)
}
