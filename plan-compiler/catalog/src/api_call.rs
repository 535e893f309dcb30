//! How an action is a request to the platform's own API.

use std::collections::BTreeMap;

use alcove_plan::types::{Kind, Type};
use serde::Deserialize;

use crate::Action;

/// A request to the platform's own API, whose origin the operator fixes. Each carries the effect's id as
/// `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiCall {
    /// What it asks for.
    pub method: ApiMethod,
    /// The path, such as `/v1/users/{user_id}/badges`: a parameter in braces is one segment of it.
    pub path: String,
    /// The members of the JSON body, each with the parameter that it holds; one that is null is left out. Without
    /// members there is no body.
    #[serde(default)]
    pub body: BTreeMap<String, String>,
    /// Where the outputs are in the answer, each a JSON pointer.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
}

/// What a request to the platform's API asks for: something that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "RFC 9110 and RFC 5789 say what they are")]
pub enum ApiMethod {
    Post,
    Put,
    Patch,
    Delete,
}

/// A segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'p> {
    /// As it stands.
    Literal(&'p str),
    /// The value of a parameter.
    Param(&'p str),
}

impl ApiMethod {
    /// Its name, as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl ApiCall {
    /// The segments of the path, without the slashes before them.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.path.split('/').skip(1).map(|segment| {
            let param = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            param.map_or(Segment::Literal(segment), Segment::Param)
        })
    }

    /// Why it is no request for this action.
    pub(crate) fn problem(&self, action: &Action) -> Option<String> {
        if !self.path.starts_with('/') {
            return Some(format!("the path `{}` does not begin with `/`", self.path));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        for segment in self.segments() {
            match segment {
                Segment::Literal(text) if text.is_empty() || !text.chars().all(plain) => {
                    return Some(format!("the path `{}` has the segment `{text}`", self.path));
                }
                Segment::Literal(_) => {}
                Segment::Param(name) => {
                    let ty = action.param(name).map(|param| (param.ty.ty, param.ty.nullable));
                    if !matches!(ty, Some((Type::One(Kind::Str | Kind::Int), false))) {
                        return Some(format!("`{name}` of the path is no parameter that is a text or an integer"));
                    }
                }
            }
        }
        if let Some(name) = self.body.values().find(|name| action.param(name).is_none()) {
            return Some(format!("the body names `{name}`, which is no parameter"));
        }
        let found = |output: &&crate::OutputSpec| !self.outputs.contains_key(&output.name);
        if let Some(output) = action.outputs.iter().find(found) {
            return Some(format!("it is not said where `{}` is in the answer", output.name));
        }
        let unknown = |name: &&String| !action.outputs.iter().any(|output| output.name == **name);
        if let Some(name) = self.outputs.keys().find(unknown) {
            return Some(format!("`{name}` is no output"));
        }
        let pointer = |pointer: &&String| !pointer.is_empty() && !pointer.starts_with('/');
        self.outputs.values().find(pointer).map(|pointer| format!("`{pointer}` is no JSON pointer"))
    }
}

#[cfg(test)]
mod tests {
    use crate::{ActionBinding, Catalog, Segment};

    fn catalog(binding: &str) -> Result<Catalog, String> {
        let text = format!(
            r#"{{ "actions": [{{ "name": "grant_badge", "category": "badges", "summary": "Grants a badge.",
                "guarantee": "keyed",
                "params": [{{ "name": "user_id", "type": "s", "kind": "id" }}, {{ "name": "badge", "type": "o?" }}],
                "outputs": [{{ "name": "total", "type": "i" }}], "binding": {{ "api": {binding} }} }}] }}"#
        );
        Catalog::from_files([("test.json", text.as_str())]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_path_is_taken_apart_into_its_segments() {
        let binding = r#"{ "method": "PUT", "path": "/v1/users/{user_id}/badges", "outputs": { "total": "/n" } }"#;
        let catalog = catalog(binding).unwrap();
        let ActionBinding::Api(call) = &catalog.action("grant_badge").unwrap().binding else { panic!() };
        let segments: Vec<Segment<'_>> = call.segments().collect();
        let literal = Segment::Literal;
        assert_eq!(segments, [literal("v1"), literal("users"), Segment::Param("user_id"), literal("badges")]);
        assert_eq!(call.method.as_str(), "PUT");
    }

    #[test]
    fn a_binding_that_does_not_fit_its_action_is_no_part_of_a_catalog() {
        for (binding, problem) in [
            (r#""path": "v1", "outputs": { "total": "/n" }"#, "does not begin with `/`"),
            (r#""path": "/v1//x", "outputs": { "total": "/n" }"#, "has the segment ``"),
            (r#""path": "/v1/..", "outputs": { "total": "/n" }"#, "has the segment `..`"),
            (r#""path": "/v1?x", "outputs": { "total": "/n" }"#, "has the segment `v1?x`"),
            (r#""path": "/v1/{badge}", "outputs": { "total": "/n" }"#, "`badge` of the path is no parameter"),
            (r#""path": "/v1/{other}", "outputs": { "total": "/n" }"#, "`other` of the path is no parameter"),
            (r#""path": "/v1", "body": { "a": "other" }, "outputs": { "total": "/n" }"#, "names `other`"),
            (r#""path": "/v1""#, "not said where `total` is"),
            (r#""path": "/v1", "outputs": { "total": "/n", "more": "/m" }"#, "`more` is no output"),
            (r#""path": "/v1", "outputs": { "total": "n" }"#, "`n` is no JSON pointer"),
        ] {
            let error = catalog(&format!(r#"{{ "method": "POST", {binding} }}"#)).unwrap_err();
            assert!(error.contains(problem) && error.contains("grant_badge"), "{error}");
        }
        assert!(catalog(r#"{ "method": "GET", "path": "/v1", "outputs": { "total": "/n" } }"#).is_err());
    }
}
