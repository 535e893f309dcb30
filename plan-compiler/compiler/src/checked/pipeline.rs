//! Queries, steps and transforms.

use alcove_plan::{
    program::MetricOp,
    query::{FilterNode, Hole, Limit, SortKey},
};

use super::{Expr, LayoutId, Place, VarId};

/// What is read from a connector.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// The connector.
    pub(crate) connector: String,
    /// The layout of its rows; the columns that are kept are read.
    pub(crate) layout: LayoutId,
    /// The filter that the connector takes.
    pub(crate) filter: Vec<FilterNode>,
    /// The holes of the filter and what fills them.
    pub(crate) holes: Vec<(Hole, Expr)>,
    /// The order.
    pub(crate) sort: Vec<SortKey>,
    /// Rows left out at the beginning.
    pub(crate) offset: u32,
    /// How many rows.
    pub(crate) limit: Limit,
}

/// A pipeline step.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Its id.
    pub(crate) id: String,
    /// Its place.
    pub(crate) place: Place,
    /// Where its rows come from.
    pub(crate) source: StepSource,
    /// What is done with them.
    pub(crate) transforms: Vec<Transform>,
    /// Receives the result.
    pub(crate) var: VarId,
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub(crate) enum StepSource {
    /// A connector.
    Query(Query),
    /// A list in scope.
    List(Expr),
}

/// A transform. `row` is the variable of the current row.
#[derive(Clone, Debug)]
pub(crate) enum Transform {
    /// Keeps rows.
    Filter {
        /// The row.
        row: VarId,
        /// The condition.
        predicate: Expr,
    },
    /// Leaves the hidden columns of a layout out.
    Narrow {
        /// The row.
        row: VarId,
        /// `loop.index`, unused.
        index: VarId,
        /// `loop.count`, unused.
        count: VarId,
        /// The layout.
        layout: LayoutId,
    },
    /// Orders rows.
    Sort {
        /// The row.
        row: VarId,
        /// Keys, and whether the largest is first.
        keys: Vec<(Expr, bool)>,
    },
    /// Cuts.
    Limit {
        /// Rows left out.
        offset: u32,
        /// Rows kept.
        count: u32,
        /// Whether a cut is reported.
        marks_truncated: bool,
    },
    /// Gathers rows.
    Group {
        /// The row.
        row: VarId,
        /// The keys with their names.
        keys: Vec<(String, Expr)>,
        /// The name of the list.
        list: String,
    },
    /// Computes metrics.
    Aggregate {
        /// The row.
        row: VarId,
        /// The keys with their names.
        keys: Vec<(String, Expr)>,
        /// The metrics.
        metrics: Vec<Metric>,
    },
    /// Matches with another list.
    Join {
        /// The left row.
        row: VarId,
        /// The right row.
        other: VarId,
        /// The left keys.
        left: Vec<Expr>,
        /// The other list.
        with: Expr,
        /// The right keys.
        right: Vec<Expr>,
        /// Whether rows without a match stay.
        keep_unmatched: bool,
        /// The name of the match.
        name: String,
    },
    /// Builds rows.
    Map {
        /// The row.
        row: VarId,
        /// `loop.index`.
        index: VarId,
        /// `loop.count`.
        count: VarId,
        /// The members.
        fields: Vec<(String, Expr)>,
        /// Whether the others stay.
        keep: bool,
    },
}

/// One metric.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    /// Its name.
    pub(crate) name: String,
    /// The function.
    pub(crate) op: MetricOp,
    /// Over what.
    pub(crate) value: Option<Expr>,
}
