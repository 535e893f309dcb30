//! Pipeline steps and transforms.

use alcove_plan::program::MetricOp;

use crate::{
    source::{Loc, Spanned},
    syntax::{Path, Predicate, ValueExpr},
};

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its place.
    pub loc: Loc,
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// Where its rows come from.
    pub source: Option<StepSource>,
    /// Which rows.
    pub filter: Option<Predicate>,
    /// Which fields; `None` for all.
    pub fields: Option<Vec<Spanned<String>>>,
    /// In which order.
    pub sort: Vec<SortKey>,
    /// How many at most.
    pub limit: Option<Spanned<u32>>,
    /// How many are left out at the beginning.
    pub offset: Option<Spanned<u32>>,
    /// What is done with them.
    pub transforms: Vec<Transform>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum StepSource {
    /// `"connector": name`.
    Connector(Spanned<String>),
    /// `"from": "steps.x"`.
    From(Spanned<Path>),
}

/// One key of a sort.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// Its place.
    pub loc: Loc,
    /// The field, or a path in the row.
    pub field: Spanned<Path>,
    /// Largest first.
    pub descending: bool,
}

/// One transform.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// Its place.
    pub loc: Loc,
    /// What it does.
    pub kind: TransformKind,
}

/// The kinds of transforms.
#[derive(Clone, Debug, PartialEq)]
pub enum TransformKind {
    /// Keeps rows.
    Filter {
        /// Which.
        predicate: Predicate,
    },
    /// Orders rows.
    Sort {
        /// By what.
        by: Vec<SortKey>,
    },
    /// Cuts.
    Limit {
        /// How many.
        count: Spanned<u32>,
        /// After how many.
        offset: Option<Spanned<u32>>,
    },
    /// Gathers rows by keys.
    Group {
        /// The keys: paths in the row; each key's name is its last segment.
        by: Vec<Spanned<Path>>,
        /// The name of the list of rows.
        list: Spanned<String>,
    },
    /// Computes metrics.
    Aggregate {
        /// The keys.
        by: Vec<Spanned<Path>>,
        /// The metrics, in their order.
        metrics: Vec<MetricExpr>,
    },
    /// Matches with another list.
    Join {
        /// The list: a path in scope.
        with: Spanned<Path>,
        /// The keys.
        on: Vec<JoinOn>,
        /// Whether rows without a match stay (`left`); `inner` is the default.
        keep_unmatched: bool,
        /// The name of the match.
        name: Spanned<String>,
    },
    /// Builds rows.
    Map {
        /// Names and values.
        fields: Vec<(Spanned<String>, ValueExpr)>,
        /// Whether the other members stay.
        keep: bool,
    },
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricExpr {
    /// Its name.
    pub name: Spanned<String>,
    /// The function.
    pub op: Spanned<MetricOp>,
    /// Over which path in the row; only `count` can do without.
    pub field: Option<Spanned<Path>>,
}

/// One pair of join keys.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinOn {
    /// A path in the left row.
    pub left: Spanned<Path>,
    /// A path in the right row.
    pub right: Spanned<Path>,
}
