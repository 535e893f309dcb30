//! One row for each distinct key, or one altogether, with metrics. Holds the groups, never the rows.

use std::{collections::BTreeMap, sync::Arc};

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    program::Metric,
    value::{Record, Shape, Value},
};

use super::metric::Accumulator;
use crate::{eval::Evaluator, key::Key, measure::Budget};

pub(super) struct Aggregate<'p> {
    row: Slot,
    keys: &'p [ExprId],
    metrics: &'p [Metric],
    shape: Arc<Shape>,
    index: BTreeMap<Key, usize>,
    /// In order of first appearance: the keys, the metrics.
    groups: Vec<(Vec<Value>, Vec<Accumulator>)>,
    key: Key,
    budget: Budget,
}

impl<'p> Aggregate<'p> {
    pub(super) fn new(row: Slot, keys: &'p [ExprId], metrics: &'p [Metric], shape: Arc<Shape>) -> Self {
        Self {
            row,
            keys,
            metrics,
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
        let at = match self.index.get(&self.key) {
            Some(at) => *at,
            None => self.open_group()?,
        };
        if let Some((_, accumulators)) = self.groups.get_mut(at) {
            for (metric, accumulator) in self.metrics.iter().zip(accumulators) {
                let value = metric.value.map(|value| eval.eval(value)).transpose()?;
                accumulator.add(value)?;
            }
        }
        eval.set(self.row, Value::Null)
    }

    pub(super) fn finish(mut self) -> Result<Vec<Value>, Failure> {
        if self.keys.is_empty() && self.groups.is_empty() {
            self.open_group()?;
        }
        let mut rows = Vec::with_capacity(self.groups.len());
        let mut budget = Budget::default();
        for (mut cells, accumulators) in self.groups {
            for accumulator in accumulators {
                cells.push(accumulator.finish()?);
            }
            let row = Value::Record(Arc::new(Record::new(self.shape.clone(), cells)));
            budget.row(&row)?;
            rows.push(row);
        }
        Ok(rows)
    }

    fn open_group(&mut self) -> Result<usize, Failure> {
        self.budget.count()?;
        self.key.0.iter().try_for_each(|value| self.budget.bytes(value))?;
        let accumulators = self.metrics.iter().map(|metric| Accumulator::new(metric.op)).collect();
        self.groups.push((self.key.0.clone(), accumulators));
        let at = self.groups.len() - 1;
        self.index.insert(std::mem::take(&mut self.key), at);
        Ok(at)
    }
}
