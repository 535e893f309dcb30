//! What comes before the root block and after it.

use alcove_plan::{
    codec::{DelayIndex, decode_value},
    expr::{Compare, ExprId, Op},
    failure::Code,
    program::{ActionResult, DelayGate, Entity, Source, Widget, input_slot},
    value::{Value, to_json},
};

use super::{
    builder::{Builder, Effect, Tree, input, ints},
    scripted::Scripted,
};
use crate::{RunEnd, RunError, matches, run};

fn event(amount: i64) -> Value {
    Value::object([("user_id", Value::str("u1")), ("amount", Value::Int(amount)), ("other", Value::Bool(true))])
}

/// Whether the event's amount is over ten.
fn large(builder: &mut Builder) -> ExprId {
    let shape = builder.shape(&["amount", "user_id", "missing"]);
    builder.program.event_shape = Some(shape);
    let ten = builder.lit(10);
    builder.expr([Op::Slot(input_slot::EVENT), Op::Cell(0), ten, Op::Compare(Compare::Gt)])
}

fn report(end: Result<RunEnd, RunError>) -> String {
    let Ok(RunEnd::Succeeded(bytes)) = end else { panic!("{end:?}") };
    let mut text = String::new();
    to_json(&decode_value(&bytes).unwrap(), &mut text);
    text
}

#[test]
fn an_empty_program_succeeds() {
    let mut builder = Builder::new();
    builder.root(vec![]);
    let end = Scripted::new(&builder).run(&builder, Value::Null);
    assert_eq!(report(end), r#"{"steps":{},"actions":{},"widgets":{},"items_processed":0}"#);
}

#[test]
fn the_filter_skips_and_nothing_is_read() {
    let mut builder = Builder::new();
    builder.program.filter = Some(large(&mut builder));
    let query = builder.query(vec![], &["id"]);
    builder.step(Source::Query(query), vec![]);
    builder.root(vec![Tree::Effect(Effect::default())]);
    for (amount, pages, skipped) in [(10, 0, true), (11, 1, false)] {
        let mut host = Scripted::new(&builder);
        let end = host.run(&builder, event(amount)).unwrap();
        assert_eq!((host.pages, host.performed.len(), end == RunEnd::Skipped), (pages, pages, skipped));
        assert_eq!(matches(&builder.program, &input(event(amount))).unwrap(), !skipped);
    }
    assert!(matches(&Builder::new().program, &input(Value::Null)).unwrap());
}

#[test]
fn entities_are_fetched_or_null_with_a_warning() {
    let mut builder = Builder::new();
    large(&mut builder);
    let slots: Vec<_> = (0..3)
        .map(|n| {
            let id = builder.expr([Op::Slot(input_slot::EVENT), Op::Cell(if n == 2 { 2 } else { 1 })]);
            let query = builder.query(vec![id], &["name"]);
            let slot = builder.slot();
            builder.program.entities.push(Entity { query, id, slot, place: 7 });
            slot
        })
        .collect();
    let args = slots.into_iter().map(|slot| builder.expr([Op::Slot(slot), Op::Cell(0)])).collect();
    builder.root(vec![Tree::Effect(Effect { args, ..Effect::default() })]);
    let mut host = Scripted::new(&builder).with_rows(0, [vec![Value::str("Ada")]]);
    host.run(&builder, event(1)).unwrap();
    assert_eq!(host.performed[0].values, [Value::str("Ada"), Value::Null, Value::Null]);
    assert_eq!(host.pages, 2, "a null id asks for nothing");
    assert_eq!(
        host.messages(),
        [
            "there is no row with the id `u1`: everything read from it is null",
            "the event names no row here: everything read from it is null",
        ]
    );
    assert_eq!(host.log[0].1, 7);
}

#[test]
fn a_delay_is_asked_after_the_entities() {
    let mut builder = Builder::new();
    let id = builder.constant("u1");
    let query = builder.query(vec![id], &["xp"]);
    let slot = builder.slot();
    builder.program.entities.push(Entity { query, id, slot, place: 0 });
    let when = Some(builder.expr([Op::Slot(slot), Op::Cell(0)]));
    builder.program.delays = vec![DelayGate { id: "day1".into(), when: None }, DelayGate { id: "day2".into(), when }];
    let args = vec![builder.read(input_slot::DELAY_ID), builder.read(input_slot::DELAY_INDEX)];
    builder.root(vec![Tree::Effect(Effect { args, ..Effect::default() })]);
    for (delay, xp, calls) in [
        (None, false, &["0[]()"] as &[&str]),
        (Some(0), false, &["0[](day1,0)"]),
        (Some(1), false, &[]),
        (Some(1), true, &["0[](day2,1)"]),
    ] {
        let mut host = Scripted::new(&builder).with_rows(0, [vec![Value::Bool(xp)]]);
        let message = alcove_plan::codec::Input { delay: delay.map(DelayIndex), ..input(Value::Null) };
        let end = run(&builder.bytes(), &message.encode(), &mut host).unwrap();
        assert_eq!(host.calls(), calls);
        assert_eq!(end == RunEnd::Skipped, calls.is_empty());
    }
    let message = alcove_plan::codec::Input { delay: Some(DelayIndex(2)), ..input(Value::Null) };
    let error = run(&builder.bytes(), &message.encode(), &mut Scripted::new(&builder)).unwrap_err();
    assert_eq!(error.failure.code, Code::Internal);
}

#[test]
fn the_report_has_steps_actions_widgets_and_items() {
    let mut builder = Builder::new();
    let list = builder.constant(ints([1, 2]));
    let step = builder.step(Source::List(list), vec![]);
    let (done, skipped) = (builder.slot(), builder.slot());
    let no = builder.constant(false);
    for (id, slot) in [("done", done), ("skipped", skipped)] {
        builder.program.results.push(ActionResult { id: id.into(), slot });
    }
    let data = builder.expr([Op::Slot(step), Op::Cell(0)]);
    builder.program.widgets.push(Widget { id: "w".into(), data });
    let items = builder.expr([Op::Slot(step), Op::Cell(0)]);
    let each = builder.each(items, false, |_, _| vec![]);
    builder.root(vec![
        Tree::Effect(Effect { output: Some(done), ..Effect::default() }),
        Tree::Effect(Effect { output: Some(skipped), when: Some(no), ..Effect::default() }),
        Tree::Loop(each),
    ]);
    assert_eq!(
        report(Scripted::new(&builder).run(&builder, Value::Null)),
        r#"{"steps":{"s0":{"count":2,"truncated":false}},"actions":{"done":{"out":"done"},"skipped":null},"widgets":{"w":[1,2]},"items_processed":2}"#
    );
}

#[test]
fn bytes_that_are_no_program_or_no_input_are_defects() {
    let mut builder = Builder::new();
    builder.root(vec![]);
    let (program, message) = (builder.bytes(), input(Value::Null).encode());
    let mut host = Scripted::new(&builder);
    for end in 0..program.len() {
        assert_eq!(run(&program[..end], &message, &mut host).unwrap_err().failure.code, Code::Internal);
    }
    for end in 0..message.len() {
        assert_eq!(run(&program, &message[..end], &mut host).unwrap_err().failure.code, Code::Internal);
    }
}
