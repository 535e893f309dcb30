//! The client.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use url::Url;

use crate::{EgressError, Origin, Policy, method::Method, policy::without_credentials};

/// Sends requests that a policy allows. Cheap to clone; connections are pooled.
#[derive(Clone, Debug)]
pub struct Egress {
    client: reqwest::Client,
    policy: Arc<Policy>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What to do there.
    pub method: Method,
    /// Where to.
    pub url: &'a str,
    /// Header names and values; values that are secrets are marked so and never logged.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// From the first byte sent to the last byte received.
    pub timeout: Duration,
    /// It is not sent after this moment: whoever takes over from a sender that was lost trusts in that. `None`: there
    /// is no such moment.
    pub not_after: Option<Instant>,
    /// The largest answer.
    pub response_bytes_max: usize,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Egress {
    /// A client for a policy.
    pub fn new(policy: Policy) -> Result<Self, EgressError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // A second client in the process finds the provider installed already, which is as good.
        let _ = rustls::crypto::CryptoProvider::install_default(Arc::unwrap_or_clone(provider));
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(EgressError::SetUp)?;
        Ok(Self { client, policy: Arc::new(policy) })
    }

    /// Sends a request, once. Any status but a redirect is an answer.
    pub async fn send(&self, request: Request<'_>) -> Result<Response, EgressError> {
        let url = Url::parse(request.url).ok();
        let (Some(url), Some(origin)) = (url.as_ref(), url.as_ref().and_then(Origin::of)) else {
            return Err(EgressError::InvalidUrl { url: without_credentials(request.url) });
        };
        if !self.policy.allows(&origin) {
            return Err(EgressError::OriginNotAllowed { origin });
        }
        let headers = headers(request.headers)?;
        if request.not_after.is_some_and(|last| !last.elapsed().is_zero()) {
            return Err(EgressError::TooLate { origin });
        }
        let sending = self
            .client
            .request(request.method.into(), self.policy.routed(&origin, url))
            .headers(headers)
            .timeout(request.timeout)
            .body(request.body)
            .send();
        let response = sending.await.map_err(|error| transport(error, &origin, request.timeout))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(EgressError::Redirect { origin, status: status.as_u16() });
        }
        let status = status.as_u16();
        let body = read(response, request.response_bytes_max).await;
        match body.map_err(|error| transport(error, &origin, request.timeout))? {
            Some(body) => Ok(Response { status, body }),
            None => Err(EgressError::ResponseTooLarge { origin, limit: request.response_bytes_max, status }),
        }
    }
}

fn headers(pairs: &[(&str, &str)]) -> Result<HeaderMap, EgressError> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let invalid = || EgressError::InvalidHeader { name: (*name).to_owned() };
        let name = HeaderName::try_from(*name).map_err(|_| invalid())?;
        let mut value = HeaderValue::try_from(*value).map_err(|_| invalid())?;
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Ok(map)
}

/// Reads the body piece by piece, so that a large answer is refused before it is in memory: `None`.
async fn read(mut response: reqwest::Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Some(body))
}

fn transport(error: reqwest::Error, origin: &Origin, limit: Duration) -> EgressError {
    let origin = origin.clone();
    if error.is_connect() {
        EgressError::Unreachable { origin, source: error.without_url() }
    } else if error.is_timeout() {
        EgressError::TimedOut { origin, limit }
    } else {
        // The URL may hold what a log must not.
        EgressError::Transport { origin, source: error.without_url() }
    }
}
