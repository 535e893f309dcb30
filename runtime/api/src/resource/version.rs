//! `/v1/apps/{app}/versions`: what apps were.

use alcove_control::VersionView;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const LIST: Doc = Doc::new(Tag::APPS, "Lists the versions of an app, the latest first")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<VersionView>("The versions of this page.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}/versions?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.versions(&call.principal, call.parameter(0), call.query.page()).await?)
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

pub(crate) const DIFF: Doc =
    Doc::new(Tag::APPS, "Compares what two versions may touch: narrower, equal or wider, kind by kind")
        .gives(&[Success::content("The comparison.", &[("application/json", Shape::OBJECT)])])
        .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}/versions/{range}/diff`.
pub(crate) async fn diff(call: Call) -> Result<Reply, Problem> {
    let text = call.parameter(1);
    let range = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let wrong = || Problem::new(Kind::NOT_FOUND, format!("`{text}` is not two versions, such as `1..3`"));
    let (from, to) = range.ok_or_else(wrong)?;
    Reply::ok(&call.control.compare_versions(&call.principal, call.parameter(0), from, to).await?)
}
