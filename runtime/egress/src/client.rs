//! The client.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use url::Url;

use crate::{EgressError, Origin, Policy, policy::without_credentials};

/// Sends requests that a policy allows. Cheap to clone; connections are pooled.
#[derive(Clone, Debug)]
pub struct Egress {
    client: reqwest::Client,
    policy: Arc<Policy>,
}

/// One POST request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Where to.
    pub url: &'a str,
    /// Header names and values; values that are secrets are marked so and never logged.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: Vec<u8>,
    /// From the first byte sent to the last byte received.
    pub timeout: Duration,
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

    /// Sends a POST request, once. Any status but a redirect is an answer.
    pub async fn post(&self, request: Request<'_>) -> Result<Response, EgressError> {
        let url = Url::parse(request.url).ok();
        let (Some(url), Some(origin)) = (url.as_ref(), url.as_ref().and_then(Origin::of)) else {
            return Err(EgressError::InvalidUrl { url: without_credentials(request.url) });
        };
        if !self.policy.allows(&origin) {
            return Err(EgressError::OriginNotAllowed { origin });
        }
        let sent = self
            .client
            .request(Method::POST, url.clone())
            .headers(headers(request.headers)?)
            .timeout(request.timeout)
            .body(request.body)
            .send()
            .await;
        let failed = |error| transport(error, &origin, request.timeout);
        let response = sent.map_err(failed)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(EgressError::Redirect { origin, status: status.as_u16() });
        }
        let body = read(response, request.response_bytes_max, &origin, request.timeout).await?;
        Ok(Response { status: status.as_u16(), body })
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

/// Reads the body piece by piece, so that a large answer is refused before it is in memory.
async fn read(
    mut response: reqwest::Response,
    limit: usize,
    origin: &Origin,
    timeout: Duration,
) -> Result<Vec<u8>, EgressError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| transport(error, origin, timeout))? {
        if body.len() + piece.len() > limit {
            return Err(EgressError::ResponseTooLarge { origin: origin.clone(), limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn transport(error: reqwest::Error, origin: &Origin, limit: Duration) -> EgressError {
    let origin = origin.clone();
    if error.is_timeout() {
        EgressError::TimedOut { origin, limit }
    } else {
        // The URL may hold what a log must not.
        EgressError::Transport { origin, source: error.without_url() }
    }
}
