//! Why a call did not give an answer.

use std::time::Duration;

use crate::Origin;

/// Why a call did not give an answer. None of these carries a header or a body, so that no secret gets into a log.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The origin is not on the allow-list.
    #[error("requests to `{origin}` are not allowed")]
    OriginNotAllowed {
        /// Where it would have gone.
        origin: Origin,
    },
    /// Not a URL that a request can go to.
    #[error("`{url}` is not an http or https URL")]
    InvalidUrl {
        /// What was given.
        url: String,
    },
    /// A header name or value that HTTP does not allow.
    #[error("header `{name}` is malformed")]
    InvalidHeader {
        /// Its name.
        name: String,
    },
    /// No answer in time.
    #[error("`{origin}` did not answer within {} ms", limit.as_millis())]
    TimedOut {
        /// Who.
        origin: Origin,
        /// The limit.
        limit: Duration,
    },
    /// The answer is larger than allowed.
    #[error("the answer of `{origin}` is larger than {limit} bytes")]
    ResponseTooLarge {
        /// Who.
        origin: Origin,
        /// The limit.
        limit: usize,
    },
    /// The answer points elsewhere; no redirect is followed.
    #[error("`{origin}` answered with a redirect ({status}), which is not followed")]
    Redirect {
        /// Who.
        origin: Origin,
        /// The status.
        status: u16,
    },
    /// Connecting, sending or receiving failed.
    #[error("the connection to `{origin}` failed")]
    Transport {
        /// With whom.
        origin: Origin,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The client could not be made.
    #[error("the HTTP client cannot be set up")]
    SetUp(#[source] reqwest::Error),
}
