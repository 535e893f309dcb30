//! What the engine knows about an action from the guest's section of its plan: who looks at what became of it, and which
//! approvals come before it.

use std::collections::BTreeSet;

use alcove_plan::{
    action::REQUEST_APPROVAL,
    expr::{Op, Slot},
    plan::Plan,
    program::{BlockId, NodeKind, Program},
};

/// What is known about one action of a plan. Exact: derived from the program, not declared by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActionFacts {
    /// Whether an expression or the report reads its outputs.
    pub(crate) outputs_read: bool,
    /// Whether a handler would look at its failure.
    pub(crate) has_handler: bool,
    /// The calls of `request_approval` that come before it, in its block or in one around it, by their positions among
    /// the plan's actions.
    pub(crate) approvals: Vec<u32>,
}

/// The facts of all actions of a verified plan, in the plan's order.
pub(crate) fn derive(plan: &Plan, program: &Program) -> Vec<ActionFacts> {
    let read = slots_read(program);
    let mut facts = vec![ActionFacts::default(); plan.actions.len()];
    // A block comes after the block that names it, so what is around it is known when it is reached.
    let mut around: Vec<Vec<u32>> = vec![Vec::new(); program.blocks.len()];
    for (position, block) in program.blocks.iter().enumerate() {
        let mut approvals = around.get_mut(position).map(std::mem::take).unwrap_or_default();
        let start = usize::try_from(block.start).unwrap_or(usize::MAX);
        let len = usize::try_from(block.len).unwrap_or(usize::MAX);
        for node in program.nodes.iter().skip(start).take(len) {
            match &node.kind {
                NodeKind::Effect { action, outputs, on_failure, .. } => {
                    enter(&mut around, on_failure.as_ref(), &approvals);
                    let index = usize::from(*action);
                    let (Some(facts), Some(action)) = (facts.get_mut(index), plan.actions.get(index)) else { continue };
                    *facts = ActionFacts {
                        outputs_read: !action.outputs.is_empty() && outputs.is_some_and(|slot| read.contains(&slot)),
                        has_handler: on_failure.is_some(),
                        approvals: approvals.clone(),
                    };
                    if action.name == REQUEST_APPROVAL {
                        approvals.extend(u32::try_from(index));
                    }
                }
                NodeKind::Loop { body, .. } => enter(&mut around, [body], &approvals),
                NodeKind::Branch { then, otherwise, .. } => enter(&mut around, [then, otherwise], &approvals),
            }
        }
    }
    facts
}

fn enter<'b>(around: &mut [Vec<u32>], blocks: impl IntoIterator<Item = &'b BlockId>, approvals: &[u32]) {
    for block in blocks {
        if let Some(inside) = usize::try_from(block.0).ok().and_then(|block| around.get_mut(block)) {
            *inside = approvals.to_vec();
        }
    }
}

/// The slots that somebody looks at.
fn slots_read(program: &Program) -> BTreeSet<Slot> {
    let by_code = program.ops.iter().filter_map(|op| match op {
        Op::Slot(slot) => Some(*slot),
        _ => None,
    });
    by_code.chain(program.results.iter().map(|result| result.slot)).collect()
}
