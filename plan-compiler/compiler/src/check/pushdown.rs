//! Connector filters: the part that the connector takes, and the part that stays in the sandbox.

use alcove_catalog::{Connector, Field};
use alcove_plan::{
    codec::Literal,
    expr::Compare,
    limits::FILTER_LIST_MAX,
    query::{FilterNode, Hole, Operand},
    types::{Kind, Type},
};

use crate::{
    checked::{Base, Expr, LayoutId, Ty, VarId},
    codes::Code,
    source::Spanned,
    syntax::{Operator, Path, Predicate, PredicateKind, ValueExpr, ValueKind},
};

use super::{
    Checker, Typed,
    coerce::{Expected, convert},
    operand::comparison,
    predicate::Left,
};

/// A connector filter in its two parts.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// What the connector takes.
    pub(super) filter: Vec<FilterNode>,
    /// What fills its holes.
    pub(super) holes: Vec<(Hole, Expr)>,
    /// What the sandbox checks afterwards.
    pub(super) residual: Vec<Expr>,
}

impl Checker<'_> {
    /// Splits a filter at its top-level `and`: whatever holds a `regex` stays in the sandbox.
    pub(super) fn split_filter(
        &mut self,
        predicate: &Predicate,
        connector: &Connector,
        row: VarId,
        layout: LayoutId,
    ) -> Option<Split> {
        let mut conjuncts = Vec::new();
        flatten(predicate, &mut conjuncts);
        if conjuncts.is_empty() {
            self.not_constant(&[], predicate);
        }
        let mut split = Split::default();
        let (mut pushed, mut whole) = (0_u16, true);
        for conjunct in conjuncts {
            if !self.fields_allowed(conjunct, connector) {
                whole = false;
            } else if needs_sandbox(conjunct) {
                let residual = self.condition(conjunct, &Left::Connector(row, layout));
                whole &= residual.is_some();
                split.residual.extend(residual);
            } else {
                whole &= self.push(conjunct, connector, &mut split).is_some();
                pushed = pushed.saturating_add(1);
            }
        }
        if pushed > 1 {
            split.filter.push(FilterNode::And(pushed));
        }
        whole.then_some(split)
    }

    /// Whether each test names a field of the connector that takes its operator.
    fn fields_allowed(&mut self, predicate: &Predicate, connector: &Connector) -> bool {
        match &predicate.kind {
            PredicateKind::And(parts) | PredicateKind::Or(parts) => {
                parts.iter().filter(|part| !self.fields_allowed(part, connector)).count() == 0
            }
            PredicateKind::Not(inner) => self.fields_allowed(inner, connector),
            PredicateKind::Test { field, op, .. } => self.field_allowed(field, op, connector),
        }
    }

    fn field_allowed(&mut self, path: &Spanned<Path>, op: &Spanned<Operator>, connector: &Connector) -> bool {
        let loc = Self::path_loc(path);
        let name = &path.value.root;
        let Some(field) = connector.field(name) else {
            self.unknown_column(connector, name, &loc);
            return false;
        };
        if !field.filterable || !path.value.segments.is_empty() {
            let message = format!("`{}` cannot filter by `{}`", connector.name, path.value);
            let suggestion = "filter the rows with a transform: `{\"type\":\"filter\",\"where\":…}`".to_owned();
            self.suggest(Code::NotFilterable, &loc, message, Some(suggestion));
            return false;
        }
        let allowed = match op.value {
            Operator::Exists => true,
            Operator::Regex => field.ty.ty == Type::One(Kind::Str),
            other => comparison(other).is_some_and(|op| field.operators().contains(&op)),
        };
        if !allowed {
            let mut names: Vec<String> = field.operators().iter().map(|op| format!("`{}`", op.name())).collect();
            names.push("`exists`".to_owned());
            let message = format!(
                "`{}`, which is {}, does not support this operator",
                field.name,
                Self::field_type(field).with_article()
            );
            self.suggest(Code::UnsupportedOperator, &op.loc, message, Some(format!("use {}", names.join(", "))));
        }
        allowed
    }

    fn push(&mut self, predicate: &Predicate, connector: &Connector, split: &mut Split) -> Option<()> {
        match &predicate.kind {
            PredicateKind::And(parts) | PredicateKind::Or(parts) => {
                self.not_constant(parts, predicate);
                let done = parts.iter().filter(|part| self.push(part, connector, split).is_some()).count();
                let count = u16::try_from(parts.len()).ok().filter(|_| done == parts.len())?;
                let all = matches!(predicate.kind, PredicateKind::And(_));
                split.filter.push(if all { FilterNode::And(count) } else { FilterNode::Or(count) });
                Some(())
            }
            PredicateKind::Not(inner) => {
                self.push(inner, connector, split)?;
                split.filter.push(FilterNode::Not);
                Some(())
            }
            PredicateKind::Test { field, op, value } => {
                let field = connector.field(&field.value.root)?;
                self.push_test(field, op, value, split)
            }
        }
    }

    fn push_test(&mut self, field: &Field, op: &Spanned<Operator>, value: &ValueExpr, split: &mut Split) -> Option<()> {
        if op.value == Operator::Exists {
            if !field.ty.nullable {
                let message = format!("`{}` is never null, so this is always the same", field.name);
                self.report(Code::ConstantCondition, &op.loc, message);
            }
            let exists = Self::exists_value(value)?;
            split.filter.push(FilterNode::Exists { field: field.name.clone() });
            if !exists {
                split.filter.push(FilterNode::Not);
            }
            return Some(());
        }
        let compare = comparison(op.value)?;
        let left = Self::field_type(field);
        if let ValueKind::List(items) = &value.kind
            && !self.at_most("values of a filter", items.len(), FILTER_LIST_MAX, &value.loc)
        {
            return None;
        }
        let right = self.operand(compare, &left, value)?;
        let operand = match right.expr.as_literal() {
            Some(literal) => {
                Operand::Literal(Literal(convert(literal, wanted(compare, &left)).unwrap_or(literal.clone())))
            }
            None => self.hole(compare, &left, right, value, split)?,
        };
        split.filter.push(FilterNode::Test { field: field.name.clone(), op: compare, operand });
        Some(())
    }

    fn hole(&mut self, op: Compare, left: &Ty, right: Typed, value: &ValueExpr, split: &mut Split) -> Option<Operand> {
        let mut ty = wanted(op, left);
        if ty == Type::One(Kind::Int) && right.ty.base == Base::Num {
            ty = Type::One(Kind::Num);
        }
        if ty == Type::ListOf(Kind::Int) && right.ty.item().is_some_and(|item| item.base == Base::Num) {
            ty = Type::ListOf(Kind::Num);
        }
        // What is not known here is compared as it is there: a value of another type compares as false, it is no
        // failure.
        if right.ty.is_any() {
            ty = Type::One(Kind::Any);
        } else if right.ty.item().is_some_and(|item| item.is_any()) {
            ty = Type::ListOf(Kind::Any);
        }
        let nullable = right.ty.nullable;
        let expr = self.coerce(right, Expected { ty, nullable: true }, &value.loc, "the value")?;
        let index = u16::try_from(split.holes.len()).ok()?;
        split.holes.push((Hole { ty, nullable }, expr));
        Some(Operand::Hole(index))
    }

    /// The type of a connector's field.
    pub(super) fn field_type(field: &Field) -> Ty {
        let labels = (!field.values.is_empty()).then(|| field.values.clone().into());
        Ty { labels, ..Ty::from_plan(field.ty.ty, field.ty.nullable) }
    }
}

/// The type that the right side of a pushed comparison has.
fn wanted(op: Compare, left: &Ty) -> Type {
    match (op, &left.base) {
        (Compare::In | Compare::NotIn, _) => Type::ListOf(left.kind()),
        (Compare::Contains, Base::List(item)) => Type::One(item.kind()),
        _ => Type::One(left.kind()),
    }
}

fn flatten<'p>(predicate: &'p Predicate, into: &mut Vec<&'p Predicate>) {
    match &predicate.kind {
        PredicateKind::And(parts) => parts.iter().for_each(|part| flatten(part, into)),
        _ => into.push(predicate),
    }
}

fn needs_sandbox(predicate: &Predicate) -> bool {
    match &predicate.kind {
        PredicateKind::And(parts) | PredicateKind::Or(parts) => parts.iter().any(needs_sandbox),
        PredicateKind::Not(inner) => needs_sandbox(inner),
        PredicateKind::Test { op, .. } => op.value == Operator::Regex,
    }
}
