//! The guest's section of a plan: what is evaluated, in what order, over slots.
//!
//! A run: slots are filled from the input; entities are fetched; the trigger's filter (before the entities) and the
//! `when` of the delay decide whether the run goes on; steps run in order; the root block runs; widgets are evaluated.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    bounded::bounded,
    codec::Literal,
    expr::{Expr, ExprId, Op, Slot},
    limits::{
        ACTIONS_TOP_MAX, BLOCKS_MAX, DELAYS_MAX, NODES_MAX, OPS_MAX, QUERIES_MAX, REGEXES_MAX, STEPS_MAX, TABLE_MAX,
        TRANSFORMS_MAX, WIDGETS_MAX,
    },
};

/// The slots that a run begins with; all others begin as null.
pub mod input_slot {
    use crate::expr::Slot;

    /// `now`: timestamp.
    pub const NOW: Slot = Slot(0);
    /// `tenant_id`: string.
    pub const TENANT_ID: Slot = Slot(1);
    /// `app_id`: string.
    pub const APP_ID: Slot = Slot(2);
    /// `execution_id`: string.
    pub const EXECUTION_ID: Slot = Slot(3);
    /// `event`: a record of [`Program::event_shape`](super::Program::event_shape); the event itself if there is none.
    pub const EVENT: Slot = Slot(4);
    /// `delay.id`: string, null outside delays.
    pub const DELAY_ID: Slot = Slot(5);
    /// `delay.index`: integer, null outside delays.
    pub const DELAY_INDEX: Slot = Slot(6);
    /// The first slot that a plan may use as it likes.
    pub const FIRST_FREE: Slot = Slot(7);
}

/// The whole section. All indices are checked by [`verify`](crate::verify) before anything runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// The number of slots.
    pub slots: u16,
    /// Names of records that the program builds.
    #[serde(deserialize_with = "bounded::<_, _, TABLE_MAX>")]
    pub shapes: Vec<Vec<String>>,
    /// Constants.
    #[serde(deserialize_with = "bounded::<_, _, TABLE_MAX>")]
    pub literals: Vec<Literal>,
    /// Names for [`Op::Member`].
    #[serde(deserialize_with = "bounded::<_, _, TABLE_MAX>")]
    pub names: Vec<String>,
    /// Patterns for [`Op::Matches`].
    #[serde(deserialize_with = "bounded::<_, _, REGEXES_MAX>")]
    pub regexes: Vec<String>,
    /// The code of all expressions, one after the other in the order of `exprs`, without gaps.
    #[serde(deserialize_with = "bounded::<_, _, OPS_MAX>")]
    pub ops: Vec<Op>,
    /// The expressions.
    #[serde(deserialize_with = "bounded::<_, _, TABLE_MAX>")]
    pub exprs: Vec<Expr>,
    /// How the guest calls the plan's queries: same order, same number.
    #[serde(deserialize_with = "bounded::<_, _, QUERIES_MAX>")]
    pub queries: Vec<QueryCall>,
    /// How the guest calls the plan's actions: same order, same number.
    #[serde(deserialize_with = "bounded::<_, _, NODES_MAX>")]
    pub actions: Vec<ActionCall>,
    /// The event's members as a record, so that code reads them by position; `None`: the event as it came.
    pub event_shape: Option<u32>,
    /// The trigger's filter. It reads no slot but [`input_slot::EVENT`].
    pub filter: Option<ExprId>,
    /// The delays, in the plan's order.
    #[serde(deserialize_with = "bounded::<_, _, DELAYS_MAX>")]
    pub delays: Vec<DelayGate>,
    /// The entities that templates use.
    #[serde(deserialize_with = "bounded::<_, _, QUERIES_MAX>")]
    pub entities: Vec<Entity>,
    /// The pipeline.
    #[serde(deserialize_with = "bounded::<_, _, STEPS_MAX>")]
    pub steps: Vec<Step>,
    /// All nodes of all blocks.
    #[serde(deserialize_with = "bounded::<_, _, NODES_MAX>")]
    pub nodes: Vec<Node>,
    /// Blocks: runs of `nodes`, none of which overlap and which cover all. The first is the root; each other is named
    /// by exactly one node of an earlier block.
    #[serde(deserialize_with = "bounded::<_, _, BLOCKS_MAX>")]
    pub blocks: Vec<Block>,
    /// What the report gives back for each widget.
    #[serde(deserialize_with = "bounded::<_, _, WIDGETS_MAX>")]
    pub widgets: Vec<Widget>,
    /// What the report gives back for each action at the top level that has an id.
    #[serde(deserialize_with = "bounded::<_, _, ACTIONS_TOP_MAX>")]
    pub results: Vec<ActionResult>,
}

/// How to fill a query's holes and read its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryCall {
    /// One expression for each hole.
    pub args: Vec<ExprId>,
    /// The shape of its rows.
    pub shape: u32,
}

/// How to fill an action's holes and read its outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionCall {
    /// One expression for each hole.
    pub args: Vec<ExprId>,
    /// The shape of its outputs.
    pub shape: u32,
}

/// A delay's own condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DelayGate {
    /// The delay's id.
    pub id: String,
    /// Its `when`, over event and entities.
    pub when: Option<ExprId>,
}

/// One row that the event names, fetched before the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// The query, which gives one row at most.
    pub query: u16,
    /// The id that is looked up; null: no fetch, the row is null.
    pub id: ExprId,
    /// Where the row goes; null if there is none.
    pub slot: Slot,
    /// Where its log entries point.
    pub place: u32,
}

/// One pipeline step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Where its log entries and failures point.
    pub place: u32,
    /// Where its rows come from.
    pub source: Source,
    /// The transforms, in order, over the rows.
    #[serde(deserialize_with = "bounded::<_, _, TRANSFORMS_MAX>")]
    pub transforms: Vec<Transform>,
    /// Receives `{data, count, truncated}`, in this order.
    pub slot: Slot,
}

/// Where a step's rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A query of the plan.
    Query(u16),
    /// A list in scope; null is an empty list.
    List(ExprId),
}

/// One transform. `row` is the slot that holds the current row while its expressions are evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Transform {
    /// Keeps the rows for which the predicate is true.
    Filter {
        /// The current row.
        row: Slot,
        /// The predicate.
        predicate: ExprId,
    },
    /// Stable sort, nulls last.
    Sort {
        /// The current row.
        row: Slot,
        /// The keys, the most important first.
        keys: Vec<SortBy>,
    },
    /// Cuts.
    Limit {
        /// Rows left out at the beginning.
        offset: u32,
        /// Rows kept after that.
        count: u32,
        /// Whether a cut here sets the step's `truncated` and warns: the connector's default limit, where a filter
        /// that runs in the guest kept it from the query.
        marks_truncated: bool,
    },
    /// One row for each distinct key, in order of first appearance: keys, the rows, their number.
    Group {
        /// The current row.
        row: Slot,
        /// The keys.
        keys: Vec<ExprId>,
        /// Names: one for each key, then the list's, then `count`.
        shape: u32,
    },
    /// One row for each distinct key, or one row altogether without keys.
    Aggregate {
        /// The current row.
        row: Slot,
        /// The keys.
        keys: Vec<ExprId>,
        /// The metrics.
        metrics: Vec<Metric>,
        /// Names: one for each key, then one for each metric.
        shape: u32,
    },
    /// Equi-join; the match is nested as one more member of the left row.
    Join {
        /// The current left row.
        row: Slot,
        /// The left keys. A null key matches nothing.
        left: Vec<ExprId>,
        /// The other list; null is an empty list.
        with: ExprId,
        /// The current right row.
        other: Slot,
        /// The right keys.
        right: Vec<ExprId>,
        /// Whether left rows without a match stay, with null.
        keep_unmatched: bool,
        /// The name of the new member (an index into `names`).
        name: u32,
    },
    /// Builds rows.
    Map {
        /// The current row.
        row: Slot,
        /// `loop.index`.
        index: Slot,
        /// `loop.count`.
        count: Slot,
        /// The values, one for each name of the shape.
        values: Vec<ExprId>,
        /// The names.
        shape: u32,
        /// Whether the row's other members stay, in front.
        keep: bool,
    },
}

/// One sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortBy {
    /// The key.
    pub key: ExprId,
    /// Largest first.
    pub descending: bool,
}

/// One metric of an aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// What is computed.
    pub op: MetricOp,
    /// Over which value; `None` only for `count`, which then counts rows.
    pub value: Option<ExprId>,
}

/// The aggregate functions. Nulls are left out, bar `first` and `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum MetricOp {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    First,
    Last,
}

/// Some nodes in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The first node.
    pub start: u32,
    /// Their number.
    pub len: u32,
}

/// An index into [`Program::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlockId(pub u32);

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Where its log entries and failures point.
    pub place: u32,
    /// Done only if true; otherwise its outputs are null.
    pub when: Option<ExprId>,
    /// What.
    pub kind: NodeKind,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NodeKind {
    /// Performs an action of the plan.
    Effect {
        /// Which.
        action: u16,
        /// Receives the record of outputs.
        outputs: Option<Slot>,
        /// Runs if the action has failed; if it succeeds, so does the node, with null outputs.
        on_failure: Option<BlockId>,
        /// Whether the call may be buffered: nothing reads its outputs, it has no handler and is no approval.
        deferrable: bool,
    },
    /// Runs a block once for each item.
    Loop {
        /// The list; null is an empty list.
        items: ExprId,
        /// Receives the item.
        item: Slot,
        /// Receives `loop.index`, from 0.
        index: Slot,
        /// Receives `loop.count`.
        count: Slot,
        /// Items beyond are left out with a warning (the config's `max_items`); without it more than the run's limit is
        /// E009.
        items_max: Option<u32>,
        /// The slots from `.0` up to, not including, `.1` are set to null before each item.
        locals: (Slot, Slot),
        /// What is done.
        body: BlockId,
        /// A failed item is logged, and the loop goes on.
        continue_on_error: bool,
    },
    /// Runs one of two blocks.
    Branch {
        /// The condition; null counts as false.
        condition: ExprId,
        /// Where it holds.
        then: BlockId,
        /// Where it does not.
        otherwise: BlockId,
    },
}

/// A widget's values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// Its id.
    pub id: String,
    /// Its data, after the actions.
    pub data: ExprId,
}

/// The outputs of one action for the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionResult {
    /// The action's id.
    pub id: String,
    /// The slot that holds its outputs.
    pub slot: Slot,
}
