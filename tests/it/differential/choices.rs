//! Where a generator takes its decisions from: bytes, which proptest makes and shrinks.

/// A supply of decisions that never ends: after its bytes it decides for the first alternative.
pub(super) struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % bound.max(1)
    }

    /// True in one of `n` cases, and never when the supply has ended.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }

    /// One of these.
    pub(super) fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    /// Some of these, in order, at least one.
    pub(super) fn some<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let chosen: Vec<T> = items.iter().filter(|_| self.below(2) == 0).cloned().collect();
        if chosen.is_empty() { items[..1].to_vec() } else { chosen }
    }
}
