//! What is asked, on whose behalf, and what comes back.

use std::time::{Duration, Instant};

use crate::{AllowList, CallSink, Method};

/// The longest URL, in bytes.
pub const URL_BYTES_MAX: usize = 8 * 1024;
/// The most that the headers of a request may have, names and values, in bytes.
pub const HEADER_BYTES_MAX: usize = 32 * 1024;
/// The most that the headers of an answer may have, names and values, in bytes.
pub const RESPONSE_HEADER_BYTES_MAX: usize = 64 * 1024;

/// One request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// On whose behalf.
    pub sender: Sender<'a>,
    /// What to do there.
    pub method: Method,
    /// Where to.
    pub url: &'a str,
    /// Header names and values; they are taken for secrets and never logged.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// Sizes and times.
    pub limits: Limits,
    /// It is not sent after this moment: whoever takes over from a sender that was lost trusts in that. `None`: there
    /// is no such moment.
    pub not_after: Option<Instant>,
    /// Who is told of the call, once; `None`: nobody.
    pub sink: Option<&'a dyn CallSink>,
}

/// On whose behalf a request is sent: whose list it has to pass, beside the operator's.
#[derive(Clone, Copy, Debug)]
pub enum Sender<'a> {
    /// The operator's own.
    Operator,
    /// A tenant's, who may reach this.
    Tenant(&'a AllowList),
}

/// Sizes and times of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the look for an address to the last byte received, redirects included.
    pub timeout: Duration,
    /// The largest body that is sent, in bytes.
    pub request_bytes_max: usize,
    /// The largest body that is read, in bytes.
    pub response_bytes_max: usize,
    /// How many redirects are followed.
    pub redirects_max: u32,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            request_bytes_max: 1024 * 1024,
            response_bytes_max: 1024 * 1024,
            redirects_max: 3,
        }
    }
}
