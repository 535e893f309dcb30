//! How many requests a tenant may send: so many a second, with bursts. What one sends too many costs others nothing.

use std::num::NonZeroU32;

use alcove_control::TenantId;
use axum::http::{HeaderValue, header};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::problem::{Kind, Problem};

/// Requests between two looks for tenants that are quiet, and need not be kept.
const SWEEP: u32 = 65_536;

/// How many requests each tenant may send to this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimit {
    /// In each second, in the long run.
    pub per_second: NonZeroU32,
    /// At once, after a pause.
    pub burst: NonZeroU32,
}

impl Default for RequestLimit {
    /// 5,000 a second, and 10,000 at once: what a node can do, so that one tenant at least cannot ask for more.
    fn default() -> Self {
        let [per_second, burst] = [5_000, 10_000].map(|n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self { per_second, burst }
    }
}

/// What the tenants have sent. Each has a cell of its own, so that nobody waits for another.
#[derive(Debug)]
pub(crate) struct RequestRate {
    limit: RequestLimit,
    sent: DefaultKeyedRateLimiter<TenantId>,
    clock: DefaultClock,
    until_sweep: std::sync::atomic::AtomicU32,
}

impl RequestRate {
    pub(crate) fn new(limit: RequestLimit) -> Self {
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        let until_sweep = std::sync::atomic::AtomicU32::new(SWEEP);
        Self { limit, sent: RateLimiter::keyed(quota), clock: DefaultClock::default(), until_sweep }
    }

    /// Counts a request of a tenant, or refuses it.
    pub(crate) fn admit(&self, tenant: &TenantId) -> Result<(), Problem> {
        self.sweep();
        let Err(early) = self.sent.check_key(tenant) else { return Ok(()) };
        let wait = early.wait_time_from(self.clock.now()).as_secs().saturating_add(1);
        let RequestLimit { per_second, burst } = self.limit;
        let detail = format!(
            "the tenant sends more than {per_second} requests a second (and {burst} at once): send this one again in \
             {wait} s, and fewer of them"
        );
        Err(Problem::new(Kind::TOO_MANY_REQUESTS, detail).with_header(header::RETRY_AFTER, HeaderValue::from(wait)))
    }

    /// Now and then, forgets tenants that have been quiet.
    fn sweep(&self) {
        use std::sync::atomic::Ordering;
        let left = self.until_sweep.fetch_sub(1, Ordering::Relaxed);
        if left == 1 {
            self.sent.retain_recent();
            self.until_sweep.store(SWEEP, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_second: u32, burst: u32) -> RequestLimit {
        let [per_second, burst] = [per_second, burst].map(|n| NonZeroU32::new(n).unwrap());
        RequestLimit { per_second, burst }
    }

    #[test]
    fn a_burst_passes_and_one_more_does_not() {
        let (rate, tenant) = (RequestRate::new(limit(1, 5)), TenantId::parse("acme").unwrap());
        assert!((0..5).all(|_| rate.admit(&tenant).is_ok()));
        let refused = rate.admit(&tenant).unwrap_err();
        assert_eq!(refused.status(), axum::http::StatusCode::TOO_MANY_REQUESTS);
    }

    #[test]
    fn the_flood_of_one_tenant_takes_nothing_from_another() {
        let rate = RequestRate::new(limit(1, 5));
        let (flood, quiet) = (TenantId::parse("flood").unwrap(), TenantId::parse("quiet").unwrap());
        let passed = (0..10_000).filter(|_| rate.admit(&flood).is_ok()).count();
        assert!(passed < 100, "{passed}");
        assert!((0..5).all(|_| rate.admit(&quiet).is_ok()));
    }

    #[test]
    fn a_tenant_that_is_quiet_is_forgotten() {
        let rate = RequestRate::new(limit(1_000_000, 1));
        for n in 0..2_000 {
            assert!(rate.admit(&TenantId::parse(&format!("t{n}")).unwrap()).is_ok());
        }
        for _ in 0..SWEEP {
            rate.sweep();
        }
        assert!(rate.sent.len() < 2_000, "{}", rate.sent.len());
    }
}
