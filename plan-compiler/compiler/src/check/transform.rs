//! Transforms, typed row by row.

use alcove_plan::{
    limits::{OFFSET_MAX, TRANSFORM_ROWS_MAX},
    program::MetricOp,
};

use crate::{
    checked::{Base, Column, Expr, Metric, Transform, Ty, VarId},
    codes::Code,
    source::Spanned,
    syntax::{self, JoinOn, MetricExpr, Path, Segment, SortKey, TransformKind, ValueExpr},
};

use super::{Checker, predicate::Left};

/// Keys with their names and types.
type Keys = Vec<(String, Expr, Ty)>;

impl Checker<'_> {
    /// A transform over rows of a type, and the type of the rows that it gives.
    pub(super) fn transform(&mut self, transform: &syntax::Transform, item: &Ty) -> Option<(Transform, Ty)> {
        match &transform.kind {
            TransformKind::Filter { predicate } => {
                let row = self.var();
                let predicate = self.condition(predicate, &Left::Row(row, item.clone()))?;
                Some((Transform::Filter { row, predicate }, item.clone()))
            }
            TransformKind::Sort { by } => Some((self.sort(by, item)?, item.clone())),
            TransformKind::Limit { count, offset } => {
                let kept = self.at_most("rows", count.value as usize, TRANSFORM_ROWS_MAX, &count.loc);
                let left_out = offset.as_ref().is_none_or(|offset| {
                    self.at_most("rows left out", offset.value as usize, OFFSET_MAX as usize, &offset.loc)
                });
                if !kept || !left_out {
                    return None;
                }
                let offset = offset.as_ref().map_or(0, |offset| offset.value);
                Some((Transform::Limit { offset, count: count.value, marks_truncated: false }, item.clone()))
            }
            TransformKind::Group { by, list } => self.group(by, list, item),
            TransformKind::Aggregate { by, metrics } => self.aggregate(by, metrics, item),
            TransformKind::Join { with, on, keep_unmatched, name } => self.join(with, on, *keep_unmatched, name, item),
            TransformKind::Map { fields, keep } => self.map(fields, *keep, item),
        }
    }

    pub(super) fn sort(&mut self, by: &[SortKey], item: &Ty) -> Option<Transform> {
        let row = self.var();
        let keys: Vec<Option<(Expr, bool)>> = by
            .iter()
            .map(|key| {
                let value = self.row_path(row, item, &key.field.value, &key.field.loc.pointer)?;
                if !value.ty.is_scalar() && !value.ty.is_any() {
                    let message = format!(
                        "`{}` is {}: only single values have an order",
                        key.field.value,
                        value.ty.with_article()
                    );
                    self.report(Code::NotSortable, &Self::path_loc(&key.field), message);
                    return None;
                }
                Some((value.expr, key.descending))
            })
            .collect();
        Some(Transform::Sort { row, keys: keys.into_iter().collect::<Option<_>>()? })
    }

    fn keys(&mut self, by: &[Spanned<Path>], row: VarId, item: &Ty) -> Option<Keys> {
        let mut keys: Keys = Vec::new();
        let mut whole = true;
        for path in by {
            let Some(value) = self.row_path(row, item, &path.value, &path.loc.pointer) else {
                whole = false;
                continue;
            };
            self.layouts.mark_whole(&value.ty);
            let name = last_name(&path.value);
            keys.push((name, value.expr, value.ty));
        }
        whole.then_some(keys)
    }

    fn group(&mut self, by: &[Spanned<Path>], list: &Spanned<String>, item: &Ty) -> Option<(Transform, Ty)> {
        let row = self.var();
        let keys = self.keys(by, row, item)?;
        let mut columns: Vec<Column> = keys.iter().map(|(name, _, ty)| Column::declared(name, ty.clone())).collect();
        columns.push(Column::declared(&list.value, Ty::list(item.clone())));
        columns.push(Column::declared("count", Ty::of(Base::Int)));
        let ty = Ty::of(Base::Row(self.layouts.fixed(columns)));
        let keys = keys.into_iter().map(|(name, expr, _)| (name, expr)).collect();
        Some((Transform::Group { row, keys, list: list.value.clone() }, ty))
    }

    fn aggregate(&mut self, by: &[Spanned<Path>], metrics: &[MetricExpr], item: &Ty) -> Option<(Transform, Ty)> {
        let row = self.var();
        let keys = self.keys(by, row, item);
        let mut columns: Vec<Column> =
            keys.iter().flatten().map(|(name, _, ty)| Column::declared(name, ty.clone())).collect();
        let mut checked = Vec::new();
        let mut whole = true;
        for metric in metrics {
            match self.metric(metric, row, item) {
                Some((metric, ty)) => {
                    columns.push(Column::declared(&metric.name, ty));
                    checked.push(metric);
                }
                None => whole = false,
            }
        }
        let keys = keys.filter(|_| whole)?.into_iter().map(|(name, expr, _)| (name, expr)).collect();
        let ty = Ty::of(Base::Row(self.layouts.fixed(columns)));
        Some((Transform::Aggregate { row, keys, metrics: checked }, ty))
    }

    fn metric(&mut self, metric: &MetricExpr, row: VarId, item: &Ty) -> Option<(Metric, Ty)> {
        let op = metric.op.value;
        let name = metric.name.value.clone();
        let Some(field) = &metric.field else {
            return Some((Metric { name, op, value: None }, Ty::of(Base::Int)));
        };
        let value = self.row_path(row, item, &field.value, &field.loc.pointer)?;
        let fits = match op {
            MetricOp::Count | MetricOp::First | MetricOp::Last => true,
            MetricOp::Sum | MetricOp::Avg => value.ty.is_number() || value.ty.is_any(),
            MetricOp::Min | MetricOp::Max => value.ty.is_scalar() || value.ty.is_any(),
        };
        if !fits {
            let message =
                format!("this metric cannot be computed over `{}`, which is {}", field.value, value.ty.with_article());
            self.report(Code::TypeMismatch, &Self::path_loc(field), message);
            return None;
        }
        let ty = match op {
            MetricOp::Count => Ty::of(Base::Int),
            MetricOp::Sum => Ty { nullable: value.ty.is_any(), labels: None, ..value.ty },
            MetricOp::Avg => Ty::of(Base::Num).or_null(),
            MetricOp::Min | MetricOp::Max | MetricOp::First | MetricOp::Last => value.ty.or_null(),
        };
        Some((Metric { name, op, value: Some(value.expr) }, ty))
    }

    fn join(
        &mut self,
        with: &Spanned<Path>,
        on: &[JoinOn],
        keep_unmatched: bool,
        name: &Spanned<String>,
        item: &Ty,
    ) -> Option<(Transform, Ty)> {
        let (row, other) = (self.var(), self.var());
        let list = self.join_list(with);
        let right_item = list.as_ref().map_or_else(Ty::any, |(_, item)| item.clone());
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for pair in on {
            let l = self.row_path(row, item, &pair.left.value, &pair.left.loc.pointer);
            let r = self.row_path(other, &right_item, &pair.right.value, &pair.right.loc.pointer);
            let (Some(l), Some(r)) = (l, r) else { continue };
            if !l.ty.compares_with(&r.ty) {
                let message =
                    format!("{} never equals {}, so nothing would match", l.ty.with_article(), r.ty.with_article());
                self.report(Code::TypeMismatch, &Self::path_loc(&pair.right), message);
                continue;
            }
            left.push(l.expr);
            right.push(r.expr);
        }
        let column = Column::declared(&name.value, right_item.or_null_if(keep_unmatched));
        let ty = match &item.base {
            Base::Row(layout) => {
                if self.layouts.column(*layout, &name.value).is_some_and(|column| column.declared) {
                    self.report(
                        Code::DuplicateId,
                        &name.loc,
                        format!("the rows have a member `{}` already", name.value),
                    );
                    return None;
                }
                Ty::of(Base::Row(self.layouts.extended(*layout, vec![column])))
            }
            _ => Ty::of(Base::Object),
        };
        let (with, _) = list.filter(|_| left.len() == on.len())?;
        let name = name.value.clone();
        Some((Transform::Join { row, other, left, with, right, keep_unmatched, name }, ty))
    }

    fn join_list(&mut self, with: &Spanned<Path>) -> Option<(Expr, Ty)> {
        let mut path = with.value.clone();
        if path.root == "steps" && path.segments.len() == 1 {
            path.segments.push(Segment::Name("data".to_owned()));
        }
        let list = self.path(&path, &with.loc.pointer, false)?;
        let Some(item) = list.ty.item() else {
            let message = format!("`with` needs a list, but `{}` is {}", with.value, list.ty.with_article());
            self.report(Code::TypeMismatch, &Self::path_loc(with), message);
            return None;
        };
        let expr = if list.ty.is_any() {
            let ty = alcove_plan::types::Type::One(alcove_plan::types::Kind::List);
            Expr::Cast { ty, value: Box::new(list.expr) }
        } else {
            list.expr
        };
        Some((expr, item))
    }

    fn map(&mut self, fields: &[(Spanned<String>, ValueExpr)], keep: bool, item: &Ty) -> Option<(Transform, Ty)> {
        let (row, index, count) = (self.var(), self.var(), self.var());
        let mark = self.scope.enter();
        self.scope.bind_value("item", row, item.clone());
        self.scope.bind_loop(index, count);
        let values: Vec<_> = fields.iter().map(|(name, value)| (name, self.value(value))).collect();
        self.scope.leave(mark);

        let mut columns = Vec::new();
        let mut members = Vec::new();
        for (name, value) in values {
            let value = value?;
            columns.push(Column::declared(&name.value, value.ty));
            members.push((name.value.clone(), value.expr));
        }
        let base = match (keep, &item.base) {
            (false, _) => Base::Row(self.layouts.fixed(columns)),
            (true, Base::Row(layout)) => Base::Row(self.layouts.extended(*layout, columns)),
            (true, _) => Base::Object,
        };
        Some((Transform::Map { row, index, count, fields: members, keep }, Ty::of(base)))
    }
}

/// The name of a key: the end of its path.
fn last_name(path: &Path) -> String {
    let names = path.segments.iter().rev().find_map(|segment| match segment {
        Segment::Name(name) => Some(name.clone()),
        Segment::Index(_) => None,
    });
    names.unwrap_or_else(|| path.root.clone())
}
