//! Pipeline steps.

use alcove_catalog::{Connector, Field};
use alcove_plan::{
    limits::{KEYS_MAX, OFFSET_MAX, TRANSFORM_ROWS_MAX, TRANSFORMS_MAX},
    query::{Limit, SortKey},
};

use crate::{
    checked::{Base, Column, Expr, LayoutId, Query, Step, StepSource, Transform, Ty},
    codes::Code,
    source::{Loc, Spanned},
    syntax::{self, Path, PredicateKind, Segment, TransformKind},
};

use super::{Checker, predicate::Left, pushdown::Split, scope::StepEntry};

/// Rows that a step may hold.
const ROWS_MAX: u32 = 5_000;
const _: () = assert!(ROWS_MAX as usize == TRANSFORM_ROWS_MAX);

/// The rows that a step begins with.
struct Rows {
    source: StepSource,
    transforms: Vec<Transform>,
    item: Ty,
}

impl Checker<'_> {
    pub(super) fn pipeline(&mut self, steps: &[syntax::Step]) -> Option<Vec<Step>> {
        let checked: Vec<Option<Step>> = steps.iter().map(|step| self.step(step)).collect();
        checked.into_iter().collect()
    }

    /// One step. Even a wrong one can be named by later places, as a list of anything.
    fn step(&mut self, step: &syntax::Step) -> Option<Step> {
        let rows = match &step.source {
            Some(syntax::StepSource::Connector(name)) => self.connector_rows(step, name),
            Some(syntax::StepSource::From(path)) => self.list_rows(step, path),
            None => None,
        };
        let known = rows.is_some() & self.bounded(step);
        let mut item = rows.as_ref().map_or_else(Ty::any, |rows| rows.item.clone());
        let mut transforms = Vec::new();
        let mut whole = true;
        for transform in &step.transforms {
            let checked = self.transform(transform, &item);
            whole &= checked.is_some();
            item = checked.as_ref().map_or_else(Ty::any, |(_, next)| next.clone());
            transforms.extend(checked.map(|(done, _)| done));
        }
        let id = step.id.as_ref()?;
        let var = self.var();
        let columns = vec![
            Column::declared("data", Ty::list(item)),
            Column::declared("count", Ty::of(Base::Int)),
            Column::declared("truncated", Ty::of(Base::Bool)),
        ];
        let ty = Ty::of(Base::Row(self.layouts.fixed(columns)));
        self.scope.steps.push(StepEntry { id: id.value.clone(), var, ty, used: false });
        let mut rows = rows.filter(|_| known && whole)?;
        rows.transforms.extend(transforms);
        let place = step.loc.pointer.clone();
        Some(Step { id: id.value.clone(), place, source: rows.source, transforms: rows.transforms, var })
    }

    /// Whether the numbers of a step are within the limits of plans.
    fn bounded(&mut self, step: &syntax::Step) -> bool {
        let mut whole = self.at_most("transforms", step.transforms.len(), TRANSFORMS_MAX, &step.loc);
        whole &= self.at_most("sort keys", step.sort.len(), KEYS_MAX, &step.loc);
        let from = matches!(step.source, Some(syntax::StepSource::From(_)));
        for limit in step.limit.iter().filter(|_| from) {
            whole &= self.at_most("rows", limit.value as usize, TRANSFORM_ROWS_MAX, &limit.loc);
        }
        if let Some(offset) = &step.offset {
            whole &= self.at_most("rows left out", offset.value as usize, OFFSET_MAX as usize, &offset.loc);
        }
        whole
    }

    /// Reports a number over its limit.
    pub(super) fn at_most(&mut self, what: &str, count: usize, max: usize, loc: &Loc) -> bool {
        if count > max {
            self.report(Code::LimitExceeded, loc, format!("{count} {what} are more than the limit of {max}"));
        }
        count <= max
    }

    fn connector_rows(&mut self, step: &syntax::Step, name: &Spanned<String>) -> Option<Rows> {
        let catalog = self.catalog;
        let Some(connector) = catalog.connector(&name.value) else {
            let names: Vec<&str> = catalog.connectors().map(|connector| connector.name.as_str()).collect();
            let message = format!("there is no connector `{}`", name.value);
            self.unknown(Code::UnknownConnector, &name.loc, message, &name.value, &names);
            return None;
        };
        let layout = self.projection(step, connector);
        let row = self.var();
        let split = match &step.filter {
            Some(predicate) => self.split_filter(predicate, connector, row, layout?),
            None => Some(Split::default()),
        };
        let sort = self.query_sort(&step.sort, connector);
        let limit = self.query_limit(step, connector);
        let (layout, split, sort, limit) = (layout?, split?, sort?, limit?);

        let narrow = self.layouts.narrowed(layout);
        let mut transforms = Vec::new();
        let offset = step.offset.as_ref().map_or(0, |offset| offset.value);
        let in_sandbox = !split.residual.is_empty();
        let visible = if in_sandbox { narrow } else { layout };
        if in_sandbox {
            let predicate = single(split.residual);
            transforms.push(Transform::Filter { row, predicate });
            transforms.extend(cut(limit, offset));
            transforms.push(Transform::Narrow { row: self.var(), index: self.var(), count: self.var(), layout });
        }
        let query = Query {
            connector: connector.name.clone(),
            layout,
            filter: split.filter,
            holes: split.holes,
            sort,
            offset: if in_sandbox { 0 } else { offset },
            limit: if in_sandbox { Limit::All } else { limit },
        };
        Some(Rows { source: StepSource::Query(query), transforms, item: Ty::of(Base::Row(visible)) })
    }

    /// The layout of a query's rows: every field of the connector, those of `fields` for the app.
    fn projection(&mut self, step: &syntax::Step, connector: &Connector) -> Option<LayoutId> {
        let mut whole = true;
        let mut chosen: Vec<&Field> = Vec::new();
        for name in step.fields.iter().flatten() {
            match connector.field(&name.value) {
                None => {
                    self.unknown_column(connector, &name.value, &name.loc);
                    whole = false;
                }
                Some(field) if chosen.iter().any(|other| other.name == field.name) => {
                    self.report(Code::DuplicateId, &name.loc, format!("`{}` stands twice in `fields`", field.name));
                    whole = false;
                }
                Some(field) => chosen.push(field),
            }
        }
        let columns = if step.fields.is_none() {
            connector.fields.iter().map(|f| Column::declared(&f.name, Self::field_type(f))).collect()
        } else {
            let rest = connector.fields.iter().filter(|f| !chosen.iter().any(|other| other.name == f.name));
            let declared = chosen.iter().map(|f| Column::declared(&f.name, Self::field_type(f)));
            declared.chain(rest.map(|f| Column::hidden(&f.name, Self::field_type(f)))).collect()
        };
        let layout = self.layouts.prunable(columns);
        whole.then_some(layout)
    }

    fn query_sort(&mut self, keys: &[syntax::SortKey], connector: &Connector) -> Option<Vec<SortKey>> {
        let keys: Vec<Option<SortKey>> = keys.iter().map(|key| self.query_sort_key(key, connector)).collect();
        keys.into_iter().collect()
    }

    fn query_sort_key(&mut self, key: &syntax::SortKey, connector: &Connector) -> Option<SortKey> {
        let loc = Self::path_loc(&key.field);
        let path = &key.field.value;
        let Some(field) = connector.field(&path.root) else {
            self.unknown_column(connector, &path.root, &loc);
            return None;
        };
        if !field.sortable() || !path.segments.is_empty() {
            let message = format!("`{}` cannot sort by `{path}`: only single values have an order", connector.name);
            self.report(Code::NotSortable, &loc, message);
            return None;
        }
        Some(SortKey { field: field.name.clone(), descending: key.descending })
    }

    fn query_limit(&mut self, step: &syntax::Step, connector: &Connector) -> Option<Limit> {
        if let Some(limit) = &step.limit {
            if limit.value > connector.limit_max {
                let message = format!(
                    "`limit` is {}, the most that `{}` gives is {}",
                    limit.value, connector.name, connector.limit_max
                );
                self.report(Code::LimitExceeded, &limit.loc, message);
                return None;
            }
            return Some(Limit::Rows(limit.value));
        }
        if covers_all(&step.transforms) {
            return Some(Limit::All);
        }
        if !names_one_row(step) {
            let message = format!("without `limit` this step gives {} rows at most", connector.default_limit);
            self.suggest(Code::ImplicitLimit, &step.loc, message, Some("say how many rows it needs".to_owned()));
        }
        Some(Limit::Default(connector.default_limit))
    }

    /// A field that a connector does not have.
    pub(super) fn unknown_column(&mut self, connector: &Connector, name: &str, loc: &Loc) {
        let names: Vec<&str> = connector.fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("`{}` has no field `{name}`", connector.name);
        self.unknown(Code::UnknownField, loc, message, name, &names);
    }

    /// `from`: an earlier step's rows, with the step's own clauses as transforms.
    fn list_rows(&mut self, step: &syntax::Step, path: &Spanned<Path>) -> Option<Rows> {
        let loc = Self::path_loc(path);
        let mut full = path.value.clone();
        if full.root == "steps" && full.segments.len() == 1 {
            full.segments.push(Segment::Name("data".to_owned()));
        }
        let list = self.path(&full, &path.loc.pointer, false)?;
        let Some(item) = list.ty.item() else {
            self.report(
                Code::TypeMismatch,
                &loc,
                format!("`from` needs a list, but `{}` is {}", path.value, list.ty.with_article()),
            );
            return None;
        };
        let transforms = self.clauses(step, &item)?;
        let (choice, item) = match &step.fields {
            Some(fields) => self.chosen_fields(fields, &item)?,
            None => (None, item),
        };
        let transforms = transforms.into_iter().chain(choice).collect();
        Some(Rows { source: StepSource::List(list.expr), transforms, item })
    }

    /// `filter`, `sort`, `limit` and `offset` of a step without a connector.
    fn clauses(&mut self, step: &syntax::Step, item: &Ty) -> Option<Vec<Transform>> {
        let mut transforms = Vec::new();
        if let Some(predicate) = &step.filter {
            let row = self.var();
            let predicate = self.condition(predicate, &Left::Row(row, item.clone()))?;
            transforms.push(Transform::Filter { row, predicate });
        }
        if !step.sort.is_empty() {
            transforms.push(self.sort(&step.sort, item)?);
        }
        let offset = step.offset.as_ref().map_or(0, |offset| offset.value);
        match &step.limit {
            Some(limit) => transforms.extend(cut(Limit::Rows(limit.value), offset)),
            None => transforms.extend(cut(Limit::All, offset)),
        }
        Some(transforms)
    }

    fn chosen_fields(&mut self, fields: &[Spanned<String>], item: &Ty) -> Option<(Option<Transform>, Ty)> {
        let (row, index, count) = (self.var(), self.var(), self.var());
        let mut columns = Vec::new();
        let mut chosen = Vec::new();
        for name in fields {
            let segments = [Segment::Name(name.value.clone())];
            let from = super::Typed { expr: Expr::Var(row), ty: item.clone() };
            let value = self.walk(from, &segments, name.loc.span, &name.loc.pointer)?;
            columns.push(Column::declared(&name.value, value.ty));
            chosen.push((name.value.clone(), value.expr));
        }
        let ty = Ty::of(Base::Row(self.layouts.fixed(columns)));
        Some((Some(Transform::Map { row, index, count, fields: chosen, keep: false }), ty))
    }

    /// Warns of steps that nothing reads.
    pub(super) fn unused_steps(&mut self, steps: &[syntax::Step]) {
        let unused: Vec<(String, Loc)> = self
            .scope
            .steps
            .iter()
            .filter(|entry| !entry.used)
            .filter_map(|entry| {
                let step = steps.iter().find(|step| step.id.as_ref().is_some_and(|id| id.value == entry.id))?;
                Some((entry.id.clone(), step.loc.clone()))
            })
            .collect();
        for (id, loc) in unused {
            let suggestion = format!("use `steps.{id}.data` somewhere, or remove the step");
            self.suggest(Code::UnusedStep, &loc, format!("nothing uses the step `{id}`"), Some(suggestion));
        }
    }
}

/// Whether the transforms begin with filters and then aggregate or group: then they cover all rows.
fn covers_all(transforms: &[syntax::Transform]) -> bool {
    let mut rest = transforms.iter().skip_while(|transform| matches!(transform.kind, TransformKind::Filter { .. }));
    rest.next().is_some_and(|t| matches!(t.kind, TransformKind::Group { .. } | TransformKind::Aggregate { .. }))
}

/// Whether the filter names one row by its id, so that no limit is missed.
fn names_one_row(step: &syntax::Step) -> bool {
    fn by_id(predicate: &syntax::Predicate) -> bool {
        match &predicate.kind {
            PredicateKind::And(parts) => parts.iter().any(by_id),
            PredicateKind::Test { field, op, .. } => {
                op.value == syntax::Operator::Eq && field.value.root == "id" && field.value.segments.is_empty()
            }
            _ => false,
        }
    }
    step.filter.as_ref().is_some_and(by_id)
}

/// The limit of a query as a transform.
fn cut(limit: Limit, offset: u32) -> Option<Transform> {
    match limit {
        Limit::Rows(count) => Some(Transform::Limit { offset, count, marks_truncated: false }),
        Limit::Default(count) => Some(Transform::Limit { offset, count, marks_truncated: true }),
        Limit::All if offset == 0 => None,
        Limit::All => Some(Transform::Limit { offset, count: ROWS_MAX, marks_truncated: false }),
    }
}

fn single(mut parts: Vec<Expr>) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) }
}
