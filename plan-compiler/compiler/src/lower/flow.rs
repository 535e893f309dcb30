//! Blocks to one list of nodes.

use alcove_plan::{
    action::{self, ParamValue},
    expr::{ExprId, Slot},
    program::{self, ActionCall, ActionResult, BlockId},
};

use crate::checked::{self, Action, Block, Node, NodeKind};

use super::{Lowering, expr::count};

impl Lowering<'_> {
    /// The root block; its actions with ids are reported.
    pub(super) fn root(&mut self, block: &Block) {
        self.block(block, true);
    }

    /// A block. Its number is taken before those of the blocks inside it; its nodes lie behind theirs.
    fn block(&mut self, block: &Block, top: bool) -> BlockId {
        let id = self.program.blocks.len();
        self.program.blocks.push(program::Block { start: 0, len: 0 });
        let nodes: Vec<program::Node> = block.0.iter().map(|node| self.node(node, top)).collect();
        let placed = program::Block { start: count(self.program.nodes.len()), len: count(nodes.len()) };
        if let Some(block) = self.program.blocks.get_mut(id) {
            *block = placed;
        }
        self.program.nodes.extend(nodes);
        BlockId(count(id))
    }

    fn node(&mut self, node: &Node, top: bool) -> program::Node {
        let place = self.tables.place(&node.place);
        let when = node.when.as_ref().map(|when| self.expr(when));
        let kind = match &node.kind {
            NodeKind::Call { action, on_failure } => self.call(action, on_failure.as_ref(), place, top),
            NodeKind::Loop { items, item, index, count, items_max, continue_on_error, body } => {
                let items = self.expr(items);
                let (item, index, count) = (self.define(*item), self.define(*index), self.define(*count));
                let first = Slot(self.next_slot);
                let body = self.block(body, false);
                program::NodeKind::Loop {
                    items,
                    item,
                    index,
                    count,
                    items_max: *items_max,
                    locals: (first, Slot(self.next_slot)),
                    body,
                    continue_on_error: *continue_on_error,
                }
            }
            NodeKind::Branch { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let then = self.block(then, false);
                let otherwise = self.block(otherwise, false);
                program::NodeKind::Branch { condition, then, otherwise }
            }
        };
        program::Node { place, when, kind }
    }

    /// A call may be buffered where nothing waits for it: neither a reader, nor a handler, nor the report.
    fn call(&mut self, action: &Action, on_failure: Option<&Block>, place: u32, top: bool) -> program::NodeKind {
        let index = u16::try_from(self.plan.actions.len()).unwrap_or(u16::MAX);
        self.prepared(action, place);
        let reported = action.id.as_ref().filter(|_| top);
        let outputs = (reported.is_some() || self.app.read.contains(&action.var)).then(|| self.define(action.var));
        if let (Some(id), Some(slot)) = (reported, outputs) {
            self.program.results.push(ActionResult { id: id.clone(), slot });
        }
        let on_failure = on_failure.map(|handler| self.block(handler, false));
        let deferrable = action.local && outputs.is_none() && on_failure.is_none();
        program::NodeKind::Effect { action: index, outputs, on_failure, deferrable }
    }

    /// The action in both sections.
    fn prepared(&mut self, action: &Action, place: u32) {
        let args: Vec<ExprId> = action
            .params
            .iter()
            .filter_map(|param| match &param.value {
                checked::ParamValue::Hole(_, value) => Some(self.expr(value)),
                checked::ParamValue::Literal(_) => None,
            })
            .collect();
        let names: Vec<&str> = action.outputs.iter().map(|output| output.name.as_str()).collect();
        let shape = self.tables.shape(&names);
        self.program.actions.push(ActionCall { args, shape });
        let params = action.params.iter().map(|param| action::Param {
            path: param.path.clone(),
            value: match &param.value {
                checked::ParamValue::Hole(hole, _) => ParamValue::Hole(*hole),
                checked::ParamValue::Literal(literal) => ParamValue::Literal(literal.clone()),
            },
        });
        self.plan.actions.push(action::Action {
            id: action.id.clone(),
            name: action.name.clone(),
            place,
            params: params.collect(),
            outputs: action.outputs.clone(),
            loops: action.loops.clone(),
            recover_depth: action.recover_depth,
            behind_approval: action.behind_approval,
            retry: action.retry,
            timeout_ms: action.timeout_ms,
        });
    }
}
