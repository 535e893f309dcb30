//! What is kept of a call: never a header, a body or a value of a query.

use std::{fmt, time::Duration};

use tokio::time::Instant;
use url::Url;

use crate::{EgressError, Method, Response};

/// The longest target that is kept, in characters.
const TARGET_CHARS_MAX: usize = 1024;
/// What stands for a value of a query.
const MASK: &str = "***";
/// What stands for the error of a call that nobody waited for any more.
const BROKEN_OFF: &str = "broken_off";

/// One call, as a log may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// What was asked.
    pub method: Method,
    /// Origin and path as they were asked for, and the names of the query's members; empty if it was not a URL.
    pub target: String,
    /// The status of the last answer; `None`: there was none.
    pub status: Option<u16>,
    /// The [code](EgressError::code) of the error; `None`: there was none.
    pub error: Option<&'static str>,
    /// Bytes of the body that was to be sent.
    pub bytes_out: u64,
    /// Bytes of the body that was received.
    pub bytes_in: u64,
    /// From the call to its end.
    pub took: Duration,
    /// Redirects that were followed.
    pub hops: u32,
}

/// Whoever keeps records of calls. A call is told once: when it has ended, or when it is broken off.
pub trait CallSink: fmt::Debug + Send + Sync {
    /// Takes the record of a call. Must not block.
    fn record(&self, call: CallRecord);
}

/// The record of a call that is under way. It reaches the sink also if the call is dropped.
pub(crate) struct Trace<'a> {
    sink: Option<&'a dyn CallSink>,
    begun: Instant,
    call: CallRecord,
}

impl<'a> Trace<'a> {
    pub(crate) fn begin(sink: Option<&'a dyn CallSink>, method: Method, bytes_out: usize) -> Self {
        let call = CallRecord {
            method,
            target: String::new(),
            status: None,
            error: Some(BROKEN_OFF),
            bytes_out: count(bytes_out),
            bytes_in: 0,
            took: Duration::ZERO,
            hops: 0,
        };
        Self { sink, begun: Instant::now(), call }
    }

    pub(crate) fn goes_to(&mut self, url: &Url) {
        self.call.target = masked(url);
    }

    pub(crate) fn answered(&mut self, status: u16) {
        self.call.status = Some(status);
    }

    pub(crate) fn follows(&mut self) {
        self.call.hops = self.call.hops.saturating_add(1);
    }

    pub(crate) fn ended(&mut self, result: &Result<Response, EgressError>) {
        self.call.error = result.as_ref().err().map(EgressError::code);
        self.call.bytes_in = result.as_ref().map_or(0, |response| count(response.body.len()));
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        if let Some(sink) = self.sink {
            let call = CallRecord { took: self.begun.elapsed(), ..self.call.clone() };
            sink.record(call);
        }
    }
}

/// Origin, path, and the names of the query's members. A member without a name may be a secret itself.
fn masked(url: &Url) -> String {
    let mut target = format!("{}{}", url.origin().ascii_serialization(), url.path());
    for (at, member) in url.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        target.push(if at == 0 { '?' } else { '&' });
        if let Some((name, _)) = member.split_once('=') {
            target.push_str(name);
            target.push('=');
        }
        target.push_str(MASK);
    }
    target.chars().take(TARGET_CHARS_MAX).collect()
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{TARGET_CHARS_MAX, masked};

    #[test]
    fn values_of_a_query_are_masked_and_its_fragment_is_left_out() {
        for (url, target) in [
            ("https://a.example/b/c", "https://a.example/b/c"),
            ("https://a.example/b?token=secret&x=secret#secret", "https://a.example/b?token=***&x=***"),
            ("https://a.example/?secret", "https://a.example/?***"),
            ("https://a.example/?a=secret=secret&&b", "https://a.example/?a=***&***&***"),
            ("https://a.example:8443?", "https://a.example:8443/?***"),
        ] {
            assert_eq!(masked(&Url::parse(url).unwrap()), target);
        }
    }

    #[test]
    fn a_target_as_long_as_the_limit_is_kept_and_a_longer_one_is_cut() {
        let origin = "https://a.example/";
        let exact = format!("{origin}{}", "x".repeat(TARGET_CHARS_MAX - origin.len()));
        assert_eq!(masked(&Url::parse(&exact).unwrap()), exact);
        assert_eq!(masked(&Url::parse(&format!("{exact}x")).unwrap()), exact);
    }
}
