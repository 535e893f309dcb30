//! Queries: columns, filter, holes, order, limits.

use alloc::{collections::BTreeSet, vec::Vec};

use super::{At, Fault, VerifyError, limits::range, tables};
use crate::{
    codec::Literal,
    expr::Compare,
    limits::{
        FIELDS_MAX, FILTER_DEPTH_MAX, FILTER_LIST_MAX, FILTER_NODES_MAX, KEYS_MAX, OFFSET_MAX, TRANSFORM_ROWS_MAX,
    },
    query::{FilterNode, Limit, Operand, Query},
    types::{Kind, Type},
    value::Value,
};

/// Checks one query by itself.
pub(super) fn check(query: &Query, i: usize) -> Result<(), VerifyError> {
    let at = At::Query(i);
    tables::name("connector", &query.connector, at)?;
    if query.fields.is_empty() {
        return Err(Fault::Empty("column").at(at));
    }
    tables::at_most("columns", query.fields.len(), FIELDS_MAX, at)?;
    let mut fields = BTreeSet::new();
    for field in &query.fields {
        tables::name("name of a column", field, at)?;
        tables::once(&mut fields, "column", field, at)?;
    }
    tables::at_most("holes", query.holes.len(), FIELDS_MAX, at)?;
    tables::at_most("sort keys", query.sort.len(), KEYS_MAX, at)?;
    query.sort.iter().try_for_each(|key| tables::name("field of a sort key", &key.field, at))?;
    range("`offset`", query.offset, 0, OFFSET_MAX, at)?;
    if let Limit::Rows(rows) | Limit::Default(rows) = query.limit {
        range("`limit`", u64::from(rows), 0, TRANSFORM_ROWS_MAX as u64, at)?;
    }
    filter(query, i)
}

/// Runs over the postfix form with the depth of each tree that is still open.
fn filter(query: &Query, i: usize) -> Result<(), VerifyError> {
    tables::at_most("filter nodes", query.filter.len(), FILTER_NODES_MAX, At::Query(i))?;
    let mut depths: Vec<usize> = Vec::new();
    for (node_index, node) in query.filter.iter().enumerate() {
        let at = At::FilterNode { query: i, node: node_index };
        let children = match node {
            FilterNode::Test { field, op, operand } => {
                tables::name("field", field, at)?;
                check_operand(query, *op, operand, at)?;
                0
            }
            FilterNode::Exists { field } => {
                tables::name("field", field, at)?;
                0
            }
            FilterNode::And(count) | FilterNode::Or(count) => usize::from(*count),
            FilterNode::Not => 1,
        };
        let first = depths.len().checked_sub(children).ok_or_else(|| Fault::FilterUnderflow.at(at))?;
        let depth = 1 + depths.drain(first..).max().unwrap_or(0);
        tables::at_most("filter nodes inside one another", depth, FILTER_DEPTH_MAX, at)?;
        depths.push(depth);
    }
    match depths.len() {
        1 => Ok(()),
        0 if query.filter.is_empty() => Ok(()),
        left => Err(Fault::FilterLeaves(left).at(At::Query(i))),
    }
}

fn check_operand(query: &Query, op: Compare, operand: &Operand, at: At) -> Result<(), VerifyError> {
    let (fits, takes) = match operand {
        Operand::Literal(Literal(value)) => {
            tables::value(value, at)?;
            literal_fits(op, value)
        }
        Operand::Hole(hole) => {
            let index = tables::index("hole", *hole, query.holes.len(), at)?;
            query.holes.get(index).map_or((true, ""), |hole| hole_fits(op, hole.ty))
        }
    };
    if fits { Ok(()) } else { Err(Fault::Operand { op, takes }.at(at)) }
}

fn literal_fits(op: Compare, value: &Value) -> (bool, &'static str) {
    let is_scalar = |value: &Value| !matches!(value, Value::Null | Value::List(_) | Value::Record(_));
    match op {
        Compare::In | Compare::NotIn => {
            let Value::List(items) = value else { return (false, "a list") };
            (items.len() <= FILTER_LIST_MAX && items.iter().all(is_scalar), "a list of at most 1,000 scalars")
        }
        Compare::StartsWith | Compare::EndsWith => (value.as_str().is_some(), "a string"),
        _ => (is_scalar(value), "a scalar"),
    }
}

fn hole_fits(op: Compare, ty: Type) -> (bool, &'static str) {
    let is_scalar = |kind: Kind| !matches!(kind, Kind::List | Kind::Object);
    match (op, ty) {
        (Compare::In | Compare::NotIn, Type::ListOf(kind)) => (is_scalar(kind), "a list of scalars"),
        (Compare::In | Compare::NotIn, Type::One(kind)) => (kind == Kind::Any, "a list of scalars"),
        (_, Type::ListOf(_)) => (false, "a scalar"),
        (Compare::StartsWith | Compare::EndsWith, Type::One(kind)) => {
            (matches!(kind, Kind::Str | Kind::Any), "a string")
        }
        (_, Type::One(kind)) => (is_scalar(kind), "a scalar"),
    }
}
