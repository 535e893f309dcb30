//! `/v1/keys`: the keys of the caller's tenant.

use alcove_control::{KeyView, NewKey, NewKeyView, Rotation};

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const LIST: Doc = Doc::new(Tag::IDENTITY, "Lists keys, by id, without the keys themselves")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<KeyView>("The keys of this page; those that have ended are listed for 30 days.")]);

/// `GET /v1/keys?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.keys(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(Tag::IDENTITY, "Makes a key for a member")
    .reads(&[("application/json", Shape::of::<NewKey>())])
    .gives(&[Success::created::<NewKeyView>("The key, which is shown here and never again.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::QUOTA_EXCEEDED]);

/// `POST /v1/keys`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let key = call.control.create_key(&call.principal, &call.json()?).await?;
    Reply::created(&format!("/v1/keys/{}", key.about.id), &key)
}

pub(crate) const REVOKE: Doc = Doc::new(Tag::IDENTITY, "Ends a key")
    .gives(&[Success::done("It is refused from now on, and by other nodes within two seconds.")])
    .fails(&[Kind::NOT_FOUND]);

/// `DELETE /v1/keys/{key}`.
pub(crate) async fn revoke(call: Call) -> Result<Reply, Problem> {
    call.control.revoke_key(&call.principal, call.parameter(0)).await?;
    Ok(Reply::done())
}

pub(crate) const ROTATE: Doc =
    Doc::new(Tag::IDENTITY, "Gives a new key for a valid one, which ends after a grace period")
        .may_read(&[("application/json", Shape::of::<Rotation>())])
        .gives(&[Success::created::<NewKeyView>("The new key, which is shown here and never again.")])
        .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::QUOTA_EXCEEDED]);

/// `POST /v1/keys/{key}:rotate`.
pub(crate) async fn rotate(call: Call) -> Result<Reply, Problem> {
    let key = call.control.rotate_key(&call.principal, call.parameter(0), &call.json()?).await?;
    Reply::created(&format!("/v1/keys/{}", key.about.id), &key)
}
