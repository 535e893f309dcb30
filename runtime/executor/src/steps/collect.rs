//! What the rows of a segment end in.

use alcove_plan::{failure::Failure, program::Transform, value::Value};

use super::{aggregate::Aggregate, group::Group, join::Join, sort::Sort, stage::Map};
use crate::{eval::Evaluator, halt::malformed, measure::Budget};

pub(super) enum Collector<'p> {
    /// Just the rows.
    Rows(Rows),
    Sort(Sort<'p>),
    Group(Group<'p>),
    Aggregate(Aggregate<'p>),
    Join(Join<'p>),
    /// A map that wants to know how many rows there are.
    Map(Map<'p>, Rows),
}

impl<'p> Collector<'p> {
    pub(super) fn rows() -> Self {
        Self::Rows(Rows::default())
    }

    pub(super) fn new(transform: &'p Transform, eval: &mut Evaluator<'_>) -> Result<Self, Failure> {
        Ok(match transform {
            Transform::Sort { row, keys } => Self::Sort(Sort::new(*row, keys)),
            Transform::Group { row, keys, shape } => Self::Group(Group::new(*row, keys, eval.shape(*shape)?)),
            Transform::Aggregate { row, keys, metrics, shape } => {
                Self::Aggregate(Aggregate::new(*row, keys, metrics, eval.shape(*shape)?))
            }
            Transform::Join { .. } => Self::Join(Join::new(transform, eval)?),
            Transform::Map { .. } | Transform::Filter { .. } | Transform::Limit { .. } => {
                let map = Map::new(transform, eval)?.ok_or_else(|| malformed("a transform out of place"))?;
                Self::Map(map, Rows::default())
            }
        })
    }

    pub(super) fn take(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        match self {
            Self::Rows(rows) | Self::Map(_, rows) => rows.take(row),
            Self::Sort(sort) => sort.take(eval, row),
            Self::Group(group) => group.take(eval, row),
            Self::Aggregate(aggregate) => aggregate.take(eval, row),
            Self::Join(join) => join.take(eval, row),
        }
    }

    pub(super) fn finish(self, eval: &mut Evaluator<'_>) -> Result<Vec<Value>, Failure> {
        match self {
            Self::Rows(rows) => Ok(rows.rows),
            Self::Sort(sort) => Ok(sort.finish()),
            Self::Group(group) => Ok(group.finish()),
            Self::Aggregate(aggregate) => aggregate.finish(),
            Self::Join(join) => Ok(join.finish()),
            Self::Map(mut map, rows) => {
                map.set_count(eval, rows.rows.len())?;
                rows.rows.into_iter().map(|row| map.apply(eval, row)).collect()
            }
        }
    }
}

/// Rows within what a step may hold.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Value>,
    budget: Budget,
}

impl Rows {
    pub(super) fn take(&mut self, row: Value) -> Result<(), Failure> {
        self.budget.row(&row)?;
        self.rows.push(row);
        Ok(())
    }

    pub(super) fn into_vec(self) -> Vec<Value> {
        self.rows
    }
}
