//! One statement on one connection.

use futures_util::{Stream, TryStreamExt};
use sqlx::{
    AssertSqlSafe, Either, Executor, PgConnection, SqlSafeStr, SqlStr,
    postgres::{PgQueryResult, PgRow},
};

use super::cells;
use crate::{Sql, SqlValue, StoreError, statement::Done};

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
    let statement = connection.prepare(numbered(sql)).await.map_err(StoreError::statement)?;
    let types = match statement.parameters() {
        Some(Either::Left(types)) => types,
        _ => &[],
    };
    let arguments = cells::arguments(params, types)?;
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

/// A statement with its parameters as PostgreSQL writes them: `$1` for `?1`.
fn numbered(sql: &Sql) -> SqlStr {
    let text = sql.as_str();
    if !text.contains('?') {
        return sql.into_sql_str();
    }
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('?');
    out.extend(parts.next());
    for part in parts {
        out.push(if part.starts_with(|c: char| c.is_ascii_digit()) { '$' } else { '?' });
        out.push_str(part);
    }
    AssertSqlSafe(out).into_sql_str()
}

#[cfg(test)]
mod tests {
    use super::numbered;
    use crate::Sql;

    #[test]
    fn parameters_get_the_servers_sign_and_its_own_question_marks_stay() {
        let cases =
            [("SELECT 1", "SELECT 1"), ("?1 + ?12", "$1 + $12"), ("a ? 'b' AND c ?| ?2", "a ? 'b' AND c ?| $2")];
        for (text, expected) in cases {
            assert_eq!(numbered(&Sql::fixed(text)).as_str(), expected);
        }
    }
}
