//! How many follow the runs of a tenant at this moment.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use alcove_ids::TenantId;

/// Those who follow runs of one tenant on this node. Each asks the database once in a while.
pub(crate) const WATCHERS_MAX: u32 = 32;

/// Who follows runs, on this node. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchers(Arc<Mutex<BTreeMap<TenantId, u32>>>);

/// The place of one who follows a run. Dropped, it is free for another.
#[derive(Debug)]
pub(super) struct Seat {
    tenant: TenantId,
    watchers: Watchers,
}

impl Watchers {
    /// A place; `None`: the tenant has all of its own.
    pub(super) fn seat(&self, tenant: &TenantId) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = taken.entry(tenant.clone()).or_default();
        if *taken >= WATCHERS_MAX {
            return None;
        }
        *taken += 1;
        Some(Seat { tenant: tenant.clone(), watchers: self.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.watchers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seats) = taken.get_mut(&self.tenant) {
            *seats = seats.saturating_sub(1);
            if *seats == 0 {
                taken.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_so_many_places_and_no_more_until_one_is_left() {
        let (watchers, tenant) = (Watchers::default(), TenantId::parse("t").unwrap());
        let mut seats: Vec<Seat> = (0..WATCHERS_MAX).map_while(|_| watchers.seat(&tenant)).collect();
        assert_eq!(seats.len(), WATCHERS_MAX as usize);
        assert!(watchers.seat(&tenant).is_none());
        assert!(watchers.seat(&TenantId::parse("u").unwrap()).is_some());
        seats.pop();
        assert!(watchers.seat(&tenant).is_some());
        drop(seats);
        assert!(watchers.0.lock().unwrap().is_empty());
    }
}
