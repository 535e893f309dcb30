//! Queries: what a plan reads, with holes for values.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    bounded::bounded,
    codec::Literal,
    expr::Compare,
    limits::{FIELDS_MAX, FILTER_NODES_MAX, KEYS_MAX},
    types::Type,
};

/// One prepared read. The host turns it into a handle; the guest fills its holes and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// The connector, by its name in the catalog.
    pub connector: String,
    /// The columns of a row, in order: at least one, none twice.
    #[serde(deserialize_with = "bounded::<_, _, FIELDS_MAX>")]
    pub fields: Vec<String>,
    /// Which rows: a predicate in postfix form; empty for all.
    #[serde(deserialize_with = "bounded::<_, _, FILTER_NODES_MAX>")]
    pub filter: Vec<FilterNode>,
    /// The types of the values that the guest supplies.
    #[serde(deserialize_with = "bounded::<_, _, FIELDS_MAX>")]
    pub holes: Vec<Hole>,
    /// The order of the rows, ties by `id` ascending. Empty: by `id`.
    #[serde(deserialize_with = "bounded::<_, _, KEYS_MAX>")]
    pub sort: Vec<SortKey>,
    /// Rows left out at the beginning.
    pub offset: u32,
    /// How many rows at most.
    pub limit: Limit,
    /// Where it stands in the config: an index into the plan's places.
    pub place: u32,
}

/// How many rows a query gives at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// As many as the config says.
    Rows(u32),
    /// The connector's default; a cut is reported with the last page.
    Default(u32),
    /// All that match, page by page: what follows aggregates, groups or filters them in the guest.
    All,
}

/// One node of a filter in postfix form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FilterNode {
    /// Compares a field. Null and types as [`Compare`] says.
    Test {
        /// The field.
        field: String,
        /// How.
        op: Compare,
        /// With what.
        operand: Operand,
    },
    /// Whether a field is not null.
    Exists {
        /// The field.
        field: String,
    },
    /// All of the last so many nodes; of none: true.
    And(u16),
    /// Any of the last so many nodes; of none: false.
    Or(u16),
    /// Not the last node.
    Not,
}

/// The right side of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operand {
    /// Known when the plan was made. Not null.
    Literal(Literal),
    /// Supplied by the guest: an index into the query's holes.
    Hole(u16),
}

/// What may fill a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// The type of the value.
    pub ty: Type,
    /// Whether null may.
    pub nullable: bool,
}

/// One key of a sort. Nulls are last whatever the direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// The field.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}
