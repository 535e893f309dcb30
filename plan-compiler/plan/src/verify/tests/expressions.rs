//! The abstract machine for expressions.

use std::{string::String, vec, vec::Vec};

use super::{refusal, sample};
use crate::expr::{Compare, Filter, Op, Slot};

/// What the verifier says about the sample with one more expression, the fourth.
fn with(ops: &[Op]) -> String {
    refusal(|_, program| {
        sample::expr(program, ops);
    })
}

const TRUE: Op = Op::Literal(0);

#[test]
fn an_expression_leaves_one_value() {
    assert_eq!(with(&[TRUE]), "accepted");
    assert_eq!(with(&[]), "expression 3: leaves 0 values instead of one");
    assert_eq!(with(&[TRUE, TRUE]), "expression 3: leaves 2 values instead of one");
    assert_eq!(with(&[Op::Not]), "expression 3, op 0: takes more values from the stack than it may");
    assert_eq!(with(&[Op::Text(0)]), "accepted");
    assert_eq!(with(&[Op::List(0)]), "accepted");
    for (op, takes) in [
        (Op::Compare(Compare::In), 2),
        (Op::Text(3), 3),
        (Op::List(3), 3),
        (Op::Record(2), 3),
        (Op::Filter { filter: Filter::Replace, args: 2 }, 3),
    ] {
        let mut code = vec![TRUE; takes];
        code.push(op);
        assert_eq!(with(&code), "accepted");
        let at = std::format!("expression 3, op {}: ", takes - 1);
        assert_eq!(with(&code[1..]), at + "takes more values from the stack than it may");
    }
}

#[test]
fn what_ops_point_at_exists() {
    for (op, what) in [
        (Op::Literal(2), "literal 2: only 2"),
        (Op::Slot(Slot(20)), "slot 20: only 20"),
        (Op::Member(1), "name 1: only 1"),
        (Op::Matches(1), "regex 1: only 1"),
        (Op::Record(5), "shape 5: only 5"),
    ] {
        assert_eq!(with(&[TRUE, op]), std::format!("expression 3, op 1: there is no {what}"));
    }
}

#[test]
fn jumps_stay_inside_and_meet_at_one_depth() {
    assert_eq!(with(&[TRUE, Op::OrElse(1), TRUE]), "accepted");
    assert_eq!(with(&[TRUE, Op::OrElse(2), TRUE]), "expression 3, op 1: jumps out of the expression");
    assert_eq!(with(&[TRUE, Op::AndThen(u32::MAX), TRUE]), "expression 3, op 1: jumps out of the expression");
    assert_eq!(with(&[TRUE, Op::AndThen(0)]), "expression 3: 1 values on the stack after a jump, 0 without it");
    let unequal = "expression 3: 1 values on the stack after a jump, 2 without it";
    assert_eq!(with(&[TRUE, Op::AndThen(2), TRUE, TRUE, Op::Compare(Compare::Eq)]), unequal);
    assert_eq!(with(&[Op::OrElse(0)]), "expression 3, op 0: takes more values from the stack than it may");
}

#[test]
fn jumps_nest_and_what_lies_below_is_left_alone() {
    let crossing = [TRUE, Op::AndThen(3), TRUE, Op::OrElse(2), TRUE, Op::Not, TRUE];
    assert_eq!(with(&crossing), "expression 3, op 3: jumps beyond the target of a jump around it");
    let same_target = [TRUE, Op::AndThen(3), TRUE, Op::AndThen(1), TRUE];
    assert_eq!(with(&same_target), "accepted");
    let below = [TRUE, TRUE, Op::OrElse(3), Op::Not, TRUE, Op::Not, Op::Compare(Compare::Eq)];
    assert_eq!(with(&below), "expression 3, op 3: takes more values from the stack than it may");
}

#[test]
fn the_stack_and_the_nesting_of_values_are_bounded() {
    let sum = |len: u16| -> Vec<Op> {
        let mut code = vec![TRUE; usize::from(len)];
        code.push(Op::Text(len));
        code
    };
    assert_eq!(with(&sum(1_024)), "accepted");
    let deep = "expression 3, op 1024: 1025 values on the stack; at most 1024 are allowed";
    assert_eq!(with(&sum(1_025)), deep);
    let nested = |depth: usize| -> Vec<Op> { [vec![TRUE], vec![Op::List(1); depth]].concat() };
    assert_eq!(with(&nested(32)), "accepted");
    assert_eq!(with(&nested(33)), "expression 3, op 33: a value is nested more than 32 deep");
}

#[test]
fn expressions_lie_one_after_the_other() {
    let expected = "expression 1: expressions must cover the code one after the other: expected a start at 2, found 1";
    assert_eq!(refusal(|_, program| program.exprs[1].start = 1), expected);
    let left_over = "program: expressions must cover the code one after the other: expected a start at 26, found 25";
    assert_eq!(refusal(|_, program| program.ops.push(TRUE)), left_over);
    assert_eq!(refusal(|_, program| program.exprs[2].len = 14), "expression 2: there is no op 26: only 25");
    assert_eq!(
        refusal(|_, program| program.exprs[2].len = u32::MAX),
        "expression 2: there is no op 4294967307: only 25"
    );
}
