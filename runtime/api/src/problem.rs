//! What a client is told when a request is not done: problem details (RFC 9457), with a code that stays.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

/// What kinds of problems there are. Codes are part of the API: they are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The status of the response.
    pub(crate) status: StatusCode,
    /// The stable word.
    pub(crate) code: &'static str,
    /// The same for everything of this kind.
    pub(crate) title: &'static str,
    /// When it comes.
    pub(crate) about: &'static str,
}

/// One problem.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    kind: Kind,
    detail: String,
    /// Further members, such as `diagnostics`.
    members: Map<String, Value>,
    /// A header that goes with it: `Allow`, `WWW-Authenticate`.
    header: Option<(header::HeaderName, HeaderValue)>,
}

macro_rules! kinds {
    ($(#[doc = $about:literal] $name:ident = $status:ident $code:literal $title:literal;)*) => {
        impl Kind {
            $(
                #[doc = $about]
                pub(crate) const $name: Self = Self {
                    status: StatusCode::$status,
                    code: $code,
                    title: $title,
                    about: $about.trim_ascii(),
                };
            )*

            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    /// The body is not what its type says.
    MALFORMED = BAD_REQUEST "malformed-body" "The body cannot be read";
    /// A parameter, header or member that is missing, unknown or of another type.
    INVALID = BAD_REQUEST "invalid-request" "The request is not valid";
    /// No key, or one that is not known.
    UNAUTHENTICATED = UNAUTHORIZED "unauthenticated" "A valid key is needed";
    /// The caller may not do this.
    DENIED = FORBIDDEN "denied" "The caller may not do this";
    /// The path is not one of the API.
    NO_SUCH_PATH = NOT_FOUND "no-such-path" "There is no such path";
    /// What the path names is not there, or belongs to somebody else.
    NOT_FOUND = NOT_FOUND "not-found" "There is no such thing";
    /// The path has other methods.
    METHOD = METHOD_NOT_ALLOWED "method-not-allowed" "The path has no such method";
    /// It cannot be done now, or not any more.
    CONFLICT = CONFLICT "conflict" "The state of the thing does not allow this";
    /// The same key or id with another body.
    OTHER_BODY = CONFLICT "idempotency-conflict" "The id was used with another body";
    /// The body is too large.
    TOO_LARGE = PAYLOAD_TOO_LARGE "body-too-large" "The body is too large";
    /// The body is of another type.
    MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "unsupported-media-type" "The body is of a type that is not read here";
    /// The app or the plan has errors.
    INVALID_APP = UNPROCESSABLE_ENTITY "invalid-app" "The app is not valid";
    /// The event, the input or the edits do not fit the catalog or the plan.
    REFUSED = UNPROCESSABLE_ENTITY "refused" "The content does not fit";
    /// The server is stopping, or its database does not answer.
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "The server cannot answer now";
    /// A defect.
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "The server has failed";
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts { kind, detail: detail.into(), members: Map::new(), header: None }))
    }

    /// With one more member.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// With a header.
    pub(crate) fn with_header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// The status of its response.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.kind.status
    }

    /// The problem as JSON: the body of its response, or a part of another one.
    pub(crate) fn body(&self) -> Value {
        let Parts { kind: Kind { status, code, title, .. }, detail, members: more, .. } = &*self.0;
        let mut body = json!({
            "type": format!("/docs#problem-{code}"),
            "title": title,
            "status": status.as_u16(),
            "code": code,
            "detail": detail,
        });
        if let Value::Object(members) = &mut body {
            members.extend(more.clone());
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, body) = (self.status(), self.body());
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response = (status, [content_type], body.to_string()).into_response();
        if let Some((name, value)) = self.0.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
