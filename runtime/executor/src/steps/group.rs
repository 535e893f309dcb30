//! One row for each distinct key, with the rows that have it.

use std::{collections::BTreeMap, sync::Arc};

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    value::{Record, Shape, Value},
};

use crate::{eval::Evaluator, key::Key, measure::Budget};

pub(super) struct Group<'p> {
    row: Slot,
    keys: &'p [ExprId],
    shape: Arc<Shape>,
    index: BTreeMap<Key, usize>,
    /// In order of first appearance: the keys, the rows.
    groups: Vec<(Vec<Value>, Vec<Value>)>,
    key: Key,
    budget: Budget,
}

impl<'p> Group<'p> {
    pub(super) fn new(row: Slot, keys: &'p [ExprId], shape: Arc<Shape>) -> Self {
        Self {
            row,
            keys,
            shape,
            index: BTreeMap::new(),
            groups: Vec::new(),
            key: Key::default(),
            budget: Budget::default(),
        }
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        eval.set(self.row, row)?;
        eval.eval_all(self.keys, &mut self.key.0)?;
        let row = eval.replace(self.row, Value::Null)?;
        self.budget.bytes(&row)?;
        let at = self.index.get(&self.key).copied();
        if let Some((_, rows)) = at.and_then(|at| self.groups.get_mut(at)) {
            rows.push(row);
            return Ok(());
        }
        self.budget.count()?;
        self.key.0.iter().try_for_each(|value| self.budget.bytes(value))?;
        self.groups.push((self.key.0.clone(), vec![row]));
        self.index.insert(std::mem::take(&mut self.key), self.groups.len() - 1);
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<Value> {
        let shape = self.shape;
        let row = |(mut cells, rows): (Vec<Value>, Vec<Value>)| {
            let count = Value::Int(i64::try_from(rows.len()).unwrap_or(i64::MAX));
            cells.push(Value::list(rows));
            cells.push(count);
            Value::Record(Arc::new(Record::new(shape.clone(), cells)))
        };
        self.groups.into_iter().map(row).collect()
    }
}
