//! Equi-join: an index over the right rows, then one lookup for each left row.

use std::{collections::BTreeMap, sync::Arc};

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    program::Transform,
    value::Value,
};

use super::{
    collect::Rows,
    extend::{Extension, members},
};
use crate::{eval::Evaluator, halt::malformed, key::Key};

pub(super) struct Join<'p> {
    row: Slot,
    left: &'p [ExprId],
    keep_unmatched: bool,
    right: Arc<Vec<Value>>,
    /// Positions in `right`, ascending.
    index: BTreeMap<Key, Vec<usize>>,
    extension: Extension,
    key: Key,
    rows: Rows,
}

impl<'p> Join<'p> {
    pub(super) fn new(transform: &'p Transform, eval: &mut Evaluator<'_>) -> Result<Self, Failure> {
        let Transform::Join { row, left, with, other, right, keep_unmatched, name } = transform else {
            return Err(malformed("a transform out of place"));
        };
        let name = eval.program.names.get(*name as usize).ok_or_else(|| malformed("no such name"))?.as_str();
        let list = eval.eval_list(*with, "`with`")?;
        let mut index = BTreeMap::<_, Vec<_>>::new();
        let mut key = Key::default();
        for (at, item) in list.iter().enumerate() {
            eval.set(*other, item.clone())?;
            eval.eval_all(right, &mut key.0)?;
            if matchable(&key) {
                index.entry(std::mem::take(&mut key)).or_default().push(at);
            }
        }
        eval.set(*other, Value::Null)?;
        Ok(Self {
            row: *row,
            left,
            keep_unmatched: *keep_unmatched,
            right: list,
            index,
            extension: Extension::new(vec![name.into()]),
            key,
            rows: Rows::default(),
        })
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        eval.set(self.row, row)?;
        eval.eval_all(self.left, &mut self.key.0)?;
        let row = eval.replace(self.row, Value::Null)?;
        let found = if matchable(&self.key) { self.index.get(&self.key) } else { None };
        for at in found.into_iter().flatten() {
            let other = self.right.get(*at).cloned().unwrap_or_default();
            let joined = self.extension.extend(members(&row)?, [other]);
            self.rows.take(Value::Record(Arc::new(joined)))?;
        }
        if found.is_none() && self.keep_unmatched {
            let joined = self.extension.extend(members(&row)?, [Value::Null]);
            self.rows.take(Value::Record(Arc::new(joined)))?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<Value> {
        self.rows.into_vec()
    }
}

/// A null key matches nothing.
fn matchable(key: &Key) -> bool {
    !key.0.iter().any(Value::is_null)
}
