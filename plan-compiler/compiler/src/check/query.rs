//! Queries of steps: fields, filter, order and number of rows, against the connector.

use alcove_catalog::{Connector, ConnectorBinding, Field};
use alcove_plan::{
    limits::TRANSFORM_ROWS_MAX,
    query::{Limit, SortKey},
};

use crate::{
    checked::{Base, Column, Expr, LayoutId, Query, StepSource, Transform, Ty},
    codes::Code,
    source::{Loc, Spanned},
    syntax::{self, PredicateKind, TransformKind},
};

use super::{Checker, pushdown::Split};

/// Rows that a step may hold.
const ROWS_MAX: u32 = 5_000;
const _: () = assert!(ROWS_MAX as usize == TRANSFORM_ROWS_MAX);

/// The rows that a step begins with.
pub(super) struct Rows {
    pub(super) source: StepSource,
    pub(super) transforms: Vec<Transform>,
    pub(super) item: Ty,
}

impl Checker<'_> {
    pub(super) fn connector_rows(&mut self, step: &syntax::Step, name: &Spanned<String>) -> Option<Rows> {
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
        let column_type = |field: &Field| match connector.binding {
            ConnectorBinding::AppState => self.state_column(Self::field_type(field)),
            ConnectorBinding::Sql { .. } => Self::field_type(field),
        };
        let columns = if step.fields.is_none() {
            connector.fields.iter().map(|f| Column::declared(&f.name, column_type(f))).collect()
        } else {
            let rest = connector.fields.iter().filter(|f| !chosen.iter().any(|other| other.name == f.name));
            let declared = chosen.iter().map(|f| Column::declared(&f.name, column_type(f)));
            declared.chain(rest.map(|f| Column::hidden(&f.name, column_type(f)))).collect()
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
            self.implicit_limit(step, connector.default_limit);
        }
        Some(Limit::Default(connector.default_limit))
    }

    /// Hints at a result that a cut would make wrong rather than short; a cut itself is warned of where it happens.
    fn implicit_limit(&mut self, step: &syntax::Step, rows: u32) {
        let needs_all = |transform: &syntax::Transform| {
            let kind = &transform.kind;
            matches!(kind, TransformKind::Sort { .. } | TransformKind::Group { .. } | TransformKind::Aggregate { .. })
        };
        // Whoever cuts the rows counts what is left.
        let cuts = |transform: &syntax::Transform| matches!(transform.kind, TransformKind::Limit { .. });
        if step.transforms.iter().any(needs_all) {
            let message = format!("without `limit` the transforms see {rows} rows at most");
            self.suggest(Code::ImplicitLimit, &step.loc, message, Some("say how many rows they need".to_owned()));
        } else if let (Some(id), false) = (&step.id, step.transforms.iter().any(cuts)) {
            self.uncounted.push((id.value.clone(), rows, step.loc.clone()));
        }
    }

    /// Hints at numbers of rows that are shown and that a default limit may have cut.
    pub(super) fn implicit_counts(&mut self) {
        for (id, rows, loc) in std::mem::take(&mut self.uncounted) {
            if self.counted.contains(&id) {
                let message =
                    format!("without `limit` the step gives {rows} rows at most, so `steps.{id}.count` is no more");
                let suggestion = "say how many rows it needs, or count all of them with the transform `aggregate`";
                self.suggest(Code::ImplicitLimit, &loc, message, Some(suggestion.to_owned()));
            }
        }
    }

    /// A field that a connector does not have.
    pub(super) fn unknown_column(&mut self, connector: &Connector, name: &str, loc: &Loc) {
        let names: Vec<&str> = connector.fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("`{}` has no field `{name}`", connector.name);
        self.unknown(Code::UnknownField, loc, message, name, &names);
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
pub(super) fn cut(limit: Limit, offset: u32) -> Option<Transform> {
    match limit {
        Limit::Rows(count) => Some(Transform::Limit { offset, count, marks_truncated: false }),
        Limit::Default(count) => Some(Transform::Limit { offset, count, marks_truncated: true }),
        Limit::All if offset == 0 => None,
        // A step holds no more rows than that anyway; where it would, the cut is reported.
        Limit::All => Some(Transform::Limit { offset, count: ROWS_MAX, marks_truncated: true }),
    }
}

fn single(mut parts: Vec<Expr>) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) }
}
