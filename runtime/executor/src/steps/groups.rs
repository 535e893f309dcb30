//! Distinct keys in order of first appearance, each with what is gathered for it.

use std::collections::BTreeMap;

use alcove_plan::{
    expr::ExprId,
    failure::{Code, Failure},
    value::Value,
};

use crate::{eval::Evaluator, key::Key, measure::Budget};

/// What is gathered for each key.
pub(super) struct Groups<'p, G> {
    keys: &'p [ExprId],
    index: BTreeMap<Key, usize>,
    entries: Vec<(Vec<Value>, G)>,
    /// The key of the current row; its room is used again.
    key: Key,
    /// Of the keys, and of whatever else the groups hold.
    pub(super) budget: Budget,
}

impl<'p, G> Groups<'p, G> {
    pub(super) fn new(keys: &'p [ExprId]) -> Self {
        Self { keys, index: BTreeMap::new(), entries: Vec::new(), key: Key::default(), budget: Budget::default() }
    }

    /// The group of the row that the evaluator holds, opened with `new` if it is the first of its key.
    pub(super) fn of_row(&mut self, eval: &mut Evaluator<'_>, new: impl FnOnce() -> G) -> Result<&mut G, Failure> {
        eval.eval_all(self.keys, &mut self.key.0)?;
        let at = match self.index.get(&self.key) {
            Some(at) => *at,
            None => self.open(new())?,
        };
        let group = self.entries.get_mut(at).map(|(_, group)| group);
        group.ok_or_else(|| Failure::new(Code::Internal, "a group is not where its key says"))
    }

    /// Opens the group of no key, if there is none at all: an aggregate over nothing is one row.
    pub(super) fn open_only(&mut self, new: impl FnOnce() -> G) -> Result<(), Failure> {
        if self.keys.is_empty() && self.entries.is_empty() {
            self.open(new())?;
        }
        Ok(())
    }

    /// All groups with their keys, in order of first appearance.
    pub(super) fn into_groups(self) -> Vec<(Vec<Value>, G)> {
        self.entries
    }

    fn open(&mut self, group: G) -> Result<usize, Failure> {
        self.budget.count()?;
        self.key.0.iter().try_for_each(|value| self.budget.bytes(value))?;
        self.entries.push((self.key.0.clone(), group));
        let at = self.entries.len() - 1;
        self.index.insert(std::mem::take(&mut self.key), at);
        Ok(at)
    }
}
