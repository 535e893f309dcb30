//! Queries outside transactions.

use futures_util::StreamExt;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};
use tokio::sync::mpsc::Sender;

use super::cells;
use crate::{
    Sql, SqlValue, StoreError,
    rows::{Chunk, Filling, send},
};

/// Steps of SQLite's machine (some 100 µs of work) after which it is asked whether anybody still wants the rows.
const STEPS_PER_CHECK: i32 = 10_000;

/// The longest query that stays prepared: an app with large filters shall not fill every reader with them, as a
/// prepared statement takes many times its text.
const KEPT_SQL_BYTES: usize = 4 * 1024;

/// All rows of a query.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    sql: &Sql,
    params: &[SqlValue],
) -> Result<Vec<Vec<SqlValue>>, StoreError> {
    let query = sqlx::query_with(sql, cells::arguments(params)?).persistent(sql.as_str().len() <= KEPT_SQL_BYTES);
    query.fetch_all(connection).await.map_err(StoreError::statement)?.iter().map(cells::read_row).collect()
}

/// Waits for a reader.
pub(super) async fn acquire(pool: &SqlitePool) -> Result<PoolConnection<Sqlite>, StoreError> {
    pool.acquire().await.map_err(StoreError::statement)
}

/// Sends the rows of a query, until the last or until nobody wants them.
pub(super) async fn stream(
    mut connection: PoolConnection<Sqlite>,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<(), StoreError> {
    // A query whose run has ended stops too, even where it would search for long without finding a row.
    let wanted = sender.clone();
    let mut handle = connection.lock_handle().await.map_err(StoreError::statement)?;
    handle.set_progress_handler(STEPS_PER_CHECK, move || !wanted.is_closed());
    drop(handle);
    let done = send_rows(&mut connection, sql, params, sender).await;
    connection.lock_handle().await.map_err(StoreError::statement)?.remove_progress_handler();
    done
}

async fn send_rows(
    connection: &mut PoolConnection<Sqlite>,
    sql: &Sql,
    params: &[SqlValue],
    sender: &Sender<Result<Chunk, StoreError>>,
) -> Result<(), StoreError> {
    let query = sqlx::query_with(sql, cells::arguments(params)?).persistent(sql.as_str().len() <= KEPT_SQL_BYTES);
    let mut rows = query.fetch(&mut **connection);
    let mut filling = Filling::default();
    while let Some(row) = rows.next().await {
        let row = cells::read_row(&row.map_err(StoreError::statement)?)?;
        if let Some(chunk) = filling.push(row)
            && !send(sender, chunk).await?
        {
            return Ok(());
        }
    }
    match filling.rest() {
        Some(chunk) => send(sender, chunk).await.map(drop),
        None => Ok(()),
    }
}
