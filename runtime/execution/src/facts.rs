//! What the engine knows about an action from the guest's section of its plan: who looks at what became of it, and
//! which approvals come before it.

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

#[cfg(test)]
mod tests {
    use alcove_catalog::Catalog;
    use alcove_plan::verify;

    use super::*;

    /// The facts of the actions of an app, in the plan's order.
    fn facts(actions: &str) -> Vec<ActionFacts> {
        let config = format!(
            r#"{{
                "schema": "alcove/app@1", "name": "Facts", "trigger": {{ "type": "manual" }},
                "pipeline": [{{ "id": "all", "connector": "users" }}],
                "actions": [{actions}]
            }}"#
        );
        let compiled = alcove_compiler::compile(config.as_bytes(), Catalog::shipped());
        let compiled = compiled.compiled.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let sealed = verify::load(&compiled.bytes).unwrap();
        derive(&sealed.plan, &sealed.program)
    }

    fn award(id: &str) -> String {
        format!(r#"{{ {id} "type": "award_xp", "params": {{ "user_id": "u1", "amount": 1 }} }}"#)
    }

    #[test]
    fn outputs_are_read_by_expressions_and_by_the_report_and_by_nobody_else() {
        let read: Vec<bool> = facts(&format!("{}, {}", award(""), award(r#""id": "reported","#)))
            .iter()
            .map(|facts| facts.outputs_read)
            .collect();
        assert_eq!(read, [false, true]);
        let inside = |message: &str| {
            let each = format!(
                r#"{{ "type": "for_each", "items": "{{{{steps.all.data}}}}", "as": "user", "actions": [
                    {}, {{ "type": "send_notification", "params": {{ "user_id": "u1", "message": "{message}" }} }}
                ] }}"#,
                award(r#""id": "inner","#)
            );
            facts(&each)[0].outputs_read
        };
        assert!(inside("{{actions.inner.xp_total}}"));
        assert!(!inside("nothing"));
    }

    #[test]
    fn a_handler_is_one_of_its_own_action() {
        let handled = r#"{ "type": "award_xp", "params": { "user_id": "u1", "amount": 1 }, "on_failure": [
            { "type": "send_notification", "params": { "user_id": "u1", "message": "oh" } }
        ] }"#;
        let handlers: Vec<bool> = facts(handled).iter().map(|facts| facts.has_handler).collect();
        assert_eq!(handlers, [true, false]);
    }

    #[test]
    fn approvals_come_before_what_follows_in_their_block_and_inside_of_it() {
        let ask = r#"{ "type": "request_approval", "params": { "title": "?", "message": "?" } }"#;
        let each = format!(
            r#"{{ "type": "for_each", "items": "{{{{steps.all.data}}}}", "as": "user", "actions": [{}, {ask}, {}] }}"#,
            award(""),
            award("")
        );
        let actions = format!("{}, {ask}, {each}, {}", award(""), award(""));
        let approvals: Vec<usize> = facts(&actions).iter().map(|facts| facts.approvals.len()).collect();
        // As the plan has them: before, the approval, inside the loop, after the loop.
        let mut sorted = approvals.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 0, 1, 1, 1, 2], "{approvals:?}");
    }
}
