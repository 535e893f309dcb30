//! The subscriptions of one tenant to one type of events.

use std::{collections::BTreeMap, sync::Arc};

use alcove_plan::{codec::Input, value::Value};

use super::{
    Subscription,
    predicate::{Key, Path, at_path},
};

/// Positions in the list of subscriptions.
type Positions = Vec<u32>;

/// The subscriptions to one type, and where an event finds those that may let it through.
#[derive(Debug)]
pub(super) struct OfType {
    // INVARIANT: in the order of app ids; upheld by `new`.
    subscriptions: Box<[Arc<Subscription>]>,
    /// Those that every event must be shown to.
    unindexed: Positions,
    /// The others, by the one field that decides, and by the value that it must have.
    by_field: BTreeMap<Path, BTreeMap<Key, Positions>>,
}

impl OfType {
    pub(super) fn new(mut subscriptions: Vec<Arc<Subscription>>) -> Self {
        subscriptions.sort_by(|a, b| a.app.cmp(&b.app));
        let mut by_field: BTreeMap<Path, BTreeMap<Key, Positions>> = BTreeMap::new();
        let mut unindexed = Positions::new();
        for (position, subscription) in (0..).zip(&subscriptions) {
            match subscription.filter.as_ref().and_then(|filter| filter.necessary()) {
                None => unindexed.push(position),
                Some(test) => {
                    let values = by_field.entry(test.path.clone()).or_default();
                    values.entry(test.key.clone()).or_default().push(position);
                }
            }
        }
        Self { subscriptions: subscriptions.into(), unindexed, by_field }
    }

    /// All of them, by app.
    pub(super) fn subscriptions(&self) -> &[Arc<Subscription>] {
        &self.subscriptions
    }

    /// The subscriptions that let an event through, by app.
    pub(super) fn matching(&self, event: &Value, input: &Input) -> Vec<Arc<Subscription>> {
        let mut candidates = self.unindexed.clone();
        for (path, values) in &self.by_field {
            let key = Key::of_value(&at_path(event, path));
            candidates.extend(key.and_then(|key| values.get(&key)).into_iter().flatten());
        }
        candidates.sort_unstable();
        let subscriptions =
            candidates.iter().filter_map(|at| self.subscriptions.get(usize::try_from(*at).ok()?)).cloned();
        subscriptions.filter(|one| one.filter.as_ref().is_none_or(|filter| filter.passes(input))).collect()
    }
}
