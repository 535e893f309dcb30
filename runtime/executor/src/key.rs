//! Keys of groups and joins: a total order in which two keys are the same exactly where predicates call them equal,
//! and null is the same as null.

use std::cmp::Ordering;

use alcove_plan::value::{Record, Value, compare, kind_rank};

/// The values of one key.
#[derive(Debug, Default)]
pub(crate) struct Key(pub(crate) Vec<Value>);

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        lists(&self.0, &other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

fn values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::List(a), Value::List(b)) => lists(a, b),
        (Value::Record(a), Value::Record(b)) => records(a, b),
        _ => compare(a, b).unwrap_or_else(|| kind_rank(a).cmp(&kind_rank(b))),
    }
}

fn lists(a: &[Value], b: &[Value]) -> Ordering {
    a.iter().zip(b).map(|(a, b)| values(a, b)).find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// The order of an object's members does not count.
fn records(a: &Record, b: &Record) -> Ordering {
    let sorted = |record: &'_ Record| {
        let mut members: Vec<_> = record.members().map(|(name, value)| (name.clone(), value.clone())).collect();
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
        members
    };
    let (a, b) = (sorted(a), sorted(b));
    a.iter()
        .zip(&b)
        .map(|((a_name, a), (b_name, b))| a_name.cmp(b_name).then_with(|| values(a, b)))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    use alcove_plan::value::equal;
    use rust_decimal::Decimal;

    use super::*;

    fn samples() -> Vec<Value> {
        let object =
            |members: &[(&'static str, i64)]| Value::object(members.iter().map(|(name, n)| (*name, Value::Int(*n))));
        vec![
            Value::Bool(false),
            Value::Int(1),
            Value::Num(Decimal::new(10, 1)),
            Value::Num(Decimal::new(15, 1)),
            Value::str(""),
            Value::str("a"),
            Value::list(vec![]),
            Value::list(vec![Value::Null]),
            Value::list(vec![Value::Int(1)]),
            object(&[("a", 1), ("b", 2)]),
            object(&[("b", 2), ("a", 1)]),
            object(&[("a", 1), ("b", 3)]),
        ]
    }

    #[test]
    fn keys_are_the_same_exactly_where_values_are_equal() {
        for a in samples() {
            for b in samples() {
                assert_eq!(values(&a, &b).is_eq(), equal(&a, &b), "{a:?} {b:?}");
                assert_eq!(values(&a, &b), values(&b, &a).reverse(), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn null_is_the_same_as_null() {
        assert_eq!(Key(vec![Value::Null]), Key(vec![Value::Null]));
        assert_ne!(Key(vec![Value::Null]), Key(vec![Value::Int(0)]));
    }
}
