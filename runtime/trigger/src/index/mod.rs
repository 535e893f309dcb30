//! Which apps an event makes run: an index in memory, tenant × type of event → compiled filters.
//!
//! It answers from a state of the tenant's apps that has a number, the generation. Whoever writes what it answered
//! compares that number with the tenant's own, in the same transaction; if the two differ, the index is loaded and
//! asked again. So it may be stale, and nobody is misled by it.

mod events;
mod filter;
mod predicate;
mod subscription;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use alcove_ids::TenantId;
use alcove_plan::value::{Timestamp, Value};

use self::events::OfType;

pub use filter::{Filter, FilterError};
pub use subscription::{Start, Subscription};

/// The subscriptions of all tenants.
#[derive(Debug, Default)]
pub struct Triggers {
    // Readers take the tenant's part and go; a tenant's part is replaced as a whole.
    tenants: RwLock<BTreeMap<TenantId, Arc<OfTenant>>>,
}

#[derive(Debug)]
struct OfTenant {
    generation: u64,
    types: BTreeMap<Box<str>, OfType>,
}

/// Which runs an event makes.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The state of the tenant's apps that this is true of; 0 where nothing was loaded for the tenant.
    pub generation: u64,
    /// What lets the event through, by app.
    pub runs: Vec<Arc<Subscription>>,
}

impl Triggers {
    /// The state of a tenant's apps that is loaded; 0 if there is none.
    pub fn generation(&self, tenant: &TenantId) -> u64 {
        self.tenant(tenant).map_or(0, |tenant| tenant.generation)
    }

    /// Replaces what a tenant's apps wait for by a state that is as new or newer. An older one is dropped: two readers
    /// may finish in another order than they began.
    pub fn replace_tenant(&self, tenant: &TenantId, generation: u64, subscriptions: Vec<Arc<Subscription>>) {
        let mut types: BTreeMap<Box<str>, Vec<Arc<Subscription>>> = BTreeMap::new();
        for subscription in subscriptions {
            types.entry(subscription.event.clone()).or_default().push(subscription);
        }
        let types = types.into_iter().map(|(event, list)| (event, OfType::new(list))).collect();
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        let is_newer = tenants.get(tenant).is_none_or(|known| known.generation <= generation);
        if is_newer {
            tenants.insert(tenant.clone(), Arc::new(OfTenant { generation, types }));
        }
    }

    /// What a tenant's apps wait for, as it was loaded, by type and app.
    pub fn subscriptions(&self, tenant: &TenantId) -> Vec<Arc<Subscription>> {
        let Some(tenant) = self.tenant(tenant) else { return Vec::new() };
        tenant.types.values().flat_map(OfType::subscriptions).cloned().collect()
    }

    /// Forgets a tenant.
    pub fn clear(&self, tenant: &TenantId) {
        self.tenants.write().unwrap_or_else(PoisonError::into_inner).remove(tenant);
    }

    /// The runs that an event makes. `event` is typed by the catalog; filters read it and nothing else, and `now` is
    /// there because every evaluation has one.
    pub fn matching(&self, tenant: &TenantId, event_type: &str, event: &Value, now: Timestamp) -> Matches {
        let Some(tenant) = self.tenant(tenant) else { return Matches { generation: 0, runs: Vec::new() } };
        let runs = tenant.types.get(event_type).map(|of_type| of_type.matching(event, &filter::input(event, now)));
        Matches { generation: tenant.generation, runs: runs.unwrap_or_default() }
    }

    fn tenant(&self, tenant: &TenantId) -> Option<Arc<OfTenant>> {
        self.tenants.read().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned()
    }
}
