//! Predicates and sorts.

use core::cmp::Ordering;

use proptest::prelude::*;

use super::{any_value, num};
use crate::value::{Timestamp, Value, compare, equal, sort_order};

#[test]
fn numbers_compare_by_value_whatever_their_kind() {
    assert_eq!(compare(&Value::Int(1), &num("1.00")), Some(Ordering::Equal));
    assert_eq!(compare(&num("1.0"), &num("1.00")), Some(Ordering::Equal));
    assert_eq!(compare(&Value::Int(2), &num("1.9")), Some(Ordering::Greater));
    let beyond = num("9223372036854775808");
    assert_eq!(compare(&Value::Int(i64::MAX), &beyond), Some(Ordering::Less));
    let tiny = num("0.0000000000000000000000000001");
    assert_eq!(compare(&Value::Int(0), &tiny), Some(Ordering::Less));
    assert_eq!(
        compare(&num("79228162514264337593543950335"), &num("7.9228162514264337593543950335")),
        Some(Ordering::Greater)
    );
}

#[test]
fn strings_compare_by_code_point() {
    // In UTF-16 order it would be the other way round.
    assert_eq!(compare(&"\u{ffff}".into(), &"\u{10000}".into()), Some(Ordering::Less));
    assert_eq!(compare(&"Z".into(), &"a".into()), Some(Ordering::Less));
}

#[test]
fn what_does_not_compare_gives_none() {
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Int(1),
        "1".into(),
        Value::Time(Timestamp::from_micros(1).unwrap()),
        Value::list(std::vec![]),
        Value::object([("a", Value::Null)]),
    ];
    for (i, a) in values.iter().enumerate() {
        for b in values.iter().skip(i + 1) {
            assert_eq!(compare(a, b), None);
            assert!(!equal(a, b));
        }
    }
    assert_eq!(compare(&Value::Null, &Value::Null), None);
    assert!(!equal(&Value::Null, &Value::Null));
}

#[test]
fn lists_and_objects_are_equal_member_by_member() {
    let list = |items: &[Value]| Value::list(items.to_vec());
    assert!(equal(&list(&[Value::Int(1), Value::Null]), &list(&[num("1.0"), Value::Null])));
    assert!(!equal(&list(&[Value::Int(1)]), &list(&[Value::Int(1), Value::Null])));
    let ab = Value::object([("a", Value::Int(1)), ("b", Value::Null)]);
    let ba = Value::object([("b", Value::Null), ("a", Value::Int(1))]);
    assert!(equal(&ab, &ba));
    assert!(ab != ba, "structural equality keeps the order");
    assert!(!equal(&ab, &Value::object([("a", Value::Int(1)), ("c", Value::Null)])));
}

#[test]
fn nulls_sort_last_both_ways() {
    for descending in [false, true] {
        assert_eq!(sort_order(&Value::Null, &Value::Int(1), descending), Ordering::Greater);
        assert_eq!(sort_order(&Value::Int(1), &Value::Null, descending), Ordering::Less);
        assert_eq!(sort_order(&Value::Null, &Value::Null, descending), Ordering::Equal);
    }
    assert_eq!(sort_order(&Value::Int(1), &Value::Int(2), true), Ordering::Greater);
    assert_eq!(sort_order(&Value::Int(1), &"a".into(), false), Ordering::Less);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn comparison_is_antisymmetric_and_agrees_with_equality(a in any_value(), b in any_value()) {
        prop_assert_eq!(compare(&a, &b), compare(&b, &a).map(Ordering::reverse));
        prop_assert_eq!(equal(&a, &b), equal(&b, &a));
        if let Some(order) = compare(&a, &b) {
            prop_assert_eq!(equal(&a, &b), order == Ordering::Equal);
        }
        prop_assert_eq!(equal(&a, &a), !a.is_null());
    }

    #[test]
    fn the_order_of_sorts_is_total(a in any_value(), b in any_value(), c in any_value(), descending: bool) {
        let order = |a, b| sort_order(a, b, descending);
        prop_assert_eq!(order(&a, &a), Ordering::Equal);
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
        if order(&a, &b) != Ordering::Greater && order(&b, &c) != Ordering::Greater {
            prop_assert_ne!(order(&a, &c), Ordering::Greater);
        }
        if order(&a, &b) == Ordering::Equal {
            prop_assert_eq!(order(&a, &c), order(&b, &c));
        }
    }
}
