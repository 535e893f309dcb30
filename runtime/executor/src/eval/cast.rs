//! Conversions into the type of a parameter.

use alcove_plan::{
    failure::Failure,
    types::{Kind, Type},
    value::{Timestamp, Value},
};
use rust_decimal::Decimal;

use super::text;
use crate::halt::misfit;

/// `value` as `ty`. Null stays null, but is not allowed inside a list of a kind.
pub(super) fn cast(value: Value, ty: Type) -> Result<Value, Failure> {
    if value.is_null() {
        return Ok(value);
    }
    match ty {
        Type::One(kind) => one(value, kind),
        Type::ListOf(kind) => match &value {
            Value::List(_) if ty.admits(&value) => Ok(value),
            Value::List(items) => {
                items.iter().map(|item| one(item.clone(), kind)).collect::<Result<_, _>>().map(Value::list)
            }
            _ => Err(misfit(format!("expected {ty}, found {}", value.kind_name()))),
        },
    }
}

fn one(value: Value, kind: Kind) -> Result<Value, Failure> {
    match (kind, &value) {
        (Kind::Num, Value::Int(n)) => Ok(Value::Num(Decimal::from(*n))),
        (Kind::Str, Value::Bool(_) | Value::Int(_) | Value::Num(_) | Value::Time(_)) => text::render(&value),
        (Kind::Time, Value::Str(text)) => Timestamp::parse(text).map(Value::Time).ok_or_else(|| {
            misfit("expected timestamp, found string that is not RFC 3339, such as `2026-01-31T08:00:00Z`")
        }),
        _ if kind.admits(&value) => Ok(value),
        _ => Err(misfit(format!("expected {}, found {}", kind.name(), value.kind_name()))),
    }
}
