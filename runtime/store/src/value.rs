//! Parameters and cells.

use std::sync::Arc;

use sqlx::{
    Decode, Row, Sqlite, TypeInfo, ValueRef,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow, SqliteValueRef},
};

use crate::StoreError;

/// One parameter or one cell. There are no floating-point numbers: they would not be exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SqlValue {
    /// NULL.
    Null,
    /// INTEGER.
    Int(i64),
    /// TEXT, which may contain any character, U+0000 too.
    Text(Arc<str>),
    /// BLOB.
    Blob(Arc<[u8]>),
}

impl SqlValue {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text of a TEXT.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an INTEGER.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => 8,
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        }
    }
}

pub(crate) fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    params: &[SqlValue],
) -> Query<'q, Sqlite, SqliteArguments> {
    params.iter().fold(query, |query, param| match param {
        SqlValue::Null => query.bind(None::<i64>),
        SqlValue::Int(n) => query.bind(*n),
        SqlValue::Text(text) => query.bind(Arc::clone(text)),
        SqlValue::Blob(bytes) => query.bind(bytes.to_vec()),
    })
}

pub(crate) fn read_row(row: &SqliteRow) -> Result<Vec<SqlValue>, StoreError> {
    (0..row.len()).map(|at| row.try_get_raw(at).map_err(StoreError::statement).and_then(read_cell)).collect()
}

fn read_cell(cell: SqliteValueRef<'_>) -> Result<SqlValue, StoreError> {
    if cell.is_null() {
        return Ok(SqlValue::Null);
    }
    let kind = cell.type_info().name().to_owned();
    let read = match kind.as_str() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(cell).map(SqlValue::Int),
        "TEXT" => <&str as Decode<Sqlite>>::decode(cell).map(SqlValue::text),
        "BLOB" => <&[u8] as Decode<Sqlite>>::decode(cell).map(|bytes| SqlValue::Blob(bytes.into())),
        _ => return Err(StoreError::Cell { found: kind }),
    };
    read.map_err(|source| StoreError::Unavailable(sqlx::Error::Decode(source)))
}
