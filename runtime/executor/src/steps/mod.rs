//! Pipeline steps: rows from a source, through transforms, into a slot.
//!
//! A step runs as *segments*. Rows stream through the filters, limits and maps of a segment one by one, page by page,
//! into its collector: the transform that must see them all (sort, group, aggregate, join), or the step's result.

mod aggregate;
mod collect;
mod extend;
mod group;
mod groups;
mod join;
mod metric;
mod query;
mod sort;
mod stage;

use std::{ops::ControlFlow, sync::Arc};

use alcove_plan::{
    failure::Failure,
    program::{Source, Step, Transform},
    value::{Record, Shape, Value},
};

pub(crate) use self::query::Query;
use self::{collect::Collector, stage::Stages};
use crate::{
    eval::Evaluator,
    halt::{At, Halt},
    host::{Host, Level},
};

/// What the report says of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepSummary {
    pub(crate) count: usize,
    pub(crate) truncated: bool,
}

/// Runs steps one after another.
#[derive(Debug)]
pub(crate) struct StepRunner {
    result: Arc<Shape>,
}

impl StepRunner {
    pub(crate) fn new() -> Self {
        Self { result: Arc::new(Shape::new(["data", "count", "truncated"])) }
    }

    /// Runs one step and fills its slot.
    pub(crate) fn run(&self, step: &Step, eval: &mut Evaluator<'_>, host: &mut impl Host) -> Result<StepSummary, Halt> {
        let (rows, truncated) = rows(step, eval, host).at(step.place)?;
        if truncated {
            let message =
                format!("step `{}` was cut to {} rows by the default limit; set `limit`", step.id, rows.len());
            host.log(Level::Warning, step.place, &message);
        }
        let summary = StepSummary { count: rows.len(), truncated };
        let count = Value::Int(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let cells = vec![Value::list(rows), count, Value::Bool(truncated)];
        eval.set(step.slot, Value::Record(Arc::new(Record::new(self.result.clone(), cells)))).at(step.place)?;
        Ok(summary)
    }
}

/// All segments of a step: its rows, and whether a default limit cut them.
fn rows(step: &Step, eval: &mut Evaluator<'_>, host: &mut impl Host) -> Result<(Vec<Value>, bool), Failure> {
    let (mut segment, mut rest) = Segment::next(&step.transforms, eval)?;
    let mut truncated = false;
    if !segment.stages.is_full() {
        truncated = match step.source {
            Source::Query(index) => {
                let query = Query::new(index, eval)?;
                query.each_row(eval, host, |eval, row| {
                    segment.push(eval, row)?;
                    Ok(if segment.stages.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                })?
            }
            Source::List(list) => {
                let items = eval.eval_list(list, "`from`")?;
                segment.push_all(eval, items.iter().cloned())?;
                false
            }
        };
    }
    loop {
        truncated |= segment.stages.marked();
        let rows = segment.collector.finish(eval)?;
        if rest.is_empty() {
            return Ok((rows, truncated));
        }
        (segment, rest) = Segment::next(rest, eval)?;
        segment.push_all(eval, rows)?;
    }
}

/// Stages that stream, and what their rows end in.
struct Segment<'p> {
    stages: Stages<'p>,
    collector: Collector<'p>,
}

impl<'p> Segment<'p> {
    /// The next segment of some transforms, and the transforms after it.
    fn next(transforms: &'p [Transform], eval: &mut Evaluator<'_>) -> Result<(Self, &'p [Transform]), Failure> {
        let mut stages = Stages::default();
        for (at, transform) in transforms.iter().enumerate() {
            if !stages.add(transform, eval)? {
                let rest = transforms.get(at + 1..).unwrap_or_default();
                return Ok((Self { stages, collector: Collector::new(transform, eval)? }, rest));
            }
        }
        Ok((Self { stages, collector: Collector::rows() }, &[]))
    }

    fn push_all(&mut self, eval: &mut Evaluator<'_>, rows: impl IntoIterator<Item = Value>) -> Result<(), Failure> {
        let mut rows = rows.into_iter();
        while !self.stages.is_full()
            && let Some(row) = rows.next()
        {
            self.push(eval, row)?;
        }
        Ok(())
    }

    /// Sends one row through.
    fn push(&mut self, eval: &mut Evaluator<'_>, row: Value) -> Result<(), Failure> {
        match self.stages.pass(eval, row)? {
            Some(row) => self.collector.take(eval, row),
            None => Ok(()),
        }
    }
}
