//! One request, after it has been read and its sender is known.

use std::sync::Arc;

use alcove_control::{Control, Principal, Revision, Target};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use serde_path_to_error::Segment;
use tokio_util::sync::CancellationToken;

use crate::{
    Authentication, ServerLimits,
    problem::{Kind, Problem},
    query::Query,
    request_rate::RequestRate,
};

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) control: Control,
    pub(crate) authentication: Arc<Authentication>,
    pub(crate) requests: Arc<RequestRate>,
    pub(crate) limits: ServerLimits,
    /// The server is stopping.
    pub(crate) draining: CancellationToken,
}

/// One request, of somebody of a tenant; or of an operator, for what operators do.
pub(crate) struct Call<P = Principal> {
    pub(crate) control: Control,
    pub(crate) principal: P,
    pub(crate) parameters: Parameters,
    /// What stood in the URL, of what the operation's documentation allows.
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// In which states only a thing is to be changed, by `If-Match`.
    pub(crate) only_if: Option<Vec<Revision>>,
    /// The server is stopping: what would go on for long ends.
    pub(crate) draining: CancellationToken,
}

/// One request whose sender has no key, but has signed its body.
pub(crate) struct SignedCall {
    pub(crate) control: Control,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What the client filled into the path, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(pub(crate) Vec<String>);

impl<P> Call<P> {
    /// What stands at this position of the path's `{…}`.
    pub(crate) fn parameter(&self, at: usize) -> &str {
        self.parameters.0.get(at).map_or("", String::as_str)
    }

    /// The app that the path begins with, in the states in which it may be changed.
    pub(crate) fn target(&self) -> Target<'_> {
        Target { id: self.parameter(0), only_if: self.only_if.as_deref() }
    }

    /// The `Idempotency-Key`.
    pub(crate) fn idempotency_key(&self) -> Result<Option<&str>, Problem> {
        let Some(value) = self.headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().ok().map(str::trim).filter(|key| !key.is_empty());
        key.map(Some).ok_or_else(|| Problem::new(Kind::INVALID, "`Idempotency-Key` must be visible ASCII characters"))
    }

    /// The body as this type; no body is an empty object.
    pub(crate) fn json<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Problem> {
        let text = self.text()?;
        let text = if text.trim_ascii().is_empty() { "{}" } else { text };
        serde_json::from_str(text).map_err(|error| match pointer::<T>(text) {
            Some(pointer) => malformed(&error).with("pointer", pointer.into()),
            None => malformed(&error),
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Result<&str, Problem> {
        str::from_utf8(&self.body).map_err(|error| Problem::new(Kind::MALFORMED, format!("it is not UTF-8: {error}")))
    }

    /// The type of the body in lower case, without parameters; `None` where the client does not say.
    pub(crate) fn content_type(&self) -> Option<String> {
        content_type(&self.headers)
    }
}

/// The type of a body in lower case, without parameters.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::CONTENT_TYPE)?.as_bytes());
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!essence.is_empty()).then_some(essence)
}

/// A body of a type that the operation does not read.
pub(crate) fn media_type(found: &str, wanted: &str) -> Problem {
    Problem::new(Kind::MEDIA_TYPE, format!("the body is `{found}`; send `Content-Type: {wanted}`"))
}

/// JSON that cannot be read, or is of another shape.
pub(crate) fn malformed(error: &serde_json::Error) -> Problem {
    let problem = Problem::new(Kind::MALFORMED, error.to_string());
    // Line 0: the error is not about a place in the text.
    if error.line() == 0 {
        return problem;
    }
    problem.with("line", json!(error.line())).with("column", json!(error.column()))
}

/// Where in a JSON text the value stands that is not what this type wants, as a JSON pointer; `None`: the text is not
/// JSON, or it is the text as a whole.
fn pointer<'b, T: Deserialize<'b>>(text: &'b str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    if !error.inner().is_data() {
        return None;
    }
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.extend(["/", &index.to_string()]),
            Segment::Map { key } => pointer.extend(["/", &key.replace('~', "~0").replace('/', "~1")]),
            Segment::Enum { variant } => pointer.extend(["/", variant]),
            Segment::Unknown => return None,
        }
    }
    (!pointer.is_empty()).then_some(pointer)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::pointer;

    #[derive(Deserialize)]
    struct Edits {
        #[serde(rename = "all")]
        _all: Vec<Edit>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Edit {
        #[serde(rename = "a/b")]
        _at: u32,
    }

    #[test]
    fn what_is_of_another_type_is_pointed_at() {
        let cases = [
            (r#"{"all":[{"a/b":1},{"a/b":"x"}]}"#, Some("/all/1/a~1b")),
            (r#"{"all":[{"a/b":1},{"b":1}]}"#, Some("/all/1/b")),
            (r#"{"all":[{}]}"#, Some("/all/0")),
            (r#"{"all":1}"#, Some("/all")),
            ("{}", None),
            ("{", None),
            (r#"{"all":[}"#, None),
        ];
        for (text, place) in cases {
            assert_eq!(pointer::<Edits>(text).as_deref(), place, "{text}");
        }
    }
}
