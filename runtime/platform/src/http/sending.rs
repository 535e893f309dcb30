//! What every request has that an effect sends.

use std::time::{Duration, Instant};

use alcove_catalog::Guarantee;
use alcove_egress::{AllowList, CallSink, Limits, Method, Request, Sender, SigningKey};
use alcove_ids::EffectId;

use super::answer;

/// The header that names the effect (draft-ietf-httpapi-idempotency-key-header).
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The effect that a request is, and on whose behalf it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The effect.
    pub effect: &'a EffectId,
    /// What the plan says about the receiver.
    pub guarantee: Guarantee,
    /// What the tenant may reach.
    pub allowed: &'a AllowList,
    /// Nothing is sent after this moment; `None`: there is no such moment.
    pub not_after: Option<Instant>,
    /// The tenant's secrets: each of them signs. Without any, a request is not signed.
    pub signing: &'a [SigningKey],
    /// The time that a signature names, in seconds since 1970-01-01T00:00:00Z.
    pub at_s: i64,
    /// Who is told of the request; `None`: nobody.
    pub sink: Option<&'a dyn CallSink>,
}

impl<'a> Sending<'a> {
    pub(super) fn request(
        self,
        method: Method,
        url: &'a str,
        headers: &'a [(&'a str, &'a str)],
        body: Vec<u8>,
        timeout: Duration,
    ) -> Request<'a> {
        let limits = Limits { timeout, response_bytes_max: answer::BODY_BYTES_MAX, ..Limits::default() };
        let (sender, not_after, sink) = (Sender::Tenant(self.allowed), self.not_after, self.sink);
        Request { sender, method, url, headers, body, limits, not_after, sink }
    }
}
