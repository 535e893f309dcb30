//! Transforms through which rows stream: filter, limit, map.

use std::sync::Arc;

use alcove_plan::{
    expr::{ExprId, Op, Slot},
    failure::Failure,
    program::Transform,
    value::{Record, Shape, Value},
};

use super::extend::{Extension, members};
use crate::{
    eval::{Evaluator, code},
    measure::Budget,
};

/// The stages of one segment, in order.
#[derive(Default)]
pub(super) struct Stages<'p> {
    list: Vec<Stage<'p>>,
    full: bool,
    marked: bool,
}

enum Stage<'p> {
    Filter { row: Slot, predicate: ExprId },
    Limit { offset: u32, count: u32, marks: bool },
    Map(Map<'p>),
}

impl<'p> Stages<'p> {
    /// Adds a transform, unless it cannot stream.
    pub(super) fn add(&mut self, transform: &'p Transform, eval: &Evaluator<'_>) -> Result<bool, Failure> {
        self.list.push(match *transform {
            Transform::Filter { row, predicate } => Stage::Filter { row, predicate },
            Transform::Limit { offset, count, marks_truncated: marks } => {
                self.full |= count == 0 && !marks;
                Stage::Limit { offset, count, marks }
            }
            Transform::Map { .. } => match Map::new(transform, eval)? {
                Some(map) if !map.reads_count => Stage::Map(map),
                _ => return Ok(false),
            },
            _ => return Ok(false),
        });
        Ok(true)
    }

    /// Whether no later row can come through.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether a limit that stands for the connector's default left rows out.
    pub(super) fn marked(&self) -> bool {
        self.marked
    }

    /// What comes out for a row, if it comes through.
    pub(super) fn pass(&mut self, eval: &mut Evaluator<'_>, mut value: Value) -> Result<Option<Value>, Failure> {
        for stage in &mut self.list {
            match stage {
                Stage::Filter { row, predicate } => {
                    eval.set(*row, value)?;
                    let holds = eval.holds(*predicate)?;
                    value = eval.replace(*row, Value::Null)?;
                    if !holds {
                        return Ok(None);
                    }
                }
                Stage::Limit { offset, .. } if *offset > 0 => {
                    *offset -= 1;
                    return Ok(None);
                }
                Stage::Limit { count: 0, marks, .. } => {
                    // A limit that marks is asked once more after its last row: to learn that it cuts.
                    self.marked |= *marks;
                    self.full = true;
                    return Ok(None);
                }
                Stage::Limit { count, marks, .. } => {
                    *count -= 1;
                    self.full |= *count == 0 && !*marks;
                }
                Stage::Map(map) => value = map.apply(eval, value)?,
            }
        }
        Ok(Some(value))
    }
}

/// Builds rows.
pub(super) struct Map<'p> {
    row: Slot,
    index: Slot,
    count: Slot,
    values: &'p [ExprId],
    shape: Arc<Shape>,
    extension: Option<Extension>,
    next: i64,
    budget: Budget,
    reads_count: bool,
}

impl<'p> Map<'p> {
    /// The map that a transform asks for, if it is one.
    pub(super) fn new(transform: &'p Transform, eval: &Evaluator<'_>) -> Result<Option<Self>, Failure> {
        let Transform::Map { row, index, count, ref values, shape, keep } = *transform else { return Ok(None) };
        let shape = eval.shape(shape)?;
        let mut reads_count = false;
        for value in values {
            reads_count |= code(eval.program, *value)?.contains(&Op::Slot(count));
        }
        let extension = keep.then(|| Extension::new(shape.names().to_vec()));
        let budget = Budget::default();
        Ok(Some(Self { row, index, count, values, shape, extension, next: 0, budget, reads_count }))
    }

    /// Tells the map how many rows there are, where its values ask for it.
    pub(super) fn set_count(&self, eval: &mut Evaluator<'_>, rows: usize) -> Result<(), Failure> {
        eval.set(self.count, Value::Int(i64::try_from(rows).unwrap_or(i64::MAX)))
    }

    pub(super) fn apply(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<Value, Failure> {
        eval.set(self.row, row)?;
        eval.set(self.index, Value::Int(self.next))?;
        self.next += 1;
        let mut cells = Vec::new();
        eval.eval_all(self.values, &mut cells)?;
        let row = eval.replace(self.row, Value::Null)?;
        let built = match &mut self.extension {
            None => Record::new(self.shape.clone(), cells),
            Some(extension) => extension.extend(members(&row)?, cells),
        };
        let built = Value::Record(Arc::new(built));
        self.budget.row(&built)?;
        Ok(built)
    }
}
