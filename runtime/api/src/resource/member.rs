//! `/v1/members`, and `/v1/me`: who is who.

use alcove_control::{MeView, MemberView, NewMember};

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const ME: Doc = Doc::new(Tag::IDENTITY, "Says who the caller is, and what they may do")
    .gives(&[Success::ok::<MeView>("The caller.")]);

/// `GET /v1/me`.
pub(crate) async fn me(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.me(&call.principal)?)
}

pub(crate) const LIST: Doc = Doc::new(Tag::IDENTITY, "Lists members, by subject")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<MemberView>("The members of this page.")]);

/// `GET /v1/members?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.members(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(Tag::IDENTITY, "Takes a person, a service or an agent in")
    .reads(&[("application/json", Shape::of::<NewMember>())])
    .gives(&[Success::created::<MemberView>("The member.")])
    .fails(&[Kind::CONFLICT]);

/// `POST /v1/members`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let member = call.control.create_member(&call.principal, &call.json()?).await?;
    Reply::created(&format!("/v1/members/{}", member.subject), &member)
}

pub(crate) const READ: Doc = Doc::new(Tag::IDENTITY, "Reads a member, with their teams and grants")
    .gives(&[Success::ok::<MemberView>("The member.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/members/{member}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.member(&call.principal, call.parameter(0)).await?)
}

pub(crate) const DELETE: Doc = Doc::new(Tag::IDENTITY, "Takes a member out: their keys end")
    .gives(&[Success::done("They are out.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `DELETE /v1/members/{member}`.
pub(crate) async fn delete(call: Call) -> Result<Reply, Problem> {
    call.control.delete_member(&call.principal, call.parameter(0)).await?;
    Ok(Reply::done())
}
