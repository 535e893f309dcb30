//! By what a request is found again: in the client's records, in traces, and in the server's log.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header of a request's name.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header of W3C Trace Context that comes with a request.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// Its counterpart in the answer.
pub(crate) const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");
/// The longest name that a client may give, in bytes.
const GIVEN_BYTES_MAX: usize = 128;

/// Names requests that have no name.
#[derive(Debug)]
pub(crate) struct Names {
    /// Tells this server from others.
    server: u64,
    next: AtomicU64,
}

/// The name of a request, in characters that mean nothing anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(String);

/// Where a request stands in a trace (W3C Trace Context).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// The trace: 32 hexadecimal digits.
    pub(crate) id: String,
    /// The span that the request comes from: 16 hexadecimal digits.
    pub(crate) parent: String,
    flags: String,
}

impl Names {
    /// The names of one server.
    pub(crate) fn new() -> Self {
        // Without chance, servers give the same names: logs say which server it was.
        Self { server: getrandom::u64().unwrap_or_default(), next: AtomicU64::new(1) }
    }

    /// The name of a request: the one that it brings, if that is sane, or a new one.
    pub(crate) fn name(&self, headers: &HeaderMap) -> RequestId {
        let given = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
        match given.filter(|text| is_sane(text)) {
            Some(given) => RequestId(given.to_owned()),
            None => RequestId(format!("req_{:016x}{:08x}", self.server, self.next.fetch_add(1, Ordering::Relaxed))),
        }
    }

    /// A span of this server.
    pub(crate) fn span(&self) -> u64 {
        // Odd numbers are never zero, which would be no span, and to multiply by one tells all of them apart.
        (self.server ^ self.next.fetch_add(1, Ordering::Relaxed)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
    }
}

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As a header.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl Trace {
    /// Reads `traceparent`. What is malformed is as if it was not there, as the specification wants.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(TRACEPARENT)?.to_str().ok()?;
        let mut parts = text.split('-');
        let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let hex = |part: &str, len: usize| {
            part.len() == len && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let some = |part: &str| part.bytes().any(|byte| byte != b'0');
        // Later versions may say more; this one may not.
        let ends = version != "00" || parts.next().is_none();
        let good = hex(version, 2) && version != "ff" && hex(id, 32) && some(id) && hex(parent, 16) && some(parent);
        let trace = Self { id: id.to_owned(), parent: parent.to_owned(), flags: flags.to_owned() };
        (good && hex(flags, 2) && ends).then_some(trace)
    }

    /// What the answer says of it: the span that this server made of it.
    pub(crate) fn response(&self, span: u64) -> Option<HeaderValue> {
        let Self { id, flags, .. } = self;
        HeaderValue::from_str(&format!("00-{id}-{span:016x}-{flags}")).ok()
    }
}

/// Whether a client's name for a request may stand in logs and answers.
fn is_sane(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !text.is_empty() && text.len() <= GIVEN_BYTES_MAX && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Names, TRACEPARENT, Trace, X_REQUEST_ID};

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_sane_name_is_kept_and_anything_else_is_replaced() {
        let names = Names::new();
        let longest = "a".repeat(128);
        for given in ["a", "Req.1_2-3", &longest] {
            assert_eq!(names.name(&headers(X_REQUEST_ID, given)).as_str(), given);
        }
        for given in ["", "a b", "a:b", "<a>", &"a".repeat(129)] {
            assert!(names.name(&headers(X_REQUEST_ID, given)).as_str().starts_with("req_"), "{given}");
        }
        assert_ne!(names.name(&HeaderMap::new()), names.name(&HeaderMap::new()));
    }

    #[test]
    fn a_trace_is_read_as_its_specification_wants() {
        let (id, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let read = |text: &str| Trace::of(&headers(TRACEPARENT, text));
        let trace = read(&format!("00-{id}-{span}-01")).unwrap();
        assert_eq!((&*trace.id, &*trace.parent), (id, span));
        assert_eq!(trace.response(1).unwrap(), format!("00-{id}-0000000000000001-01").as_str());
        assert!(read(&format!("cc-{id}-{span}-01-what-comes-later")).is_some());
        for text in [
            String::new(),
            format!("00-{id}-{span}"),
            format!("00-{id}-{span}-01-more"),
            format!("ff-{id}-{span}-01"),
            format!("00-{}-{span}-01", id.to_uppercase()),
            format!("00-{}-{span}-01", "0".repeat(32)),
            format!("00-{id}-{}-01", "0".repeat(16)),
            format!("00-{id}0-{span}-01"),
        ] {
            assert_eq!(read(&text), None, "{text}");
        }
    }
}
