//! Whose turn it is: a queue for each tenant, emptied in rounds, so that no tenant's flood is in another's way.

use std::collections::{BTreeMap, VecDeque};

use alcove_ids::TenantId;

/// Items of tenants. Whoever has items is in the ring exactly once.
#[derive(Debug)]
pub(crate) struct Rounds<T> {
    queues: BTreeMap<TenantId, VecDeque<T>>,
    /// INVARIANT: the tenants of `queues`, each once; none of the queues is empty.
    ring: VecDeque<TenantId>,
}

impl<T> Default for Rounds<T> {
    fn default() -> Self {
        Self { queues: BTreeMap::new(), ring: VecDeque::new() }
    }
}

impl<T> Rounds<T> {
    /// Whether nobody has anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// How many items a tenant has.
    pub(crate) fn len_of(&self, tenant: &TenantId) -> usize {
        self.queues.get(tenant).map_or(0, VecDeque::len)
    }

    /// Puts an item last among its tenant's.
    pub(crate) fn push(&mut self, tenant: &TenantId, item: T) {
        self.queue_of(tenant).push_back(item);
    }

    /// Puts an item that was taken back to where it was.
    pub(crate) fn put_back(&mut self, tenant: &TenantId, item: T) {
        self.queue_of(tenant).push_front(item);
    }

    /// Takes up to so many items: one of each tenant in turn, round after round. Whoever was served last is asked last
    /// the next time.
    pub(crate) fn take(&mut self, most: usize) -> Vec<T> {
        let mut taken = Vec::new();
        while taken.len() < most {
            let Some(tenant) = self.ring.pop_front() else { break };
            taken.extend(self.pop(&tenant));
            if self.queues.contains_key(&tenant) {
                self.ring.push_back(tenant);
            }
        }
        taken
    }

    /// Takes up to so many items of one tenant: of the first whose turn it is and who passes.
    pub(crate) fn take_of_one(
        &mut self,
        most: usize,
        passes: impl Fn(&TenantId) -> bool,
    ) -> Option<(TenantId, Vec<T>)> {
        let at = self.ring.iter().position(passes)?;
        let tenant = self.ring.remove(at)?;
        let taken = std::iter::from_fn(|| self.pop(&tenant)).take(most).collect();
        if self.queues.contains_key(&tenant) {
            self.ring.push_back(tenant.clone());
        }
        Some((tenant, taken))
    }

    fn queue_of(&mut self, tenant: &TenantId) -> &mut VecDeque<T> {
        if !self.queues.contains_key(tenant) {
            self.ring.push_back(tenant.clone());
        }
        self.queues.entry(tenant.clone()).or_default()
    }

    fn pop(&mut self, tenant: &TenantId) -> Option<T> {
        let queue = self.queues.get_mut(tenant)?;
        let item = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(tenant);
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(name: &str) -> TenantId {
        TenantId::parse(name).unwrap()
    }

    fn holding(items: &[(&str, u32)]) -> Rounds<u32> {
        let mut rounds = Rounds::default();
        for (name, item) in items {
            rounds.push(&tenant(name), *item);
        }
        rounds
    }

    #[test]
    fn each_tenant_is_served_once_a_round_in_the_order_of_its_items() {
        let mut rounds = holding(&[("a", 1), ("a", 2), ("a", 3), ("b", 10), ("b", 11), ("c", 20)]);
        assert_eq!(rounds.take(100), [1, 10, 20, 2, 11, 3]);
        assert!(rounds.is_empty());
    }

    #[test]
    fn a_flood_of_one_tenant_delays_anothers_item_by_one_batch_at_most() {
        let mut rounds = Rounds::default();
        for item in 0..10_000 {
            rounds.push(&tenant("flood"), item);
        }
        assert_eq!(rounds.take(256).len(), 256);
        rounds.push(&tenant("single"), u32::MAX);
        assert!(rounds.take(256).contains(&u32::MAX));
    }

    #[test]
    fn who_was_served_last_is_asked_last_the_next_time() {
        let mut rounds = holding(&[("a", 1), ("a", 2), ("b", 10), ("b", 11), ("c", 20), ("c", 21)]);
        assert_eq!(rounds.take(2), [1, 10]);
        assert_eq!(rounds.take(2), [20, 2]);
        assert_eq!(rounds.take(2), [11, 21]);
    }

    #[test]
    fn a_batch_of_one_tenant_leaves_out_those_who_do_not_pass() {
        let mut rounds = holding(&[("a", 1), ("a", 2), ("b", 10), ("b", 11), ("b", 12)]);
        let busy = tenant("a");
        assert_eq!(rounds.take_of_one(2, |who| *who != busy), Some((tenant("b"), vec![10, 11])));
        assert_eq!(rounds.take_of_one(2, |_| true), Some((tenant("a"), vec![1, 2])));
        assert_eq!(rounds.take_of_one(2, |_| true), Some((tenant("b"), vec![12])));
        assert_eq!(rounds.take_of_one(2, |_| true), None);
    }

    #[test]
    fn what_is_put_back_comes_first() {
        let mut rounds = holding(&[("a", 2)]);
        rounds.put_back(&tenant("a"), 1);
        rounds.put_back(&tenant("b"), 9);
        assert_eq!((rounds.len_of(&tenant("a")), rounds.len_of(&tenant("b"))), (2, 1));
        assert_eq!(rounds.take(9), [1, 9, 2]);
        rounds.push(&tenant("a"), 3);
        assert_eq!(rounds.take(9), [3]);
        assert!(rounds.is_empty());
    }
}
