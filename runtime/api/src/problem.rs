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
    ($($(#[doc = $about:literal])+ $name:ident = $status:ident $code:literal $title:literal;)*) => {
        impl Kind {
            $(
                $(#[doc = $about])+
                pub(crate) const $name: Self = Self {
                    status: StatusCode::$status,
                    code: $code,
                    title: $title,
                    about: concat!($($about),+).trim_ascii(),
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
    /// A key that has come to its end.
    KEY_EXPIRED = UNAUTHORIZED "key-expired" "The key has expired";
    /// The caller's tenant is not served.
    SUSPENDED = FORBIDDEN "tenant-suspended" "The tenant is suspended";
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
    /// The app needs what the tenant was not granted.
    NOT_GRANTED = FORBIDDEN "not-granted" "The app needs more than was granted";
    /// The app or the plan has errors.
    INVALID_APP = UNPROCESSABLE_ENTITY "invalid-app" "The app is not valid";
    /// The event, the input or the edits do not fit the catalog or the plan.
    REFUSED = UNPROCESSABLE_ENTITY "refused" "The content does not fit";
    /// A quota of the tenant is used up; `quota` says which, and `Retry-After` when it comes back, if it does by
    /// itself.
    QUOTA_EXCEEDED = TOO_MANY_REQUESTS "quota-exceeded" "A quota is used up";
    /// The tenant sends too many requests; `Retry-After` says for how long to wait.
    TOO_MANY_REQUESTS = TOO_MANY_REQUESTS "too-many-requests" "Too many requests";
    /// As much of this as may be is going on at the moment.
    TOO_MANY = TOO_MANY_REQUESTS "too-many-at-once" "Too much of this is going on";
    /// `If-Match` names another state than the one that is there: read it again, and decide anew.
    PRECONDITION = PRECONDITION_FAILED "precondition-failed" "It has changed meanwhile";
    /// The path and its query are too long.
    URL_TOO_LONG = URI_TOO_LONG "url-too-long" "The URL is too long";
    /// There are too many headers, or they are too large.
    HEADERS_TOO_LARGE = REQUEST_HEADER_FIELDS_TOO_LARGE "headers-too-large" "The headers are too large";
    /// The body did not arrive in time.
    TOO_SLOW = REQUEST_TIMEOUT "request-too-slow" "The request took too long to arrive";
    /// The server did not carry it out in time. Whether something was changed is not known; to ask again is safe with
    /// an `Idempotency-Key`.
    TIMED_OUT = GATEWAY_TIMEOUT "timed-out" "It took too long";
    /// The server has as much to do as it can; nothing was done. `Retry-After` says when to come again.
    OVERLOADED = SERVICE_UNAVAILABLE "overloaded" "The server has as much to do as it can";
    /// The server is stopping, or its database does not answer.
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "The server cannot answer now";
    /// A defect.
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "The server has failed";
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts { kind, detail: detail.into(), members: Map::new(), header: None }))
    }

    /// A defect, of which the client is told nothing.
    pub(crate) fn internal() -> Self {
        Self::new(Kind::INTERNAL, "the request was not carried out; the server's log says why")
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

    /// What is wrong, for a person.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Whether it is the caller that is refused, and not what they ask for.
    pub(crate) fn is_denial(&self) -> bool {
        matches!(self.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
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

/// A response without a body: the frame writes it, which knows the request's name.
impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response = (self.status(), [content_type]).into_response();
        if let Some((name, value)) = self.0.header.take() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}
