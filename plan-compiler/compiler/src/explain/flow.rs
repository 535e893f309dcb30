//! How actions are sent.

use alcove_catalog::{Catalog, Class, Guarantee};
use alcove_plan::{
    plan::Plan,
    program::{BlockId, NodeKind, Program},
    value::Value,
};
use serde::Serialize;

use super::expression::Names;

/// One action.
#[derive(Clone, Debug, Serialize)]
pub struct ActionPlan {
    /// Its id, if it has one.
    pub id: Option<String>,
    /// Its type.
    pub action: String,
    /// Where it stands: a JSON pointer.
    pub place: String,
    /// Its own condition, as text.
    pub when: Option<String>,
    /// What is promised about its effect when a crash leaves it in doubt.
    pub guarantee: &'static str,
    /// The limit of the run that it counts against.
    pub class: Option<&'static str>,
    /// The largest number of calls that the loops around it allow.
    pub calls_max: u64,
    /// Whether calls are collected and sent together; otherwise each waits for its outcome.
    pub batched: bool,
    /// Whether it waits for an approval.
    pub behind_approval: bool,
    /// How many loops, branches and handlers it stands in.
    pub depth: usize,
}

pub(super) fn actions(plan: &Plan, program: &Program, catalog: &Catalog, names: &Names<'_>) -> Vec<ActionPlan> {
    let mut walk = Walk { plan, program, catalog, names, actions: Vec::new() };
    walk.block(BlockId(0), 0);
    walk.actions
}

struct Walk<'a> {
    plan: &'a Plan,
    program: &'a Program,
    catalog: &'a Catalog,
    names: &'a Names<'a>,
    actions: Vec<ActionPlan>,
}

impl Walk<'_> {
    /// A verified plan's blocks form a tree, no deeper than handlers may nest in a config.
    fn block(&mut self, id: BlockId, depth: usize) {
        let program = self.program;
        let block = usize::try_from(id.0).ok().and_then(|at| program.blocks.get(at));
        let nodes = block.and_then(|block| {
            let start = usize::try_from(block.start).ok()?;
            program.nodes.get(start..start.checked_add(usize::try_from(block.len).ok()?)?)
        });
        for node in nodes.unwrap_or_default() {
            match &node.kind {
                NodeKind::Effect { action, on_failure, deferrable, .. } => {
                    let when = node.when.map(|when| self.names.text(when));
                    self.effect(*action, when, *deferrable, depth);
                    if let Some(handler) = on_failure {
                        self.block(*handler, depth + 1);
                    }
                }
                NodeKind::Loop { body, .. } => self.block(*body, depth + 1),
                NodeKind::Branch { then, otherwise, .. } => {
                    self.block(*then, depth + 1);
                    self.block(*otherwise, depth + 1);
                }
            }
        }
    }

    fn effect(&mut self, index: u16, when: Option<String>, batched: bool, depth: usize) {
        let Some(action) = self.plan.actions.get(usize::from(index)) else { return };
        let known = self.catalog.action(&action.name);
        self.actions.push(ActionPlan {
            id: action.id.clone(),
            action: action.name.clone(),
            place: self.plan.place(action.place).to_owned(),
            when,
            guarantee: known.map_or("unknown", |known| {
                let is_true = |param: &str| action.constant(param) == Some(&Value::Bool(true));
                guarantee_name(known.guarantee_where(is_true))
            }),
            class: known.and_then(|known| known.class).map(Class::limit_name),
            calls_max: action.loops.iter().fold(1, |calls, items| calls.saturating_mul(u64::from(*items))),
            batched,
            behind_approval: action.behind_approval,
            depth,
        });
    }
}

fn guarantee_name(guarantee: Guarantee) -> &'static str {
    match guarantee {
        Guarantee::Local => "local",
        Guarantee::ForeignTx => "foreign_tx",
        Guarantee::Keyed => "keyed",
        Guarantee::Natural => "natural",
        Guarantee::Unproven => "unproven",
    }
}
