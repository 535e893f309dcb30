//! The flow: blocks form a tree over the nodes, within the limits of nesting, and what each action says about its
//! place in the flow is so.

use alloc::{vec, vec::Vec};

use super::{At, Fault, VerifyError, tables, tables::Scope};
use crate::{
    action::{Action, REQUEST_APPROVAL},
    expr::Slot,
    limits::{ACTIONS_NESTED_MAX, ACTIONS_TOP_MAX, CONDITION_DEPTH_MAX, LOOP_DEPTH_MAX, LOOP_ITEMS_MAX},
    program::{Block, BlockId, Node, NodeKind, input_slot},
};

/// Checks blocks, nodes, and how actions are called.
pub(super) fn check(scope: &Scope<'_>) -> Result<(), VerifyError> {
    action_calls(scope)?;
    node_owners(scope)?;
    let mut walk = Walk::new(scope)?;
    for (i, block) in scope.program.blocks.iter().enumerate() {
        walk.block(i, *block)?;
    }
    match walk.used.iter().position(|used| !used) {
        Some(index) => Err(Fault::NotUsed { of: "action", index }.at(At::Action(index))),
        None => Ok(()),
    }
}

fn action_calls(scope: &Scope<'_>) -> Result<(), VerifyError> {
    for (i, (action, call)) in scope.plan.actions.iter().zip(&scope.program.actions).enumerate() {
        let at = At::Action(i);
        tables::same_count("arguments", call.args.len(), action.holes().count(), at)?;
        scope.exprs(call.args.iter().copied(), at)?;
        scope.shape(call.shape, action.outputs.len(), at)?;
    }
    Ok(())
}

/// Each node lies in exactly one block.
fn node_owners(scope: &Scope<'_>) -> Result<(), VerifyError> {
    let mut owned = vec![false; scope.program.nodes.len()];
    for (i, block) in scope.program.blocks.iter().enumerate() {
        let range = range(*block);
        let len = owned.len();
        let nodes = owned
            .get_mut(range.clone())
            .ok_or_else(|| Fault::NoSuch { of: "node", index: range.end.saturating_sub(1), len }.at(At::Block(i)))?;
        if let Some(taken) = nodes.iter().position(|owned| *owned) {
            return Err(Fault::NodeOwner(range.start + taken).at(At::Block(i)));
        }
        nodes.fill(true);
    }
    match owned.iter().position(|owned| !owned) {
        Some(node) => Err(Fault::NodeOwner(node).at(At::Node(node))),
        None => Ok(()),
    }
}

fn range(block: Block) -> core::ops::Range<usize> {
    let start = usize::try_from(block.start).unwrap_or(usize::MAX);
    start..start.saturating_add(usize::try_from(block.len).unwrap_or(usize::MAX))
}

/// What is around a block.
#[derive(Clone, Default)]
struct Around {
    /// The item limits of the loops, outermost first.
    loops: Vec<u32>,
    recover_depth: usize,
    conditions: usize,
    behind_approval: bool,
}

/// Goes through the blocks in order, so that what is around a block is known before it is looked into.
struct Walk<'s, 'p> {
    scope: &'s Scope<'p>,
    /// For each block, once a node has named it.
    around: Vec<Option<Around>>,
    /// For each action, whether a node performs it.
    used: Vec<bool>,
    nodes_in_loops: usize,
}

impl<'s, 'p> Walk<'s, 'p> {
    fn new(scope: &'s Scope<'p>) -> Result<Self, VerifyError> {
        let mut around = vec![None; scope.program.blocks.len()];
        let root = around.first_mut().ok_or_else(|| Fault::NoRoot.at(At::Program))?;
        *root = Some(Around::default());
        Ok(Self { scope, around, used: vec![false; scope.plan.actions.len()], nodes_in_loops: 0 })
    }

    fn block(&mut self, i: usize, block: Block) -> Result<(), VerifyError> {
        let Some(mut around) = self.around.get(i).cloned().flatten() else {
            return Err(Fault::BlockTree(i).at(At::Block(i)));
        };
        let range = range(block);
        if i == 0 {
            tables::at_most("actions at the top level", range.len(), ACTIONS_TOP_MAX, At::Block(i))?;
        }
        if !around.loops.is_empty() {
            self.nodes_in_loops += range.len();
            tables::at_most("actions inside loops", self.nodes_in_loops, ACTIONS_NESTED_MAX, At::Block(i))?;
        }
        for n in range {
            let Some(node) = self.scope.program.nodes.get(n) else { break };
            let is_approval = self.node(i, n, node, &around)?;
            around.behind_approval |= is_approval;
        }
        Ok(())
    }

    /// Checks one node of block `block`; gives whether it asks for an approval.
    fn node(&mut self, block: usize, n: usize, node: &Node, around: &Around) -> Result<bool, VerifyError> {
        let at = At::Node(n);
        self.scope.place(node.place, at)?;
        self.scope.exprs(node.when, at)?;
        match &node.kind {
            NodeKind::Effect { action, outputs, on_failure, deferrable } => {
                let plain = outputs.is_none() && on_failure.is_none();
                let action = self.effect(*action, around, at)?;
                let is_approval = action.name == REQUEST_APPROVAL;
                if *deferrable && (!plain || is_approval) {
                    return Err(Fault::NotDeferrable.at(at));
                }
                self.scope.writes(*outputs, at)?;
                if let Some(handler) = on_failure {
                    self.child(block, *handler, around.clone(), at)?;
                }
                return Ok(is_approval);
            }
            NodeKind::Loop { items, item, index, count, items_max, locals, body, continue_on_error } => {
                self.scope.expr(*items, at)?;
                self.scope.writes([*item, *index, *count], at)?;
                self.locals(*locals, at)?;
                let inside = inside_loop(around, items_max.unwrap_or(LOOP_ITEMS_MAX), *continue_on_error, at)?;
                self.child(block, *body, inside, at)?;
            }
            NodeKind::Branch { condition, then, otherwise } => {
                self.scope.expr(*condition, at)?;
                let inside = Around { conditions: around.conditions + 1, ..around.clone() };
                tables::at_most("conditions inside one another", inside.conditions, CONDITION_DEPTH_MAX, at)?;
                self.child(block, *then, inside.clone(), at)?;
                self.child(block, *otherwise, inside, at)?;
            }
        }
        Ok(false)
    }

    /// Marks an action as used, and holds what it says against what is around its node.
    fn effect(&mut self, action: u16, around: &Around, at: At) -> Result<&'p Action, VerifyError> {
        let index = tables::index("action", action, self.used.len(), at)?;
        match (self.used.get_mut(index), self.scope.plan.actions.get(index)) {
            (Some(used), Some(action)) if !*used => {
                *used = true;
                says_the_flow(action, around, At::Action(index))?;
                Ok(action)
            }
            _ => Err(Fault::UsedTwice { of: "action", index }.at(at)),
        }
    }

    fn locals(&self, (from, to): (Slot, Slot), at: At) -> Result<(), VerifyError> {
        if from == to {
            return Ok(());
        }
        tables::index("slot", from.0, usize::from(to.0), at)?;
        tables::at_most("slots", usize::from(to.0), usize::from(self.scope.program.slots), at)?;
        if from < input_slot::FIRST_FREE { Err(Fault::InputSlot(from.0).at(at)) } else { Ok(()) }
    }

    /// Records what is around a block that a node names. Blocks come after the block that names them, and each is named
    /// once.
    fn child(&mut self, parent: usize, child: BlockId, around: Around, at: At) -> Result<(), VerifyError> {
        let index = tables::index("block", child.0, self.around.len(), at)?;
        match self.around.get_mut(index) {
            Some(known) if known.is_none() && index > parent => {
                *known = Some(around);
                Ok(())
            }
            _ => Err(Fault::BlockTree(index).at(at)),
        }
    }
}

fn inside_loop(around: &Around, items: u32, continues: bool, at: At) -> Result<Around, VerifyError> {
    super::limits::range("`items_max`", items, 0, LOOP_ITEMS_MAX, at)?;
    let mut inside = around.clone();
    inside.loops.push(items);
    tables::at_most("loops inside one another", inside.loops.len(), LOOP_DEPTH_MAX, at)?;
    if continues {
        inside.recover_depth = inside.loops.len();
    }
    Ok(inside)
}

/// The host counts calls, orders failures and hands out handles by what the action says, so it must be so.
fn says_the_flow(action: &Action, around: &Around, at: At) -> Result<(), VerifyError> {
    tables::same_count("loops", action.loops.len(), around.loops.len(), at)?;
    for (says, items) in action.loops.iter().zip(&around.loops) {
        super::limits::range("item limit of a loop", *says, 0, *items, at)?;
    }
    differs("recover_depth", u64::from(action.recover_depth), around.recover_depth as u64, at)?;
    differs("behind_approval", u64::from(action.behind_approval), u64::from(around.behind_approval), at)
}

fn differs(of: &'static str, found: u64, expected: u64, at: At) -> Result<(), VerifyError> {
    if found == expected { Ok(()) } else { Err(Fault::Differs { of, found, expected }.at(at)) }
}
