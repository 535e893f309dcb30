//! What this node has seen of its tenants' counters a moment ago: good enough to tell callers, and to expect what is
//! full.
//! Nothing is decided by it.

use std::{sync::Arc, time::Duration};

use alcove_ids::TenantId;
use alcove_plan::value::Timestamp;
use alcove_store::Recent;

use super::{
    Resource,
    rooms::{Counter, Rooms, amount},
};
use crate::Tier;

/// How long what was seen is told.
const AGE_MAX: Duration = Duration::from_secs(2);
/// Counters that are kept.
const KEPT_MAX: usize = 16_384;

/// What was seen. Clones share it.
#[derive(Clone)]
pub(crate) struct Seen(Arc<Recent<(TenantId, Resource), (i64, i64)>>);

impl Default for Seen {
    fn default() -> Self {
        Self(Arc::new(Recent::new(AGE_MAX, KEPT_MAX)))
    }
}

impl Seen {
    /// A transaction is durable that has had these counters for itself.
    pub(crate) fn note(&self, rooms: &Rooms, now: Timestamp) {
        for (counter, value) in rooms.values() {
            self.keep(counter, value, now);
        }
    }

    /// A counter has this value.
    pub(super) fn keep(&self, counter: &Counter, value: i64, now: Timestamp) {
        let of_now = counter.resource.window().map(|window| window.start(now.micros()));
        if of_now == Some(counter.window_start) {
            self.0.keep((counter.tenant.clone(), counter.resource), (counter.window_start, value), now.micros());
        }
    }

    /// What was counted of a resource in the window of this time, if that was seen.
    pub(super) fn value(&self, tenant: &TenantId, resource: Resource, now: Timestamp) -> Option<i64> {
        let (window_start, value) = self.0.get(&(tenant.clone(), resource), now.micros())?;
        let is_of_now = resource.window().is_some_and(|window| window.start(now.micros()) == window_start);
        is_of_now.then_some(value)
    }

    /// Whether a resource was used up when it was seen.
    pub(crate) fn is_full(&self, tenant: &TenantId, tier: Tier, resource: Resource, now: Timestamp) -> bool {
        let limit = resource.amount(tier).map(amount);
        self.value(tenant, resource, now).zip(limit).is_some_and(|(value, limit)| value >= limit)
    }
}
