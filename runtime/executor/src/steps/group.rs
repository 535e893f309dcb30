//! One row for each distinct key, with the rows that have it.

use std::sync::Arc;

use alcove_plan::{
    expr::{ExprId, Slot},
    failure::Failure,
    value::{Record, Shape, Value},
};

use super::groups::Groups;
use crate::eval::Evaluator;

pub(super) struct Group<'p> {
    row: Slot,
    shape: Arc<Shape>,
    rows: Groups<'p, Vec<Value>>,
}

impl<'p> Group<'p> {
    pub(super) fn new(row: Slot, keys: &'p [ExprId], shape: Arc<Shape>) -> Self {
        Self { row, shape, rows: Groups::new(keys) }
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        self.rows.budget.bytes(&row)?;
        eval.set(self.row, row)?;
        let rows = self.rows.of_row(eval, Vec::new)?;
        rows.push(eval.replace(self.row, Value::Null)?);
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
        self.rows.into_groups().into_iter().map(row).collect()
    }
}
