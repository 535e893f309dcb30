//! The comparisons of predicates and sorts.

use alloc::collections::BTreeMap;
use core::cmp::Ordering;

use super::{Record, Value};

/// Compares two values of a predicate: numbers by value (an `i` with an `n` too), strings in code-point order,
/// timestamps in time, booleans false first. `None` for null and for kinds that do not compare.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Int(_) | Value::Num(_), Value::Int(_) | Value::Num(_)) => Some(a.as_decimal()?.cmp(&b.as_decimal()?)),
        _ => None,
    }
}

/// Equality in predicates, `in`, `contains` and keys of joins: as [`compare`], and lists and objects member by
/// member (the order of an object's members does not matter). Null equals nothing here.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Value::Record(a), Value::Record(b)) => same_members(a, b),
        _ => compare(a, b) == Some(Ordering::Equal),
    }
}

/// Member by member, whatever their order.
fn same_members(a: &Record, b: &Record) -> bool {
    if a.cells().len() != b.cells().len() {
        return false;
    }
    if a.shape().names() == b.shape().names() {
        return a.cells().iter().zip(b.cells()).all(|(a, b)| same(a, b));
    }
    let by_name: BTreeMap<_, _> = b.members().collect();
    a.members().all(|(name, value)| by_name.get(name).is_some_and(|other| same(value, other)))
}

/// Equality inside lists and objects, where null equals null.
fn same(a: &Value, b: &Value) -> bool {
    (a.is_null() && b.is_null()) || equal(a, b)
}

/// The order of sorts, total: nulls last whatever the direction (so `descending` is an argument here), then as
/// [`compare`]; kinds that do not compare are ordered boolean, number, string, timestamp, list, object.
pub fn sort_order(a: &Value, b: &Value, descending: bool) -> Ordering {
    match (a.is_null(), b.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let order = compare(a, b).unwrap_or_else(|| kind_rank(a).cmp(&kind_rank(b)));
            if descending { order.reverse() } else { order }
        }
    }
}

/// Where a kind stands among the others, for total orders over values that do not compare: null, boolean, number,
/// string, timestamp, list, object.
pub fn kind_rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Num(_) => 2,
        Value::Str(_) => 3,
        Value::Time(_) => 4,
        Value::List(_) => 5,
        Value::Record(_) => 6,
    }
}
