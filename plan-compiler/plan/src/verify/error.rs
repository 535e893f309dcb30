//! Why a plan is refused.

use alloc::string::String;

use crate::expr::Compare;

/// A plan that is not well-formed: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct VerifyError {
    /// What is wrong.
    pub what: Fault,
    /// Where.
    pub at: At,
}

/// A part of a plan. Numbers are positions in its lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum At {
    /// The host's section as a whole.
    #[error("plan")]
    Plan,
    /// The trigger.
    #[error("trigger")]
    Trigger,
    /// The settings.
    #[error("settings")]
    Settings,
    /// One place.
    #[error("place {0}")]
    Place(usize),
    /// One query, of either section.
    #[error("query {0}")]
    Query(usize),
    /// One node of the filter of a query.
    #[error("query {query}, filter node {node}")]
    FilterNode {
        /// The query.
        query: usize,
        /// The node.
        node: usize,
    },
    /// One action, of either section.
    #[error("action {0}")]
    Action(usize),
    /// The guest's section as a whole.
    #[error("program")]
    Program,
    /// One shape.
    #[error("shape {0}")]
    Shape(usize),
    /// One literal.
    #[error("literal {0}")]
    Literal(usize),
    /// One name.
    #[error("name {0}")]
    Name(usize),
    /// One regular expression.
    #[error("regex {0}")]
    Regex(usize),
    /// One expression.
    #[error("expression {0}")]
    Expr(usize),
    /// One op of an expression.
    #[error("expression {expr}, op {op}")]
    Op {
        /// The expression.
        expr: usize,
        /// The op, counted from the start of the expression.
        op: usize,
    },
    /// The trigger's filter.
    #[error("trigger filter")]
    TriggerFilter,
    /// One delay.
    #[error("delay {0}")]
    Delay(usize),
    /// One entity.
    #[error("entity {0}")]
    Entity(usize),
    /// One step.
    #[error("step {0}")]
    Step(usize),
    /// One transform of a step.
    #[error("step {step}, transform {transform}")]
    Transform {
        /// The step.
        step: usize,
        /// The transform.
        transform: usize,
    },
    /// One block.
    #[error("block {0}")]
    Block(usize),
    /// One node.
    #[error("node {0}")]
    Node(usize),
    /// One widget.
    #[error("widget {0}")]
    Widget(usize),
    /// One result.
    #[error("result {0}")]
    Result(usize),
}

/// What is wrong with a part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A list, a text or a nesting is larger than it may be.
    #[error("{count} {of}; at most {max} are allowed")]
    TooMany {
        /// What is counted.
        of: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// A number outside its range.
    #[error("{of} is {value}; it must be from {min} to {max}")]
    Range {
        /// The number.
        of: &'static str,
        /// Its value.
        value: u64,
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// An index to something that is not there.
    #[error("there is no {of} {index}: only {len}")]
    NoSuch {
        /// What it should name.
        of: &'static str,
        /// The index.
        index: usize,
        /// How many there are.
        len: usize,
    },
    /// Two numbers that belong together differ.
    #[error("{found} {of} where there must be {expected}")]
    Count {
        /// What is counted.
        of: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// Something that must have content has none.
    #[error("no {0}")]
    Empty(&'static str),
    /// A name that must occur once.
    #[error("{of} `{name}` occurs twice")]
    Repeated {
        /// What is named.
        of: &'static str,
        /// The name.
        name: String,
    },
    /// Lists or objects of a value inside one another.
    #[error("a value is nested more than {max} deep")]
    ValueDepth {
        /// The deepest that is allowed.
        max: usize,
    },
    /// A place that is no JSON pointer.
    #[error("`{0}` is no JSON pointer")]
    NotAPointer(String),
    /// The first place is not the root.
    #[error("the first place must be the root")]
    NoRootPlace,

    /// An expression does not begin where the one before it ended, or code is left over.
    #[error("expressions must cover the code one after the other: expected a start at {expected}, found {found}")]
    NotContiguous {
        /// Where it should begin.
        expected: usize,
        /// Where it begins.
        found: usize,
    },
    /// An op takes more values than are there, or values from under a jump.
    #[error("takes more values from the stack than it may")]
    StackUnderflow,
    /// An expression that leaves no value or several.
    #[error("leaves {0} values instead of one")]
    Leaves(usize),
    /// A jump that ends outside its expression.
    #[error("jumps out of the expression")]
    JumpOutside,
    /// A jump that ends beyond the target of a jump around it.
    #[error("jumps beyond the target of a jump around it")]
    JumpCrosses,
    /// The stack differs between the ways that meet.
    #[error("{jumped} values on the stack after a jump, {fell} without it")]
    JoinDepth {
        /// After the jump.
        jumped: usize,
        /// Without it.
        fell: usize,
    },
    /// A slot that only the input fills is written to.
    #[error("writes to slot {0}, which belongs to the input")]
    InputSlot(u16),
    /// The trigger's filter reads something else than the event.
    #[error("reads slot {0}; a trigger filter reads the event only")]
    FilterReads(u16),
    /// A filter where nothing triggers that could be filtered.
    #[error("a {trigger} trigger has no event to filter")]
    FilterWithoutEvent {
        /// The kind of the trigger.
        trigger: &'static str,
    },
    /// A delay of the program that is another than the trigger's.
    #[error("the trigger has no delay `{0}` here")]
    DelayDiffers(String),

    /// A node of a filter that has too few nodes before it.
    #[error("takes more nodes than are there")]
    FilterUnderflow,
    /// A filter that leaves several nodes.
    #[error("the filter leaves {0} nodes instead of one")]
    FilterLeaves(usize),
    /// An operand that does not go with its operator.
    #[error("`{}` cannot take this operand: {takes}", .op.name())]
    Operand {
        /// The operator.
        op: Compare,
        /// What it takes.
        takes: &'static str,
    },
    /// A parameter inside another parameter's value.
    #[error("parameter `{0}` is given twice, or inside another")]
    ParamOverlaps(String),
    /// An event that is not fixed, or not an app's own.
    #[error("`emit_event` needs a constant `event` that begins with `custom.`")]
    OpenEvent,
    /// A metric other than `count` without a value.
    #[error("a metric other than `count` needs a value")]
    MetricWithoutValue,
    /// An entity whose query could give several rows.
    #[error("the query of an entity must have the limit 1")]
    EntityLimit,

    /// No root block.
    #[error("there is no root block")]
    NoRoot,
    /// A block that is not named by exactly one node of an earlier block.
    #[error("block {0} must be named once, by a node of an earlier block")]
    BlockTree(usize),
    /// A node in two blocks or in none.
    #[error("node {0} must lie in exactly one block")]
    NodeOwner(usize),
    /// Something that can be used once is used again.
    #[error("{of} {index} is used twice")]
    UsedTwice {
        /// What.
        of: &'static str,
        /// Which.
        index: usize,
    },
    /// Something that must be used is not.
    #[error("{of} {index} is not used")]
    NotUsed {
        /// What.
        of: &'static str,
        /// Which.
        index: usize,
    },
    /// Two actions share a place, from which the ids of their effects derive.
    #[error("another action has the place `{0}`")]
    SharedPlace(String),
    /// An action says something else than its node.
    #[error("`{of}` is {found}; its node says {expected}")]
    Differs {
        /// What it says.
        of: &'static str,
        /// The value.
        found: u64,
        /// The value that the flow gives.
        expected: u64,
    },
    /// A call that may not be buffered.
    #[error("the call cannot be deferred: it has outputs or a handler, or is an approval")]
    NotDeferrable,
}

impl Fault {
    pub(super) fn at(self, at: At) -> VerifyError {
        VerifyError { what: self, at }
    }
}
