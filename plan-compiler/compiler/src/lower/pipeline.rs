//! Steps and transforms.

use alcove_plan::program::{self, Metric, SortBy, Source};

use crate::checked::{Expr, Step, StepSource, Transform};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn step(&mut self, step: &Step) {
        let place = self.tables.place(&step.place);
        let source = match &step.source {
            StepSource::Query(query) => Source::Query(self.query(query, place)),
            StepSource::List(list) => Source::List(self.expr(list)),
        };
        let transforms = step.transforms.iter().filter_map(|transform| self.transform(transform)).collect();
        let slot = self.define(step.var);
        self.program.steps.push(program::Step { id: step.id.clone(), place, source, transforms, slot });
    }

    fn transform(&mut self, transform: &Transform) -> Option<program::Transform> {
        Some(match transform {
            Transform::Filter { row, predicate } => {
                let row = self.define(*row);
                program::Transform::Filter { row, predicate: self.expr(predicate) }
            }
            Transform::Narrow { row, index, count, layout } => {
                if !self.layouts.has_hidden(*layout) {
                    return None;
                }
                let declared = |name: &&str| self.layouts.column(*layout, name).is_some_and(|column| column.declared);
                let names: Vec<&str> = self.layouts.kept(*layout).into_iter().filter(declared).collect();
                let column = |name: &&str| {
                    let base = Box::new(Expr::Var(*row));
                    ((*name).to_owned(), Expr::Column { base, layout: *layout, name: (*name).to_owned() })
                };
                let fields = names.iter().map(column).collect();
                let map = Transform::Map { row: *row, index: *index, count: *count, fields, keep: false };
                return self.transform(&map);
            }
            Transform::Sort { row, keys } => {
                let row = self.define(*row);
                let keys = keys.iter().map(|(key, descending)| {
                    let key = self.expr(key);
                    SortBy { key, descending: *descending }
                });
                program::Transform::Sort { row, keys: keys.collect() }
            }
            Transform::Limit { offset, count, marks_truncated } => {
                program::Transform::Limit { offset: *offset, count: *count, marks_truncated: *marks_truncated }
            }
            Transform::Group { row, keys, list } => {
                let row = self.define(*row);
                let names = keys.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = names.chain([list.as_str(), "count"]).collect();
                let shape = self.tables.shape(&names);
                let keys = keys.iter().map(|(_, key)| self.expr(key)).collect();
                program::Transform::Group { row, keys, shape }
            }
            Transform::Aggregate { row, keys, metrics } => {
                let row = self.define(*row);
                let names = keys.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = names.chain(metrics.iter().map(|metric| metric.name.as_str())).collect();
                let shape = self.tables.shape(&names);
                let keys = keys.iter().map(|(_, key)| self.expr(key)).collect();
                let metrics = metrics.iter().map(|metric| {
                    let value = metric.value.as_ref().map(|value| self.expr(value));
                    Metric { op: metric.op, value }
                });
                program::Transform::Aggregate { row, keys, metrics: metrics.collect(), shape }
            }
            Transform::Join { row, other, left, with, right, keep_unmatched, name } => {
                let with = self.expr(with);
                let (row, other) = (self.define(*row), self.define(*other));
                let left = left.iter().map(|key| self.expr(key)).collect();
                let right = right.iter().map(|key| self.expr(key)).collect();
                let name = self.tables.name(name);
                program::Transform::Join { row, left, with, other, right, keep_unmatched: *keep_unmatched, name }
            }
            Transform::Map { row, index, count, fields, keep } => {
                let (row, index, count) = (self.define(*row), self.define(*index), self.define(*count));
                let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                let shape = self.tables.shape(&names);
                let values = fields.iter().map(|(_, value)| self.expr(value)).collect();
                program::Transform::Map { row, index, count, values, shape, keep: *keep }
            }
        })
    }
}
