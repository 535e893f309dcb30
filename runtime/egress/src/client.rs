//! The client.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{
    ClientBuilder,
    header::{HeaderMap, HeaderName, HeaderValue, LOCATION},
    redirect, retry,
};
use url::{Host, Url};

use crate::{
    AllowList, EgressError, HEADER_BYTES_MAX, Origin, Part, Policy, RESPONSE_HEADER_BYTES_MAX, RedirectProblem,
    Refuser, Request, Response, Sender, URL_BYTES_MAX,
    address::Addresses,
    origin::without_credentials,
    record::Trace,
    redirect::{Hop, leads_elsewhere},
    resolver::CheckedResolver,
};

/// How long it may take to find an address and to connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests that a policy allows. Cheap to clone; connections are pooled.
#[derive(Clone)]
pub struct Egress {
    shared: Arc<Shared>,
}

struct Shared {
    policy: Policy,
    addresses: Arc<Addresses>,
    /// For everything that is not routed: connects to addresses that were checked.
    checked: reqwest::Client,
    /// For what the operator routes. Their connections are not shared: one to a private address must not serve others.
    routed: reqwest::Client,
}

impl fmt::Debug for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Egress").field(&self.shared.policy).finish()
    }
}

impl Egress {
    /// A client for a policy.
    pub fn new(policy: Policy) -> Result<Self, EgressError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // A second client in the process finds the provider installed already, which is as good.
        let _ = rustls::crypto::CryptoProvider::install_default(Arc::unwrap_or_clone(provider));
        let addresses = Arc::new(Addresses::new(policy.networks.clone()));
        let resolver = CheckedResolver::new(&policy.name_servers, Arc::clone(&addresses))?;
        let checked = build(reqwest::Client::builder().dns_resolver(Arc::new(resolver)))?;
        let routed = build(reqwest::Client::builder())?;
        Ok(Self { shared: Arc::new(Shared { policy, addresses, checked, routed }) })
    }

    /// What the operator allows.
    pub fn allowed(&self) -> &AllowList {
        &self.shared.policy.allowed
    }

    /// Sends a request, once, and follows where its answers lead. Any status but a redirect is an answer.
    pub async fn send(&self, request: Request<'_>) -> Result<Response, EgressError> {
        let mut trace = Trace::begin(request.sink, request.method, request.body.len());
        let result = self.shared.send(request, &mut trace).await;
        trace.ended(&result);
        result
    }
}

fn build(builder: ClientBuilder) -> Result<reqwest::Client, EgressError> {
    let builder = builder.redirect(redirect::Policy::none()).retry(retry::never()).no_proxy().referer(false);
    let builder = builder.connect_timeout(CONNECT_TIMEOUT);
    builder.build().map_err(|error| EgressError::SetUp(error.to_string()))
}

impl Shared {
    async fn send(&self, mut request: Request<'_>, trace: &mut Trace<'_>) -> Result<Response, EgressError> {
        let body = Bytes::from(std::mem::take(&mut request.body));
        let url = Url::parse(request.url).ok();
        let (Some(url), Some(origin)) = (url.as_ref(), url.as_ref().and_then(Origin::of)) else {
            return Err(EgressError::InvalidUrl { url: without_credentials(request.url) });
        };
        trace.goes_to(url);
        let limit = request.limits.timeout;
        let hop = self.first(&request, body, url, &origin)?;
        let going = self.go(hop, &request, trace);
        tokio::time::timeout(limit, going).await.unwrap_or(Err(EgressError::TimedOut { origin, limit }))
    }

    /// The request as it is sent first, if it may be sent at all.
    fn first(&self, request: &Request<'_>, body: Bytes, url: &Url, origin: &Origin) -> Result<Hop, EgressError> {
        let too_large = |part, limit| EgressError::RequestTooLarge { origin: origin.clone(), part, limit };
        self.check(url, origin, request.sender)?;
        if body.len() > request.limits.request_bytes_max {
            return Err(too_large(Part::Body, request.limits.request_bytes_max));
        }
        let headers = headers(request.headers)?;
        if bytes_of(&headers) > HEADER_BYTES_MAX {
            return Err(too_large(Part::Headers, HEADER_BYTES_MAX));
        }
        Ok(Hop { method: request.method, url: url.clone(), origin: origin.clone(), headers, body })
    }

    /// Whether a request may go to a URL, as far as the URL itself says it.
    fn check(&self, url: &Url, origin: &Origin, sender: Sender<'_>) -> Result<(), EgressError> {
        let denied = |by| Err(EgressError::OriginNotAllowed { origin: origin.clone(), by });
        if !self.policy.allows(origin) {
            return denied(Refuser::Operator);
        }
        if let Sender::Tenant(allowed) = sender
            && !allowed.allows(origin)
        {
            return denied(Refuser::Tenant);
        }
        if url.as_str().len() > URL_BYTES_MAX {
            let (origin, part) = (origin.clone(), Part::Url);
            return Err(EgressError::RequestTooLarge { origin, part, limit: URL_BYTES_MAX });
        }
        // A name is checked when it is resolved.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        match self.addresses.refusal(literal) {
            Some(block) if self.policy.route(origin, url).is_none() => {
                Err(EgressError::AddressNotAllowed { origin: origin.clone(), what: block.what })
            }
            _ => Ok(()),
        }
    }

    async fn go(&self, mut hop: Hop, request: &Request<'_>, trace: &mut Trace<'_>) -> Result<Response, EgressError> {
        let mut followed = 0;
        loop {
            let response = self.exchange(&hop, request).await?;
            let status = response.status().as_u16();
            trace.answered(status);
            if !response.status().is_redirection() {
                return read(response, &hop.origin, request).await;
            }
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let limit = request.limits.redirects_max;
            if !leads_elsewhere(status) {
                return Err(hop.refused(status, RedirectProblem::NoTarget));
            }
            if followed == limit {
                return Err(hop.refused(status, RedirectProblem::TooMany { limit }));
            }
            let next = hop.clone().follow(status, location).map_err(|problem| hop.refused(status, problem))?;
            self.check(&next.url, &next.origin, request.sender)
                .map_err(|error| hop.refused(status, RedirectProblem::Refused(Box::new(error))))?;
            hop = next;
            followed += 1;
            trace.follows();
        }
    }

    /// One request and the head of its answer.
    async fn exchange(&self, hop: &Hop, request: &Request<'_>) -> Result<reqwest::Response, EgressError> {
        let origin = &hop.origin;
        if request.not_after.is_some_and(|last| !last.elapsed().is_zero()) {
            return Err(EgressError::TooLate { origin: origin.clone() });
        }
        let route = self.policy.route(origin, &hop.url);
        let (client, is_checked) = if route.is_some() { (&self.routed, false) } else { (&self.checked, true) };
        let sending = client
            .request(hop.method.into(), route.unwrap_or_else(|| hop.url.clone()))
            .headers(hop.headers.clone())
            .body(hop.body.clone())
            .send();
        let response = sending.await.map_err(|error| transport(error, origin))?;
        let peer = response.remote_addr().filter(|_| is_checked);
        if let Some(block) = peer.and_then(|peer| self.addresses.refusal(peer.ip())) {
            tracing::error!(%origin, ?peer, what = block.what, "an answer came from an address that was not checked");
            return Err(EgressError::WrongPeer { origin: origin.clone() });
        }
        if bytes_of(response.headers()) > RESPONSE_HEADER_BYTES_MAX {
            let (origin, part, status) = (origin.clone(), Part::Headers, response.status().as_u16());
            return Err(EgressError::ResponseTooLarge { origin, part, limit: RESPONSE_HEADER_BYTES_MAX, status });
        }
        Ok(response)
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

/// Names and values.
fn bytes_of(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// Reads the body piece by piece, so that a large answer is refused before it is in memory.
async fn read(
    mut response: reqwest::Response,
    origin: &Origin,
    request: &Request<'_>,
) -> Result<Response, EgressError> {
    let (status, limit) = (response.status().as_u16(), request.limits.response_bytes_max);
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| transport(error, origin))? {
        if body.len() + piece.len() > limit {
            let (origin, part) = (origin.clone(), Part::Body);
            return Err(EgressError::ResponseTooLarge { origin, part, limit, status });
        }
        body.extend_from_slice(&piece);
    }
    Ok(Response { status, body })
}

fn transport(error: reqwest::Error, origin: &Origin) -> EgressError {
    let origin = origin.clone();
    if error.is_dns() {
        EgressError::NoAddress { origin }
    } else if error.is_connect() {
        EgressError::Unreachable { origin, source: error.without_url() }
    } else {
        // The URL may hold what a log must not.
        EgressError::Transport { origin, source: error.without_url() }
    }
}
