//! A plan that uses every part of the format once.

use std::{string::String, vec, vec::Vec};

use crate::{
    action::{Action, Output, Param, ParamValue, Retry},
    codec::Literal,
    expr::{Compare, Expr, ExprId, Filter, Op, Slot},
    plan::Plan,
    program::{
        ActionCall, ActionResult, Block, BlockId, DelayGate, Entity, Metric, MetricOp, Node, NodeKind, Program,
        QueryCall, SortBy, Source, Step, Transform, Widget, input_slot,
    },
    query::{FilterNode, Hole, Limit, Operand, Query, SortKey},
    settings::{Concurrency, LogValues, OnQuotaExceeded, Settings},
    trigger::{Delay, Trigger},
    types::{Kind, Type},
    value::Value,
};

pub(crate) const STR: Hole = Hole { ty: Type::One(Kind::Str), nullable: false };
const STR_LIST: Hole = Hole { ty: Type::ListOf(Kind::Str), nullable: false };

/// Queries: 0 entity, 1 step. Actions and nodes: see [`flow`]. Expression 0 is the event, 1 true, 2 a text.
pub(crate) fn sample() -> (Plan, Program) {
    let plan = Plan {
        name: "sample".into(),
        version: "1.0.0".into(),
        builtins_version: 1,
        trigger: Trigger::Delayed {
            event: "user.created".into(),
            delays: vec![Delay { id: "day1".into(), after_ms: 86_400_000 }],
        },
        settings: settings(),
        queries: vec![entity_query(), step_query()],
        actions: actions(),
        places: places(),
    };
    let mut program = Program {
        slots: 20,
        shapes: vec![
            names(&["user_id"]),
            names(&["id", "email"]),
            names(&["k", "items", "count"]),
            names(&["message_id"]),
            vec![],
        ],
        literals: vec![Literal(Value::Bool(true)), Literal("hello".into())],
        names: names(&["order"]),
        regexes: names(&["^a+$"]),
        event_shape: Some(0),
        queries: vec![
            QueryCall { args: vec![ExprId(0)], shape: 1 },
            QueryCall { args: vec![ExprId(2), ExprId(0)], shape: 1 },
        ],
        delays: vec![DelayGate { id: "day1".into(), when: Some(ExprId(1)) }],
        entities: vec![Entity { query: 0, id: ExprId(0), slot: Slot(7), place: 0 }],
        steps: steps(),
        widgets: vec![Widget { id: "w".into(), data: ExprId(0) }],
        results: vec![ActionResult { id: "mail".into(), slot: Slot(12) }],
        ..Program::default()
    };
    expr(&mut program, &[Op::Slot(input_slot::EVENT), Op::Cell(0)]);
    expr(&mut program, &condition());
    expr(&mut program, &text());
    program.filter = Some(ExprId(0));
    flow(&mut program);
    (plan, program)
}

/// Appends an expression.
pub(crate) fn expr(program: &mut Program, ops: &[Op]) -> ExprId {
    let (start, len) = (program.ops.len(), ops.len());
    program.ops.extend_from_slice(ops);
    program.exprs.push(Expr { start: start.try_into().unwrap(), len: len.try_into().unwrap() });
    ExprId((program.exprs.len() - 1).try_into().unwrap())
}

/// `true and (event.member matches "^a+$" or not (event exists))`
fn condition() -> [Op; 10] {
    let event = Op::Slot(input_slot::EVENT);
    [
        Op::Literal(0),
        Op::AndThen(8),
        event,
        Op::Member(0),
        Op::Matches(0),
        Op::OrElse(3),
        event,
        Op::Exists,
        Op::Not,
        Op::Not,
    ]
}

/// Everything that makes texts, lists and records.
fn text() -> [Op; 13] {
    [
        Op::Slot(Slot(8)),
        Op::Index(1),
        Op::Literal(1),
        Op::Filter { filter: Filter::Default, args: 1 },
        Op::EscapeHtml,
        Op::Literal(1),
        Op::EscapeUrl,
        Op::Compare(Compare::Eq),
        Op::List(1),
        Op::Record(0),
        Op::Literal(1),
        Op::Text(2),
        Op::Cast(Type::One(Kind::Str)),
    ]
}

pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| String::from(*name)).collect()
}

fn places() -> Vec<String> {
    let mut places = names(&["", "/pipeline/0"]);
    places.extend((0..7).map(|i| std::format!("/actions/{i}")));
    places
}

fn settings() -> Settings {
    Settings {
        enabled: true,
        timeout_ms: 300_000,
        retry: Some(retry()),
        auto_pause_after: 5,
        notify_on_error: true,
        on_quota_exceeded: OnQuotaExceeded::Skip,
        concurrency: Concurrency::Parallel,
        concurrency_max: Some(2),
        log_values: LogValues::Redacted,
    }
}

fn retry() -> Retry {
    Retry { attempts_max: 10, initial_delay_ms: 1_000, delay_max_ms: 60_000, factor_percent: 200, jitter: true }
}

fn entity_query() -> Query {
    let by_id = FilterNode::Test { field: "id".into(), op: Compare::Eq, operand: Operand::Hole(0) };
    Query {
        connector: "users".into(),
        fields: names(&["id", "email"]),
        filter: vec![by_id],
        holes: vec![STR],
        sort: vec![],
        offset: 0,
        limit: Limit::Rows(1),
        place: 0,
    }
}

fn step_query() -> Query {
    let test = |op, operand| FilterNode::Test { field: "name".into(), op, operand };
    let statuses = Literal::from(vec![Value::from("active"), Value::from("new")]);
    Query {
        connector: "users".into(),
        fields: names(&["id", "email"]),
        filter: vec![
            test(Compare::StartsWith, Operand::Hole(0)),
            test(Compare::In, Operand::Hole(1)),
            test(Compare::NotIn, Operand::Literal(statuses)),
            FilterNode::Or(2),
            FilterNode::Exists { field: "email".into() },
            FilterNode::Not,
            FilterNode::And(3),
        ],
        holes: vec![STR, STR_LIST],
        sort: vec![SortKey { field: "created_at".into(), descending: true }],
        offset: 1_000_000,
        limit: Limit::Default(5_000),
        place: 1,
    }
}

fn steps() -> Vec<Step> {
    let (row, key) = (Slot(9), ExprId(0));
    let metrics = vec![Metric { op: MetricOp::Count, value: None }, Metric { op: MetricOp::Sum, value: Some(key) }];
    let transforms = vec![
        Transform::Filter { row, predicate: ExprId(1) },
        Transform::Sort { row, keys: vec![SortBy { key, descending: false }] },
        Transform::Limit { offset: 0, count: 5_000, marks_truncated: true },
        Transform::Group { row, keys: vec![key], shape: 2 },
        Transform::Aggregate { row, keys: vec![key], metrics, shape: 2 },
        Transform::Join {
            row,
            left: vec![key],
            with: key,
            other: Slot(10),
            right: vec![key],
            keep_unmatched: true,
            name: 0,
        },
        Transform::Map { row, index: Slot(10), count: Slot(11), values: vec![key, key], shape: 1, keep: true },
    ];
    vec![
        Step { id: "top".into(), place: 1, source: Source::Query(1), transforms, slot: Slot(8) },
        Step { id: "again".into(), place: 1, source: Source::List(key), transforms: vec![], slot: Slot(9) },
    ]
}

fn param(path: &[&str], value: ParamValue) -> Param {
    Param { path: names(path), value }
}

fn action(name: &str, place: u32) -> Action {
    Action {
        id: None,
        name: name.into(),
        place,
        params: vec![],
        outputs: vec![],
        loops: vec![],
        recover_depth: 0,
        behind_approval: false,
        retry: None,
        timeout_ms: None,
    }
}

/// 0 mail (handler: 1), 2 in a loop, 3 in a loop in it, 4 approval, 5 behind it, 6 event behind it, in a condition.
fn actions() -> Vec<Action> {
    let literal = |text: &str| ParamValue::Literal(Literal(text.into()));
    let mail = Action {
        id: Some("mail".into()),
        params: vec![param(&["to"], ParamValue::Hole(STR)), param(&["subject"], literal("hi"))],
        outputs: vec![Output { name: "message_id".into(), ty: Type::One(Kind::Str) }],
        retry: Some(retry()),
        timeout_ms: Some(10_000),
        ..action("send_email", 2)
    };
    let event = Action {
        params: vec![
            param(&["event"], literal("custom.milestone")),
            param(&["payload", "user"], ParamValue::Hole(STR)),
            param(&["payload", "kind"], literal("xp")),
        ],
        behind_approval: true,
        ..action("emit_event", 8)
    };
    vec![
        mail,
        action("send_push", 3),
        Action { loops: vec![100], recover_depth: 1, ..action("award_xp", 4) },
        Action { loops: vec![100, 5_000], recover_depth: 1, ..action("award_badge", 5) },
        action("request_approval", 6),
        Action { behind_approval: true, ..action("flag_post", 7) },
        event,
    ]
}

pub(crate) fn effect(action: u16) -> NodeKind {
    NodeKind::Effect { action, outputs: None, on_failure: None, deferrable: false }
}

fn node(kind: NodeKind) -> Node {
    Node { place: 0, when: None, kind }
}

/// Blocks: 0 root (nodes 0 to 4), 1 handler, 2 outer loop, 3 inner loop, 4 then, 5 otherwise (empty).
fn flow(program: &mut Program) {
    let (item, index, count, locals) = (Slot(13), Slot(14), Slot(15), (Slot(16), Slot(20)));
    let in_loop = |body, items_max, continue_on_error| NodeKind::Loop {
        items: ExprId(0),
        item,
        index,
        count,
        items_max,
        locals,
        body,
        continue_on_error,
    };
    program.nodes = vec![
        node(NodeKind::Effect { action: 0, outputs: Some(Slot(12)), on_failure: Some(BlockId(1)), deferrable: false }),
        node(in_loop(BlockId(2), Some(100), true)),
        node(effect(4)),
        Node { when: Some(ExprId(1)), ..node(effect(5)) },
        node(NodeKind::Branch { condition: ExprId(1), then: BlockId(4), otherwise: BlockId(5) }),
        node(effect(1)),
        node(NodeKind::Effect { action: 2, outputs: None, on_failure: None, deferrable: true }),
        node(in_loop(BlockId(3), None, false)),
        node(effect(3)),
        node(effect(6)),
    ];
    program.blocks =
        [(0, 5), (5, 1), (6, 2), (8, 1), (9, 1), (10, 0)].map(|(start, len)| Block { start, len }).to_vec();
    program.actions = vec![ActionCall { args: vec![], shape: 4 }; 7];
    program.actions[0] = ActionCall { args: vec![ExprId(2)], shape: 3 };
    program.actions[6].args = vec![ExprId(0)];
}
