//! Stable sort, nulls last.

use std::cmp::Ordering;

use alcove_plan::{
    expr::Slot,
    failure::Failure,
    program::SortBy,
    value::{Value, sort_order},
};

use super::collect::Rows;
use crate::eval::Evaluator;

pub(super) struct Sort<'p> {
    row: Slot,
    by: &'p [SortBy],
    rows: Rows,
    /// The keys of all rows, one after another: as many for each as `by` has.
    keys: Vec<Value>,
}

impl<'p> Sort<'p> {
    pub(super) fn new(row: Slot, by: &'p [SortBy]) -> Self {
        Self { row, by, rows: Rows::default(), keys: Vec::new() }
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        eval.set(self.row, row)?;
        for by in self.by {
            self.keys.push(eval.eval(by.key)?);
        }
        self.rows.take(eval.replace(self.row, Value::Null)?)
    }

    pub(super) fn finish(self) -> Vec<Value> {
        let rows = self.rows.into_vec();
        if self.by.is_empty() {
            return rows;
        }
        let mut keyed: Vec<_> = self.keys.chunks_exact(self.by.len()).zip(rows).collect();
        keyed.sort_by(|(a, _), (b, _)| order(self.by, a, b));
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

fn order(by: &[SortBy], a: &[Value], b: &[Value]) -> Ordering {
    by.iter()
        .zip(a.iter().zip(b))
        .map(|(by, (a, b))| sort_order(a, b, by.descending))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
