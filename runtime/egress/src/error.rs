//! Why a call did not give an answer.

use std::time::Duration;

use crate::Origin;

/// Why a call did not give an answer. None of these carries a header, a body or an address that a name resolved to: an
/// app may see it.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// Not a URL that a request can go to.
    #[error("`{url}` is not an http or https URL")]
    InvalidUrl {
        /// What was given, without what stands where credentials stand.
        url: String,
    },
    /// The origin is not on an allow-list.
    #[error("requests to `{origin}` are not allowed: it is not on the allow-list of the {by}")]
    OriginNotAllowed {
        /// Where it would have gone.
        origin: Origin,
        /// Whose list it is.
        by: Refuser,
    },
    /// The URL names an address that is not public.
    #[error("requests to `{origin}` are not allowed: its host is {what}, and not a public one")]
    AddressNotAllowed {
        /// Where it would have gone.
        origin: Origin,
        /// What kind of address it is.
        what: &'static str,
    },
    /// A header name or value that HTTP does not allow.
    #[error("header `{name}` is malformed")]
    InvalidHeader {
        /// Its name.
        name: String,
    },
    /// The request is larger than allowed.
    #[error("the request to `{origin}` has {part} of more than {limit} bytes")]
    RequestTooLarge {
        /// Where it would have gone.
        origin: Origin,
        /// What of it.
        part: Part,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Its moment has passed; nothing was sent.
    #[error("the request to `{origin}` came too late to be sent")]
    TooLate {
        /// Where it would have gone.
        origin: Origin,
    },
    /// The name does not resolve, or not to public addresses alone: which of both is for the operator's log. Nothing
    /// was sent.
    #[error("`{origin}` has no address that requests may go to")]
    NoAddress {
        /// Who.
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
    /// The connection was to another address than those that were checked.
    #[error("the answer of `{origin}` came from where requests may not go")]
    WrongPeer {
        /// Who.
        origin: Origin,
    },
    /// The answer is larger than allowed.
    #[error("the answer of `{origin}` has {part} of more than {limit} bytes")]
    ResponseTooLarge {
        /// Who.
        origin: Origin,
        /// What of it.
        part: Part,
        /// The limit, in bytes.
        limit: usize,
        /// The status that came with it.
        status: u16,
    },
    /// The answer points elsewhere, where the request may not follow.
    #[error("`{origin}` answered with a redirect ({status}), which is not followed: {problem}")]
    Redirect {
        /// Who.
        origin: Origin,
        /// The status.
        status: u16,
        /// Why not.
        problem: RedirectProblem,
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
    #[error("the HTTP client cannot be set up: {0}")]
    SetUp(String),
}

/// Whose allow-list an origin is not on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refuser {
    /// The operator's.
    Operator,
    /// The tenant's.
    Tenant,
}

/// A part of a request or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The URL.
    Url,
    /// All headers, names and values.
    Headers,
    /// The body.
    Body,
}

/// Why a redirect is not followed.
#[derive(Debug, thiserror::Error)]
pub enum RedirectProblem {
    /// It says not where to, or not in a way that can be read.
    #[error("it has no `location` that is an http or https URL")]
    NoTarget,
    /// The request has been redirected too often.
    #[error("it is one more than the {limit} that are")]
    TooMany {
        /// How many are followed.
        limit: u32,
    },
    /// A request that changes something is sent again to the same origin, by 307 or 308, and not otherwise.
    #[error("a {method} is repeated at the same origin only, and after 307 or 308")]
    NotRepeated {
        /// What the request asks for.
        method: &'static str,
    },
    /// From https to http.
    #[error("it leads from https to http")]
    Downgrade,
    /// Where it leads to, requests may not go.
    #[error("{0}")]
    Refused(Box<EgressError>),
}

impl std::fmt::Display for Refuser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Operator => "operator",
            Self::Tenant => "tenant",
        })
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Url => "a URL",
            Self::Headers => "headers",
            Self::Body => "a body",
        })
    }
}

impl EgressError {
    /// Whether nobody can have received the request, or acted on it.
    pub fn nothing_was_sent(&self) -> bool {
        match self {
            Self::InvalidUrl { .. }
            | Self::OriginNotAllowed { .. }
            | Self::AddressNotAllowed { .. }
            | Self::InvalidHeader { .. }
            | Self::RequestTooLarge { .. }
            | Self::TooLate { .. }
            | Self::NoAddress { .. }
            | Self::Unreachable { .. }
            | Self::SetUp(_) => true,
            Self::TimedOut { .. }
            | Self::WrongPeer { .. }
            | Self::ResponseTooLarge { .. }
            | Self::Redirect { .. }
            | Self::Transport { .. } => false,
        }
    }

    /// Whether a rule has refused the request, as it will refuse the same request again.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::InvalidUrl { .. }
                | Self::OriginNotAllowed { .. }
                | Self::AddressNotAllowed { .. }
                | Self::InvalidHeader { .. }
                | Self::RequestTooLarge { .. }
                | Self::Redirect { .. }
        )
    }

    /// Its name, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidUrl { .. } => "invalid_url",
            Self::OriginNotAllowed { .. } => "origin_not_allowed",
            Self::AddressNotAllowed { .. } => "address_not_allowed",
            Self::InvalidHeader { .. } => "invalid_header",
            Self::RequestTooLarge { .. } => "request_too_large",
            Self::TooLate { .. } => "too_late",
            Self::NoAddress { .. } => "no_address",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { .. } => "timed_out",
            Self::WrongPeer { .. } => "wrong_peer",
            Self::ResponseTooLarge { .. } => "response_too_large",
            Self::Redirect { .. } => "redirect_not_followed",
            Self::Transport { .. } => "transport",
            Self::SetUp(_) => "set_up",
        }
    }
}
