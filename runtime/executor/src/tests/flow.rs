//! Nodes: effects and handlers, loops, branches.

use alcove_plan::{
    codec::Outcome,
    expr::{Compare, ExprId, Op, Slot},
    failure::Code,
    types::{Kind, Type},
    value::Value,
};

use super::{
    builder::{Builder, Effect, Tree, ints},
    scripted::{Scripted, failed, fails},
};
use crate::RunEnd;

fn effect(args: Vec<ExprId>) -> Tree {
    Tree::Effect(Effect { args, deferrable: true, ..Effect::default() })
}

fn impossible(builder: &mut Builder) -> ExprId {
    let text = builder.lit("x");
    builder.expr([text, Op::Cast(Type::One(Kind::Int))])
}

/// An effect with a handler of one effect, then another effect that reads the outputs of the first.
fn handled(builder: &mut Builder, args: Vec<ExprId>) -> Vec<Tree> {
    let output = builder.slot();
    let (handler, read) = (builder.constant("handler"), builder.read(output));
    let on_failure = Some(vec![effect(vec![handler])]);
    vec![Tree::Effect(Effect { args, output: Some(output), on_failure, ..Effect::default() }), effect(vec![read])]
}

#[test]
fn outputs_are_read_by_what_follows() {
    let mut builder = Builder::new();
    let output = builder.slot();
    let read = builder.expr([Op::Slot(output), Op::Cell(0)]);
    builder.root(vec![Tree::Effect(Effect { output: Some(output), ..Effect::default() }), effect(vec![read])]);
    let mut host = Scripted::new(&builder);
    host.run(&builder, Value::Null).unwrap();
    assert_eq!(host.calls(), ["0[]()", "1[](done)"]);
}

#[test]
fn when_leaves_a_node_out() {
    let mut builder = Builder::new();
    let conditions = [Value::Bool(true), Value::Bool(false), Value::Null];
    let nodes = conditions.map(|condition| {
        let when = Some(builder.constant(condition));
        Tree::Effect(Effect { when, ..Effect::default() })
    });
    builder.root(nodes.into());
    let mut host = Scripted::new(&builder);
    host.run(&builder, Value::Null).unwrap();
    assert_eq!(host.calls(), ["0[]()"]);
}

#[test]
fn branches_take_one_side_and_null_is_the_other() {
    for (condition, call) in [(Value::Bool(true), "0[](1)"), (Value::Bool(false), "1[](2)"), (Value::Null, "1[](2)")] {
        let mut builder = Builder::new();
        let condition = builder.constant(condition);
        let (one, two) = (builder.constant(1), builder.constant(2));
        let (then, otherwise) = (vec![effect(vec![one])], vec![effect(vec![two])]);
        builder.root(vec![Tree::Branch { condition, then, otherwise }]);
        let mut host = Scripted::new(&builder);
        host.run(&builder, Value::Null).unwrap();
        assert_eq!(host.calls(), [call]);
    }
}

#[test]
fn a_handler_makes_good_for_a_call_that_failed() {
    for code in [Code::Action, Code::Quota, Code::Connector, Code::External] {
        let mut builder = Builder::new();
        let nodes = handled(&mut builder, vec![]);
        builder.root(nodes);
        let mut host = Scripted::new(&builder);
        host.answer = fails(code, |call| call.action == 0);
        host.run(&builder, Value::Null).unwrap();
        let calls: Vec<_> = host.performed.iter().map(|call| call.values[0].clone()).collect();
        assert_eq!(calls, [Value::str("handler"), Value::Null], "{code:?}");
        assert!(host.messages()[0].starts_with("the action failed and `on_failure` took care of it: E0"));
    }
}

#[test]
fn a_handler_makes_good_for_arguments_that_cannot_be_evaluated() {
    let mut builder = Builder::new();
    let args = vec![impossible(&mut builder)];
    let nodes = handled(&mut builder, args);
    builder.root(nodes);
    let mut host = Scripted::new(&builder);
    host.run(&builder, Value::Null).unwrap();
    assert_eq!(host.performed.len(), 2);
}

#[test]
fn no_handler_runs_after_a_failure_that_stops_the_run() {
    let mut builder = Builder::new();
    let nodes = handled(&mut builder, vec![]);
    builder.root(nodes);
    let mut host = Scripted::new(&builder);
    host.answer = fails(Code::UnknownOutcome, |_| true);
    let error = host.run(&builder, Value::Null).unwrap_err();
    assert_eq!((error.failure.code, error.place, host.batches), (Code::UnknownOutcome, 1000, 1));
}

#[test]
fn a_handler_that_fails_says_what_it_was_there_for() {
    let mut builder = Builder::new();
    let nodes = handled(&mut builder, vec![]);
    builder.root(nodes);
    let mut host = Scripted::new(&builder);
    host.answer = Box::new(|call| failed(if call.action == 0 { Code::External } else { Code::Action }));
    let error = host.run(&builder, Value::Null).unwrap_err();
    assert_eq!(error.failure.code, Code::Action);
    assert_eq!(error.failure.message, "it failed (while handling E007: it failed)");
    assert_eq!(error.place, 1002, "the place is the handler's action");
}

#[test]
fn a_suspended_approval_ends_the_run_at_once() {
    let mut builder = Builder::new();
    builder.root((0..3).map(|n| Tree::Effect(Effect { deferrable: n != 1, ..Effect::default() })).collect());
    let mut host = Scripted::new(&builder);
    host.answer = Box::new(|call| match call.action {
        1 => Outcome::Suspended,
        _ => Outcome::Performed(vec![Value::Null]),
    });
    assert_eq!(host.run(&builder, Value::Null).unwrap(), RunEnd::Waiting);
    assert_eq!(host.calls(), ["0[]()"]);
}

#[test]
fn loops_give_item_index_and_count_and_nest() {
    let mut builder = Builder::new();
    let outer = builder.constant(ints([10, 20]));
    let inner_items = builder.constant(ints([1, 2]));
    let mut inner = builder.each(inner_items, false, |_, _| vec![]);
    let (item, index, count) = (builder.read(inner.item), builder.read(inner.index), builder.read(inner.count));
    let each = builder.each(outer, false, |builder, outer_item| {
        let args = vec![builder.read(outer_item), item, index, count];
        inner.body = vec![effect(args)];
        vec![Tree::Loop(inner)]
    });
    builder.root(vec![Tree::Loop(each)]);
    let mut host = Scripted::new(&builder);
    host.run(&builder, Value::Null).unwrap();
    assert_eq!(host.calls(), ["0[0, 0](10,1,0,2)", "0[0, 1](10,2,1,2)", "0[1, 0](20,1,0,2)", "0[1, 1](20,2,1,2)"]);
}

#[test]
fn locals_are_null_again_for_each_item() {
    let mut builder = Builder::new();
    let list = builder.constant(ints([0, 1]));
    let each = builder.each(list, false, |builder, item| {
        let output = builder.slot();
        let zero = builder.lit(0);
        let first = builder.expr([Op::Slot(item), zero, Op::Compare(Compare::Eq)]);
        let read = builder.expr([Op::Slot(output), Op::Exists]);
        vec![
            Tree::Branch {
                condition: first,
                then: vec![Tree::Effect(Effect { output: Some(output), ..Effect::default() })],
                otherwise: vec![],
            },
            effect(vec![read]),
        ]
    });
    builder.root(vec![Tree::Loop(each)]);
    let mut host = Scripted::new(&builder);
    host.run(&builder, Value::Null).unwrap();
    let last: Vec<_> = host.performed.iter().filter_map(|call| call.values.first()).collect();
    assert_eq!(last, [&Value::Bool(true), &Value::Bool(false)]);
}

#[test]
fn items_that_are_null_are_none_and_items_that_are_no_list_fail() {
    for (items, failed) in [(Value::Null, false), (Value::Int(1), true)] {
        let mut builder = Builder::new();
        let list = builder.constant(items);
        let each = builder.each(list, true, |_, _| vec![effect(vec![])]);
        builder.root(vec![Tree::Loop(each)]);
        let mut host = Scripted::new(&builder);
        let end = host.run(&builder, Value::Null);
        assert!(host.performed.is_empty());
        match end {
            Ok(_) => assert!(!failed),
            Err(error) => {
                assert_eq!(error.failure.message, "`items`: expected list, found integer");
                assert_eq!((error.failure.code, error.place, failed), (Code::Action, 1000, true));
            }
        }
    }
}

/// A loop over 0..3 whose second item fails in the way that `body` makes it fail.
fn failing(continues: bool, body: impl FnOnce(&mut Builder, Slot) -> Vec<Tree>) -> Builder {
    let mut builder = Builder::new();
    let list = builder.constant(ints(0..3));
    let each = builder.each(list, continues, body);
    builder.root(vec![Tree::Loop(each)]);
    builder
}

#[test]
fn an_item_that_fails_stops_the_loop_or_is_left_behind() {
    for (continues, calls) in
        [(true, vec!["0[0](0)", "1[0](0)", "0[2](2)", "1[2](2)"]), (false, vec!["0[0](0)", "1[0](0)"])]
    {
        let builder = failing(continues, |builder, item| {
            let args = builder.read(item);
            vec![effect(vec![args]), effect(vec![args])]
        });
        let mut host = Scripted::new(&builder);
        host.answer = fails(Code::Action, |call| call.action == 0 && call.indices == [1]);
        let end = host.run(&builder, Value::Null);
        assert_eq!(host.calls(), calls);
        assert_eq!(end.is_ok(), continues);
        assert_eq!(host.log.len(), usize::from(continues));
    }
}

#[test]
fn a_failure_that_stops_the_run_is_not_left_behind() {
    for code in [Code::Limit, Code::Cancelled, Code::UnknownOutcome] {
        let builder = failing(true, |builder, item| {
            let args = builder.read(item);
            vec![effect(vec![args])]
        });
        let mut host = Scripted::new(&builder);
        host.answer = fails(code, |call| call.indices == [1]);
        assert_eq!(host.run(&builder, Value::Null).unwrap_err().failure.code, code);
        assert_eq!(host.calls(), ["0[0](0)"]);
    }
}

#[test]
fn an_outer_item_fails_with_its_inner_loop_unless_that_continues() {
    let stops: &[&[u32]] = &[&[0, 0], &[1, 0], &[1, 1], &[1]];
    let continues: &[&[u32]] = &[&[0, 0], &[0], &[1, 0], &[1, 1], &[1]];
    for (inner_continues, calls) in [(false, stops), (true, continues)] {
        let mut builder = Builder::new();
        let (outer, items) = (builder.constant(ints(0..2)), builder.constant(ints(0..2)));
        let each = builder.each(outer, true, |builder, _| {
            let inner = builder.each(items, inner_continues, |_, _| vec![effect(vec![])]);
            vec![Tree::Loop(inner), effect(vec![])]
        });
        builder.root(vec![Tree::Loop(each)]);
        let mut host = Scripted::new(&builder);
        host.answer = fails(Code::Action, |call| call.indices == [0, 1]);
        host.run(&builder, Value::Null).unwrap();
        let indices: Vec<_> = host.performed.iter().map(|call| call.indices.as_slice()).collect();
        assert_eq!(indices, calls, "{inner_continues}");
    }
}
