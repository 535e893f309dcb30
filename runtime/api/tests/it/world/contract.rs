//! The document, against which every answer that a test sees is checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use hyper::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

static DOCUMENT: LazyLock<Contract> =
    LazyLock::new(|| Contract::of(&serde_json::from_str(alcove_api::openapi()).unwrap()));

/// What a status of an operation may have in its body.
enum Content {
    Nothing,
    Types(BTreeMap<String, Validator>),
}

/// What the document says of answers.
struct Contract {
    paths: Vec<String>,
    /// Of each path and method, by status.
    answers: BTreeMap<(String, Method), BTreeMap<u16, Content>>,
    problem: Validator,
}

/// Fails if the document does not have this answer.
#[track_caller]
pub(crate) fn check(method: &Method, target: &str, answer: &Answer) {
    if let Err(wrong) = DOCUMENT.check(method, target, answer) {
        panic!("{method} {target}: {} {}: {wrong}", answer.status, answer.body);
    }
}

impl Contract {
    fn of(document: &Value) -> Self {
        let mut answers: BTreeMap<_, BTreeMap<u16, Content>> = BTreeMap::new();
        let mut paths = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            paths.insert(path.clone());
            for (method, operation) in item.as_object().unwrap() {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                let statuses = operation["responses"].as_object().unwrap().iter();
                let statuses =
                    statuses.map(|(status, response)| (status.parse().unwrap(), content(document, response)));
                answers.insert((path.clone(), method), statuses.collect());
            }
        }
        let problem = validator(document, &json!({ "$ref": "#/components/schemas/Problem" }));
        Self { paths: paths.into_iter().collect(), answers, problem }
    }

    fn check(&self, method: &Method, target: &str, answer: &Answer) -> Result<(), String> {
        let path = target.split('?').next().unwrap();
        let looked_up = if method == Method::HEAD { Method::GET } else { method.clone() };
        let operation = self.template(path).and_then(|template| self.answers.get(&(template, looked_up)));
        let Some(statuses) = operation else {
            // What the document does not have is not there; what says so is a problem.
            let missing = matches!(answer.status, 400 | 404 | 405 | 408 | 414 | 431 | 503);
            return if missing { errors(&self.problem, &answer.body) } else { Err("it is not documented".to_owned()) };
        };
        let content = statuses.get(&answer.status).ok_or("the status is not documented")?;
        match content {
            _ if method == Method::HEAD => Ok(()),
            Content::Nothing => answer.body.is_null().then_some(()).ok_or_else(|| "it has a body".to_owned()),
            Content::Types(types) => {
                let found = answer.header("content-type").unwrap_or_default().split(';').next().unwrap();
                errors(types.get(found).ok_or_else(|| format!("`{found}` is not documented"))?, &answer.body)
            }
        }
    }

    /// The path of the document that a path is of. A verb is more than an id with a colon in it, a word more than an
    /// id.
    fn template(&self, path: &str) -> Option<String> {
        let fitting = self.paths.iter().filter(|template| fits(template, path));
        fitting.max_by_key(|template| (template.contains("}:"), template.split('{').next().map(str::len))).cloned()
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
    let fits = |(template, segment): (&&str, &&str)| match template.strip_prefix('{') {
        None => template == segment,
        Some(hole) => {
            let verb = hole.split_once('}').unwrap().1;
            segment.strip_suffix(verb).is_some_and(|id| !id.is_empty())
        }
    };
    template.len() == path.len() && template.iter().zip(&path).all(fits)
}

fn content(document: &Value, response: &Value) -> Content {
    let Some(types) = response.get("content").and_then(Value::as_object) else { return Content::Nothing };
    let of = |(name, content): (&String, &Value)| (name.clone(), validator(document, &content["schema"]));
    Content::Types(types.iter().map(of).collect())
}

/// A validator of a schema whose references are the document's.
fn validator(document: &Value, schema: &Value) -> Validator {
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    jsonschema::draft202012::new(&whole).unwrap()
}

fn errors(validator: &Validator, body: &Value) -> Result<(), String> {
    let errors: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}
