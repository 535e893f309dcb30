//! Parameters and cells of SQLite.

use std::sync::Arc;

use sqlx::{
    Arguments, Decode, Row, Sqlite, TypeInfo, ValueRef,
    sqlite::{SqliteArguments, SqliteRow, SqliteValueRef},
};

use crate::{SqlValue, StoreError};

/// The arguments of one statement.
pub(super) fn arguments(params: &[SqlValue]) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    push(&mut arguments, params)?;
    Ok(arguments)
}

/// Adds parameters to arguments.
pub(super) fn push(arguments: &mut SqliteArguments, params: &[SqlValue]) -> Result<(), StoreError> {
    for param in params {
        let added = match param {
            SqlValue::Null => arguments.add(None::<i64>),
            SqlValue::Int(n) => arguments.add(*n),
            SqlValue::Text(text) => arguments.add(Arc::clone(text)),
            SqlValue::Blob(bytes) => arguments.add(bytes.to_vec()),
        };
        added.map_err(|error| StoreError::Unavailable(sqlx::Error::Encode(error)))?;
    }
    Ok(())
}

/// The cells of a row.
pub(super) fn read_row(row: &SqliteRow) -> Result<Vec<SqlValue>, StoreError> {
    (0..row.len()).map(|at| row.try_get_raw(at).map_err(StoreError::statement).and_then(read_cell)).collect()
}

enum Kind {
    Int,
    Text,
    Blob,
}

fn read_cell(cell: SqliteValueRef<'_>) -> Result<SqlValue, StoreError> {
    if cell.is_null() {
        return Ok(SqlValue::Null);
    }
    let kind = match cell.type_info().name() {
        "INTEGER" => Kind::Int,
        "TEXT" => Kind::Text,
        "BLOB" => Kind::Blob,
        other => return Err(StoreError::Cell { found: other.to_owned() }),
    };
    let read = match kind {
        Kind::Int => <i64 as Decode<Sqlite>>::decode(cell).map(SqlValue::Int),
        Kind::Text => <&str as Decode<Sqlite>>::decode(cell).map(SqlValue::text),
        Kind::Blob => <&[u8] as Decode<Sqlite>>::decode(cell).map(|bytes| SqlValue::Blob(bytes.into())),
    };
    read.map_err(|source| StoreError::Unavailable(sqlx::Error::Decode(source)))
}
