//! Arbitrary values.

use std::{string::String, sync::Arc};

use proptest::{collection, prelude::*};
use rust_decimal::Decimal;

use crate::value::{Timestamp, Value};

/// Values of every kind, nested up to the bound of the language, the ends of each range more often than chance has
/// them.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), -3..4_i64].prop_map(Value::Int),
        any_decimal().prop_map(Value::Num),
        any::<String>().prop_map(Value::from),
        any_timestamp().prop_map(Value::Time),
    ];
    let tree = scalar.prop_recursive(6, 48, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            collection::vec((any_name(), inner), 0..4).prop_map(Value::object),
        ]
    });
    // A tower puts some of them at the deepest level that is allowed.
    (tree, 0..26_usize).prop_map(|(value, height)| (0..height).fold(value, |value, _| Value::list(std::vec![value])))
}

fn any_name() -> impl Strategy<Value = Arc<str>> {
    "[a-c]{0,2}".prop_map(Arc::from)
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let wide = (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0..29_u32)
        .prop_map(|(low, middle, high, negative, scale)| Decimal::from_parts(low, middle, high, negative, scale));
    let small = (-12..13_i64, 0..3_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale));
    prop_oneof![wide, small]
}

fn any_timestamp() -> impl Strategy<Value = Timestamp> {
    let bounds = [-377_705_023_201_000_000_i64, 0, 253_402_207_200_000_000];
    prop_oneof![bounds[0]..=bounds[2], proptest::sample::select(bounds.to_vec())]
        .prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}
