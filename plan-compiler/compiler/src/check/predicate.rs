//! Conditions that the sandbox evaluates.

use std::sync::Arc;

use alcove_plan::{expr::Compare, limits::REGEX_BYTES_MAX, program::input_slot};

use crate::{
    checked::{Base, Expr, LayoutId, Ty, VarId, input_var},
    codes::Code,
    source::{Loc, Spanned},
    syntax::{Operator, Path, Predicate, PredicateKind, Segment, ValueExpr, ValueKind},
};

use super::{Checker, Typed, at, operand::comparison, unknown::Within};

/// What `field` is a path in.
#[derive(Clone, Debug)]
pub(super) enum Left {
    /// The scope.
    Scope,
    /// The event; a bare name is a field of its payload.
    Event,
    /// A row.
    Row(VarId, Ty),
    /// A row of a connector, hidden columns included.
    Connector(VarId, LayoutId),
}

impl Checker<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, predicate: &Predicate, left: &Left) -> Option<Expr> {
        match &predicate.kind {
            PredicateKind::And(parts) => self.conditions(parts, left, predicate).map(Expr::All),
            PredicateKind::Or(parts) => self.conditions(parts, left, predicate).map(Expr::Any),
            PredicateKind::Not(inner) => self.condition(inner, left).map(|inner| Expr::Not(Box::new(inner))),
            PredicateKind::Test { field, op, value } => self.test(field, op, value, left),
        }
    }

    fn conditions(&mut self, parts: &[Predicate], left: &Left, whole: &Predicate) -> Option<Vec<Expr>> {
        self.not_constant(parts, whole);
        let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.condition(part, left)).collect();
        parts.into_iter().collect()
    }

    /// Warns of `and` and `or` of nothing.
    pub(super) fn not_constant(&mut self, parts: &[Predicate], whole: &Predicate) {
        if parts.is_empty() {
            let always = matches!(whole.kind, PredicateKind::And(_));
            let message = format!("a condition without parts is always {always}");
            self.report(Code::ConstantCondition, &whole.loc, message);
        }
    }

    fn test(&mut self, field: &Spanned<Path>, op: &Spanned<Operator>, value: &ValueExpr, left: &Left) -> Option<Expr> {
        let guarded = op.value == Operator::Exists;
        let subject = self.left(field, left, guarded);
        match op.value {
            Operator::Exists => {
                let exists = Self::exists_value(value);
                let subject = subject?;
                if !subject.ty.nullable {
                    let message = format!("`{}` is never null, so this is always the same", field.value);
                    self.report(Code::ConstantCondition, &op.loc, message);
                }
                let test = Expr::Exists(Box::new(subject.expr));
                Some(if exists? { test } else { Expr::Not(Box::new(test)) })
            }
            Operator::Regex => {
                let pattern = self.pattern(value);
                let subject = self.decisive(subject?, &field.loc)?;
                if !matches!(subject.ty.base, Base::Str | Base::Any) {
                    self.unsupported(&field.value, "regex", &subject.ty, &op.loc);
                    return None;
                }
                Some(Expr::Matches { value: Box::new(subject.expr), pattern: pattern? })
            }
            other => {
                let compare = comparison(other)?;
                let subject = subject.and_then(|subject| self.decisive(subject, &field.loc));
                let any = Ty::any();
                let right = self.operand_for(compare, subject.as_ref().map_or(&any, |s| &s.ty), op, field, value);
                let (left, right) = (Box::new(subject?.expr), Box::new(right?.expr));
                Some(Expr::Compare { op: compare, left, right })
            }
        }
    }

    fn operand_for(
        &mut self,
        compare: Compare,
        left: &Ty,
        op: &Spanned<Operator>,
        field: &Spanned<Path>,
        value: &ValueExpr,
    ) -> Option<Typed> {
        if !applies(compare, left) {
            self.unsupported(&field.value, compare.name(), left, &op.loc);
            return None;
        }
        self.layouts.mark_whole(left);
        self.operand(compare, left, value)
    }

    fn left(&mut self, field: &Spanned<Path>, left: &Left, guarded: bool) -> Option<Typed> {
        let (path, pointer) = (&field.value, &field.loc.pointer);
        match left {
            Left::Scope => self.path(path, pointer, guarded),
            Left::Event => {
                let event = Typed { expr: Expr::Var(input_var(input_slot::EVENT)), ty: self.event.clone() };
                let (segments, part) = event_segments(path);
                self.walk(event, &segments, Within::Variable { path, part }, &at(path.span, pointer))
            }
            Left::Row(row, ty) => self.row_path(*row, ty, path, pointer),
            Left::Connector(row, layout) => {
                let column = self.layouts.column(*layout, &path.root)?.ty.clone();
                self.layouts.mark(*layout, &path.root);
                let base = Box::new(Expr::Var(*row));
                Some(Typed { expr: Expr::Column { base, layout: *layout, name: path.root.clone() }, ty: column })
            }
        }
    }

    /// A path in a row.
    pub(super) fn row_path(&mut self, row: VarId, ty: &Ty, path: &Path, pointer: &Arc<str>) -> Option<Typed> {
        let mut segments = vec![Segment::Name(path.root.clone())];
        segments.extend_from_slice(&path.segments);
        let from = Typed { expr: Expr::Var(row), ty: ty.clone() };
        self.walk(from, &segments, Within::Row, &at(path.span, pointer))
    }

    /// A value that decides something: never a model's text.
    fn decisive(&mut self, value: Typed, loc: &Loc) -> Option<Typed> {
        if value.ty.tainted {
            self.tainted_condition(loc);
            return None;
        }
        Some(value)
    }

    /// The value of `exists`; the parser has refused all but booleans.
    pub(super) fn exists_value(value: &ValueExpr) -> Option<bool> {
        match value.kind {
            ValueKind::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    fn pattern(&mut self, value: &ValueExpr) -> Option<String> {
        let ValueKind::Text(pattern) = &value.kind else {
            self.report(Code::InvalidRegex, &value.loc, "a regular expression must be a text without placeholders");
            return None;
        };
        let built = regex::RegexBuilder::new(pattern).size_limit(REGEX_BYTES_MAX).build();
        match built {
            Ok(_) => Some(pattern.clone()),
            Err(error) => {
                let text = error.to_string();
                let reason = super::plain(text.lines().last().unwrap_or_default().trim_start_matches("error: "));
                self.report(
                    Code::InvalidRegex,
                    &value.loc,
                    format!("the regular expression does not compile: {reason}"),
                );
                None
            }
        }
    }

    fn unsupported(&mut self, field: &Path, op: &str, ty: &Ty, loc: &Loc) {
        self.report(Code::UnsupportedOperator, loc, at_field(field, op, ty));
    }

    /// The place of a path inside a string.
    pub(super) fn path_loc(path: &Spanned<Path>) -> Loc {
        at(path.value.span, &path.loc.pointer)
    }
}

/// The segments within the event, and which part of the path the first of them is: `event.x` and `x` are the same.
fn event_segments(path: &Path) -> (Vec<Segment>, usize) {
    if path.root == "event" && !path.segments.is_empty() {
        return (path.segments.clone(), 1);
    }
    let mut segments = vec![Segment::Name(path.root.clone())];
    segments.extend_from_slice(&path.segments);
    (segments, 0)
}

fn at_field(field: &Path, op: &str, ty: &Ty) -> String {
    format!("`{op}` cannot be used on `{field}`, which is {}", ty.with_article())
}

/// Whether an operator makes sense on the left side's type.
fn applies(op: Compare, left: &Ty) -> bool {
    match op {
        Compare::Eq | Compare::Ne | Compare::In | Compare::NotIn => true,
        Compare::Gt | Compare::Gte | Compare::Lt | Compare::Lte => {
            matches!(left.base, Base::Int | Base::Num | Base::Str | Base::Time | Base::Any)
        }
        Compare::Contains => matches!(left.base, Base::Str | Base::List(_) | Base::Any),
        Compare::StartsWith | Compare::EndsWith => matches!(left.base, Base::Str | Base::Any),
    }
}
