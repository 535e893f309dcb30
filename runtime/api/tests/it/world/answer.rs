//! What the server says.

use hyper::HeaderMap;
use serde_json::Value;

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body, if the request was done in this way.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The code of the problem, if it is one in every part of its shape.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) {
        let text = |member: &str| self.body[member].as_str().unwrap_or_else(|| panic!("no `{member}`: {}", self.body));
        assert_eq!((self.status, text("code")), (status, code), "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(text("type"), format!("/docs#problem-{code}"));
        assert!(!text("title").is_empty() && !text("detail").is_empty());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("x-request-id"), Some(text("instance")));
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
