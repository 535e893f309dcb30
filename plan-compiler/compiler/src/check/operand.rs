//! The right side of a comparison, against the type of the left.

use std::sync::Arc;

use alcove_plan::{
    expr::Compare,
    value::{Timestamp, Value},
};

use crate::{
    checked::{Base, Expr, Ty},
    codes::Code,
    diagnostic,
    source::Loc,
    syntax::{Operator, ValueExpr, ValueKind},
};

use super::{Checker, Typed};

/// The comparison of an operator; `None` for `regex` and `exists`, which are not comparisons.
pub(super) fn comparison(op: Operator) -> Option<Compare> {
    Some(match op {
        Operator::Eq => Compare::Eq,
        Operator::Ne => Compare::Ne,
        Operator::Gt => Compare::Gt,
        Operator::Gte => Compare::Gte,
        Operator::Lt => Compare::Lt,
        Operator::Lte => Compare::Lte,
        Operator::In => Compare::In,
        Operator::Nin => Compare::NotIn,
        Operator::Contains => Compare::Contains,
        Operator::StartsWith => Compare::StartsWith,
        Operator::EndsWith => Compare::EndsWith,
        Operator::Regex | Operator::Exists => return None,
    })
}

impl Checker<'_> {
    /// The right side, if it compares with the left.
    pub(super) fn operand(&mut self, op: Compare, left: &Ty, value: &ValueExpr) -> Option<Typed> {
        if matches!(value.kind, ValueKind::Null) {
            let message = format!("nothing is `{}` null", op.name());
            let suggestion = "use `exists` with `true` or `false`".to_owned();
            self.suggest(Code::TypeMismatch, &value.loc, message, Some(suggestion));
            return None;
        }
        let right = match (op, &value.kind) {
            (Compare::In | Compare::NotIn, ValueKind::List(items)) => {
                let items: Vec<Option<Typed>> = items.iter().map(|item| self.one(left, item)).collect();
                let items: Vec<Typed> = items.into_iter().collect::<Option<_>>()?;
                let item = items.iter().map(|item| item.ty.clone()).reduce(Ty::join).unwrap_or_else(|| left.clone());
                let tainted = item.tainted;
                let expr = Expr::list(items.into_iter().map(|item| item.expr).collect());
                Typed { expr, ty: Ty::list(item).tainted_if(tainted) }
            }
            (Compare::In | Compare::NotIn, _) => {
                let list = self.value(value)?;
                self.list_of(left, list, value)?
            }
            (Compare::Contains, _) => match left.base.clone() {
                Base::List(item) => self.one(&item, value)?,
                _ => self.text(left, op, value)?,
            },
            (Compare::StartsWith | Compare::EndsWith, _) => self.text(left, op, value)?,
            _ => self.one(left, value)?,
        };
        if right.ty.tainted {
            self.tainted_condition(&value.loc);
            return None;
        }
        self.layouts.mark_whole(&right.ty);
        Some(right)
    }

    /// A value that is compared with one of the type `left`.
    fn one(&mut self, left: &Ty, value: &ValueExpr) -> Option<Typed> {
        let right = self.value(value)?;
        if let (Base::Time, Some(Value::Str(text))) = (&left.base, right.expr.as_literal()) {
            let Some(time) = Timestamp::parse(text) else {
                let message = format!("`{text}` is compared with a timestamp, but is not one");
                let suggestion = "write RFC 3339, such as `2026-01-31T08:00:00Z`, or a template such as \
                                  `{{now | minus:\"7d\"}}`";
                self.suggest(Code::TypeMismatch, &value.loc, message, Some(suggestion.to_owned()));
                return None;
            };
            return Some(Typed { expr: Expr::Literal(Value::Time(time)), ty: Ty::of(Base::Time) });
        }
        if !left.compares_with(&right.ty) {
            let message = format!("{} cannot be compared with {}", left.with_article(), right.ty.with_article());
            let suggestion =
                self.with_braces(value).map(|braced| format!("write `{braced}` to compare with its value"));
            self.suggest(Code::TypeMismatch, &value.loc, message, suggestion);
            return None;
        }
        if let (Some(labels), Some(Value::Str(text))) = (&left.labels, right.expr.as_literal()) {
            self.known_label(labels, text, &value.loc);
        }
        Some(right)
    }

    fn list_of(&mut self, left: &Ty, list: Typed, value: &ValueExpr) -> Option<Typed> {
        match list.ty.item() {
            Some(item) if left.compares_with(&item) => Some(list),
            Some(item) => {
                let message = format!("{} is never in a list of {item}s", left.with_article());
                self.report(Code::TypeMismatch, &value.loc, message);
                None
            }
            None => {
                let message = format!("`in` and `nin` need a list, but this is {}", list.ty.with_article());
                self.suggest(Code::TypeMismatch, &value.loc, message, Some("write it in `[…]`".to_owned()));
                None
            }
        }
    }

    fn text(&mut self, left: &Ty, op: Compare, value: &ValueExpr) -> Option<Typed> {
        let right = self.value(value)?;
        let of_unknown = left.is_any() && op == Compare::Contains;
        if !of_unknown && !is_text(&right.ty) {
            let message = format!("`{}` needs a string, but this is {}", op.name(), right.ty.with_article());
            self.report(Code::TypeMismatch, &value.loc, message);
            return None;
        }
        Some(right)
    }

    fn known_label(&mut self, labels: &Arc<[String]>, text: &str, loc: &Loc) {
        if !labels.iter().any(|label| label == text) {
            let suggestion = diagnostic::suggestion(text, labels.iter().map(String::as_str));
            self.suggest(
                Code::UnknownValue,
                loc,
                format!("`{text}` is none of the values that occur here"),
                suggestion,
            );
        }
    }

    pub(super) fn tainted_condition(&mut self, loc: &Loc) {
        let message = "a text that a model wrote must not decide what happens";
        let suggestion =
            "decide on the `score`, or on the `classification` of `ai_classify`, which is one of your labels";
        self.suggest(Code::TaintedValue, loc, message, Some(suggestion.to_owned()));
    }
}

fn is_text(ty: &Ty) -> bool {
    matches!(ty.base, Base::Str | Base::Any)
}
