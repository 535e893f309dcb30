//! `/v1/grants`: which role whom was given, and for what.

use alcove_control::{GrantView, NewGrant};

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

const SUBJECT: Parameter =
    Parameter { name: "subject", about: "A member or a team, such as `team:ops`.", form: Form::Text(128) };
const ROLE: Parameter = Parameter { name: "role", about: "The role.", form: Form::Text(128) };
const APP: Parameter =
    Parameter { name: "app", about: "For which app; absent: for all of the tenant's.", form: Form::Text(128) };

pub(crate) const LIST: Doc = Doc::new(Tag::IDENTITY, "Lists grants, by subject, role and app")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<GrantView>("The grants of this page.")]);

/// `GET /v1/grants?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.grants(&call.principal, call.query.page()).await?)
}

pub(crate) const GIVE: Doc = Doc::new(Tag::IDENTITY, "Gives a role to a member or a team, for one app or for all")
    .reads(&[("application/json", Shape::of::<NewGrant>())])
    .gives(&[Success::ok::<GrantView>("The grant.")])
    .fails(&[Kind::NOT_FOUND]);

/// `POST /v1/grants`.
pub(crate) async fn give(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.give(&call.principal, &call.json()?).await?)
}

pub(crate) const TAKE_BACK: Doc = Doc::new(Tag::IDENTITY, "Takes a role back")
    .query(&[SUBJECT, ROLE, APP])
    .gives(&[Success::done("Nobody has it by this grant any more, with no key.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT]);

/// `DELETE /v1/grants?subject=&role=&app=`.
pub(crate) async fn take_back(call: Call) -> Result<Reply, Problem> {
    let text = |name: &str| call.query.get(name).map(str::to_owned);
    let grant = NewGrant {
        subject: text("subject").unwrap_or_default(),
        role: text("role").unwrap_or_default(),
        app: text("app"),
    };
    call.control.take_back(&call.principal, &grant).await?;
    Ok(Reply::done())
}
