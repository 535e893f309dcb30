//! Statements on the writer's connection.

use rusqlite::{
    Connection, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use super::failure;
use crate::{SqlValue, Statement, StoreError, param_rows::Param, statement::Done};

/// The longest text that stays prepared. Longer ones are rare, and hardly one of them comes twice.
const KEPT_TEXT_BYTES: usize = 32 * 1024;

/// Performs statements in order, up to the first that fails; adds what each that was performed has done.
pub(super) fn all(
    connection: &Connection,
    statements: &[(usize, Statement)],
    answers: &mut Vec<Done>,
) -> Result<(), StoreError> {
    for (_, statement) in statements {
        answers.push(one(connection, statement)?);
    }
    Ok(())
}

fn one(connection: &Connection, statement: &Statement) -> Result<Done, StoreError> {
    let text = statement.sql.as_str();
    if text.len() > KEPT_TEXT_BYTES {
        return each(connection, &mut connection.prepare(text).map_err(failure::statement)?, statement);
    }
    each(connection, &mut *connection.prepare_cached(text).map_err(failure::statement)?, statement)
}

/// Performs a prepared statement as often as it has rows of parameters.
fn each(
    connection: &Connection,
    prepared: &mut rusqlite::Statement<'_>,
    statement: &Statement,
) -> Result<Done, StoreError> {
    let mut done = Done::default();
    match &statement.rows {
        None => once(connection, prepared, statement.params.iter().map(Param::from), &mut done)?,
        Some(rows) => {
            for row in rows.iter() {
                once(connection, prepared, row, &mut done)?;
            }
        }
    }
    Ok(done)
}

fn once<'p>(
    connection: &Connection,
    prepared: &mut rusqlite::Statement<'_>,
    params: impl ExactSizeIterator<Item = Param<'p>>,
    done: &mut Done,
) -> Result<(), StoreError> {
    let (named, given) = (prepared.parameter_count(), params.len());
    if named > given {
        let problem = format!("it names parameter {named}, and {given} were given");
        return Err(StoreError::Parameter { problem });
    }
    for (at, param) in params.enumerate().take(named) {
        prepared.raw_bind_parameter(at + 1, param).map_err(failure::statement)?;
    }
    let columns = prepared.column_count();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next().map_err(failure::statement)? {
        let cell = |at| row.get_ref(at).map_err(failure::statement).and_then(cell);
        done.rows.push((0..columns).map(cell).collect::<Result<_, _>>()?);
    }
    drop(rows);
    done.changed += connection.changes();
    Ok(())
}

fn cell(cell: ValueRef<'_>) -> Result<SqlValue, StoreError> {
    match cell {
        ValueRef::Null => Ok(SqlValue::Null),
        ValueRef::Integer(n) => Ok(SqlValue::Int(n)),
        ValueRef::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) => Ok(SqlValue::text(text)),
            Err(_) => Err(StoreError::Cell { found: "TEXT that is not UTF-8".to_owned() }),
        },
        ValueRef::Blob(bytes) => Ok(SqlValue::Blob(bytes.into())),
        ValueRef::Real(_) => Err(StoreError::Cell { found: "REAL".to_owned() }),
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
