//! Values where a type is expected.

use alcove_plan::{
    types::{Kind, Type},
    value::{Timestamp, Value, to_text},
};

use crate::{
    checked::{Base, Expr, Ty, article},
    codes::Code,
    source::Loc,
};

use super::{Checker, Typed};

/// What a place expects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// The type.
    pub(super) ty: Type,
    /// Whether a literal null may stand there.
    pub(super) nullable: bool,
}

impl Checker<'_> {
    /// Makes a value fit, or reports that it does not. `what` names the place, such as "`amount`".
    pub(super) fn coerce(&mut self, value: Typed, expected: Expected, loc: &Loc, what: &str) -> Option<Expr> {
        self.layouts.mark_whole(&value.ty);
        let Typed { expr, ty } = value;
        if let Expr::Literal(literal) = &expr {
            return self.coerce_literal(literal, &ty, expected, loc, what);
        }
        match fit(&ty, expected.ty) {
            Fit::AsItIs => Some(expr),
            Fit::Cast => Some(Expr::Cast { ty: expected.ty, value: Box::new(expr) }),
            Fit::No => {
                self.mismatch(&ty, expected.ty, loc, what);
                None
            }
        }
    }

    fn coerce_literal(&mut self, value: &Value, ty: &Ty, expected: Expected, loc: &Loc, what: &str) -> Option<Expr> {
        if value.is_null() {
            if expected.nullable {
                return Some(Expr::Literal(Value::Null));
            }
            let needs = match expected.ty {
                Type::One(Kind::Any) => "a value".to_owned(),
                ty => article(&ty.to_string()),
            };
            self.report(Code::TypeMismatch, loc, format!("{what} must not be null: it needs {needs}"));
            return None;
        }
        if let Some(value) = convert(value, expected.ty) {
            return Some(Expr::Literal(value));
        }
        if expected.ty == Type::One(Kind::Time) && matches!(value, Value::Str(_)) {
            let message = format!("{what} needs a timestamp, and this text is not one");
            let suggestion = "write RFC 3339, such as `2026-01-31T08:00:00Z`".to_owned();
            self.suggest(Code::TypeMismatch, loc, message, Some(suggestion));
        } else if matches!((expected.ty, value), (Type::One(Kind::Int), Value::Num(_))) {
            let message = format!("{what} needs an integer, but this has a fraction");
            self.report(Code::TypeMismatch, loc, message);
        } else {
            self.mismatch(ty, expected.ty, loc, what);
        }
        None
    }

    fn mismatch(&mut self, ty: &Ty, expected: Type, loc: &Loc, what: &str) {
        let suggestion = match (&ty.base, expected) {
            (Base::List(_), Type::One(Kind::Str)) => Some("turn it into text with `| join:\", \"` or `| json`"),
            (Base::Object | Base::Row(_), Type::One(Kind::Str)) => Some("take one of its fields, or use `| json`"),
            (Base::Num, Type::One(Kind::Int)) => Some("make it whole with `| floor`, `| ceil` or `| round:0`"),
            (_, Type::ListOf(_) | Type::One(Kind::List)) if ty.is_scalar() => Some("write it in `[…]`"),
            _ => None,
        };
        let message = format!("{what} needs {}, but this is {}", article(&expected.to_string()), ty.with_article());
        self.suggest(Code::TypeMismatch, loc, message, suggestion.map(str::to_owned));
    }
}

enum Fit {
    AsItIs,
    Cast,
    No,
}

fn fit(ty: &Ty, expected: Type) -> Fit {
    match (expected, &ty.base) {
        (Type::One(Kind::Any), _) | (Type::ListOf(Kind::Any), Base::List(_)) => Fit::AsItIs,
        (_, Base::Any) | (Type::One(Kind::Str), Base::Bool | Base::Int | Base::Num | Base::Time) => Fit::Cast,
        (Type::One(kind), base) if ty.kind() == kind || (kind == Kind::Num && *base == Base::Int) => Fit::AsItIs,
        (Type::ListOf(kind), Base::List(item)) => match item.kind() {
            Kind::Any => Fit::Cast,
            found if found == kind && item.nullable => Fit::Cast,
            found if found == kind || (kind == Kind::Num && found == Kind::Int) => Fit::AsItIs,
            _ => Fit::No,
        },
        _ => Fit::No,
    }
}

/// A constant as a type, if it can be one.
pub(super) fn convert(value: &Value, ty: Type) -> Option<Value> {
    match (ty, value) {
        (Type::One(Kind::Str), Value::Bool(_) | Value::Int(_) | Value::Num(_)) => {
            let mut text = String::new();
            to_text(value, &mut text);
            Some(Value::str(text))
        }
        (Type::One(Kind::Num), Value::Int(n)) => Some(Value::Num((*n).into())),
        // `5.0`, as many programs write a whole number.
        (Type::One(Kind::Int), Value::Num(n)) if n.is_integer() => i64::try_from(*n).ok().map(Value::Int),
        (Type::One(Kind::Time), Value::Str(text)) => Timestamp::parse(text).map(Value::Time),
        (Type::ListOf(kind), Value::List(items)) if kind != Kind::Any => {
            let items: Option<Vec<Value>> = items.iter().map(|item| convert(item, Type::One(kind))).collect();
            items.map(Value::list)
        }
        _ => (!value.is_null() && ty.admits(value)).then(|| value.clone()),
    }
}
