//! Opening a database of SQLite.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Session, read, writer::Writer};
use crate::{ExclusiveLock, READERS_MAX, Rows, Sql, SqlValue, StoreError, StoreOptions, Synchronous, decimal};

/// How long a statement waits for its turn.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Texts that the writer keeps prepared: the platform's own statements and the usual ways in which they are joined.
const TEXTS_KEPT: usize = 400;
/// Statements that each reader keeps prepared. They come from apps, and there are many readers.
const QUERIES_KEPT: usize = 64;
/// Memory for pages that the writer looked at, in KiB (SQLite counts it so when it is negative): the tops of its trees.
const WRITER_CACHE: &str = "-16384";
/// The same for each reader: there are many, and the operating system keeps the file's pages for all of them.
const READER_CACHE: &str = "-256";
/// Rows that the writer's thread gives before it waits for whoever takes them.
const ROWS_AHEAD: usize = 1_024;

/// Pages of the write-ahead log after which they are moved to their places. Each move syncs the file and happens inside
/// a commit, so it must be rare; what it costs to read a log of 32 MiB again is a fraction of a second.
const LOG_PAGES: &str = "8000";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/sqlite");

/// One database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writer: Writer,
    /// `None` in memory, where all share the writer's connection.
    readers: Option<SqlitePool>,
    /// Where it lies; `None` in memory.
    path: Option<Arc<Path>>,
}

impl Database {
    pub(crate) async fn file(path: &Path, chosen: &StoreOptions) -> Result<Self, StoreError> {
        let synchronous = match chosen.synchronous {
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Off => SqliteSynchronous::Off,
        };
        let options = options(SqliteConnectOptions::new().filename(path).create_if_missing(true))
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous);
        let writer = writer(&options, true).await?;
        let options = options
            .pragma("query_only", "on")
            .pragma("cache_size", READER_CACHE)
            .statement_cache_capacity(QUERIES_KEPT);
        Ok(Self { writer, readers: Some(readers(options).await?), path: Some(path.into()) })
    }

    /// A file that is there, which nothing can be written to.
    pub(crate) async fn file_to_read(path: &Path) -> Result<Self, StoreError> {
        let options = options(SqliteConnectOptions::new().filename(path).create_if_missing(false).read_only(true))
            .pragma("query_only", "on");
        let connection = options.connect().await.map_err(StoreError::Open)?;
        let writer = Writer::new(connection, Some(options.clone()));
        let options = options.statement_cache_capacity(QUERIES_KEPT);
        Ok(Self { writer, readers: Some(readers(options).await?), path: Some(path.into()) })
    }

    /// The version of this build's tables.
    pub(crate) fn schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    pub(crate) async fn memory() -> Result<Self, StoreError> {
        let memory = SqliteConnectOptions::from_str("sqlite::memory:").map_err(StoreError::Open)?;
        Ok(Self { writer: writer(&options(memory), false).await?, readers: None, path: None })
    }

    /// The rows of a query: in a file they are read while they are asked for; in memory, where a reader would keep the
    /// writer out, all at once.
    pub(crate) async fn rows(&self, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        let Some(readers) = &self.readers else {
            return Ok(Rows::gathered(self.query(&sql, &params).await?));
        };
        let connection = read::acquire(readers).await?;
        Ok(Rows::streamed(|sender| async move { read::stream(connection, &sql, &params, &sender).await }))
    }

    pub(crate) async fn query(&self, sql: &Sql, params: &[SqlValue]) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match &self.readers {
            Some(readers) => read::all(&mut *read::acquire(readers).await?, sql, params).await,
            None => read::all(self.writer.acquire().await?.connection()?, sql, params).await,
        }
    }

    pub(crate) async fn session(&self) -> Result<Session, StoreError> {
        self.writer.acquire().await
    }

    pub(crate) fn lock(&self) -> Result<ExclusiveLock, StoreError> {
        self.path.as_deref().map_or(Ok(ExclusiveLock::NOT_NEEDED), ExclusiveLock::beside)
    }

    pub(crate) async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }
}

fn options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .collation(decimal::DECIMAL, decimal::compare)
        .statement_cache_capacity(TEXTS_KEPT)
        .busy_timeout(ACQUIRE_TIMEOUT)
        // Statements carry tenants' data; logs must not.
        .disable_statement_logging()
}

/// The connection that writes, after it has brought the schema up to date.
async fn writer(options: &SqliteConnectOptions, reopens: bool) -> Result<Writer, StoreError> {
    let options = options
        .clone()
        .row_buffer_size(ROWS_AHEAD)
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        // What a mark keeps of pages, so that it can return, stays in memory: in a file it is written again and again.
        .pragma("temp_store", "memory");
    let mut connection = options.connect().await.map_err(StoreError::Open)?;
    MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
    Ok(Writer::new(connection, reopens.then_some(options)))
}

async fn readers(options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    SqlitePoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // In-process connections do not go stale, and the check is a round trip to the connection's thread.
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(StoreError::Open)
}
