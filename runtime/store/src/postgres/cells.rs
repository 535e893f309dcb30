//! Parameters and cells of PostgreSQL.

use std::borrow::Cow;

use sqlx::{
    Arguments, Column, Decode, Postgres, Row, TypeInfo, ValueRef,
    error::BoxDynError,
    postgres::{PgArguments, PgRow, PgTypeInfo, PgValueFormat, PgValueRef},
};

use super::numeric;
use crate::{SqlValue, StoreError};

/// The version byte with which a JSONB begins on the wire.
const JSONB_VERSION: u8 = 1;

/// A parameter as the type that a statement wants in its place.
#[derive(Debug)]
pub(super) enum Fit<'p> {
    Null,
    /// An integer that fits the type's range.
    Int(i64),
    Bool(bool),
    /// As it travels.
    Numeric(Vec<u8>),
    /// Text, or JSON.
    Text(&'p str),
    Blob(&'p [u8]),
}

/// The arguments of a statement that uses these parameters, by their numbers, as these types.
pub(super) fn arguments(used: &[usize], params: &[SqlValue], types: &[PgTypeInfo]) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for (number, ty) in used.iter().zip(types) {
        let param = param(params, *number)?;
        let added = match (fit(param, ty.name(), *number)?, ty.name()) {
            (Fit::Null, _) => arguments.add(None::<i64>),
            (Fit::Int(n), "INT4") => arguments.add(i32::try_from(n).unwrap_or_default()),
            (Fit::Int(n), "INT2") => arguments.add(i16::try_from(n).unwrap_or_default()),
            (Fit::Int(n), _) => arguments.add(n),
            (Fit::Bool(b), _) => arguments.add(b),
            (Fit::Numeric(bytes), _) => arguments.add(bytes),
            (Fit::Text(text), "JSONB") => arguments.add([&[JSONB_VERSION], text.as_bytes()].concat()),
            (Fit::Text(text), _) => arguments.add(text),
            (Fit::Blob(bytes), _) => arguments.add(bytes),
        };
        added.map_err(|error| StoreError::Unavailable(sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

/// A text, or the digits of a blob.
pub(super) fn as_text(value: &SqlValue) -> Cow<'_, str> {
    match value {
        SqlValue::Text(text) => Cow::Borrowed(text),
        SqlValue::Blob(bytes) => Cow::Owned(hex::encode(bytes)),
        SqlValue::Int(n) => Cow::Owned(n.to_string()),
        SqlValue::Null => Cow::Borrowed(""),
    }
}

/// The parameter of this number.
pub(super) fn param(params: &[SqlValue], number: usize) -> Result<&SqlValue, StoreError> {
    number.checked_sub(1).and_then(|at| params.get(at)).ok_or_else(|| {
        let problem = format!("it names parameter {number}, and {} were given", params.len());
        StoreError::Parameter { problem }
    })
}

/// Holds a parameter against the type that is wanted.
pub(super) fn fit<'p>(param: &'p SqlValue, ty: &str, number: usize) -> Result<Fit<'p>, StoreError> {
    let unfit = |is: &str| {
        let problem = format!("parameter {number} is {is}, and the statement wants {ty} there");
        StoreError::Parameter { problem }
    };
    let within = |fits: bool, n: i64| if fits { Ok(Fit::Int(n)) } else { Err(unfit("too large a number")) };
    match (param, ty) {
        (SqlValue::Null, _) => Ok(Fit::Null),
        (SqlValue::Int(n), "INT8") => Ok(Fit::Int(*n)),
        (SqlValue::Int(n), "INT4") => within(i32::try_from(*n).is_ok(), *n),
        (SqlValue::Int(n), "INT2") => within(i16::try_from(*n).is_ok(), *n),
        (SqlValue::Int(n), "BOOL") => Ok(Fit::Bool(*n != 0)),
        (SqlValue::Int(n), "NUMERIC") => {
            numeric::from_text(&n.to_string()).map(Fit::Numeric).ok_or_else(|| unfit("too large a number"))
        }
        (SqlValue::Int(_), _) => Err(unfit("an integer")),
        (SqlValue::Text(text), "NUMERIC") => {
            numeric::from_text(text).map(Fit::Numeric).ok_or_else(|| unfit("text that is no plain decimal"))
        }
        (SqlValue::Text(text), _) if text.contains('\0') => Err(StoreError::Nul),
        (SqlValue::Text(text), "TEXT" | "VARCHAR" | "BPCHAR" | "NAME" | "UNKNOWN" | "JSON" | "JSONB") => {
            Ok(Fit::Text(text))
        }
        (SqlValue::Text(_), _) => Err(unfit("text")),
        (SqlValue::Blob(bytes), "BYTEA") => Ok(Fit::Blob(bytes)),
        (SqlValue::Blob(_), _) => Err(unfit("a blob")),
    }
}

/// The cells of a row.
pub(super) fn read_row(row: &PgRow) -> Result<Vec<SqlValue>, StoreError> {
    let cell = |(at, column): (usize, &<Postgres as sqlx::Database>::Column)| {
        let cell = row.try_get_raw(at).map_err(StoreError::statement)?;
        read_cell(cell, column.type_info().name())
    };
    row.columns().iter().enumerate().map(cell).collect()
}

/// A cell. The server sends it in binary form where a statement was prepared by the driver, else as text.
fn read_cell(cell: PgValueRef<'_>, ty: &str) -> Result<SqlValue, StoreError> {
    if cell.is_null() {
        return Ok(SqlValue::Null);
    }
    let is_text = cell.format() == PgValueFormat::Text;
    let read = match ty {
        "INT2" | "INT4" | "INT8" => <i64 as Decode<Postgres>>::decode(cell).map(SqlValue::Int),
        "BOOL" => <bool as Decode<Postgres>>::decode(cell).map(|yes| SqlValue::Int(i64::from(yes))),
        "TEXT" | "VARCHAR" | "BPCHAR" | "NAME" | "UNKNOWN" | "JSON" => cell.as_str().map(SqlValue::text),
        "BYTEA" => <Vec<u8> as Decode<Postgres>>::decode(cell).map(|bytes| SqlValue::Blob(bytes.into())),
        "VOID" => Ok(SqlValue::Null),
        "NUMERIC" => read_numeric(&cell, is_text).map(SqlValue::text),
        "JSONB" if is_text => cell.as_str().map(SqlValue::text),
        "JSONB" => cell.as_bytes().and_then(|bytes| {
            let (_version, json) = bytes.split_first().ok_or("an empty JSONB")?;
            Ok(SqlValue::text(str::from_utf8(json)?))
        }),
        other => return Err(StoreError::Cell { found: other.to_owned() }),
    };
    read.map_err(|source| StoreError::Unavailable(sqlx::Error::Decode(source)))
}

fn read_numeric(cell: &PgValueRef<'_>, is_text: bool) -> Result<String, BoxDynError> {
    let text = if is_text {
        // There and back, so that it comes in its shortest form.
        numeric::from_text(cell.as_str()?).and_then(|bytes| numeric::to_text(&bytes))
    } else {
        numeric::to_text(cell.as_bytes()?)
    };
    text.ok_or_else(|| "a NUMERIC that is not a finite number".into())
}
