//! `/v1/teams`: members who are granted roles together.

use alcove_control::{NewTeam, TeamView};

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, LIMIT, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

pub(crate) const LIST: Doc = Doc::new(Tag::IDENTITY, "Lists teams, by id")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<TeamView>("The teams of this page.")]);

/// `GET /v1/teams?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.teams(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(Tag::IDENTITY, "Makes a team")
    .reads(&[("application/json", Shape::of::<NewTeam>())])
    .gives(&[Success::created::<TeamView>("The team.")])
    .fails(&[Kind::CONFLICT]);

/// `POST /v1/teams`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let team = call.control.create_team(&call.principal, &call.json()?).await?;
    Reply::created(&format!("/v1/teams/{}", team.id), &team)
}

pub(crate) const READ: Doc = Doc::new(Tag::IDENTITY, "Reads a team, with who is in it")
    .gives(&[Success::ok::<TeamView>("The team.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/teams/{team}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.team(&call.principal, call.parameter(0)).await?)
}

pub(crate) const DELETE: Doc = Doc::new(Tag::IDENTITY, "Takes a team away, with what was granted to it")
    .gives(&[Success::done("It is gone.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `DELETE /v1/teams/{team}`.
pub(crate) async fn delete(call: Call) -> Result<Reply, Problem> {
    call.control.delete_team(&call.principal, call.parameter(0)).await?;
    Ok(Reply::done())
}

pub(crate) const JOIN: Doc = Doc::new(Tag::IDENTITY, "Takes a member into a team")
    .gives(&[Success::done("They have what the team was granted.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `PUT /v1/teams/{team}/members/{member}`.
pub(crate) async fn join(call: Call) -> Result<Reply, Problem> {
    call.control.join_team(&call.principal, call.parameter(0), call.parameter(1)).await?;
    Ok(Reply::done())
}

pub(crate) const LEAVE: Doc = Doc::new(Tag::IDENTITY, "Takes a member out of a team")
    .gives(&[Success::done("They have nothing through the team any more.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `DELETE /v1/teams/{team}/members/{member}`.
pub(crate) async fn leave(call: Call) -> Result<Reply, Problem> {
    call.control.leave_team(&call.principal, call.parameter(0), call.parameter(1)).await?;
    Ok(Reply::done())
}
