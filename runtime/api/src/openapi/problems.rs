//! What an operation answers if it is not done.

use std::collections::BTreeMap;

use utoipa::openapi::{
    ContentBuilder, Ref, Response, ResponseBuilder,
    schema::{AdditionalProperties, AllOfBuilder, ArrayBuilder, Object, ObjectBuilder, Type},
};

use crate::{operation::Operation, problem::Kind};

/// The name of the schema of all problems.
pub(super) const NAME: &str = "Problem";
/// What every operation can come to.
const ALWAYS: &[Kind] =
    &[Kind::INVALID, Kind::URL_TOO_LONG, Kind::HEADERS_TOO_LARGE, Kind::INTERNAL, Kind::UNAVAILABLE, Kind::OVERLOADED];
/// What every operation that needs a key can come to.
const KEYED: &[Kind] = &[
    Kind::UNAUTHENTICATED,
    Kind::KEY_EXPIRED,
    Kind::DENIED,
    Kind::SUSPENDED,
    Kind::TOO_SLOW,
    Kind::TOO_LARGE,
    Kind::TOO_MANY_REQUESTS,
    Kind::TIMED_OUT,
];
/// What every operation that reads a body can come to.
const READING: &[Kind] = &[Kind::MALFORMED, Kind::MEDIA_TYPE];

/// The kinds of problems that an operation can come to.
pub(super) fn kinds(operation: &Operation) -> impl Iterator<Item = Kind> {
    let keyed = if operation.is_open() { &[] } else { KEYED };
    let reading = if operation.doc.body.is_some() { READING } else { &[] };
    ALWAYS.iter().chain(keyed).chain(reading).chain(operation.doc.problems).copied()
}

/// The responses of an operation's problems, by status.
pub(super) fn responses(operation: &Operation) -> impl Iterator<Item = (String, Response)> {
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in kinds(operation) {
        by_status.entry(kind.status.as_u16()).or_default().push(kind);
    }
    by_status.into_iter().map(|(status, kinds)| (status.to_string(), response(&kinds)))
}

fn response(kinds: &[Kind]) -> Response {
    let lines: Vec<String> = kinds.iter().map(|kind| format!("`{}`: {}.", kind.code, kind.title)).collect();
    let codes = codes(kinds.iter().copied());
    let schema =
        AllOfBuilder::new().item(Ref::from_schema_name(NAME)).item(ObjectBuilder::new().property("code", codes));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(lines.join(" ")).content("application/problem+json", content).build()
}

fn codes(kinds: impl Iterator<Item = Kind>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds.map(|kind| kind.code)))
}

/// The schema of all problems (RFC 9457), with the table of codes.
pub(super) fn schema() -> Object {
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    let row = |kind: &Kind| format!("\n| `{}` | {} | {} |", kind.code, kind.status.as_u16(), kind.title);
    let table: String = Kind::ALL.iter().map(row).collect();
    let code = codes(Kind::ALL.iter().copied()).description(Some(format!(
        "The stable word. Codes are never reused.\n\n| code | status | |\n|---|---|---|{table}"
    )));
    let status = ObjectBuilder::new().schema_type(Type::Integer).description(Some("The status of the response."));
    let diagnostics = ArrayBuilder::new()
        .items(Ref::from_schema_name("Diagnostic"))
        .description(Some("What the compiler says of the app, where that is the problem."));
    ObjectBuilder::new()
        .description(Some("Why a request was not carried out: problem details (RFC 9457)."))
        .property("type", text("The path of the page that explains the kind of problem."))
        .required("type")
        .property("title", text("The same for all of this kind."))
        .required("title")
        .property("status", status)
        .required("status")
        .property("code", code)
        .required("code")
        .property("detail", text("What was wrong here, and what to do."))
        .required("detail")
        .property("instance", text("The name of the request, as `X-Request-Id` has it."))
        .required("instance")
        .property("diagnostics", diagnostics)
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .build()
}
