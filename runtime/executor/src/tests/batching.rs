//! Batches are invisible: the same effects in the same order, the same log and the same end as one by one.

use alcove_plan::{
    codec::Outcome,
    expr::{Compare, ExprId, Op, Slot},
    failure::Code,
    types::{Kind, Type},
    value::Value,
};
use proptest::prelude::*;

use super::{
    builder::{Builder, Effect, Tree, ints},
    scripted::{Performed, Scripted, failed, fails},
};
use crate::effects::Batching;

const ONE_BY_ONE: Batching = Batching { calls: 1, bytes: 1, events: 1 };

/// Makes a program out of bytes.
struct Chooser<'b> {
    bytes: std::slice::Iter<'b, u8>,
    builder: Builder,
}

impl Chooser<'_> {
    fn choose(&mut self, n: u8) -> u8 {
        self.bytes.next().map_or(0, |byte| byte % n)
    }

    fn block(&mut self, loops: usize, levels: usize, items: &[Slot]) -> Vec<Tree> {
        let len = 1 + self.choose(3);
        (0..len).map(|_| self.tree(loops, levels, items)).collect()
    }

    fn tree(&mut self, loops: usize, levels: usize, items: &[Slot]) -> Tree {
        match self.choose(8) {
            0..3 if loops < 2 => {
                let count = i64::from(self.choose(6));
                let list = self.builder.constant(ints(0..count));
                let (item, index, counter) = (self.builder.slot(), self.builder.slot(), self.builder.slot());
                let first_local = Slot(self.builder.program.slots);
                let continues = self.choose(2) == 1;
                let items_max = (self.choose(4) == 1).then_some(2);
                let inner: Vec<_> = items.iter().copied().chain([item]).collect();
                let body = self.block(loops + 1, levels, &inner);
                Tree::Loop(super::builder::Loop {
                    items: list,
                    item,
                    index,
                    count: counter,
                    items_max,
                    locals: (first_local, Slot(self.builder.program.slots)),
                    continues,
                    body,
                })
            }
            3 if levels > 0 => {
                let condition = self.condition(items);
                let then = self.block(loops, levels - 1, items);
                Tree::Branch { condition, then, otherwise: self.block(loops, levels - 1, items) }
            }
            _ => self.effect(loops, levels, items),
        }
    }

    fn effect(&mut self, loops: usize, levels: usize, items: &[Slot]) -> Tree {
        let n = i64::from(self.choose(5));
        let mut args = vec![self.builder.constant(n)];
        for item in items {
            args.push(self.builder.read(*item));
        }
        if let (Some(item), 0) = (items.last(), self.choose(6)) {
            args.push(self.fails_at(*item));
        }
        let when = (self.choose(5) == 0).then(|| self.condition(items));
        let handled = levels > 0 && self.choose(4) == 0;
        let on_failure = handled.then(|| self.block(loops, levels - 1, items));
        let output = (self.choose(4) == 0).then(|| self.builder.slot());
        let deferrable = self.choose(5) > 0 && output.is_none() && on_failure.is_none();
        Tree::Effect(Effect { args, when, output, on_failure, deferrable })
    }

    /// True for some items.
    fn condition(&mut self, items: &[Slot]) -> ExprId {
        let n = self.choose(5);
        let Some(item) = items.last() else { return self.builder.constant(n > 2) };
        let n = self.builder.lit(i64::from(n));
        self.builder.expr([Op::Slot(*item), n, Op::Compare(Compare::Gt)])
    }

    /// Cannot be evaluated for one item.
    fn fails_at(&mut self, item: Slot) -> ExprId {
        let n = i64::from(self.choose(5));
        let n = self.builder.lit(n);
        let equal = Op::Compare(Compare::Ne);
        // Ne, so false for that item; then the cast of a text is reached.
        let text = self.builder.lit("no number");
        self.builder.expr([Op::Slot(item), n, equal, Op::OrElse(2), text, Op::Cast(Type::One(Kind::Int))])
    }
}

fn sum(call: &Performed) -> u32 {
    let values = call.values.iter().map(|value| match value {
        Value::Int(n) => u32::try_from(*n).unwrap(),
        _ => 0,
    });
    call.indices.iter().copied().chain(values).map(|n| n * 7 + 3).sum::<u32>() + u32::from(call.action) * 5
}

const ANSWERS: [fn(&Performed) -> Outcome; 4] = [
    |_| Outcome::Performed(vec![Value::Null]),
    |call| if sum(call).is_multiple_of(4) { failed(Code::Action) } else { Outcome::Performed(vec![Value::Int(1)]) },
    |call| match sum(call) % 9 {
        0 => failed(Code::External),
        1 => failed(Code::Quota),
        _ => Outcome::Performed(vec![Value::Int(2)]),
    },
    |call| match sum(call) % 13 {
        0 => failed(Code::Limit),
        1 | 2 => failed(Code::Connector),
        _ => Outcome::Performed(vec![Value::Int(3)]),
    },
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn size_of_batches_changes_nothing(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        answer in 0..ANSWERS.len(),
        calls in 2..12_usize,
    ) {
        let mut chooser = Chooser { bytes: bytes.iter(), builder: Builder::new() };
        let root = chooser.block(0, 2, &[]);
        let mut builder = chooser.builder;
        builder.root(root);
        let outcome = |batching| {
            let mut host = Scripted::new(&builder);
            host.answer = Box::new(ANSWERS[answer]);
            let end = host.run_batched(&builder, Value::Null, batching);
            (end, host.calls(), host.log)
        };
        let reference = outcome(ONE_BY_ONE);
        prop_assert_eq!(&outcome(Batching::DEFAULT), &reference);
        let small = Batching { calls, bytes: usize::MAX, events: calls * 2 };
        prop_assert_eq!(&outcome(small), &reference);
    }
}

#[test]
fn deferrable_effects_of_a_loop_go_out_in_full_batches() {
    for (items, batches) in [(0, 0), (1, 1), (1024, 1), (1025, 2), (5000, 5)] {
        let mut builder = Builder::new();
        let list = builder.constant(ints(0..items));
        let each = builder.each(list, true, |builder, item| {
            let args = vec![builder.read(item)];
            vec![Tree::Effect(Effect { args, deferrable: true, ..Effect::default() })]
        });
        builder.root(vec![Tree::Loop(each)]);
        let mut host = Scripted::new(&builder);
        host.run(&builder, Value::Null).unwrap();
        assert_eq!((host.batches, host.performed.len()), (batches, usize::try_from(items).unwrap()), "{items}");
    }
}

#[test]
fn two_loops_whose_items_have_the_same_indices_are_not_taken_for_one() {
    let mut builder = Builder::new();
    let mut loops = Vec::new();
    for _ in 0..2 {
        let list = builder.constant(ints(0..3));
        let each = builder.each(list, true, |builder, item| {
            let args = vec![builder.read(item)];
            vec![Tree::Effect(Effect { args, deferrable: true, ..Effect::default() })]
        });
        loops.push(Tree::Loop(each));
    }
    builder.root(loops);
    let mut host = Scripted::new(&builder);
    host.answer = fails(Code::Action, |call| call.action == 0 && call.indices == [1]);
    host.run(&builder, Value::Null).unwrap();
    assert_eq!(host.calls(), ["0[0](0)", "0[2](2)", "1[0](0)", "1[1](1)", "1[2](2)"]);
    assert_eq!(host.messages(), ["item 1 failed, the loop goes on: E005: it failed"]);
}
