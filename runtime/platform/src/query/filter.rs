//! Filters as two-valued SQL.
//!
//! SQL's NULL would leak through NOT and OR, so each test is built such that it gives 0 or 1 for every row: a nullable
//! side is tested for NULL first, and `0 AND NULL` is 0 while `1 OR NULL` is 1.

use alcove_catalog::{Connector, Field};
use alcove_plan::{
    expr::Compare,
    limits::{FILTER_DEPTH_MAX, FILTER_NODES_MAX},
    query::{FilterNode, Hole, Operand},
    types::{Kind, Type},
    value::Value,
};
use alcove_store::{DECIMAL, SqlValue};

use super::operand::{Binding, type_of};
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
    /// Bound when it is opened, from that hole.
    Hole(usize, Binding),
}

/// A condition that is being put together.
struct Part {
    sql: String,
    depth: usize,
}

/// Builds the condition; its parameters are numbered from `first_param`.
pub(super) fn build(
    connector: &Connector,
    nodes: &[FilterNode],
    holes: &[Hole],
    first_param: usize,
) -> Result<Filter, QueryProblem> {
    if nodes.len() > FILTER_NODES_MAX {
        return Err(QueryProblem::FilterSize { nodes: nodes.len(), max: FILTER_NODES_MAX });
    }
    let mut params = Vec::new();
    let mut stack: Vec<Part> = Vec::new();
    for node in nodes {
        let part = match node {
            FilterNode::Test { field, op, operand } => {
                let field = filterable(connector, field, *op)?;
                let place = format!("?{}", first_param + params.len());
                let (param, nullable) = right_side(field, *op, operand, holes)?;
                let sql = test(field, *op, &param, &place, nullable);
                params.push(param.0);
                Part { sql, depth: 1 }
            }
            FilterNode::Exists { field } => {
                let found = known(connector, field)?;
                if !found.filterable {
                    return Err(QueryProblem::Operator { field: field.clone(), operator: "exists" });
                }
                Part { sql: format!("{} IS NOT NULL", quoted(found)), depth: 1 }
            }
            FilterNode::Not => {
                let part = stack.pop().ok_or(QueryProblem::FilterShape)?;
                Part { sql: format!("NOT ({})", part.sql), depth: part.depth + 1 }
            }
            FilterNode::And(count) => group(&mut stack, usize::from(*count), " AND ", "1")?,
            FilterNode::Or(count) => group(&mut stack, usize::from(*count), " OR ", "0")?,
        };
        if part.depth > FILTER_DEPTH_MAX {
            return Err(QueryProblem::FilterShape);
        }
        stack.push(part);
    }
    match (stack.pop(), stack.is_empty()) {
        (None, _) => Ok(Filter { sql: "1".to_owned(), params }),
        (Some(whole), true) => Ok(Filter { sql: whole.sql, params }),
        (Some(_), false) => Err(QueryProblem::FilterShape),
    }
}

/// The column of a field. The name comes from the catalog, so that it is safe to quote.
pub(super) fn quoted(field: &Field) -> String {
    format!("\"{}\"", field.name)
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

/// The parameter of a test, how it is bound, and whether it may be NULL.
fn right_side(
    field: &Field,
    op: Compare,
    operand: &Operand,
    holes: &[Hole],
) -> Result<((Param, Binding), bool), QueryProblem> {
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
            let bound = binding.bind(&literal.0);
            let nullable = bound == SqlValue::Null;
            Ok(((Param::Fixed(bound), binding), nullable))
        }
        Operand::Hole(index) => {
            let unknown = || QueryProblem::UnknownHole { hole: *index, holes: holes.len() };
            let hole = holes.get(usize::from(*index)).ok_or_else(unknown)?;
            let binding = Binding::choose(field.ty.ty, op, hole.ty).ok_or_else(|| mismatch(hole.ty.to_string()))?;
            let nullable = hole.nullable || matches!(hole.ty, Type::One(Kind::Any));
            Ok(((Param::Hole(usize::from(*index), binding), binding), nullable))
        }
    }
}

/// One test: 0 or 1 for every row and every operand.
fn test(field: &Field, op: Compare, param: &(Param, Binding), place: &str, nullable: bool) -> String {
    let column = quoted(field);
    let left = match (field.ty.ty, param.1) {
        (Type::One(Kind::Int), Binding::Cell(Kind::Num) | Binding::List(Kind::Num)) => {
            format!("CAST({column} AS TEXT) COLLATE {DECIMAL}")
        }
        _ => column.clone(),
    };
    let compare = |symbol: &str| format!("{left} {symbol} {place}");
    let condition = match op {
        Compare::Eq => compare("="),
        Compare::Ne => compare("<>"),
        Compare::Gt => compare(">"),
        Compare::Gte => compare(">="),
        Compare::Lt => compare("<"),
        Compare::Lte => compare("<="),
        Compare::In => format!("{left} IN (SELECT value FROM json_each({place}))"),
        Compare::NotIn => format!("{left} NOT IN (SELECT value FROM json_each({place}))"),
        // `substr` of an empty blob is NULL.
        Compare::StartsWith => {
            format!("coalesce(substr(CAST({column} AS BLOB), 1, length({place})) = {place}, length({place}) = 0)")
        }
        Compare::EndsWith => {
            let end = format!("substr(CAST({column} AS BLOB), -length({place})) = {place}");
            format!("(length({place}) = 0 OR coalesce({end}, 0))")
        }
        Compare::Contains => match field.ty.ty {
            Type::ListOf(_) => {
                let collation = if param.1 == Binding::Cell(Kind::Num) { DECIMAL } else { "BINARY" };
                format!("EXISTS (SELECT 1 FROM json_each({column}) WHERE value = {place} COLLATE {collation})")
            }
            Type::One(_) => format!("instr(CAST({column} AS BLOB), {place}) > 0"),
        },
    };
    let (test_null, join) =
        if matches!(op, Compare::Ne | Compare::NotIn) { ("IS NULL", " OR ") } else { ("IS NOT NULL", " AND ") };
    let guards = [field.ty.nullable.then_some(column.as_str()), nullable.then_some(place)];
    let mut terms: Vec<String> = guards.into_iter().flatten().map(|side| format!("{side} {test_null}")).collect();
    terms.push(condition);
    format!("({})", terms.join(join))
}

/// Joins the last `count` parts, in a balanced way: a chain of a thousand would be too deep for SQLite.
fn group(stack: &mut Vec<Part>, count: usize, operator: &str, none: &str) -> Result<Part, QueryProblem> {
    let start = stack.len().checked_sub(count).ok_or(QueryProblem::FilterShape)?;
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
pub(super) fn bind(param: &Param, args: &[Value]) -> SqlValue {
    match param {
        Param::Fixed(value) => value.clone(),
        Param::Hole(index, binding) => args.get(*index).map_or(SqlValue::Null, |value| binding.bind(value)),
    }
}
