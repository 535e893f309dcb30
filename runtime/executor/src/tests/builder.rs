//! Builds programs: the little of a compiler that tests need.

use alcove_plan::{
    codec::{Input, Literal},
    expr::{Expr, ExprId, Op, Slot},
    program::{ActionCall, Block, BlockId, Node, NodeKind, Program, QueryCall, Source, Step, Transform, input_slot},
    value::{Timestamp, Value},
};

/// A program under construction.
pub(super) struct Builder {
    pub(super) program: Program,
    /// For each action: the recovery depth that a compiler would compute.
    pub(super) recover_depths: Vec<usize>,
}

/// A node and all inside it.
pub(super) enum Tree {
    Effect(Effect),
    Loop(Loop),
    Branch { condition: ExprId, then: Vec<Tree>, otherwise: Vec<Tree> },
}

#[derive(Default)]
pub(super) struct Effect {
    pub(super) args: Vec<ExprId>,
    pub(super) when: Option<ExprId>,
    pub(super) output: Option<Slot>,
    pub(super) on_failure: Option<Vec<Tree>>,
    pub(super) deferrable: bool,
}

pub(super) struct Loop {
    pub(super) items: ExprId,
    pub(super) item: Slot,
    pub(super) index: Slot,
    pub(super) count: Slot,
    pub(super) items_max: Option<u32>,
    pub(super) locals: (Slot, Slot),
    pub(super) continues: bool,
    pub(super) body: Vec<Tree>,
}

impl Builder {
    pub(super) fn new() -> Self {
        let program = Program { slots: input_slot::FIRST_FREE.0, ..Program::default() };
        Self { program, recover_depths: Vec::new() }
    }

    pub(super) fn slot(&mut self) -> Slot {
        self.program.slots += 1;
        Slot(self.program.slots - 1)
    }

    pub(super) fn expr(&mut self, ops: impl IntoIterator<Item = Op>) -> ExprId {
        let start = self.program.ops.len();
        self.program.ops.extend(ops);
        let len = self.program.ops.len() - start;
        self.program.exprs.push(Expr { start: index(start), len: index(len) });
        ExprId(index(self.program.exprs.len() - 1))
    }

    pub(super) fn lit(&mut self, value: impl Into<Test>) -> Op {
        self.program.literals.push(Literal(value.into().0));
        Op::Literal(index(self.program.literals.len() - 1))
    }

    /// An expression that is a constant.
    pub(super) fn constant(&mut self, value: impl Into<Test>) -> ExprId {
        let op = self.lit(value);
        self.expr([op])
    }

    /// An expression that is a slot.
    pub(super) fn read(&mut self, slot: Slot) -> ExprId {
        self.expr([Op::Slot(slot)])
    }

    pub(super) fn name(&mut self, name: &str) -> u32 {
        self.program.names.push(name.to_owned());
        index(self.program.names.len() - 1)
    }

    pub(super) fn shape(&mut self, names: &[&str]) -> u32 {
        self.program.shapes.push(names.iter().map(|name| (*name).to_owned()).collect());
        index(self.program.shapes.len() - 1)
    }

    pub(super) fn query(&mut self, args: Vec<ExprId>, columns: &[&str]) -> u16 {
        let shape = self.shape(columns);
        self.program.queries.push(QueryCall { args, shape });
        u16::try_from(self.program.queries.len() - 1).unwrap()
    }

    pub(super) fn step(&mut self, source: Source, transforms: Vec<Transform>) -> Slot {
        let slot = self.slot();
        let id = format!("s{}", self.program.steps.len());
        self.program.steps.push(Step { id, place: 100, source, transforms, slot });
        slot
    }

    /// A loop over a list, with slots of its own; `body` gets the item's.
    pub(super) fn each(
        &mut self,
        items: ExprId,
        continues: bool,
        body: impl FnOnce(&mut Self, Slot) -> Vec<Tree>,
    ) -> Loop {
        let (item, index, count) = (self.slot(), self.slot(), self.slot());
        let first_local = Slot(self.program.slots);
        let body = body(self, item);
        let locals = (first_local, Slot(self.program.slots));
        Loop { items, item, index, count, items_max: None, locals, continues, body }
    }

    /// Lays the root block out, and all blocks after the ones that name them. Places are 1000 + the node's number.
    pub(super) fn root(&mut self, root: Vec<Tree>) {
        let mut queue = std::collections::VecDeque::from([(root, 0, 0)]);
        let mut blocks = 1;
        while let Some((block, depth, recover_depth)) = queue.pop_front() {
            let start = index(self.program.nodes.len());
            let len = index(block.len());
            let mut open = |trees: Vec<Tree>, depth: usize, recover_depth: usize| {
                queue.push_back((trees, depth, recover_depth));
                blocks += 1;
                BlockId(blocks - 1)
            };
            for tree in block {
                let (when, kind) = match tree {
                    Tree::Effect(effect) => {
                        let shape = index(self.program.shapes.len());
                        self.program.shapes.push(vec!["out".to_owned()]);
                        self.program.actions.push(ActionCall { args: effect.args, shape });
                        self.recover_depths.push(recover_depth);
                        let kind = NodeKind::Effect {
                            action: u16::try_from(self.program.actions.len() - 1).unwrap(),
                            outputs: effect.output,
                            on_failure: effect.on_failure.map(|block| open(block, depth, recover_depth)),
                            deferrable: effect.deferrable,
                        };
                        (effect.when, kind)
                    }
                    Tree::Loop(each) => {
                        let recover_depth = if each.continues { depth + 1 } else { recover_depth };
                        let kind = NodeKind::Loop {
                            items: each.items,
                            item: each.item,
                            index: each.index,
                            count: each.count,
                            items_max: each.items_max,
                            locals: each.locals,
                            body: open(each.body, depth + 1, recover_depth),
                            continue_on_error: each.continues,
                        };
                        (None, kind)
                    }
                    Tree::Branch { condition, then, otherwise } => {
                        let then = open(then, depth, recover_depth);
                        let otherwise = open(otherwise, depth, recover_depth);
                        (None, NodeKind::Branch { condition, then, otherwise })
                    }
                };
                let place = 1000 + index(self.program.nodes.len());
                self.program.nodes.push(Node { place, when, kind });
            }
            self.program.blocks.push(Block { start, len });
        }
    }

    /// For each action the number of its values, and its recovery depth.
    pub(super) fn actions(&self) -> Vec<(usize, usize)> {
        let arguments = self.program.actions.iter().map(|action| action.args.len());
        arguments.zip(self.recover_depths.iter().copied()).collect()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(&self.program).unwrap()
    }
}

/// What tests write for a value.
pub(super) struct Test(pub(super) Value);

impl From<Value> for Test {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<&str> for Test {
    fn from(text: &str) -> Self {
        Self(Value::str(text))
    }
}

impl From<i64> for Test {
    fn from(n: i64) -> Self {
        Self(Value::Int(n))
    }
}

impl From<bool> for Test {
    fn from(b: bool) -> Self {
        Self(Value::Bool(b))
    }
}

pub(super) fn ints(items: impl IntoIterator<Item = i64>) -> Value {
    Value::list(items.into_iter().map(Value::Int).collect())
}

pub(super) fn input(event: Value) -> Input {
    Input {
        now: Timestamp::from_micros(1_700_000_000_000_000).unwrap(),
        tenant_id: "t1".to_owned(),
        app_id: "a1".to_owned(),
        execution_id: "e1".to_owned(),
        delay: None,
        zone: None,
        event,
    }
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap()
}
