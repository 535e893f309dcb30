//! Filters as two-valued SQL.
//!
//! SQL's NULL would leak through NOT and OR, so each test is built such that it is true or false for every row: a
//! nullable side is tested for NULL first, and `FALSE AND NULL` is false while `TRUE OR NULL` is true.

use alcove_catalog::{Connector, Field};
use alcove_plan::{
    expr::Compare,
    limits::{FILTER_DEPTH_MAX, FILTER_NODES_MAX},
    query::{FilterNode, Hole, Operand},
    types::{Kind, Type},
    value::Value,
};
use alcove_store::{Dialect, SqlValue};

use super::{
    condition::{self, constant, quoted},
    operand::{Binding, type_of},
};
use crate::prepare::QueryProblem;

/// A filter in SQL.
#[derive(Debug)]
pub(super) struct Filter {
    /// The condition.
    pub(super) sql: String,
    /// Its parameters, in order.
    pub(super) params: Vec<Param>,
}

/// A parameter of a filter.
#[derive(Clone, Debug)]
pub(super) enum Param {
    /// Bound when the query was prepared.
    Fixed(SqlValue),
    /// Bound when it is opened.
    Hole {
        /// From that hole.
        index: usize,
        /// For that test.
        op: Compare,
        /// In that way.
        binding: Binding,
    },
}

/// A condition that is being put together.
struct Part {
    sql: String,
    depth: usize,
}

/// What a filter is built for.
pub(super) struct Builder<'q> {
    pub(super) dialect: Dialect,
    pub(super) connector: &'q Connector,
    pub(super) holes: &'q [Hole],
}

impl Builder<'_> {
    /// Builds the condition; its parameters are numbered from `first_param`.
    pub(super) fn build(&self, nodes: &[FilterNode], first_param: usize) -> Result<Filter, QueryProblem> {
        if nodes.len() > FILTER_NODES_MAX {
            return Err(QueryProblem::FilterSize { nodes: nodes.len(), max: FILTER_NODES_MAX });
        }
        let mut params = Vec::new();
        let mut stack: Vec<Part> = Vec::new();
        for node in nodes {
            let part = match node {
                FilterNode::Test { field, op, operand } => {
                    let field = filterable(self.connector, field, *op)?;
                    let place = format!("?{}", first_param + params.len());
                    let (param, binding, nullable) = self.right_side(field, *op, operand)?;
                    params.push(param);
                    Part { sql: condition::test(self.dialect, field, *op, binding, &place, nullable), depth: 1 }
                }
                FilterNode::Exists { field } => {
                    let found = known(self.connector, field)?;
                    if !found.filterable {
                        return Err(QueryProblem::Operator { field: field.clone(), operator: "exists" });
                    }
                    Part { sql: format!("{} IS NOT NULL", quoted(found)), depth: 1 }
                }
                FilterNode::Not => {
                    let part = stack.pop().ok_or(QueryProblem::FilterShape)?;
                    Part { sql: format!("NOT ({})", part.sql), depth: part.depth + 1 }
                }
                FilterNode::And(count) => group(&mut stack, *count, " AND ", constant(self.dialect, true))?,
                FilterNode::Or(count) => group(&mut stack, *count, " OR ", constant(self.dialect, false))?,
            };
            if part.depth > FILTER_DEPTH_MAX {
                return Err(QueryProblem::FilterShape);
            }
            stack.push(part);
        }
        match (stack.pop(), stack.is_empty()) {
            (None, _) => Ok(Filter { sql: constant(self.dialect, true).to_owned(), params }),
            (Some(whole), true) => Ok(Filter { sql: whole.sql, params }),
            (Some(_), false) => Err(QueryProblem::FilterShape),
        }
    }

    /// The parameter of a test, how it is bound, and whether it may be NULL.
    fn right_side(
        &self,
        field: &Field,
        op: Compare,
        operand: &Operand,
    ) -> Result<(Param, Binding, bool), QueryProblem> {
        let mismatch = |operand: String| QueryProblem::OperandType {
            field: field.name.clone(),
            ty: field.ty.ty,
            operator: op.name(),
            operand,
        };
        match operand {
            Operand::Literal(literal) => {
                let ty = type_of(&literal.0).ok_or_else(|| mismatch("null".to_owned()))?;
                let binding = Binding::choose(field.ty.ty, op, ty).ok_or_else(|| mismatch(ty.to_string()))?;
                let bound = binding.bind(self.dialect, op, &literal.0);
                let nullable = bound == SqlValue::Null;
                Ok((Param::Fixed(bound), binding, nullable))
            }
            Operand::Hole(index) => {
                let unknown = || QueryProblem::UnknownHole { hole: *index, holes: self.holes.len() };
                let hole = self.holes.get(usize::from(*index)).ok_or_else(unknown)?;
                let binding = Binding::choose(field.ty.ty, op, hole.ty).ok_or_else(|| mismatch(hole.ty.to_string()))?;
                let nullable =
                    hole.nullable || matches!(hole.ty, Type::One(Kind::Any)) || binding.may_be_null(self.dialect);
                Ok((Param::Hole { index: usize::from(*index), op, binding }, binding, nullable))
            }
        }
    }
}

pub(super) fn known<'c>(connector: &'c Connector, name: &str) -> Result<&'c Field, QueryProblem> {
    let unknown = || QueryProblem::UnknownField { connector: connector.name.clone(), field: name.to_owned() };
    connector.field(name).ok_or_else(unknown)
}

fn filterable<'c>(connector: &'c Connector, name: &str, op: Compare) -> Result<&'c Field, QueryProblem> {
    let field = known(connector, name)?;
    if field.operators().contains(&op) {
        Ok(field)
    } else {
        Err(QueryProblem::Operator { field: name.to_owned(), operator: op.name() })
    }
}

/// Joins the last `count` parts, in a balanced way: a chain of a thousand would be too deep for SQLite.
fn group(stack: &mut Vec<Part>, count: u16, operator: &str, none: &str) -> Result<Part, QueryProblem> {
    let start = stack.len().checked_sub(usize::from(count)).ok_or(QueryProblem::FilterShape)?;
    let mut parts = stack.split_off(start);
    if parts.is_empty() {
        return Ok(Part { sql: none.to_owned(), depth: 1 });
    }
    let depth = parts.iter().map(|part| part.depth).max().unwrap_or(0) + 1;
    while parts.len() > 1 {
        let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            joined.push(match rest.next() {
                Some(right) => Part { sql: format!("({}{operator}{})", left.sql, right.sql), depth },
                None => left,
            });
        }
        parts = joined;
    }
    parts.pop().map(|part| Part { depth, ..part }).ok_or(QueryProblem::FilterShape)
}

/// The value of a parameter, given the values of the holes.
pub(super) fn bind(dialect: Dialect, param: &Param, args: &[Value]) -> SqlValue {
    match param {
        Param::Fixed(value) => value.clone(),
        Param::Hole { index, op, binding } => {
            args.get(*index).map_or(SqlValue::Null, |value| binding.bind(dialect, *op, value))
        }
    }
}
