//! `/healthz` and `/readyz`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    call::Api,
    openapi::{Doc, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// How the server is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `alive` or `ready`.
    status: &'static str,
}

pub(crate) const ALIVE: Doc =
    Doc::new(Tag::SERVER, "Says that the process is there").gives(&[Success::ok::<Health>("It is.")]);

/// `GET /healthz`.
pub(crate) async fn alive(_: Api) -> Result<Reply, Problem> {
    Reply::ok(&Health { status: "alive" })
}

pub(crate) const READY: Doc = Doc::new(Tag::SERVER, "Says whether the engine runs and its database answers")
    .gives(&[Success::ok::<Health>("Both do: requests can come.")]);

/// `GET /readyz`.
pub(crate) async fn ready(api: Api) -> Result<Reply, Problem> {
    if api.draining.is_cancelled() {
        return Err(Problem::new(Kind::UNAVAILABLE, "the server is stopping"));
    }
    api.control.ready().await?;
    Reply::ok(&Health { status: "ready" })
}
