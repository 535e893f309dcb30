//! Parameters and cells of PostgreSQL.

use sqlx::{
    Arguments, Column, Decode, Postgres, Row, TypeInfo, ValueRef,
    postgres::{PgArguments, PgRow, PgTypeInfo, PgValueRef},
};

use super::numeric;
use crate::{SqlValue, StoreError};

/// The version byte with which a JSONB begins on the wire.
const JSONB_VERSION: u8 = 1;

/// The arguments of a statement that uses these parameters, by their numbers, as these types.
pub(super) fn arguments(used: &[usize], params: &[SqlValue], types: &[PgTypeInfo]) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for (number, ty) in used.iter().zip(types) {
        let param = number.checked_sub(1).and_then(|at| params.get(at)).ok_or_else(|| {
            let problem = format!("it names parameter {number}, and {} were given", params.len());
            StoreError::Parameter { problem }
        })?;
        push(&mut arguments, param, ty.name(), *number)?;
    }
    Ok(arguments)
}

fn push(arguments: &mut PgArguments, param: &SqlValue, ty: &str, number: usize) -> Result<(), StoreError> {
    let unfit = |is: &str| {
        let problem = format!("parameter {number} is {is}, and the statement wants {ty} there");
        StoreError::Parameter { problem }
    };
    let added = match (param, ty) {
        (SqlValue::Null, _) => arguments.add(None::<i64>),
        (SqlValue::Int(n), "INT8") => arguments.add(*n),
        (SqlValue::Int(n), "INT4") => arguments.add(i32::try_from(*n).map_err(|_| unfit("too large a number"))?),
        (SqlValue::Int(n), "INT2") => arguments.add(i16::try_from(*n).map_err(|_| unfit("too large a number"))?),
        (SqlValue::Int(n), "BOOL") => arguments.add(*n != 0),
        (SqlValue::Int(n), "NUMERIC") => {
            arguments.add(numeric::from_text(&n.to_string()).ok_or_else(|| unfit("too large a number"))?)
        }
        (SqlValue::Int(_), _) => return Err(unfit("an integer")),
        (SqlValue::Text(text), "NUMERIC") => {
            arguments.add(numeric::from_text(text).ok_or_else(|| unfit("text that is no plain decimal"))?)
        }
        (SqlValue::Text(text), _) if text.contains('\0') => return Err(StoreError::Nul),
        (SqlValue::Text(text), "TEXT" | "VARCHAR" | "BPCHAR" | "NAME" | "UNKNOWN" | "JSON") => arguments.add(&**text),
        (SqlValue::Text(text), "JSONB") => arguments.add([&[JSONB_VERSION], text.as_bytes()].concat()),
        (SqlValue::Text(_), _) => return Err(unfit("text")),
        (SqlValue::Blob(bytes), "BYTEA") => arguments.add(&**bytes),
        (SqlValue::Blob(_), _) => return Err(unfit("a blob")),
    };
    added.map_err(|error| StoreError::Unavailable(sqlx::Error::Encode(error)))
}

/// The cells of a row.
pub(super) fn read_row(row: &PgRow) -> Result<Vec<SqlValue>, StoreError> {
    let cell = |(at, column): (usize, &<Postgres as sqlx::Database>::Column)| {
        let cell = row.try_get_raw(at).map_err(StoreError::statement)?;
        read_cell(cell, column.type_info().name())
    };
    row.columns().iter().enumerate().map(cell).collect()
}

fn read_cell(cell: PgValueRef<'_>, ty: &str) -> Result<SqlValue, StoreError> {
    if cell.is_null() {
        return Ok(SqlValue::Null);
    }
    let read = match ty {
        "INT2" | "INT4" | "INT8" => <i64 as Decode<Postgres>>::decode(cell).map(SqlValue::Int),
        "BOOL" => <bool as Decode<Postgres>>::decode(cell).map(|yes| SqlValue::Int(i64::from(yes))),
        "TEXT" | "VARCHAR" | "BPCHAR" | "NAME" | "UNKNOWN" | "JSON" => cell.as_str().map(SqlValue::text),
        "BYTEA" => cell.as_bytes().map(|bytes| SqlValue::Blob(bytes.into())),
        "VOID" => Ok(SqlValue::Null),
        "NUMERIC" => cell.as_bytes().and_then(|bytes| {
            let text = numeric::to_text(bytes);
            text.map(SqlValue::text).ok_or_else(|| "a NUMERIC that is not a finite number".into())
        }),
        "JSONB" => cell.as_bytes().and_then(|bytes| {
            let (_version, json) = bytes.split_first().ok_or("an empty JSONB")?;
            Ok(SqlValue::text(str::from_utf8(json)?))
        }),
        other => return Err(StoreError::Cell { found: other.to_owned() }),
    };
    read.map_err(|source| StoreError::Unavailable(sqlx::Error::Decode(source)))
}
