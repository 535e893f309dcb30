//! What is done to apps: `DELETE /v1/apps/{app}` and the verbs.

use alcove_control::AppView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{Doc, IF_MATCH, Shape, Success, Tag},
    precondition::tagged,
    problem::{Kind, Problem},
    reply::Reply,
};

/// The body of `:activate`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Activate {
    /// Which version; the latest, unless it is said.
    #[serde(default)]
    version: Option<u32>,
}

/// The body of `:rollback`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rollback {
    /// Which version.
    version: u32,
}

/// A body in which nothing stands.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Why an app is not brought into another state.
const NOT_CHANGED: &[Kind] = &[Kind::NOT_FOUND, Kind::CONFLICT, Kind::PRECONDITION, Kind::NOT_GRANTED, Kind::REFUSED];

pub(crate) const ACTIVATE: Doc = Doc::new(Tag::APPS, "Makes a version the one that triggers start")
    .may_read(&[("application/json", Shape::of::<Activate>())])
    .gives(&[Success::ok::<AppView>("The app.").tagged()])
    .headers(&[IF_MATCH])
    .fails(NOT_CHANGED);

/// `POST /v1/apps/{app}:activate`.
pub(crate) async fn activate(call: Call) -> Result<Reply, Problem> {
    let Activate { version } = call.json()?;
    tagged(&call.control.activate_app(&call.principal, call.target(), version).await?)
}

pub(crate) const PAUSE: Doc = Doc::new(Tag::APPS, "Stops an app until it is resumed")
    .may_read(&[("application/json", Shape::of::<Nothing>())])
    .gives(&[Success::ok::<AppView>("The app.").tagged()])
    .headers(&[IF_MATCH])
    .fails(NOT_CHANGED);

/// `POST /v1/apps/{app}:pause`.
pub(crate) async fn pause(call: Call) -> Result<Reply, Problem> {
    let Nothing {} = call.json()?;
    tagged(&call.control.pause_app(&call.principal, call.target()).await?)
}

pub(crate) const RESUME: Doc = Doc::new(Tag::APPS, "Lets an app go on that was paused, or had gone to `error`")
    .may_read(&[("application/json", Shape::of::<Nothing>())])
    .gives(&[Success::ok::<AppView>("The app.").tagged()])
    .headers(&[IF_MATCH])
    .fails(NOT_CHANGED);

/// `POST /v1/apps/{app}:resume`.
pub(crate) async fn resume(call: Call) -> Result<Reply, Problem> {
    let Nothing {} = call.json()?;
    tagged(&call.control.resume_app(&call.principal, call.target()).await?)
}

pub(crate) const ROLLBACK: Doc = Doc::new(Tag::APPS, "Makes an earlier version the one that triggers start")
    .reads(&[("application/json", Shape::of::<Rollback>())])
    .gives(&[Success::ok::<AppView>("The app.").tagged()])
    .headers(&[IF_MATCH])
    .fails(NOT_CHANGED);

/// `POST /v1/apps/{app}:rollback`.
pub(crate) async fn rollback(call: Call) -> Result<Reply, Problem> {
    let Rollback { version } = call.json()?;
    tagged(&call.control.rollback_app(&call.principal, call.target(), version).await?)
}

pub(crate) const DELETE: Doc = Doc::new(Tag::APPS, "Deletes an app: its runs end, its history is kept")
    .gives(&[Success::done("It is deleted. Its id stays taken.")])
    .headers(&[IF_MATCH])
    .fails(NOT_CHANGED);

/// `DELETE /v1/apps/{app}`.
pub(crate) async fn delete(call: Call) -> Result<Reply, Problem> {
    call.control.delete_app(&call.principal, call.target()).await?;
    Ok(Reply::done())
}
