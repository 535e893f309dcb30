//! Values as cells of the database, as `migrations/README.md` says, and back.

use std::sync::Arc;

use alcove_catalog::ingest;
use alcove_plan::{
    types::{Kind, Type},
    value::{Timestamp, Value, render_decimal, to_json},
};
use alcove_store::{Dialect, SqlValue};
use rust_decimal::Decimal;

/// Why a stored cell is no value of its column's type.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CellError {
    /// A cell of a JSON column that does not parse.
    #[error("a stored cell is not JSON")]
    Syntax(#[from] serde_json::Error),
    /// JSON that is no value.
    #[error("a stored cell is not a value")]
    Value(#[from] ingest::IngestError),
    /// Anything else.
    #[error("a stored cell is not of type {ty}")]
    Kind {
        /// What it should be.
        ty: Type,
    },
}

/// The cell of a value in a column of type `ty`; `None` if it is of another type. Null is NULL in every column.
pub(crate) fn to_sql(value: &Value, ty: Type) -> Option<SqlValue> {
    match ty {
        Type::One(kind) => scalar(value, kind),
        Type::ListOf(kind) => match value {
            Value::Null => Some(SqlValue::Null),
            Value::List(items) => {
                let cells: Option<Vec<_>> = items.iter().map(|item| scalar(item, kind)).collect();
                Some(SqlValue::text(json_array(&cells?)))
            }
            _ => None,
        },
    }
}

/// Whether a database has a form for a value in a column of type `ty`: PostgreSQL has no text with U+0000. In a column
/// of JSON the character is escaped.
pub(crate) fn is_storable(dialect: Dialect, value: &Value, ty: Type) -> bool {
    match (dialect, value, ty) {
        (Dialect::Postgres, Value::Str(text), Type::One(Kind::Str)) => !text.contains('\0'),
        (Dialect::Postgres, Value::List(items), Type::ListOf(kind)) => {
            items.iter().all(|item| is_storable(dialect, item, Type::One(kind)))
        }
        _ => true,
    }
}

fn scalar(value: &Value, kind: Kind) -> Option<SqlValue> {
    Some(match (kind, value) {
        (_, Value::Null) => SqlValue::Null,
        (Kind::Bool, Value::Bool(b)) => SqlValue::Int(i64::from(*b)),
        (Kind::Int, Value::Int(n)) => SqlValue::Int(*n),
        (Kind::Num, Value::Int(_) | Value::Num(_)) => SqlValue::text(render_decimal(value.as_decimal()?)),
        (Kind::Str, Value::Str(text)) => SqlValue::Text(Arc::clone(text)),
        (Kind::Time, Value::Time(instant)) => SqlValue::Int(instant.micros()),
        (Kind::Any, _) | (Kind::Object, Value::Record(_)) | (Kind::List, Value::List(_)) => {
            let mut text = String::new();
            to_json(value, &mut text);
            SqlValue::text(text)
        }
        _ => return None,
    })
}

/// The value of a cell in a column of type `ty`.
pub(crate) fn from_sql(cell: &SqlValue, ty: Type) -> Result<Value, CellError> {
    match (ty, cell) {
        (_, SqlValue::Null) => Ok(Value::Null),
        (Type::One(Kind::Any | Kind::Object | Kind::List), SqlValue::Text(text)) => json_value(text),
        (Type::One(kind), cell) => read_scalar(cell, kind).ok_or(CellError::Kind { ty }),
        (Type::ListOf(kind), SqlValue::Text(text)) => {
            let items = read_cells(text)?;
            let values: Option<Vec<_>> = items.iter().map(|item| read_item(item, kind)).collect();
            values.map(Value::list).ok_or(CellError::Kind { ty })
        }
        (Type::ListOf(_), _) => Err(CellError::Kind { ty }),
    }
}

fn read_scalar(cell: &SqlValue, kind: Kind) -> Option<Value> {
    match (kind, cell) {
        (Kind::Bool, SqlValue::Int(n)) => Some(Value::Bool(*n != 0)),
        (Kind::Int, SqlValue::Int(n)) => Some(Value::Int(*n)),
        (Kind::Num, SqlValue::Text(text)) => text.parse::<Decimal>().ok().map(Value::Num),
        (Kind::Str, SqlValue::Text(text)) => Some(Value::Str(Arc::clone(text))),
        (Kind::Time, SqlValue::Int(micros)) => Timestamp::from_micros(*micros).map(Value::Time),
        _ => None,
    }
}

/// An item of a list column, as the type that the column declares.
fn read_item(item: &SqlValue, kind: Kind) -> Option<Value> {
    from_sql(item, Type::One(kind)).ok()
}

fn json_value(text: &str) -> Result<Value, CellError> {
    Ok(ingest::value(&serde_json::from_str(text)?)?)
}

/// The cells of a JSON array that [`json_array`] wrote.
pub(crate) fn read_cells(text: &str) -> Result<Vec<SqlValue>, CellError> {
    let items: Vec<serde_json::Value> = serde_json::from_str(text)?;
    let cell = |item: serde_json::Value| match item {
        serde_json::Value::Number(n) => n.as_i64().map_or(SqlValue::Null, SqlValue::Int),
        serde_json::Value::String(text) => SqlValue::text(text),
        _ => SqlValue::Null,
    };
    Ok(items.into_iter().map(cell).collect())
}

/// Cells as a JSON array, from which `json_each` and `->>` give the very cells again.
pub(crate) fn json_array(cells: &[SqlValue]) -> String {
    let mut out = String::from("[");
    push_cells(cells, &mut out);
    out
}

/// Rows of cells as a JSON array of arrays.
pub(crate) fn json_rows<'c>(rows: impl IntoIterator<Item = &'c [SqlValue]>) -> String {
    let mut out = String::from("[");
    for row in rows {
        if out.len() > 1 {
            out.push(',');
        }
        out.push('[');
        push_cells(row, &mut out);
    }
    out.push(']');
    out
}

fn push_cells(cells: &[SqlValue], out: &mut String) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        to_json(&json_scalar(cell), out);
    }
    out.push(']');
}

fn json_scalar(cell: &SqlValue) -> Value {
    match cell {
        // No column is a BLOB, and no parameter that goes through JSON is bound as one.
        SqlValue::Null | SqlValue::Blob(_) => Value::Null,
        SqlValue::Int(n) => Value::Int(*n),
        SqlValue::Text(text) => Value::Str(Arc::clone(text)),
    }
}

#[cfg(test)]
mod tests {
    use alcove_plan::{
        types::{Kind, Type},
        value::{Timestamp, Value},
    };

    use super::{from_sql, to_sql};

    #[test]
    fn every_kind_of_value_comes_back_as_it_was() {
        let time = Value::Time(Timestamp::from_micros(1_700_000_000_123_456).unwrap());
        let exact = Value::Num("0.1234567890123456789012345678".parse().unwrap());
        let object = Value::object([("b", Value::list(vec![Value::Null, exact.clone()])), ("a", Value::Int(i64::MIN))]);
        let cases = [
            (Value::Null, Type::One(Kind::Str)),
            (Value::Bool(true), Type::One(Kind::Bool)),
            (Value::Int(i64::MAX), Type::One(Kind::Int)),
            (exact.clone(), Type::One(Kind::Num)),
            (Value::from("nul \0 quote \" ünïcode 🎉 \u{7f}"), Type::One(Kind::Str)),
            (time.clone(), Type::One(Kind::Time)),
            (object.clone(), Type::One(Kind::Object)),
            (object.clone(), Type::One(Kind::Any)),
            (Value::list(vec![Value::from("a"), Value::Null]), Type::ListOf(Kind::Str)),
            (Value::list(vec![exact]), Type::ListOf(Kind::Num)),
            (Value::list(vec![time]), Type::ListOf(Kind::Time)),
            (Value::list(vec![Value::Bool(false)]), Type::ListOf(Kind::Bool)),
            (Value::list(vec![object]), Type::ListOf(Kind::Object)),
        ];
        for (value, ty) in cases {
            assert_eq!(from_sql(&to_sql(&value, ty).unwrap(), ty).unwrap(), value, "{ty}");
        }
    }

    #[test]
    fn a_value_of_another_type_has_no_cell() {
        assert!(to_sql(&Value::from("1"), Type::One(Kind::Int)).is_none());
        assert!(to_sql(&Value::Int(1), Type::ListOf(Kind::Int)).is_none());
        assert!(to_sql(&Value::list(vec![Value::Int(1)]), Type::ListOf(Kind::Str)).is_none());
    }
}
