//! Programs that no compiler made: whatever the bytes are, a run ends with a result and never with a panic.

use alcove_plan::{
    codec::Literal,
    expr::{Compare, Expr, ExprId, Filter, Op, Slot},
    program::{
        ActionCall, Block, BlockId, Metric, MetricOp, Node, NodeKind, Program, QueryCall, SortBy, Source, Step,
        Transform, Widget,
    },
    types::{Kind, Type},
    value::Value,
};
use proptest::prelude::*;

use super::{
    builder::{Builder, Effect, Tree, ints},
    scripted::Scripted,
};

const SLOTS: u16 = 10;
const EXPRS: u32 = 8;

fn op() -> impl Strategy<Value = Op> {
    let slot = (0..=SLOTS).prop_map(Slot);
    let kind = prop_oneof![Just(Kind::Any), Just(Kind::Int), Just(Kind::Num), Just(Kind::Str), Just(Kind::Time)];
    let filter = prop_oneof![
        Just(Filter::Uppercase),
        Just(Filter::Join),
        Just(Filter::Json),
        Just(Filter::Default),
        Just(Filter::Plus),
        Just(Filter::DividedBy),
        Just(Filter::Split),
        Just(Filter::Map),
        Just(Filter::Date),
    ];
    let compare = prop_oneof![Just(Compare::Eq), Just(Compare::Lt), Just(Compare::In), Just(Compare::Contains)];
    prop_oneof![
        6 => (0..5_u32).prop_map(Op::Literal),
        6 => slot.prop_map(Op::Slot),
        2 => (0..3_u16).prop_map(Op::Cell),
        1 => (0..3_u32).prop_map(Op::Member),
        1 => (0..3_u32).prop_map(Op::Index),
        2 => (filter, 0..3_u8).prop_map(|(filter, args)| Op::Filter { filter, args }),
        1 => (0..3_u16).prop_map(Op::Text),
        1 => Just(Op::EscapeHtml),
        2 => compare.prop_map(Op::Compare),
        1 => (0..2_u32).prop_map(Op::Matches),
        1 => Just(Op::Not),
        1 => (0..3_u32).prop_map(Op::OrElse),
        1 => (0..3_u32).prop_map(Op::AndThen),
        1 => (0..3_u16).prop_map(Op::List),
        1 => (0..3_u32).prop_map(Op::Record),
        1 => kind.prop_map(|kind| Op::Cast(Type::One(kind))),
    ]
}

fn expr_id() -> impl Strategy<Value = ExprId> {
    (0..=EXPRS).prop_map(ExprId)
}

fn transform() -> impl Strategy<Value = Transform> {
    let slot = || (7..=SLOTS).prop_map(Slot);
    let ids = || proptest::collection::vec(expr_id(), 0..3);
    let metric = prop_oneof![Just(MetricOp::Count), Just(MetricOp::Sum), Just(MetricOp::Avg), Just(MetricOp::Min)];
    let metric = (metric, proptest::option::of(expr_id())).prop_map(|(op, value)| Metric { op, value });
    let sort = (expr_id(), any::<bool>()).prop_map(|(key, descending)| SortBy { key, descending });
    prop_oneof![
        (slot(), expr_id()).prop_map(|(row, predicate)| Transform::Filter { row, predicate }),
        (slot(), proptest::collection::vec(sort, 0..3)).prop_map(|(row, keys)| Transform::Sort { row, keys }),
        (0..3_u32, 0..3_u32, any::<bool>()).prop_map(|(offset, count, marks_truncated)| Transform::Limit {
            offset,
            count,
            marks_truncated
        }),
        (slot(), ids(), 0..3_u32).prop_map(|(row, keys, shape)| Transform::Group { row, keys, shape }),
        (slot(), ids(), proptest::collection::vec(metric, 0..3), 0..3_u32)
            .prop_map(|(row, keys, metrics, shape)| Transform::Aggregate { row, keys, metrics, shape }),
        (slot(), ids(), expr_id(), slot(), any::<bool>()).prop_map(|(row, left, with, other, keep_unmatched)| {
            Transform::Join { row, right: left.clone(), left, with, other, keep_unmatched, name: 0 }
        }),
        (slot(), ids(), any::<bool>()).prop_map(|(row, values, keep)| Transform::Map {
            row,
            index: Slot(8),
            count: Slot(9),
            values,
            shape: 0,
            keep
        }),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let block = || (0..4_u32).prop_map(BlockId);
    let effect = (proptest::option::of(block()), any::<bool>()).prop_map(|(on_failure, deferrable)| NodeKind::Effect {
        action: 0,
        outputs: Some(Slot(9)),
        on_failure,
        deferrable,
    });
    let each = (expr_id(), block(), any::<bool>()).prop_map(|(items, body, continue_on_error)| NodeKind::Loop {
        items,
        item: Slot(7),
        index: Slot(8),
        count: Slot(9),
        items_max: Some(3),
        locals: (Slot(7), Slot(9)),
        body,
        continue_on_error,
    });
    let branch = (expr_id(), block(), block()).prop_map(|(condition, then, otherwise)| NodeKind::Branch {
        condition,
        then,
        otherwise,
    });
    (proptest::option::of(expr_id()), prop_oneof![effect, each, branch]).prop_map(|(when, kind)| Node {
        place: 1,
        when,
        kind,
    })
}

fn program() -> impl Strategy<Value = Program> {
    let code = proptest::collection::vec(proptest::collection::vec(op(), 1..6), EXPRS as usize);
    let step = (expr_id(), proptest::collection::vec(transform(), 0..4));
    let nodes = proptest::collection::vec(node(), 4);
    (code, proptest::collection::vec(step, 0..3), nodes).prop_map(|(code, steps, nodes)| {
        let mut program = Program { slots: SLOTS, nodes, ..Program::default() };
        for ops in code {
            let index = |n: usize| u32::try_from(n).unwrap();
            program.exprs.push(Expr { start: index(program.ops.len()), len: index(ops.len()) });
            program.ops.extend(ops);
        }
        let row = Value::object([("a", Value::Int(1)), ("b", Value::str("x"))]);
        let literals = [Value::Null, Value::Int(3), Value::str("a"), ints([1, 2]), Value::list(vec![row.clone(), row])];
        program.literals = literals.map(Literal).into();
        program.names = vec!["a".into(), "b".into()];
        program.shapes = vec![vec!["a".into(), "b".into()], vec!["out".into()]];
        program.regexes = vec!["a|b".into()];
        program.queries = vec![QueryCall { args: vec![ExprId(0)], shape: 0 }];
        program.actions = vec![ActionCall { args: vec![ExprId(1)], shape: 1 }];
        for (at, (list, transforms)) in steps.into_iter().enumerate() {
            let source = if at == 0 { Source::Query(0) } else { Source::List(list) };
            program.steps.push(Step { id: format!("s{at}"), place: 2, source, transforms, slot: Slot(9) });
        }
        program.blocks = (0..4).map(|start| Block { start, len: 4 - start }).collect();
        program.widgets = vec![Widget { id: "w".into(), data: ExprId(2) }];
        program
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_end(program in program()) {
        let builder = Builder { program, recover_depths: vec![0] };
        let rows = (0..3).map(|n| vec![Value::Int(n), Value::str("b")]);
        let mut host = Scripted::new(&builder).with_rows(0, rows);
        let _ = host.run(&builder, Value::object([("a", Value::Int(1))]));
    }

    #[test]
    fn damaged_programs_end(at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let mut builder = Builder::new();
        let list = builder.constant(ints(0..3));
        let each = builder.each(list, true, |builder, item| {
            let args = vec![builder.read(item)];
            vec![Tree::Effect(Effect { args, deferrable: true, ..Effect::default() })]
        });
        builder.root(vec![Tree::Loop(each)]);
        let mut bytes = builder.bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let mut host = Scripted::new(&builder);
        let _ = crate::run(&bytes, &super::builder::input(Value::Null).encode(), &mut host);
    }
}
