//! One test in SQL: true or false for every row and every operand, in the words of either database.

use alcove_catalog::Field;
use alcove_plan::{
    expr::Compare,
    types::{Kind, Type},
};
use alcove_store::{DECIMAL, Dialect};

use super::operand::Binding;
use crate::dialect::{column_type, from_items};

/// The column of a field. The name comes from the catalog, so that it is safe to quote.
pub(super) fn quoted(field: &Field) -> String {
    format!("\"{}\"", field.name)
}

/// What a group of no conditions is.
pub(super) fn constant(dialect: Dialect, holds: bool) -> &'static str {
    match (dialect, holds) {
        (Dialect::Sqlite, true) => "1",
        (Dialect::Sqlite, false) => "0",
        (Dialect::Postgres, true) => "TRUE",
        (Dialect::Postgres, false) => "FALSE",
    }
}

/// The test of a field against the parameter at `place`, which is NULL at times if it is `nullable`.
pub(super) fn test(
    dialect: Dialect,
    field: &Field,
    op: Compare,
    binding: Binding,
    place: &str,
    nullable: bool,
) -> String {
    let column = quoted(field);
    let place = typed(dialect, binding, place);
    let condition = match op {
        Compare::Eq => compare(dialect, field, binding, "=", &place),
        Compare::Ne => compare(dialect, field, binding, "<>", &place),
        Compare::Gt => compare(dialect, field, binding, ">", &place),
        Compare::Gte => compare(dialect, field, binding, ">=", &place),
        Compare::Lt => compare(dialect, field, binding, "<", &place),
        Compare::Lte => compare(dialect, field, binding, "<=", &place),
        Compare::In => compare(dialect, field, binding, "IN", &items(dialect, binding, &place)),
        Compare::NotIn => compare(dialect, field, binding, "NOT IN", &items(dialect, binding, &place)),
        Compare::Contains if matches!(field.ty.ty, Type::ListOf(_)) => list_contains(dialect, binding, &column, &place),
        Compare::StartsWith | Compare::EndsWith | Compare::Contains => text_has(dialect, op, &column, &place),
    };
    let (test_null, join) =
        if matches!(op, Compare::Ne | Compare::NotIn) { ("IS NULL", " OR ") } else { ("IS NOT NULL", " AND ") };
    let guards = [field.ty.nullable.then_some(&column), nullable.then_some(&place)];
    let mut terms: Vec<String> = guards.into_iter().flatten().map(|side| format!("{side} {test_null}")).collect();
    terms.push(condition);
    format!("({})", terms.join(join))
}

/// The parameter. PostgreSQL has to be told its type, where NULL is all that it sees of it.
fn typed(dialect: Dialect, binding: Binding, place: &str) -> String {
    match dialect {
        Dialect::Sqlite => place.to_owned(),
        Dialect::Postgres => format!("CAST({place} AS {})", binding.parameter_type()),
    }
}

fn compare(dialect: Dialect, field: &Field, binding: Binding, operator: &str, right: &str) -> String {
    let column = quoted(field);
    let left = match (field.ty.ty, binding, dialect) {
        (Type::One(Kind::Int), Binding::Cell(Kind::Num) | Binding::List(Kind::Num), Dialect::Sqlite) => {
            format!("CAST({column} AS TEXT) COLLATE {DECIMAL}")
        }
        _ => column,
    };
    format!("{left} {operator} {right}")
}

/// The items of a parameter that is a list.
fn items(dialect: Dialect, binding: Binding, place: &str) -> String {
    let value = item(dialect, binding);
    format!("(SELECT {value} FROM {})", from_items(dialect, place))
}

fn item(dialect: Dialect, binding: Binding) -> String {
    match dialect {
        Dialect::Sqlite => "value".to_owned(),
        Dialect::Postgres => format!("CAST(value AS {})", column_type(Type::One(binding.kind()))),
    }
}

fn list_contains(dialect: Dialect, binding: Binding, column: &str, place: &str) -> String {
    let (value, items) = (item(dialect, binding), from_items(dialect, column));
    let collation = match (dialect, binding) {
        (Dialect::Postgres, _) => String::new(),
        (Dialect::Sqlite, Binding::Cell(Kind::Num)) => format!(" COLLATE {DECIMAL}"),
        (Dialect::Sqlite, _) => " COLLATE BINARY".to_owned(),
    };
    let found = format!("SELECT 1 FROM {items} WHERE {value} = {place}{collation}");
    match dialect {
        Dialect::Postgres => format!("EXISTS ({found})"),
        // SQLite turns EXISTS into a join, and counts a row whose list has the value twice twice against the OFFSET.
        Dialect::Sqlite => format!("coalesce(({found} LIMIT 1), 0)"),
    }
}

/// A test of what a text begins or ends with, or contains. In SQLite on bytes, as its functions on text end at U+0000.
fn text_has(dialect: Dialect, op: Compare, column: &str, place: &str) -> String {
    match (dialect, op) {
        // `substr` of an empty blob is NULL.
        (Dialect::Sqlite, Compare::StartsWith) => {
            format!("coalesce(substr(CAST({column} AS BLOB), 1, length({place})) = {place}, length({place}) = 0)")
        }
        (Dialect::Sqlite, Compare::EndsWith) => {
            let end = format!("substr(CAST({column} AS BLOB), -length({place})) = {place}");
            format!("(length({place}) = 0 OR coalesce({end}, 0))")
        }
        (Dialect::Sqlite, _) => format!("instr(CAST({column} AS BLOB), {place}) > 0"),
        (Dialect::Postgres, Compare::StartsWith) => format!("starts_with({column}, {place})"),
        (Dialect::Postgres, Compare::EndsWith) => format!("right({column}, length({place})) = {place}"),
        (Dialect::Postgres, _) => format!("position({place} IN {column}) > 0"),
    }
}
