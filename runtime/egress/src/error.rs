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
    /// Its moment has passed; nothing was sent.
    #[error("the request to `{origin}` came too late to be sent")]
    TooLate {
        /// Where it would have gone.
        origin: Origin,
    },
    /// No connection; nothing was sent.
    #[error("`{origin}` cannot be reached")]
    Unreachable {
        /// Who.
        origin: Origin,
        /// Why.
        #[source]
        source: reqwest::Error,
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
        /// The status that came before it.
        status: u16,
    },
    /// The answer points elsewhere; no redirect is followed.
    #[error("`{origin}` answered with a redirect ({status}), which is not followed")]
    Redirect {
        /// Who.
        origin: Origin,
        /// The status.
        status: u16,
    },
    /// Sending or receiving failed.
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

impl EgressError {
    /// Whether nobody can have received the request, or acted on it.
    pub fn nothing_was_sent(&self) -> bool {
        match self {
            Self::OriginNotAllowed { .. }
            | Self::InvalidUrl { .. }
            | Self::InvalidHeader { .. }
            | Self::TooLate { .. }
            | Self::Unreachable { .. }
            | Self::SetUp(_) => true,
            Self::TimedOut { .. } | Self::ResponseTooLarge { .. } | Self::Redirect { .. } | Self::Transport { .. } => {
                false
            }
        }
    }
}
