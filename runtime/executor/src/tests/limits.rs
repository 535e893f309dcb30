//! Every limit at its value and one past it.

use alcove_plan::{
    expr::{Op, Slot},
    failure::Failure,
    limits::{LOOP_ITEMS_MAX, STEP_BYTES_MAX, STRING_BYTES_MAX, TRANSFORM_ROWS_MAX},
    program::{Metric, MetricOp, Source, Transform},
    value::Value,
};

use super::{
    builder::{Builder, Effect, Tree, ints},
    scripted::Scripted,
};

fn hit(failure: &Failure) -> (&str, u64) {
    let limit = failure.limit.as_ref().unwrap();
    (&limit.name, limit.value)
}

fn numbers(count: usize) -> Vec<Vec<Value>> {
    (0..count).map(|n| vec![Value::Int(i64::try_from(n).unwrap())]).collect()
}

/// Runs a step over a query.
fn step(rows: Vec<Vec<Value>>, transforms: impl FnOnce(&mut Builder, Slot) -> Vec<Transform>) -> Result<(), Failure> {
    let mut builder = Builder::new();
    let row = builder.slot();
    let transforms = transforms(&mut builder, row);
    let query = builder.query(vec![], &["n"]);
    builder.step(Source::Query(query), transforms);
    let mut host = Scripted::new(&builder).with_rows(query, rows);
    host.run(&builder, Value::Null).map(drop).map_err(|error| error.failure)
}

#[test]
fn items_of_a_loop() {
    let most = i64::from(LOOP_ITEMS_MAX);
    for (items, items_max, done) in [
        (most, None, Some(5000)),
        (most + 1, None, None),
        (most + 1, Some(LOOP_ITEMS_MAX), Some(5000)),
        (most + 1, Some(LOOP_ITEMS_MAX + 1), None),
        (3, Some(2), Some(2)),
        (2, Some(2), Some(2)),
    ] {
        let mut builder = Builder::new();
        let list = builder.constant(ints(0..items));
        let mut each =
            builder.each(list, true, |_, _| vec![Tree::Effect(Effect { deferrable: true, ..Effect::default() })]);
        each.items_max = items_max;
        builder.root(vec![Tree::Loop(each)]);
        let mut host = Scripted::new(&builder);
        match host.run(&builder, Value::Null) {
            Ok(_) => assert_eq!(Some(host.performed.len()), done),
            Err(error) => {
                assert_eq!((hit(&error.failure), done), (("items", 5000), None));
                assert_eq!(host.performed.len(), 0);
            }
        }
        let cut = items_max.is_some_and(|max| items > i64::from(max));
        assert_eq!(host.log.len(), usize::from(cut));
    }
}

#[test]
fn rows_of_a_step() {
    assert!(step(numbers(TRANSFORM_ROWS_MAX), |_, _| vec![]).is_ok());
    let failure = step(numbers(TRANSFORM_ROWS_MAX + 1), |_, _| vec![]).unwrap_err();
    assert_eq!(hit(&failure), ("transform_rows", 5000));
}

#[test]
fn rows_into_a_sort() {
    let sort = |_: &mut Builder, row| vec![Transform::Sort { row, keys: vec![] }];
    assert!(step(numbers(TRANSFORM_ROWS_MAX), sort).is_ok());
    assert_eq!(hit(&step(numbers(TRANSFORM_ROWS_MAX + 1), sort).unwrap_err()), ("transform_rows", 5000));
}

#[test]
fn aggregates_read_as_many_rows_as_there_are_but_hold_few_groups() {
    let aggregate = |by: bool| {
        move |builder: &mut Builder, row: Slot| {
            let keys = if by { vec![builder.expr([Op::Slot(row), Op::Cell(0)])] } else { vec![] };
            let shape = builder.shape(&["a", "b"]);
            let metrics = vec![Metric { op: MetricOp::Count, value: None }];
            vec![Transform::Aggregate { row, keys, metrics, shape }]
        }
    };
    assert!(step(numbers(3 * TRANSFORM_ROWS_MAX), aggregate(false)).is_ok());
    assert!(step(numbers(TRANSFORM_ROWS_MAX), aggregate(true)).is_ok());
    assert_eq!(hit(&step(numbers(TRANSFORM_ROWS_MAX + 1), aggregate(true)).unwrap_err()), ("transform_rows", 5000));
}

#[test]
fn groups() {
    let group = |builder: &mut Builder, row| {
        let keys = vec![builder.expr([Op::Slot(row), Op::Cell(0)])];
        vec![Transform::Group { row, keys, shape: builder.shape(&["n", "items", "count"]) }]
    };
    assert!(step(numbers(TRANSFORM_ROWS_MAX), group).is_ok());
    assert_eq!(hit(&step(numbers(TRANSFORM_ROWS_MAX + 1), group).unwrap_err()), ("transform_rows", 5000));
    let one_group = vec![vec![Value::Int(1)]; 2 * TRANSFORM_ROWS_MAX];
    assert!(step(one_group, group).is_ok());
}

#[test]
fn rows_out_of_a_join() {
    let join = |pairs: i64| {
        move |builder: &mut Builder, row| {
            let other = builder.slot();
            let one = builder.constant(1);
            vec![Transform::Join {
                row,
                left: vec![one],
                with: builder.constant(ints(0..pairs)),
                other,
                right: vec![one],
                keep_unmatched: false,
                name: builder.name("m"),
            }]
        }
    };
    assert!(step(numbers(50), join(100)).is_ok());
    assert_eq!(hit(&step(numbers(51), join(100)).unwrap_err()), ("transform_rows", 5000));
}

#[test]
fn bytes_of_a_step() {
    let text = Value::from("x".repeat(STRING_BYTES_MAX));
    let rows = |count: usize| vec![vec![text.clone()]; count];
    // A row is its text, and some bytes that say so.
    let fit = STEP_BYTES_MAX / (STRING_BYTES_MAX + 16);
    assert!(step(rows(fit), |_, _| vec![]).is_ok());
    assert_eq!(hit(&step(rows(fit + 2), |_, _| vec![]).unwrap_err()), ("step_bytes", STEP_BYTES_MAX as u64));
}
