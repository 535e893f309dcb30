//! Rows that were read a moment ago, so that they are not read for each request.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Values by key, each for a short while and only so many. What another node changes is seen here when that while is
/// over; what this node changes, it [forgets](Self::forget).
#[derive(Debug)]
pub struct Recent<K, V> {
    age_max_us: i64,
    most: usize,
    kept: Mutex<Kept<K, V>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    values: BTreeMap<K, (i64, V)>,
    by_age: BTreeSet<(i64, K)>,
}

impl<K: Clone + Ord, V: Clone> Recent<K, V> {
    /// Keeps so many values, each for so long after it was read.
    pub fn new(age_max: Duration, most: usize) -> Self {
        let kept = Kept { values: BTreeMap::new(), by_age: BTreeSet::new() };
        let age_max_us = i64::try_from(age_max.as_micros()).unwrap_or(i64::MAX);
        Self { age_max_us, most: most.max(1), kept: Mutex::new(kept) }
    }

    /// The value of a key at this moment, in microseconds since 1970-01-01T00:00:00Z, unless it is too
    /// old. A clock that was set back makes all of them too old.
    pub fn get(&self, key: &K, now_us: i64) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = kept.values.get(key)?;
        let age = now_us.checked_sub(*read_at)?;
        (0..self.age_max_us).contains(&age).then(|| value.clone())
    }

    /// Keeps a value. `read_at`, in the same unit, is a moment before it was read, so that its age is never taken to be
    /// less than it is. Where there is no more room, the oldest is forgotten.
    pub fn keep(&self, key: K, value: V, read_at: i64) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, _)) = kept.values.insert(key.clone(), (read_at, value)) {
            kept.by_age.remove(&(before, key.clone()));
        }
        kept.by_age.insert((read_at, key));
        while kept.by_age.len() > self.most {
            let Some((_, oldest)) = kept.by_age.pop_first() else { return };
            kept.values.remove(&oldest);
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.clear();
        kept.by_age.clear();
    }

    /// Forgets a value: it was changed.
    pub fn forget(&self, key: &K) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, _)) = kept.values.remove(key) {
            kept.by_age.remove(&(read_at, key.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> i64 {
        millis * 1_000
    }

    #[test]
    fn a_value_is_kept_for_its_while_and_not_a_moment_longer() {
        let recent = Recent::new(Duration::from_secs(2), 8);
        recent.keep("a", 1, at(1_000));
        let seen = [999, 1_000, 2_999, 3_000].map(|now| recent.get(&"a", at(now)));
        assert_eq!(seen, [None, Some(1), Some(1), None]);
    }

    #[test]
    fn what_was_changed_is_forgotten_and_what_was_read_again_counts_from_then() {
        let recent = Recent::new(Duration::from_secs(2), 8);
        recent.keep("a", 1, at(0));
        recent.keep("a", 2, at(1_500));
        assert_eq!(recent.get(&"a", at(3_000)), Some(2));
        recent.forget(&"a");
        assert_eq!(recent.get(&"a", at(3_000)), None);
    }

    #[test]
    fn as_many_are_kept_as_there_is_room_for_and_with_one_more_the_oldest_goes() {
        let recent = Recent::new(Duration::from_secs(2), 2);
        recent.keep("a", 1, at(1));
        recent.keep("b", 2, at(2));
        assert_eq!((recent.get(&"a", at(3)), recent.get(&"b", at(3))), (Some(1), Some(2)));
        recent.keep("c", 3, at(0));
        recent.keep("d", 4, at(3));
        let kept = ["a", "b", "c", "d"].map(|key| recent.get(&key, at(3)));
        assert_eq!(kept, [None, Some(2), None, Some(4)]);
    }
}
