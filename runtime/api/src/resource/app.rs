//! `/v1/apps`: what apps are. The body of a new one is the app's JSON as it was written, so that diagnostics point into
//! it, or a compiled plan.

use alcove_control::{NewApp, Source};
use alcove_plan::envelope::MAGIC;

use crate::{
    call::{Call, media_type},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The type of a compiled plan.
const PLAN: &str = "application/vnd.alcove.plan";

/// `POST /v1/apps:validate`.
pub(crate) async fn validate(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    let diagnostics = call.control.validate(&call.principal, call.text()?.as_bytes())?;
    Reply::ok(&diagnostics)
}

/// `GET /v1/apps?limit=&cursor=`, by id.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["limit", "cursor"])?;
    Reply::ok(&call.control.apps(&call.principal, query.page()?).await?)
}

/// `POST /v1/apps?id=&status=draft|active`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let query = call.query(&["id", "status"])?;
    let activate = match query.get("status") {
        None | Some("draft") => false,
        Some("active") => true,
        Some(other) => {
            let detail = format!("`status` is `{other}`; a new app is `draft` or `active`");
            return Err(Problem::new(Kind::INVALID, detail));
        }
    };
    let new = NewApp { id: query.get("id"), source: source(&call)?, activate };
    let app = call.control.create_app(&call.principal, new).await?;
    Reply::created(&format!("/v1/apps/{}", app.id), &app)
}

/// `GET /v1/apps/{app}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.app(&call.principal, call.parameter(0)).await?)
}

/// `PUT /v1/apps/{app}`: a new version, which is not active until it is activated.
pub(crate) async fn update(call: Call) -> Result<Reply, Problem> {
    call.query(&[])?;
    Reply::ok(&call.control.edit_app(&call.principal, call.parameter(0), source(&call)?).await?)
}

/// The app of a body: by its type, and without one by its first bytes.
fn source(call: &Call) -> Result<Source<'_>, Problem> {
    match call.content_type().as_deref() {
        Some(PLAN) => Ok(Source::Plan(&call.body)),
        None if call.body.starts_with(&MAGIC) => Ok(Source::Plan(&call.body)),
        None | Some("application/json") => Ok(Source::Config(call.text()?.as_bytes())),
        Some(other) => Err(media_type(other, &format!("application/json` or `{PLAN}"))),
    }
}
