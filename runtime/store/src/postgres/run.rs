//! One statement on one connection.

use std::fmt::Write;

use futures_util::{Stream, TryStreamExt};
use sqlx::{
    AssertSqlSafe, Either, Executor, PgConnection, SqlSafeStr, SqlStr,
    postgres::{PgQueryResult, PgRow},
};

use super::cells;
use crate::{Sql, SqlValue, StoreError, sql::replace_parameters, statement::Done};

/// What the server answers.
type Item = Either<PgQueryResult, PgRow>;

/// Sends a statement; its rows come as they are read.
pub(super) async fn send<'c>(
    connection: &'c mut PgConnection,
    sql: &Sql,
    params: &[SqlValue],
) -> Result<impl Stream<Item = Result<Item, sqlx::Error>> + Send + use<'c>, StoreError> {
    use sqlx::Statement as _;
    // From the connection's cache, but for the first time.
    let (text, used) = numbered(sql);
    let statement = connection.prepare(text).await.map_err(StoreError::statement)?;
    let types = match statement.parameters() {
        Some(Either::Left(types)) => types,
        _ => &[],
    };
    let arguments = cells::arguments(&used, params, types)?;
    Ok(connection.fetch_many(sqlx::query_with(statement.into_sql(), arguments)))
}

/// Performs a statement to its end.
pub(super) async fn perform(connection: &mut PgConnection, sql: &Sql, params: &[SqlValue]) -> Result<Done, StoreError> {
    let mut items = std::pin::pin!(send(connection, sql, params).await?);
    let mut done = Done::default();
    while let Some(item) = items.try_next().await.map_err(StoreError::statement)? {
        match item {
            Either::Right(row) => done.rows.push(cells::read_row(&row)?),
            Either::Left(end) => done.changed = end.rows_affected(),
        }
    }
    Ok(done)
}

/// A statement with its parameters as PostgreSQL writes them, `$1` for `?1`, and which these are: there, unlike in
/// SQLite, a number that the statement leaves out would be a parameter whose type nobody knows.
pub(super) fn numbered(sql: &Sql) -> (SqlStr, Vec<usize>) {
    let text = sql.as_str();
    let mut used = Vec::new();
    if !text.contains('?') {
        return (sql.into_sql_str(), used);
    }
    let mut out = String::with_capacity(text.len());
    replace_parameters(text, &mut out, |number, out| {
        let at = used.iter().position(|known| *known == number).unwrap_or(used.len());
        if at == used.len() {
            used.push(number);
        }
        // Writing to a `String` never fails.
        let _ = write!(out, "${}", at + 1);
    });
    (AssertSqlSafe(out).into_sql_str(), used)
}

#[cfg(test)]
mod tests {
    use super::numbered;
    use crate::Sql;

    #[test]
    fn parameters_get_the_servers_sign_without_gaps_and_its_own_question_marks_stay() {
        let cases: [(&str, &str, &[usize]); 3] = [
            ("SELECT 1", "SELECT 1", &[]),
            ("?2 + ?12 - ?2", "$1 + $2 - $1", &[2, 12]),
            ("a ? 'b' AND c ?| ?1", "a ? 'b' AND c ?| $1", &[1]),
        ];
        for (text, expected, used) in cases {
            let (sql, found) = numbered(&Sql::fixed(text));
            assert_eq!((sql.as_str(), found.as_slice()), (expected, used));
        }
    }
}
