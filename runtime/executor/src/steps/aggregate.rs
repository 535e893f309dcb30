//! One row for each distinct key, or one altogether, with metrics. Holds the groups, never the rows.

use std::sync::Arc;

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    program::Metric,
    value::{Record, Shape, Value},
};

use super::{groups::Groups, metric::Accumulator};
use crate::{eval::Evaluator, measure::Budget};

pub(super) struct Aggregate<'p> {
    row: Slot,
    metrics: &'p [Metric],
    shape: Arc<Shape>,
    groups: Groups<'p, Vec<Accumulator>>,
}

impl<'p> Aggregate<'p> {
    pub(super) fn new(row: Slot, keys: &'p [ExprId], metrics: &'p [Metric], shape: Arc<Shape>) -> Self {
        Self { row, metrics, shape, groups: Groups::new(keys) }
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        eval.set(self.row, row)?;
        let accumulators = self.groups.of_row(eval, || accumulators(self.metrics))?;
        for (metric, accumulator) in self.metrics.iter().zip(accumulators) {
            let value = metric.value.map(|value| eval.eval(value)).transpose()?;
            accumulator.add(value)?;
        }
        eval.set(self.row, Value::Null)
    }

    pub(super) fn finish(mut self) -> Result<Vec<Value>, Failure> {
        self.groups.open_only(|| accumulators(self.metrics))?;
        let mut rows = Vec::new();
        let mut budget = Budget::default();
        for (mut cells, accumulators) in self.groups.into_groups() {
            for accumulator in accumulators {
                cells.push(accumulator.finish()?);
            }
            let row = Value::Record(Arc::new(Record::new(self.shape.clone(), cells)));
            budget.row(&row)?;
            rows.push(row);
        }
        Ok(rows)
    }
}

fn accumulators(metrics: &[Metric]) -> Vec<Accumulator> {
    metrics.iter().map(|metric| Accumulator::new(metric.op)).collect()
}
