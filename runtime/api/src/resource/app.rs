//! `/v1/apps`: what apps are. The body of a new one is the app's JSON as it was written, so that diagnostics point into
//! it, or a compiled plan.

use alcove_control::{AppView, Diagnostics, NewApp, Source};
use alcove_plan::envelope::MAGIC;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, LIMIT, Parameter, Shape, Success, Tag},
    problem::{Kind, Problem},
    reply::Reply,
};

/// The type of a compiled plan.
const PLAN: &str = "application/vnd.alcove.plan";
/// The forms of an app.
const APP: &[(&str, Shape)] = &[("application/json", Shape::OBJECT), (PLAN, Shape::BYTES)];

pub(crate) const VALIDATE: Doc = Doc::new(Tag::APPS, "Checks an app, and saves nothing")
    .reads(&[("application/json", Shape::ANY)])
    .gives(&[Success::ok::<Diagnostics>("What the compiler says; no errors: it is valid.")]);

/// `POST /v1/apps:validate`.
pub(crate) async fn validate(call: Call) -> Result<Reply, Problem> {
    let diagnostics = call.control.validate(&call.principal, call.text()?.as_bytes())?;
    Reply::ok(&diagnostics)
}

pub(crate) const LIST: Doc = Doc::new(Tag::APPS, "Lists apps, by id")
    .query(&[LIMIT, CURSOR])
    .gives(&[Success::page::<AppView>("The apps of this page.")]);

/// `GET /v1/apps?limit=&cursor=`.
pub(crate) async fn list(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.apps(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(Tag::APPS, "Creates an app, from its JSON or from a compiled plan")
    .query(&[
        Parameter { name: "id", about: "Its id; one is made unless it is said.", form: Form::Text(128) },
        Parameter {
            name: "status",
            about: "Whether it is activated at once; `draft` unless it is said.",
            form: Form::Word(&["draft", "active"]),
        },
    ])
    .reads(APP)
    .gives(&[Success::created::<AppView>("The app.")])
    .fails(&[Kind::CONFLICT, Kind::INVALID_APP, Kind::REFUSED]);

/// `POST /v1/apps?id=&status=draft|active`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let activate = call.query.get("status") == Some("active");
    let new = NewApp { id: call.query.get("id"), source: source(&call)?, activate };
    let app = call.control.create_app(&call.principal, new).await?;
    Reply::created(&format!("/v1/apps/{}", app.id), &app)
}

pub(crate) const READ: Doc =
    Doc::new(Tag::APPS, "Reads an app").gives(&[Success::ok::<AppView>("The app.")]).fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.app(&call.principal, call.parameter(0)).await?)
}

pub(crate) const UPDATE: Doc = Doc::new(Tag::APPS, "Saves a new version, which is not active until it is activated")
    .reads(APP)
    .gives(&[Success::ok::<AppView>("The app.")])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::INVALID_APP, Kind::REFUSED]);

/// `PUT /v1/apps/{app}`.
pub(crate) async fn update(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.edit_app(&call.principal, call.parameter(0), source(&call)?).await?)
}

/// The app of a body: by its type, and without one by its first bytes.
fn source(call: &Call) -> Result<Source<'_>, Problem> {
    match call.content_type().as_deref() {
        Some(PLAN) => Ok(Source::Plan(&call.body)),
        None if call.body.starts_with(&MAGIC) => Ok(Source::Plan(&call.body)),
        _ => Ok(Source::Config(call.text()?.as_bytes())),
    }
}
