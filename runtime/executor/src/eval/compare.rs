//! The comparison operators of predicates.

use std::cmp::Ordering;

use alcove_plan::{
    expr::Compare,
    value::{self, Value, equal},
};

/// What `op` says of two values; [`Compare`] has the rules for null and for kinds that do not compare.
pub(super) fn compare(op: Compare, left: &Value, right: &Value) -> bool {
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
