//! `/v1/apps/{app}/state`: what an app remembers from run to run.

use alcove_control::StateView;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const LIST: Doc = Doc::new(Tag::APPS, "Lists what an app remembers, by key")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<StateView>("The keys of this page, with their values.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}/state?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.app_state(&call.principal, call.parameter(0), call.query.page()).await?)
}

pub(crate) const DELETE: Doc = Doc::new(Tag::APPS, "Has an app forget a key")
    .gives(&[Success::done("It is forgotten.")])
    .fails(&[Kind::NOT_FOUND]);

/// `DELETE /v1/apps/{app}/state/{key}`.
pub(crate) async fn delete(call: Call) -> Result<Reply, Problem> {
    call.control.forget_state(&call.principal, call.parameter(0), call.parameter(1)).await?;
    Ok(Reply::done())
}
