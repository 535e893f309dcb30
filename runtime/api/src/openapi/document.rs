//! The document.

use std::sync::LazyLock;

use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, Info, InfoBuilder, License, OpenApi, OpenApiBuilder, PathItem, Paths,
    RefOr, Required, Schema,
    path::{HttpMethod, OperationBuilder, Parameter as Written, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::{ObjectBuilder, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

use super::{Body, Parameter, Tag, problems, shape::Schemas};
use crate::{operation::Operation, routes::OPERATIONS};

/// The name of the way in which callers say who they are.
const KEY: &str = "key";
const DESCRIPTION: &str = "\
Errors are `application/problem+json` (RFC 9457); the schema `Problem` lists their codes. Parameters that are not \
documented, and members of bodies that are not, are refused. Lists come page by page: `next_cursor` of a page is \
`cursor` of the next.";

/// What stands in paths.
const IN_PATHS: &[(&str, &str)] = &[
    ("api_key", "The id of a key; it is not the key."),
    ("app", "The id of an app."),
    ("approval", "The id of an approval."),
    ("execution", "The id of a run."),
    ("key", "A key of what an app remembers."),
    ("member", "The subject of a member, such as `person:ann`."),
    ("plan", "The digest of a plan, in hex."),
    ("range", "Two versions, such as `1..3`."),
    ("team", "The id of a team."),
    ("tenant", "The id of a tenant."),
    ("version", "The number of a version, from 1."),
];

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    // The document is made of constants: that it can be written is a test's to say.
    build().to_pretty_json().unwrap_or_default() + "\n"
});

/// The OpenAPI 3.1 document of all operations, as JSON.
pub fn openapi() -> &'static str {
    &DOCUMENT
}

fn build() -> OpenApi {
    let mut schemas = Schemas::new();
    schemas.insert(problems::NAME.to_owned(), problems::schema().into());
    let mut paths = Paths::new();
    for operation in OPERATIONS {
        let item = PathItem::new(method(operation), described(operation, &mut schemas));
        match paths.paths.get_mut(operation.path) {
            Some(known) => known.merge_operations(item),
            None => {
                paths.paths.insert(operation.path.to_owned(), item);
            }
        }
    }
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key."));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(KEY, SecurityScheme::Http(scheme.build()))
        .build();
    let tags = Tag::ALL.iter().map(|tag| TagBuilder::new().name(tag.name).description(Some(tag.about)).build());
    OpenApiBuilder::new().info(info()).paths(paths).components(Some(components)).tags(Some(tags)).build()
}

fn info() -> Info {
    let license = License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    InfoBuilder::new()
        .title("Alcove")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(license))
        .build()
}

fn described(operation: &Operation, schemas: &mut Schemas) -> OperationBuilder {
    let doc = &operation.doc;
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.name.replace("::", ".")))
        .tag(doc.tag.name)
        .summary(Some(doc.summary));
    if let Some(permission) = operation.permission() {
        described = described
            .description(Some(format!("Needs the permission `{}`.", permission.name())))
            .security(SecurityRequirement::new(KEY, [permission.name()]));
    }
    if operation.is_operators() {
        described = described
            .description(Some("Needs the key of an operator."))
            .security(SecurityRequirement::new(KEY, ["operator"]));
    }
    for hole in operation.holes() {
        described = described.parameter(in_path(hole));
    }
    for parameter in doc.query {
        described = described.parameter(given(parameter, ParameterIn::Query));
    }
    for parameter in doc.headers {
        described = described.parameter(given(parameter, ParameterIn::Header));
    }
    if let Some(body) = &doc.body {
        described = described.request_body(Some(read(body, schemas).build()));
    }
    for success in doc.successes {
        described = described.response(success.status.to_string(), success.response(schemas));
    }
    for (status, response) in problems::responses(operation) {
        described = described.response(status, response);
    }
    described
}

fn read(body: &Body, schemas: &mut Schemas) -> RequestBodyBuilder {
    let required = if body.required { Required::True } else { Required::False };
    let request = RequestBodyBuilder::new().required(Some(required));
    body.types
        .iter()
        .fold(request, |request, (media_type, shape)| request.content(*media_type, content(shape.schema(schemas))))
}

fn content(schema: RefOr<Schema>) -> Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

fn in_path(name: &'static str) -> Written {
    let about = IN_PATHS.iter().find(|(known, _)| *known == name).map(|(_, about)| *about);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(about)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1))))
        .build()
}

fn given(parameter: &Parameter, place: ParameterIn) -> Written {
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(parameter.about))
        .schema(Some(parameter.form.schema()))
        .build()
}

fn method(operation: &Operation) -> HttpMethod {
    match operation.method {
        "PUT" => HttpMethod::Put,
        "POST" => HttpMethod::Post,
        "DELETE" => HttpMethod::Delete,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Get,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{IN_PATHS, OPERATIONS, Tag};

    #[test]
    fn every_operation_is_documented_and_has_a_name_of_its_own() {
        let mut names = BTreeSet::new();
        for operation in OPERATIONS {
            let (path, doc) = (operation.path, &operation.doc);
            assert!(names.insert(operation.name), "{path}: `{}` names two operations", operation.name);
            assert!(!doc.summary.is_empty() && !doc.successes.is_empty(), "{path}");
            assert!(Tag::ALL.contains(&doc.tag), "{path}: the document has no tag `{}`", doc.tag.name);
            for hole in operation.holes() {
                assert!(IN_PATHS.iter().any(|(known, _)| *known == hole), "{path}: nothing is said of `{hole}`");
            }
        }
    }
}
