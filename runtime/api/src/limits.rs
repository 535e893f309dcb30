//! What a client may take of the server.

use std::time::Duration;

use crate::RequestLimit;

/// What clients may take of the server: space, time, places. Whatever is past a limit is answered with a problem where
/// the connection still allows an answer. How large a body may be is in the table of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Requests of one tenant. 5,000 a second, 10,000 at once.
    pub tenant: RequestLimit,
    /// Connections at a time; one more is told that the server is overloaded, and closed. 4,096.
    pub connections: usize,
    /// Requests at a time, other than probes; one more is answered 503. 1,024.
    pub in_flight: usize,
    /// The longest path with its query, in bytes; longer ones are answered 414. 8 KiB.
    pub url_bytes: usize,
    /// Headers of a request; more are answered 431. 64.
    pub headers: usize,
    /// All headers of a request, in bytes; more are answered 431. 32 KiB.
    pub header_bytes: usize,
    /// How long a connection may take for the head of its next request, which is also how long it may be idle. 30 s.
    pub head_time: Duration,
    /// How long a body may take to arrive; longer ones are answered 408. 30 s.
    pub body_time: Duration,
    /// How long an operation may take, beside what its caller asked to wait; longer ones are answered 504. 30 s.
    pub operation_time: Duration,
    /// How long requests that were begun may take once the server stops. 30 s.
    pub drain_time: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        let half_a_minute = Duration::from_secs(30);
        Self {
            tenant: RequestLimit::default(),
            connections: 4_096,
            in_flight: 1_024,
            url_bytes: 8 << 10,
            headers: 64,
            header_bytes: 32 << 10,
            head_time: half_a_minute,
            body_time: half_a_minute,
            operation_time: half_a_minute,
            drain_time: half_a_minute,
        }
    }
}
