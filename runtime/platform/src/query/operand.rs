//! The right side of a test: what it may be, and how it is bound.

use std::sync::Arc;

use alcove_plan::{
    expr::Compare,
    types::{Kind, Type},
    value::{Timestamp, Value},
};
use alcove_store::{Dialect, SqlValue};

use crate::{cell, dialect::column_type};

/// How the right side of one test is bound to its parameter.
///
/// A value whose kind does not compare with the field is bound as NULL. That is not a trick: in predicates null and a
/// kind that does not compare mean the same (`ne` and `nin` are true, all others false).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// As a cell of a column of this kind.
    Cell(Kind),
    /// A part of a text: as bytes in SQLite, whose text functions end at U+0000, as text in PostgreSQL.
    Part,
    /// A JSON array of cells of this kind.
    List(Kind),
}

impl Binding {
    /// How `op` on a field of type `field` takes an operand of type `operand`; `None` if it does not.
    pub(super) fn choose(field: Type, op: Compare, operand: Type) -> Option<Self> {
        match (field, op) {
            (Type::One(kind), Compare::In | Compare::NotIn) => {
                let items = match operand {
                    Type::ListOf(items) => items,
                    Type::One(Kind::List | Kind::Any) => Kind::Any,
                    Type::One(_) => return None,
                };
                comparable(kind, items).map(Self::List)
            }
            (Type::One(Kind::Str), Compare::Contains | Compare::StartsWith | Compare::EndsWith) => match operand {
                Type::One(Kind::Str | Kind::Any) => Some(Self::Part),
                _ => None,
            },
            (Type::ListOf(items), Compare::Contains) => match operand {
                Type::One(kind) => comparable(items, kind).map(Self::Cell),
                Type::ListOf(_) => None,
            },
            (Type::One(kind), Compare::Eq | Compare::Ne | Compare::Gt | Compare::Gte | Compare::Lt | Compare::Lte) => {
                match operand {
                    Type::One(operand) => comparable(kind, operand).map(Self::Cell),
                    Type::ListOf(_) => None,
                }
            }
            _ => None,
        }
    }

    /// The parameter for a value on the right side of `op`.
    pub(super) fn bind(self, dialect: Dialect, op: Compare, value: &Value) -> SqlValue {
        match self {
            Self::Cell(kind) => match (dialect, operand_cell(value, kind)) {
                (Dialect::Postgres, Some(SqlValue::Text(text))) => without_nul(op, &text),
                (_, cell) => cell.unwrap_or(SqlValue::Null),
            },
            Self::Part => match (dialect, value) {
                (Dialect::Sqlite, Value::Str(text)) => SqlValue::Blob(text.as_bytes().into()),
                (Dialect::Postgres, Value::Str(text)) => without_nul(op, text),
                _ => SqlValue::Null,
            },
            Self::List(kind) => match value {
                Value::List(items) => {
                    // Nothing equals null, and a NULL here would make `NOT IN` neither true nor false.
                    // Nor does any text of PostgreSQL equal one that it cannot have.
                    let storable = |item: &&Value| cell::is_storable(dialect, item, Type::One(Kind::Str));
                    let items = items.iter().filter(|item| !item.is_null()).filter(storable);
                    let cells: Vec<_> = items.filter_map(|item| operand_cell(item, kind)).collect();
                    SqlValue::text(cell::json_array(&cells))
                }
                _ => SqlValue::Null,
            },
        }
    }

    /// Whether a value that is not null may be bound as NULL.
    pub(super) fn may_be_null(self, dialect: Dialect) -> bool {
        dialect == Dialect::Postgres && matches!(self, Self::Cell(Kind::Str) | Self::Part)
    }

    /// The kind of what it is compared with.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Cell(kind) | Self::List(kind) => kind,
            Self::Part => Kind::Str,
        }
    }

    /// The type of PostgreSQL for its parameter.
    pub(super) fn parameter_type(self) -> &'static str {
        match self {
            Self::Cell(kind) => column_type(Type::One(kind)),
            Self::Part | Self::List(_) => "TEXT",
        }
    }
}

/// A text for a comparison with texts of PostgreSQL, none of which has U+0000. To all of them it is what the given text
/// is: of those that come after `a\0b`, the first is `a\u{1}`; of those before it, the last is `a`; none is equal to
/// it, or has it as a part.
fn without_nul(op: Compare, text: &Arc<str>) -> SqlValue {
    match (text.split_once('\0'), op) {
        (None, _) => SqlValue::Text(Arc::clone(text)),
        (Some((before, _)), Compare::Gt | Compare::Lte) => SqlValue::text(before),
        (Some((before, _)), Compare::Gte | Compare::Lt) => SqlValue::text(format!("{before}\u{1}")),
        (Some(_), _) => SqlValue::Null,
    }
}

/// The cell of a value that is compared with cells of a kind: text is read as RFC 3339 where it meets timestamps.
fn operand_cell(value: &Value, kind: Kind) -> Option<SqlValue> {
    match (kind, value) {
        (Kind::Time, Value::Str(text)) => cell::to_sql(&Value::Time(Timestamp::parse(text)?), Type::One(kind)),
        _ => cell::to_sql(value, Type::One(kind)),
    }
}

/// The kind under which a field and an operand are compared: the field's own, but decimals where an integer field meets
/// what may be a fraction.
fn comparable(field: Kind, operand: Kind) -> Option<Kind> {
    match (field, operand) {
        (Kind::Object | Kind::List | Kind::Any, _) => None,
        (Kind::Int, Kind::Num | Kind::Any) | (Kind::Num, Kind::Int) => Some(Kind::Num),
        (field, Kind::Any) => Some(field),
        (field, operand) => (field == operand).then_some(field),
    }
}

/// The type of a constant.
pub(super) fn type_of(value: &Value) -> Option<Type> {
    let kind = |value: &Value| match value {
        Value::Null => None,
        Value::Bool(_) => Some(Kind::Bool),
        Value::Int(_) => Some(Kind::Int),
        Value::Num(_) => Some(Kind::Num),
        Value::Str(_) => Some(Kind::Str),
        Value::Time(_) => Some(Kind::Time),
        Value::List(_) => Some(Kind::List),
        Value::Record(_) => Some(Kind::Object),
    };
    let Value::List(items) = value else { return kind(value).map(Type::One) };
    let mut all = None;
    for item in items.iter() {
        all = Some(match (all, kind(item)?) {
            (None, kind) => kind,
            (Some(Kind::Int | Kind::Num), Kind::Int | Kind::Num) => Kind::Num,
            (Some(before), kind) if before == kind => kind,
            _ => Kind::Any,
        });
    }
    Some(Type::ListOf(all.unwrap_or(Kind::Any)))
}
