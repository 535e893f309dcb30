//! Where in its loops something happens.

use alcove_plan::{failure::Failure, limits::LOOP_DEPTH_MAX};

use crate::halt::malformed;

/// The indices of the loops around a place, outermost first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path {
    indices: [u32; LOOP_DEPTH_MAX],
    // INVARIANT: at most `LOOP_DEPTH_MAX`; upheld by `enter`, as nothing else makes it larger.
    len: usize,
}

impl Path {
    /// The path of the first item of a loop here.
    pub(crate) fn enter(self) -> Result<Self, Failure> {
        let mut path = self;
        *path.indices.get_mut(self.len).ok_or_else(|| malformed("loops nest too deeply"))? = 0;
        path.len += 1;
        Ok(path)
    }

    /// The path of another item of the same loop.
    pub(crate) fn with_item(self, index: u32) -> Self {
        let mut path = self;
        if let Some(last) = path.len.checked_sub(1).and_then(|last| path.indices.get_mut(last)) {
            *last = index;
        }
        path
    }

    /// The path around the innermost `self.depth() - depth` loops.
    pub(crate) fn prefix(self, depth: usize) -> Self {
        Self { indices: self.indices, len: self.len.min(depth) }
    }

    pub(crate) fn depth(&self) -> usize {
        self.len
    }

    pub(crate) fn indices(&self) -> &[u32] {
        self.indices.get(..self.len).unwrap_or_default()
    }

    /// Whether this is the item `scope`, or lies inside of it.
    pub(crate) fn is_in(&self, scope: &Path) -> bool {
        self.indices().starts_with(scope.indices())
    }
}
