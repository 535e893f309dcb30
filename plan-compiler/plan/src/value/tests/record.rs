//! Shapes and records.

use std::{string::ToString, sync::Arc, vec, vec::Vec};

use crate::value::{Record, Shape, Value};

#[test]
fn a_repeated_name_keeps_its_first_place_and_its_last_value() {
    let value = Value::object([("a", Value::Int(1)), ("b", Value::Int(2)), ("a", Value::Int(3))]);
    assert_eq!(value, Value::object([("a", Value::Int(3)), ("b", Value::Int(2))]));
    assert_eq!(Shape::new(["a", "b", "a"]).names().len(), 2);
}

#[test]
fn a_shape_of_distinct_names_refuses_a_repeated_one() {
    let names = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect::<Vec<Arc<str>>>();
    assert!(Shape::from_distinct(names(&["b", "a", ""])).is_some());
    assert!(Shape::from_distinct(names(&["b", "a", "b"])).is_none());
    assert_eq!(Shape::from_distinct(names(&["b", "a"])).unwrap().position("a"), Some(1));
}

#[test]
fn a_record_has_a_cell_for_each_name() {
    let shape = Arc::new(Shape::new(["a", "b"]));
    assert_eq!(Record::new(shape.clone(), vec![Value::Int(1)]).get("b"), Some(&Value::Null));
    assert_eq!(Record::new(shape, vec![Value::Int(1); 3]).cells().len(), 2);
}

/// Takes minutes where each name is searched for among all before it.
#[test]
fn many_names_take_no_quadratic_time() {
    let members = |reverse: bool| {
        let mut members: Vec<_> = (0..200_000).map(|i| (i.to_string(), Value::Int(i))).collect();
        if reverse {
            members.reverse();
        }
        Value::object(members)
    };
    let (forward, backward) = (members(false), members(true));
    assert!(crate::value::equal(&forward, &backward));
    assert_eq!(crate::codec::decode_value(&crate::codec::encode_value(&forward)), Ok(forward));
}
