//! The comparison operators of predicates.

use std::cmp::Ordering;

use alcove_plan::{
    expr::Compare,
    value::{self, Timestamp, Value, equal},
};

/// What `op` says of two values; [`Compare`] has the rules for null and for kinds that do not compare.
pub(super) fn compare(op: Compare, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Time(_), Value::Str(_)) => compare_read(op, left, &instant(right)),
        (Value::Str(_), Value::Time(_)) => compare_read(op, &instant(left), right),
        (Value::Time(_), Value::List(items)) if items.iter().any(|item| matches!(item, Value::Str(_))) => {
            compare_read(op, left, &Value::list(items.iter().map(instant).collect()))
        }
        _ => compare_read(op, left, right),
    }
}

/// A text as the instant that it writes; null where it writes none. Everything else as it is.
fn instant(value: &Value) -> Value {
    match value {
        Value::Str(text) => Timestamp::parse(text).map_or(Value::Null, Value::Time),
        other => other.clone(),
    }
}

fn compare_read(op: Compare, left: &Value, right: &Value) -> bool {
    let order = || value::compare(left, right);
    match op {
        Compare::Eq => equal(left, right),
        Compare::Ne => !equal(left, right),
        Compare::Gt => order().is_some_and(Ordering::is_gt),
        Compare::Gte => order().is_some_and(Ordering::is_ge),
        Compare::Lt => order().is_some_and(Ordering::is_lt),
        Compare::Lte => order().is_some_and(Ordering::is_le),
        Compare::In => holds(right, left),
        Compare::NotIn => !holds(right, left),
        Compare::Contains => match (left, right) {
            (Value::Str(left), Value::Str(right)) => left.contains(&**right),
            _ => holds(left, right),
        },
        Compare::StartsWith => strings(left, right).is_some_and(|(left, right)| left.starts_with(right)),
        Compare::EndsWith => strings(left, right).is_some_and(|(left, right)| left.ends_with(right)),
    }
}

fn holds(list: &Value, item: &Value) -> bool {
    match list {
        Value::List(items) => items.iter().any(|held| equal(held, item)),
        _ => false,
    }
}

fn strings<'v>(left: &'v Value, right: &'v Value) -> Option<(&'v str, &'v str)> {
    Some((left.as_str()?, right.as_str()?))
}
