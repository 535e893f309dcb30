//! `/v1/apps/{app}/versions`: what apps were.

use alcove_control::VersionView;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const LIST: Doc = Doc::new(Tag::APPS, "Lists the versions of an app, the latest first")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<VersionView>("The versions of this page.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}/versions?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.versions(&call.principal, call.parameter(0), call.query.page()).await?)
}

pub(crate) const READ: Doc = Doc::new(Tag::APPS, "Reads a version: what it may touch, and what its author wrote")
    .gives(&[Success::ok::<VersionView>("The version.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}/versions/{version}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    let text = call.parameter(1);
    let wrong = |_| Problem::new(Kind::NOT_FOUND, format!("`{text}` is not the number of a version"));
    let version = text.parse().map_err(wrong)?;
    Reply::ok(&call.control.version(&call.principal, call.parameter(0), version).await?)
}
