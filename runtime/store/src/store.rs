//! Opening.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Rows, Sql, SqlValue, StoreError, Transaction, decimal};

/// Queries that read a file at the same time; one more waits up to 30 seconds for its turn. Connections are opened when
/// they are needed. As many as a node has runs at a time, each of which reads one query: so no run can keep another
/// from reading by leaving its own queries unread.
pub const READERS_MAX: u32 = 64;

/// How long a statement waits for its turn.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Statements that the writer keeps prepared: all of the platform's own.
const STATEMENTS_KEPT: usize = 500;
/// Statements that each reader keeps prepared. They come from apps, and there are many readers.
const QUERIES_KEPT: usize = 64;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/sqlite");

/// One database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer, and waiting here is fair where SQLite's own busy handler is not.
    writer: SqlitePool,
    /// `None` in memory, where all share the writer's connection.
    readers: Option<SqlitePool>,
}

impl Store {
    /// Opens the database in this file, or makes it. Writes reach the disk before they are acknowledged.
    pub async fn open_file(path: &Path) -> Result<Self, StoreError> {
        let options = options(SqliteConnectOptions::new().filename(path).create_if_missing(true))
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = pool(1, options.clone()).await?;
        MIGRATIONS.run(&writer).await.map_err(StoreError::Migrate)?;
        let options = options.pragma("query_only", "on").statement_cache_capacity(QUERIES_KEPT);
        let readers = pool(READERS_MAX, options).await?;
        Ok(Self { writer, readers: Some(readers) })
    }

    /// Makes an empty database in memory, which ends with the last clone of this.
    pub async fn open_memory() -> Result<Self, StoreError> {
        let memory = SqliteConnectOptions::from_str("sqlite::memory:").map_err(StoreError::Open)?;
        let writer = pool(1, options(memory)).await?;
        MIGRATIONS.run(&writer).await.map_err(StoreError::Migrate)?;
        Ok(Self { writer, readers: None })
    }

    /// The rows of a query, on a snapshot of the moment. In a file they are read while they are asked for; in memory,
    /// where a reader would keep the writer out, all at once.
    pub async fn rows(&self, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        match &self.readers {
            Some(readers) => Rows::stream(readers, sql, params).await,
            None => Rows::gather(&self.writer, &sql, &params).await,
        }
    }

    /// Begins to write. Others wait until this is committed or dropped; dropped, it leaves no trace.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let begun = self.writer.begin_with("BEGIN IMMEDIATE").await;
        begun.map(Transaction::new).map_err(StoreError::statement)
    }

    /// Waits for what is running, then closes the database.
    pub async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }
}

fn options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .collation(decimal::DECIMAL, decimal::compare)
        .statement_cache_capacity(STATEMENTS_KEPT)
        .busy_timeout(ACQUIRE_TIMEOUT)
        // Statements carry tenants' data; logs must not.
        .disable_statement_logging()
}

async fn pool(connections: u32, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A connection in memory *is* the database, so none may be retired.
        .idle_timeout(None)
        .max_lifetime(None)
        // In-process connections do not go stale, and the check is a round trip to the connection's thread.
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(StoreError::Open)
}
