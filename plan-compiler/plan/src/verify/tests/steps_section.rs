//! One case for each check of tables, trigger filter, delays, entities, steps, widgets and results.

use std::{vec, vec::Vec};

use super::{Case, assert_refusals};
use crate::{
    codec::Literal,
    expr::{ExprId, Op, Slot},
    program::{Program, Source, Transform, input_slot},
    query::Limit,
    trigger::Trigger,
    value::Value,
};

fn nested(depth: usize) -> Value {
    (1..depth).fold(Value::list(vec![]), |value, _| Value::list(vec![value]))
}

#[test]
fn tables() {
    assert_refusals(&[
        (|_, program| program.slots = 6, "program: 6 slots where there must be 7"),
        (|_, program| program.slots = 8_193, "program: 8193 slots; at most 8192 are allowed"),
        (|_, program| program.slots = 8_192, "accepted"),
        (|_, program| program.shapes[1][1] = "id".into(), "shape 1: name `id` occurs twice"),
        (|_, program| program.shapes[4] = vec!["a".into(); 1_025], "shape 4: 1025 names; at most 1024 are allowed"),
        (|_, program| program.literals[1] = Literal(nested(32)), "accepted"),
        (|_, program| program.literals[1] = Literal(nested(33)), "literal 1: a value is nested more than 32 deep"),
        (
            |_, program| program.names[0] = "x".repeat(65_537),
            "name 0: 65537 bytes in a text; at most 65536 are allowed",
        ),
        (
            |_, program| program.regexes[0] = "x".repeat(65_537),
            "regex 0: 65537 bytes in a text; at most 65536 are allowed",
        ),
        (|_, program| program.regexes.resize(257, "a".into()), "program: 257 regexes; at most 256 are allowed"),
        (|_, program| program.shapes.resize(65_537, vec![]), "program: 65537 shapes; at most 65536 are allowed"),
        (
            |_, program| program.literals.resize(65_537, Literal(Value::Null)),
            "program: 65537 literals; at most 65536 are allowed",
        ),
        (|_, program| program.names.resize(65_537, "a".into()), "program: 65537 names; at most 65536 are allowed"),
        (|_, program| program.ops.resize(131_073, Op::Not), "program: 131073 ops; at most 131072 are allowed"),
        (
            |_, program| program.exprs.resize(65_537, program.exprs[0]),
            "program: 65537 expressions; at most 65536 are allowed",
        ),
        (|_, program| program.entities.resize(33, program.entities[0]), "program: 33 entities; at most 32 are allowed"),
        (|_, program| program.steps.resize(11, program.steps[1].clone()), "program: 11 steps; at most 10 are allowed"),
        (
            |_, program| program.widgets.resize(101, program.widgets[0].clone()),
            "program: 101 widgets; at most 100 are allowed",
        ),
        (
            |_, program| program.results.resize(21, program.results[0].clone()),
            "program: 21 results; at most 20 are allowed",
        ),
        (
            |_, program| program.nodes.resize(257, program.nodes[5].clone()),
            "program: 257 nodes; at most 256 are allowed",
        ),
        (|_, program| program.blocks.resize(514, program.blocks[5]), "program: 514 blocks; at most 513 are allowed"),
        (|_, program| program.event_shape = Some(5), "program: there is no shape 5: only 5"),
    ]);
}

#[test]
fn queries_and_what_uses_them() {
    assert_refusals(&[
        (|_, program| program.queries[1].args.truncate(1), "query 1: 1 arguments where there must be 2"),
        (|_, program| program.queries[1].args[0] = ExprId(3), "query 1: there is no expression 3: only 3"),
        (|_, program| program.queries[1].shape = 0, "query 1: 1 names in the shape where there must be 2"),
        (|_, program| program.queries[1].shape = 5, "query 1: there is no shape 5: only 5"),
        (|_, program| program.entities[0].query = 2, "entity 0: there is no query 2: only 2"),
        (|plan, _| plan.queries[0].limit = Limit::Rows(2), "entity 0: the query of an entity must have the limit 1"),
        (|_, program| program.entities[0].id = ExprId(3), "entity 0: there is no expression 3: only 3"),
        (
            |_, program| program.entities[0].slot = input_slot::EVENT,
            "entity 0: writes to slot 4, which belongs to the input",
        ),
        (|_, program| program.entities[0].place = 9, "entity 0: there is no place 9: only 9"),
        (|_, program| program.steps[1].source = Source::Query(1), "step 1: query 1 is used twice"),
        (|_, program| program.steps[0].source = Source::Query(0), "step 0: query 0 is used twice"),
        (|_, program| program.steps[0].source = Source::List(ExprId(3)), "step 0: there is no expression 3: only 3"),
        (|_, program| program.steps[1].id = "top".into(), "step 1: step `top` occurs twice"),
        (|_, program| program.steps[1].id.clear(), "step 1: no id"),
        (|_, program| program.steps[1].place = 9, "step 1: there is no place 9: only 9"),
        (|_, program| program.steps[1].slot = Slot(20), "step 1: there is no slot 20: only 20"),
        (|_, program| program.steps[1].slot = Slot(6), "step 1: writes to slot 6, which belongs to the input"),
    ]);
}

#[test]
fn trigger_filter_and_delays() {
    assert_refusals(&[
        (|_, program| program.filter = Some(ExprId(3)), "trigger filter: there is no expression 3: only 3"),
        (
            |_, program| program.filter = Some(ExprId(2)),
            "trigger filter: reads slot 8; a trigger filter reads the event only",
        ),
        (|plan, _| plan.trigger = Trigger::Manual, "trigger filter: a manual trigger has no event to filter"),
        (
            |plan, _| plan.trigger = Trigger::Scheduled { cron: "* * * * *".into(), timezone: "UTC".into() },
            "trigger filter: a scheduled trigger has no event to filter",
        ),
        (|plan, _| plan.trigger = Trigger::Event { event: "a".into() }, "program: 1 delays where there must be 0"),
        (|_, program| program.delays.clear(), "program: 0 delays where there must be 1"),
        (|_, program| program.delays[0].id = "day2".into(), "delay 0: the trigger has no delay `day2` here"),
        (|_, program| program.delays[0].when = Some(ExprId(3)), "delay 0: there is no expression 3: only 3"),
    ]);
}

/// Every transform with one wrong part.
#[test]
fn transforms() {
    fn at(program: &mut Program, i: usize) -> &mut Transform {
        &mut program.steps[0].transforms[i]
    }
    let key = ExprId(0);
    let cases: Vec<(usize, Transform, &str)> = vec![
        (0, Transform::Filter { row: Slot(20), predicate: key }, "there is no slot 20: only 20"),
        (0, Transform::Filter { row: Slot(9), predicate: ExprId(3) }, "there is no expression 3: only 3"),
        (
            2,
            Transform::Limit { offset: 1_000_001, count: 0, marks_truncated: false },
            "`offset` is 1000001; it must be from 0 to 1000000",
        ),
        (
            2,
            Transform::Limit { offset: 0, count: 5_001, marks_truncated: false },
            "`count` is 5001; it must be from 0 to 5000",
        ),
        (3, Transform::Group { row: Slot(9), keys: vec![key], shape: 1 }, "2 names in the shape where there must be 3"),
        (3, Transform::Group { row: Slot(9), keys: vec![key; 65], shape: 1 }, "65 keys; at most 64 are allowed"),
        (
            4,
            Transform::Aggregate { row: Slot(9), keys: vec![key], metrics: vec![], shape: 1 },
            "2 names in the shape where there must be 1",
        ),
        (
            6,
            Transform::Map { row: Slot(9), index: Slot(1), count: Slot(9), values: vec![key; 2], shape: 1, keep: true },
            "writes to slot 1, which belongs to the input",
        ),
        (
            6,
            Transform::Map { row: Slot(9), index: Slot(9), count: Slot(9), values: vec![key], shape: 1, keep: true },
            "2 names in the shape where there must be 1",
        ),
    ];
    for (i, transform, expected) in cases {
        let answer = super::refusal(|_, program| *at(program, i) = transform);
        assert_eq!(answer, std::format!("step 0, transform {i}: {expected}"));
    }
}

#[test]
fn parts_of_transforms() {
    let cases: [Case; 6] = [
        (
            |_, program| {
                let Transform::Sort { keys, .. } = &mut program.steps[0].transforms[1] else { panic!() };
                keys[0].key = ExprId(3);
            },
            "step 0, transform 1: there is no expression 3: only 3",
        ),
        (
            |_, program| {
                let Transform::Aggregate { metrics, .. } = &mut program.steps[0].transforms[4] else { panic!() };
                metrics[1].value = None;
            },
            "step 0, transform 4: a metric other than `count` needs a value",
        ),
        (
            |_, program| {
                let Transform::Join { right, .. } = &mut program.steps[0].transforms[5] else { panic!() };
                right.clear();
            },
            "step 0, transform 5: 0 right keys where there must be 1",
        ),
        (
            |_, program| {
                let Transform::Join { name, .. } = &mut program.steps[0].transforms[5] else { panic!() };
                *name = 1;
            },
            "step 0, transform 5: there is no name 1: only 1",
        ),
        (
            |_, program| {
                let Transform::Join { with, .. } = &mut program.steps[0].transforms[5] else { panic!() };
                *with = ExprId(3);
            },
            "step 0, transform 5: there is no expression 3: only 3",
        ),
        (
            |_, program| {
                let limit = program.steps[0].transforms[2].clone();
                program.steps[0].transforms.resize(101, limit);
            },
            "step 0: 101 transforms; at most 100 are allowed",
        ),
    ];
    assert_refusals(&cases);
}

#[test]
fn widgets_and_results() {
    assert_refusals(&[
        (|_, program| program.widgets[0].id.clear(), "widget 0: no id"),
        (|_, program| program.widgets.push(program.widgets[0].clone()), "widget 1: widget `w` occurs twice"),
        (|_, program| program.widgets[0].data = ExprId(3), "widget 0: there is no expression 3: only 3"),
        (|_, program| program.results[0].id.clear(), "result 0: no id"),
        (|_, program| program.results.push(program.results[0].clone()), "result 1: result `mail` occurs twice"),
        (|_, program| program.results[0].slot = Slot(20), "result 0: there is no slot 20: only 20"),
    ]);
}
