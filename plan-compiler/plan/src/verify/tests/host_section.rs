//! One case for each check of the host's section, at the bound and one past it.

use std::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{assert_refusals, refusal, sample::names};
use crate::{
    action::ParamValue,
    codec::Literal,
    expr::Compare,
    query::{FilterNode, Limit, Operand, SortKey},
    trigger::{Delay, Trigger},
    types::{Kind, Type},
    value::Value,
};

#[test]
fn tables_and_places() {
    assert_refusals(&[
        (|plan, _| plan.name = "x".repeat(65_536), "accepted"),
        (|plan, _| plan.name = "x".repeat(65_537), "plan: 65537 bytes in a text; at most 65536 are allowed"),
        (|plan, _| plan.version = "x".repeat(65_537), "plan: 65537 bytes in a text; at most 65536 are allowed"),
        (|plan, _| plan.places.clear(), "place 0: the first place must be the root"),
        (|plan, _| plan.places[0] = "/a".into(), "place 0: the first place must be the root"),
        (|plan, _| plan.places[1] = "a".into(), "place 1: `a` is no JSON pointer"),
        (|plan, _| plan.places[1] = "/a~".into(), "place 1: `/a~` is no JSON pointer"),
        (|plan, _| plan.places[1] = "/a~2".into(), "place 1: `/a~2` is no JSON pointer"),
        (|plan, _| plan.places[1] = "/a~0~1".into(), "accepted"),
        (|plan, _| plan.places.resize(65_537, "/a".into()), "plan: 65537 places; at most 65536 are allowed"),
        (|plan, _| plan.places.resize(65_536, "/a".into()), "accepted"),
        (|plan, _| plan.queries.resize(33, plan.queries[0].clone()), "plan: 33 queries; at most 32 are allowed"),
        (|plan, _| plan.actions.resize(257, plan.actions[0].clone()), "plan: 257 actions; at most 256 are allowed"),
        (|_, program| program.queries.truncate(1), "program: 1 query calls where there must be 2"),
        (|_, program| program.actions.truncate(1), "program: 1 action calls where there must be 7"),
    ]);
}

#[test]
fn settings() {
    let timeout = "settings: `timeout_ms` is 300001; it must be from 1 to 300000";
    assert_refusals(&[
        (|plan, _| plan.settings.timeout_ms = 300_001, timeout),
        (|plan, _| plan.settings.timeout_ms = 0, "settings: `timeout_ms` is 0; it must be from 1 to 300000"),
        (
            |plan, _| plan.settings.concurrency_max = Some(0),
            "settings: `concurrency_max` is 0; it must be from 1 to 4294967295",
        ),
        (
            |plan, _| plan.settings.retry.as_mut().unwrap().attempts_max = 11,
            "settings: `attempts_max` is 11; it must be from 1 to 10",
        ),
        (
            |plan, _| plan.settings.retry.as_mut().unwrap().attempts_max = 0,
            "settings: `attempts_max` is 0; it must be from 1 to 10",
        ),
        (
            |plan, _| plan.settings.retry.as_mut().unwrap().initial_delay_ms = 604_800_001,
            "settings: `initial_delay_ms` is 604800001; it must be from 0 to 604800000",
        ),
        (
            |plan, _| plan.settings.retry.as_mut().unwrap().delay_max_ms = 604_800_001,
            "settings: `delay_max_ms` is 604800001; it must be from 0 to 604800000",
        ),
        (
            |plan, _| plan.settings.retry.as_mut().unwrap().factor_percent = 99,
            "settings: `factor_percent` is 99; it must be from 100 to 10000",
        ),
    ]);
}

#[test]
fn triggers() {
    let delayed =
        |delays: Vec<Delay>| refusal(move |plan, _| plan.trigger = Trigger::Delayed { event: "a".into(), delays });
    let delay = |id: &str, after_ms| Delay { id: id.into(), after_ms };
    assert_eq!(delayed(vec![]), "trigger: no delay");
    assert_eq!(delayed(vec![delay("", 0)]), "delay 0: no id");
    assert_eq!(delayed(vec![delay("a", 0), delay("a", 1)]), "delay 1: delay `a` occurs twice");
    assert_eq!(
        delayed(vec![delay("a", 316_224_000_001)]),
        "delay 0: `after_ms` is 316224000001; it must be from 0 to 316224000000"
    );
    assert_eq!(delayed(vec![delay("day1", 316_224_000_000)]), "accepted");
    let many = (0..101).map(|i| delay(&i.to_string(), 1)).collect();
    assert_eq!(delayed(many), "trigger: 101 delays; at most 100 are allowed");
    assert_refusals(&[
        (|plan, _| plan.trigger = Trigger::Event { event: String::new() }, "trigger: no event"),
        (
            |plan, _| plan.trigger = Trigger::Scheduled { cron: String::new(), timezone: "UTC".into() },
            "trigger: no cron expression",
        ),
        (
            |plan, _| plan.trigger = Trigger::Scheduled { cron: "* * * * *".into(), timezone: String::new() },
            "trigger: no time zone",
        ),
    ]);
}

#[test]
fn queries() {
    assert_refusals(&[
        (|plan, _| plan.queries[1].connector.clear(), "query 1: no connector"),
        (|plan, _| plan.queries[1].fields.clear(), "query 1: no column"),
        (|plan, _| plan.queries[1].fields[1] = "id".into(), "query 1: column `id` occurs twice"),
        (|plan, _| plan.queries[1].fields[1].clear(), "query 1: no name of a column"),
        (
            |plan, _| plan.queries[1].fields = (0..257).map(|i| i.to_string()).collect(),
            "query 1: 257 columns; at most 256 are allowed",
        ),
        (|plan, _| plan.queries[1].holes.clear(), "query 1, filter node 0: there is no hole 0: only 0"),
        (
            |plan, _| plan.queries[1].sort = vec![SortKey { field: "a".into(), descending: false }; 65],
            "query 1: 65 sort keys; at most 64 are allowed",
        ),
        (|plan, _| plan.queries[1].sort[0].field.clear(), "query 1: no field of a sort key"),
        (|plan, _| plan.queries[1].offset = 1_000_001, "query 1: `offset` is 1000001; it must be from 0 to 1000000"),
        (|plan, _| plan.queries[1].limit = Limit::Rows(5_000), "accepted"),
        (|plan, _| plan.queries[1].limit = Limit::Rows(5_001), "query 1: `limit` is 5001; it must be from 0 to 5000"),
        (
            |plan, _| plan.queries[1].limit = Limit::Default(5_001),
            "query 1: `limit` is 5001; it must be from 0 to 5000",
        ),
        (|plan, _| plan.queries[1].limit = Limit::All, "accepted"),
        (|plan, _| plan.queries[1].place = 9, "query 1: there is no place 9: only 9"),
    ]);
}

#[test]
fn filters() {
    assert_refusals(&[
        (|plan, _| plan.queries[1].filter.clear(), "accepted"),
        (|plan, _| plan.queries[1].filter.truncate(3), "query 1: the filter leaves 3 nodes instead of one"),
        (
            |plan, _| plan.queries[1].filter[6] = FilterNode::And(4),
            "query 1, filter node 6: takes more nodes than are there",
        ),
        (
            |plan, _| plan.queries[1].filter = vec![FilterNode::Not],
            "query 1, filter node 0: takes more nodes than are there",
        ),
        (|plan, _| plan.queries[1].filter = vec![FilterNode::Or(0)], "accepted"),
        (
            |plan, _| plan.queries[1].filter.resize(38, FilterNode::Not),
            "query 1, filter node 36: 33 filter nodes inside one another; at most 32 are allowed",
        ),
        (|plan, _| plan.queries[1].filter.resize(36, FilterNode::Not), "accepted"),
        (
            |plan, _| plan.queries[1].filter.resize(257, FilterNode::Not),
            "query 1: 257 filter nodes; at most 256 are allowed",
        ),
        (
            |plan, _| plan.queries[1].filter[4] = FilterNode::Exists { field: String::new() },
            "query 1, filter node 4: no field",
        ),
    ]);
}

#[test]
fn operands_of_filters() {
    let with = |op, operand: Operand| {
        refusal(move |plan, _| plan.queries[1].filter = vec![FilterNode::Test { field: "a".into(), op, operand }])
    };
    let literal = |value: Value| Operand::Literal(Literal(value));
    let list = |len: usize| literal(Value::list(vec![Value::Int(1); len]));
    let refused = |takes: &str, op: Compare| {
        std::format!("query 1, filter node 0: `{}` cannot take this operand: {takes}", op.name())
    };
    assert_eq!(with(Compare::In, list(1_000)), "accepted");
    assert_eq!(with(Compare::In, list(1_001)), refused("a list of at most 1,000 scalars", Compare::In));
    assert_eq!(with(Compare::NotIn, literal("a".into())), refused("a list", Compare::NotIn));
    assert_eq!(with(Compare::In, Operand::Hole(0)), refused("a list of scalars", Compare::In));
    assert_eq!(with(Compare::Eq, Operand::Hole(1)), refused("a scalar", Compare::Eq));
    assert_eq!(with(Compare::Eq, literal(Value::Null)), refused("a scalar", Compare::Eq));
    assert_eq!(with(Compare::Contains, list(1)), refused("a scalar", Compare::Contains));
    assert_eq!(with(Compare::EndsWith, literal(Value::Int(1))), refused("a string", Compare::EndsWith));
    let nested = literal(Value::list(vec![Value::list(vec![])]));
    assert_eq!(with(Compare::In, nested), refused("a list of at most 1,000 scalars", Compare::In));
    for (op, ty, takes) in [
        (Compare::StartsWith, Type::One(Kind::Int), "a string"),
        (Compare::Gt, Type::One(Kind::Object), "a scalar"),
        (Compare::In, Type::ListOf(Kind::List), "a list of scalars"),
    ] {
        let answer = refusal(|plan, _| {
            plan.queries[1].holes[0].ty = ty;
            plan.queries[1].filter = vec![FilterNode::Test { field: "a".into(), op, operand: Operand::Hole(0) }];
        });
        assert_eq!(answer, refused(takes, op));
    }
}

#[test]
fn actions() {
    assert_refusals(&[
        (|plan, _| plan.actions[1].name.clear(), "action 1: no type of the action"),
        (|plan, _| plan.actions[0].id = Some(String::new()), "action 0: no id"),
        (|plan, _| plan.actions[1].place = 9, "action 1: there is no place 9: only 9"),
        (|plan, _| plan.actions[1].place = 2, "action 1: another action has the place `/actions/0`"),
        (|plan, _| plan.places[3] = "/actions/0".into(), "action 1: another action has the place `/actions/0`"),
        (
            |plan, _| plan.actions[0].timeout_ms = Some(300_001),
            "action 0: `timeout_ms` is 300001; it must be from 1 to 300000",
        ),
        (
            |plan, _| plan.actions[0].retry.as_mut().unwrap().attempts_max = 11,
            "action 0: `attempts_max` is 11; it must be from 1 to 10",
        ),
        (
            |plan, _| plan.actions[0].outputs = vec![plan.actions[0].outputs[0].clone(); 2],
            "action 0: output `message_id` occurs twice",
        ),
        (|plan, _| plan.actions[0].outputs[0].name.clear(), "action 0: no name of an output"),
        (
            |plan, _| plan.actions[0].outputs = vec![plan.actions[0].outputs[0].clone(); 257],
            "action 0: 257 outputs; at most 256 are allowed",
        ),
        (|plan, _| plan.actions[0].loops = vec![1; 3], "action 0: 3 loops; at most 2 are allowed"),
    ]);
}

#[test]
fn parameters() {
    assert_refusals(&[
        (|plan, _| plan.actions[0].params[0].path.clear(), "action 0: no name of a parameter"),
        (|plan, _| plan.actions[0].params[0].path = vec!["a".into(); 32], "accepted"),
        (
            |plan, _| plan.actions[0].params[0].path = vec!["a".into(); 33],
            "action 0: 33 keys in the path of a parameter; at most 32 are allowed",
        ),
        (
            |plan, _| plan.actions[0].params = vec![plan.actions[0].params[0].clone(); 257],
            "action 0: 257 parameters; at most 256 are allowed",
        ),
        (
            |plan, _| plan.actions[0].params[1].path = names(&["to"]),
            "action 0: parameter `to` is given twice, or inside another",
        ),
        (
            |plan, _| plan.actions[0].params[1].path = names(&["to", "x"]),
            "action 0: parameter `to` is given twice, or inside another",
        ),
        (
            |plan, _| plan.actions[6].params[0].path = names(&["x"]),
            "action 6: `emit_event` needs a constant `event` that begins with `custom.`",
        ),
        (
            |plan, _| plan.actions[6].params[0].value = ParamValue::Literal(Literal("user.created".into())),
            "action 6: `emit_event` needs a constant `event` that begins with `custom.`",
        ),
        (
            |plan, _| plan.actions[6].params[0].value = ParamValue::Hole(super::sample::STR),
            "action 6: `emit_event` needs a constant `event` that begins with `custom.`",
        ),
        (
            |plan, _| plan.actions[0].params[1].value = ParamValue::Literal(Literal("x".repeat(65_537).into())),
            "action 0: 65537 bytes in a text; at most 65536 are allowed",
        ),
    ]);
}
