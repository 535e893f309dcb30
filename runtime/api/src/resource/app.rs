//! `/v1/apps`: what apps are. The body of a new one is the app's JSON as it was written, so that diagnostics point into
//! it, or a compiled plan.

use alcove_control::{AppView, Diagnostics, NewApp, Rehearsal, Source};
use alcove_plan::envelope::MAGIC;
use serde::Deserialize;

use crate::{
    call::Call,
    openapi::{CURSOR, Doc, Form, IF_MATCH, IF_NONE_MATCH, LIMIT, Parameter, Shape, Success, Tag},
    precondition::{tagged, unless_known},
    problem::{Kind, Problem},
    reply::Reply,
    resource::plan::PLAN,
};

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
    Reply::page(&call.query, call.control.apps(&call.principal, call.query.page()).await?)
}

pub(crate) const CREATE: Doc = Doc::new(
    Tag::APPS,
    "Creates an app, from its JSON, a compiled plan, or `{\"plan\": DIGEST}` of one that was submitted",
)
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
.fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::NOT_GRANTED, Kind::INVALID_APP, Kind::REFUSED, Kind::QUOTA_EXCEEDED]);

/// `POST /v1/apps?id=&status=draft|active`.
pub(crate) async fn create(call: Call) -> Result<Reply, Problem> {
    let activate = call.query.get("status") == Some("active");
    let new = NewApp { id: call.query.get("id"), source: source(&call)?, activate };
    let app = call.control.create_app(&call.principal, new).await?;
    Reply::created(&format!("/v1/apps/{}", app.id), &app)
}

pub(crate) const READ: Doc = Doc::new(Tag::APPS, "Reads an app")
    .headers(&[IF_NONE_MATCH])
    .gives(&[Success::ok::<AppView>("The app.").tagged(), Success::unchanged("The client has it.")])
    .fails(&[Kind::NOT_FOUND]);

/// `GET /v1/apps/{app}`.
pub(crate) async fn read(call: Call) -> Result<Reply, Problem> {
    unless_known(&call.headers, &call.control.app(&call.principal, call.parameter(0)).await?)
}

pub(crate) const UPDATE: Doc = Doc::new(Tag::APPS, "Saves a new version, which is not active until it is activated")
    .reads(APP)
    .headers(&[IF_MATCH])
    .gives(&[Success::ok::<AppView>("The app.").tagged()])
    .fails(&[Kind::NOT_FOUND, Kind::CONFLICT, Kind::PRECONDITION, Kind::NOT_GRANTED, Kind::INVALID_APP, Kind::REFUSED]);

/// `PUT /v1/apps/{app}`.
pub(crate) async fn update(call: Call) -> Result<Reply, Problem> {
    tagged(&call.control.edit_app(&call.principal, call.target(), source(&call)?).await?)
}

pub(crate) const EXPLAIN: Doc =
    Doc::new(Tag::APPS, "Explains an app or a plan: what it may touch, what is pushed down, how actions are sent")
        .reads(APP)
        .gives(&[Success::content("The explanation.", &[("application/json", Shape::OBJECT)])])
        .fails(&[Kind::NOT_FOUND, Kind::INVALID_APP, Kind::REFUSED]);

/// `POST /v1/apps:explain`.
pub(crate) async fn explain(call: Call) -> Result<Reply, Problem> {
    Reply::ok(&call.control.explain(&call.principal, source(&call)?).await?)
}

pub(crate) const DRY_RUN: Doc =
    Doc::new(Tag::APPS, "Runs an app on the tenant's data without performing anything, and tells what it would do")
        .may_read(&[("application/json", Shape::of::<Rehearsal>())])
        .gives(&[Success::content("The report.", &[("application/json", Shape::OBJECT)])])
        .fails(&[Kind::NOT_FOUND, Kind::REFUSED, Kind::TOO_MANY]);

/// `POST /v1/apps/{app}:dry-run`.
pub(crate) async fn dry_run(call: Call) -> Result<Reply, Problem> {
    let with: Rehearsal = call.json()?;
    Reply::ok(&call.control.dry_run(&call.principal, call.parameter(0), &with).await?)
}

/// A plan that was submitted before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Submitted<'b> {
    plan: &'b str,
}

/// The app of a body: by its type, and without one by its first bytes.
fn source(call: &Call) -> Result<Source<'_>, Problem> {
    match call.content_type().as_deref() {
        Some(PLAN) => Ok(Source::Plan(&call.body)),
        None if call.body.starts_with(&MAGIC) => Ok(Source::Plan(&call.body)),
        _ => {
            let text = call.text()?;
            // No config is like this: each has a `schema`.
            let submitted = serde_json::from_str(text).ok();
            Ok(submitted.map_or(Source::Config(text.as_bytes()), |Submitted { plan }| Source::Submitted(plan)))
        }
    }
}
