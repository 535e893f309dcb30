//! `/v1/admin/tenants`: what operators do.

use alcove_control::{NewKeyView, NewTenant, NewTenantKey, Operator, TenantChange, TenantView};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The body of `:suspend`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Suspension {
    /// Why, for the log.
    #[serde(default)]
    reason: Option<String>,
}

/// A body in which nothing stands.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resumption {}

const FORCE: Parameter = Parameter {
    name: "force",
    about: "`true`: runs that are not over are cancelled. Otherwise nothing is deleted while there are such.",
    form: Form::Word(&["true", "false"]),
};

/// Why a tenant is not changed.
const NOT_CHANGED: &[Kind] = &[Kind::NOT_FOUND, Kind::CONFLICT];

pub(crate) const LIST: Doc = Doc::new(Tag::ADMIN, "Lists tenants, by id")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<TenantView>("The tenants of this page, also those that were deleted.")]);

/// `GET /v1/admin/tenants?limit=&cursor=`.
pub(crate) async fn list(call: Call<Operator>) -> Result<Reply, Problem> {
    Reply::page(&call.query, call.control.administration().tenants(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(Tag::ADMIN, "Makes a tenant")
    .reads(&[("application/json", Shape::of::<NewTenant>())])
    .gives(&[Success::created::<TenantView>("The tenant.")])
    .fails(&[Kind::CONFLICT]);

/// `POST /v1/admin/tenants`.
pub(crate) async fn create(call: Call<Operator>) -> Result<Reply, Problem> {
    let tenant = call.control.administration().create_tenant(&call.principal, &call.json()?).await?;
    Reply::created(&format!("/v1/admin/tenants/{}", tenant.id), &tenant)
}

pub(crate) const READ: Doc =
    Doc::new(Tag::ADMIN, "Reads a tenant").gives(&[Success::ok::<TenantView>("The tenant.")]).fails(&[Kind::NOT_FOUND]);

/// `GET /v1/admin/tenants/{tenant}`.
pub(crate) async fn read(call: Call<Operator>) -> Result<Reply, Problem> {
    Reply::ok(&call.control.administration().tenant(&call.principal, call.parameter(0)).await?)
}

pub(crate) const CHANGE: Doc = Doc::new(Tag::ADMIN, "Changes what was agreed with a tenant; what is absent stays")
    .reads(&[("application/json", Shape::of::<TenantChange>())])
    .gives(&[Success::ok::<TenantView>("The tenant.")])
    .fails(NOT_CHANGED);

/// `PATCH /v1/admin/tenants/{tenant}`.
pub(crate) async fn change(call: Call<Operator>) -> Result<Reply, Problem> {
    Reply::ok(&call.control.change_tenant(&call.principal, call.parameter(0), &call.json()?).await?)
}

pub(crate) const READ_SETTINGS: Doc = Doc::new(Tag::ADMIN, "Reads what was agreed with a tenant")
    .gives(&[Success::ok::<TenantView>("The tenant.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/admin/tenants/{tenant}/settings`: the tenant is what was agreed with it.
pub(crate) async fn read_settings(call: Call<Operator>) -> Result<Reply, Problem> {
    read(call).await
}

pub(crate) const CHANGE_SETTINGS: Doc = CHANGE;

/// `PATCH /v1/admin/tenants/{tenant}/settings`.
pub(crate) async fn change_settings(call: Call<Operator>) -> Result<Reply, Problem> {
    change(call).await
}

pub(crate) const DELETE: Doc = Doc::new(Tag::ADMIN, "Deletes a tenant with everything but its audit log")
    .query(&[FORCE])
    .gives(&[Success::done("It is gone. Its id stays taken.")])
    .fails(NOT_CHANGED);

/// `DELETE /v1/admin/tenants/{tenant}?force=`.
pub(crate) async fn delete(call: Call<Operator>) -> Result<Reply, Problem> {
    let force = call.query.get("force") == Some("true");
    call.control.delete_tenant(&call.principal, call.parameter(0), force).await?;
    Ok(Reply::done())
}

pub(crate) const SUSPEND: Doc =
    Doc::new(Tag::ADMIN, "Stops a tenant: requests are refused, triggers do not fire, running runs are cancelled")
        .may_read(&[("application/json", Shape::of::<Suspension>())])
        .gives(&[Success::ok::<TenantView>("The tenant.")])
        .fails(NOT_CHANGED);

/// `POST /v1/admin/tenants/{tenant}:suspend`.
pub(crate) async fn suspend(call: Call<Operator>) -> Result<Reply, Problem> {
    let Suspension { reason } = call.json()?;
    Reply::ok(&call.control.suspend_tenant(&call.principal, call.parameter(0), reason.as_deref()).await?)
}

pub(crate) const RESUME: Doc = Doc::new(Tag::ADMIN, "Serves a suspended tenant again: what was queued goes on")
    .may_read(&[("application/json", Shape::of::<Resumption>())])
    .gives(&[Success::ok::<TenantView>("The tenant.")])
    .fails(NOT_CHANGED);

/// `POST /v1/admin/tenants/{tenant}:resume`.
pub(crate) async fn resume(call: Call<Operator>) -> Result<Reply, Problem> {
    let Resumption {} = call.json()?;
    Reply::ok(&call.control.resume_tenant(&call.principal, call.parameter(0)).await?)
}

pub(crate) const CREATE_KEY: Doc = Doc::new(Tag::ADMIN, "Makes a key for a member of a tenant, who is made if need be")
    .reads(&[("application/json", Shape::of::<NewTenantKey>())])
    .gives(&[Success::created::<NewKeyView>("The key, which is shown here and never again.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::QUOTA_EXCEEDED]);

/// `POST /v1/admin/tenants/{tenant}/keys`.
pub(crate) async fn create_key(call: Call<Operator>) -> Result<Reply, Problem> {
    let admin = call.control.administration();
    let key = admin.create_tenant_key(&call.principal, call.parameter(0), &call.json()?).await?;
    Reply::created(&format!("/v1/admin/tenants/{}/keys/{}", call.parameter(0), key.about.id), &key)
}

pub(crate) const REVOKE_KEY: Doc = Doc::new(Tag::ADMIN, "Ends a key of a tenant")
    .gives(&[Success::done("It is refused from now on, and by other nodes within two seconds.")])
    .fails(NOT_CHANGED);

/// `DELETE /v1/admin/tenants/{tenant}/keys/{key}`.
pub(crate) async fn revoke_key(call: Call<Operator>) -> Result<Reply, Problem> {
    let admin = call.control.administration();
    admin.revoke_tenant_key(&call.principal, call.parameter(0), call.parameter(1)).await?;
    Ok(Reply::done())
}
