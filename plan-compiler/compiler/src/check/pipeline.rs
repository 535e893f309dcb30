//! Pipeline steps.

use alcove_plan::{
    limits::{OFFSET_MAX, TRANSFORM_ROWS_MAX},
    query::Limit,
};

use crate::{
    checked::{Base, Column, Expr, Step, StepSource, Transform, Ty},
    codes::Code,
    source::{Loc, Spanned},
    syntax::{self, Path, Segment},
};

use super::{
    Checker,
    predicate::Left,
    query::{Rows, cut},
    scope::StepEntry,
    unknown::Within,
};

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
        let mut whole = true;
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
            let value = self.walk(from, &segments, Within::Row, &name.loc)?;
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
