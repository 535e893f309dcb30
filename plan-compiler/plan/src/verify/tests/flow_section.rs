//! One case for each check of blocks, nodes and what actions say about them.

use std::vec;

use super::{assert_refusals, sample::effect};
use crate::{
    expr::{ExprId, Slot},
    program::{Block, BlockId, NodeKind, Program},
};

fn set(program: &mut Program, node: usize, change: impl FnOnce(&mut NodeKind)) {
    change(&mut program.nodes[node].kind);
}

#[test]
fn blocks() {
    assert_refusals(&[
        (|_, program| program.blocks.clear(), "node 0: node 0 must lie in exactly one block"),
        (
            |_, program| {
                program.blocks.clear();
                program.nodes.clear();
            },
            "program: there is no root block",
        ),
        (
            |_, program| program.blocks.push(Block { start: 10, len: 0 }),
            "block 6: block 6 must be named once, by a node of an earlier block",
        ),
        (|_, program| program.blocks[1].len = 2, "block 2: node 6 must lie in exactly one block"),
        (|_, program| program.blocks[4].len = 0, "node 9: node 9 must lie in exactly one block"),
        (|_, program| program.blocks[5] = Block { start: 11, len: 0 }, "block 5: there is no node 10: only 10"),
        (
            |_, program| program.blocks[5] = Block { start: u32::MAX, len: u32::MAX },
            "block 5: there is no node 8589934589: only 10",
        ),
        (
            |_, program| set(program, 0, |kind| handler(kind, 0)),
            "node 0: block 0 must be named once, by a node of an earlier block",
        ),
        (
            |_, program| set(program, 0, |kind| handler(kind, 2)),
            "node 1: block 2 must be named once, by a node of an earlier block",
        ),
        (|_, program| set(program, 0, |kind| handler(kind, 6)), "node 0: there is no block 6: only 6"),
        (
            |_, program| program.nodes[9].kind = branch(3),
            "node 9: block 3 must be named once, by a node of an earlier block",
        ),
    ]);
}

fn handler(kind: &mut NodeKind, block: u32) {
    if let NodeKind::Effect { on_failure, .. } = kind {
        *on_failure = Some(BlockId(block));
    }
}

fn branch(then: u32) -> NodeKind {
    NodeKind::Branch { condition: ExprId(1), then: BlockId(then), otherwise: BlockId(then + 1) }
}

fn body(kind: &mut NodeKind, change: impl FnOnce(&mut Option<u32>, &mut (Slot, Slot), &mut bool)) {
    if let NodeKind::Loop { items_max, locals, continue_on_error, .. } = kind {
        change(items_max, locals, continue_on_error);
    }
}

#[test]
fn nodes() {
    assert_refusals(&[
        (|_, program| program.nodes[9].place = 9, "node 9: there is no place 9: only 9"),
        (|_, program| program.nodes[9].when = Some(ExprId(3)), "node 9: there is no expression 3: only 3"),
        (|_, program| set(program, 9, |kind| *kind = effect(7)), "node 9: there is no action 7: only 7"),
        (|_, program| set(program, 9, |kind| *kind = effect(5)), "node 9: action 5 is used twice"),
        (
            |_, program| {
                program.nodes.pop();
                program.blocks[4].len = 0;
                program.blocks[4].start = 9;
                program.blocks[5].start = 9;
            },
            "action 6: action 6 is not used",
        ),
        (
            |_, program| set(program, 1, |kind| body(kind, |max, _, _| *max = Some(5_001))),
            "node 1: `items_max` is 5001; it must be from 0 to 5000",
        ),
        (
            |_, program| set(program, 1, |kind| body(kind, |_, locals, _| locals.1 = Slot(21))),
            "node 1: 21 slots; at most 20 are allowed",
        ),
        (
            |_, program| set(program, 1, |kind| body(kind, |_, locals, _| locals.0 = Slot(6))),
            "node 1: writes to slot 6, which belongs to the input",
        ),
        (
            |_, program| set(program, 1, |kind| body(kind, |_, locals, _| locals.1 = Slot(15))),
            "node 1: there is no slot 16: only 15",
        ),
        (|_, program| set(program, 1, |kind| body(kind, |_, locals, _| *locals = (Slot(0), Slot(0)))), "accepted"),
    ]);
}

#[test]
fn what_may_be_deferred() {
    fn defer(kind: &mut NodeKind) {
        if let NodeKind::Effect { deferrable, .. } = kind {
            *deferrable = true;
        }
    }
    let expected = "the call cannot be deferred: it has outputs or a handler, or is an approval";
    for node in [0, 2] {
        let answer = super::refusal(|_, program| set(program, node, defer));
        assert_eq!(answer, std::format!("node {node}: {expected}"));
    }
    assert_eq!(super::refusal(|_, program| set(program, 3, defer)), "accepted");
}

#[test]
fn what_actions_say() {
    assert_refusals(&[
        (|plan, _| plan.actions[0].loops = vec![1], "action 0: 1 loops where there must be 0"),
        (|plan, _| plan.actions[3].loops = vec![100], "action 3: 1 loops where there must be 2"),
        (
            |plan, _| plan.actions[3].loops = vec![101, 5_000],
            "action 3: item limit of a loop is 101; it must be from 0 to 100",
        ),
        (
            |plan, _| plan.actions[3].loops = vec![100, 5_001],
            "action 3: item limit of a loop is 5001; it must be from 0 to 5000",
        ),
        (|plan, _| plan.actions[3].loops = vec![10, 10], "accepted"),
        (|plan, _| plan.actions[3].recover_depth = 2, "action 3: `recover_depth` is 2; its node says 1"),
        (|plan, _| plan.actions[0].recover_depth = 1, "action 0: `recover_depth` is 1; its node says 0"),
        (|plan, _| plan.actions[5].behind_approval = false, "action 5: `behind_approval` is 0; its node says 1"),
        (|plan, _| plan.actions[6].behind_approval = false, "action 6: `behind_approval` is 0; its node says 1"),
        (|plan, _| plan.actions[4].behind_approval = true, "action 4: `behind_approval` is 1; its node says 0"),
        (|plan, _| plan.actions[0].behind_approval = true, "action 0: `behind_approval` is 1; its node says 0"),
        (|_, program| program.actions[0].args.clear(), "action 0: 0 arguments where there must be 1"),
        (|_, program| program.actions[0].args[0] = ExprId(3), "action 0: there is no expression 3: only 3"),
        (|_, program| program.actions[0].shape = 4, "action 0: 0 names in the shape where there must be 1"),
    ]);
}

/// Adds empty branches: `count` to the root block's end, each with two empty blocks.
fn widen_last_block(program: &mut Program, block: usize, count: u32) {
    for _ in 0..count {
        let then = u32::try_from(program.blocks.len()).unwrap();
        let node = (program.blocks[block].start + program.blocks[block].len) as usize;
        program.nodes.insert(node, crate::program::Node { place: 0, when: None, kind: branch(then) });
        for other in &mut program.blocks[block + 1..] {
            other.start += 1;
        }
        program.blocks[block].len += 1;
        let end = u32::try_from(program.nodes.len()).unwrap();
        program.blocks.extend([Block { start: end, len: 0 }; 2]);
    }
}

#[test]
fn numbers_of_actions_and_their_nesting() {
    assert_refusals(&[
        (|_, program| widen_last_block(program, 0, 15), "accepted"),
        (|_, program| widen_last_block(program, 0, 16), "block 0: 21 actions at the top level; at most 20 are allowed"),
        (|_, program| widen_last_block(program, 2, 47), "accepted"),
        (|_, program| widen_last_block(program, 2, 48), "block 3: 51 actions inside loops; at most 50 are allowed"),
        // A condition in a condition, and one in that.
        (|_, program| widen_last_block(program, 4, 1), "accepted"),
        (
            |_, program| {
                widen_last_block(program, 4, 1);
                widen_last_block(program, 6, 1);
            },
            "node 11: 3 conditions inside one another; at most 2 are allowed",
        ),
        // A loop in the inner loop.
        (
            |_, program| {
                widen_last_block(program, 3, 1);
                let mut third = program.nodes[7].kind.clone();
                if let NodeKind::Loop { body, .. } = &mut third {
                    *body = BlockId(6);
                }
                program.nodes[9].kind = third;
            },
            "node 9: 3 loops inside one another; at most 2 are allowed",
        ),
    ]);
}

/// What runs because an approval failed has not been approved.
#[test]
fn the_handler_of_an_approval_is_not_behind_it() {
    fn move_handler(program: &mut Program) {
        if let NodeKind::Effect { on_failure, .. } = &mut program.nodes[0].kind {
            *on_failure = None;
        }
        set(program, 2, |kind| handler(kind, 1));
    }
    assert_refusals(&[
        (|_, program| move_handler(program), "accepted"),
        (
            |plan, program| {
                move_handler(program);
                plan.actions[1].behind_approval = true;
            },
            "action 1: `behind_approval` is 1; its node says 0",
        ),
    ]);
}
