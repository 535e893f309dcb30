//! Opening a database of SQLite.

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::{Connection, OpenFlags};
use sqlx::{
    ConnectOptions, Connection as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Session, read, writer::Writer};
use crate::{ExclusiveLock, READERS_MAX, Rows, Sql, SqlValue, StoreError, StoreOptions, Synchronous, decimal};

/// How long a statement waits for its turn.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Texts that the writer keeps prepared: the platform's own statements and those of actions.
const TEXTS_KEPT: usize = 400;
/// Statements that each reader keeps prepared. They come from apps, and there are many readers.
const QUERIES_KEPT: usize = 64;
/// Memory for pages that the writer looked at, in KiB (SQLite counts it so when it is negative): the tops of its trees.
const WRITER_CACHE: i32 = -16_384;
/// The same for each reader: there are many, and the operating system keeps the file's pages for all of them.
const READER_CACHE: &str = "-256";
/// Pages of the write-ahead log after which they are moved to their places. Each move syncs the file and happens inside
/// a commit, so it must be rare; what it costs to read a log of 32 MiB again is a fraction of a second.
const LOG_PAGES: u32 = 8_000;

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
        migrate(&options).await?;
        let path: Arc<Path> = path.into();
        let writer = Writer::start(Opening::File { path: Arc::clone(&path), synchronous: chosen.synchronous }).await?;
        let options = options
            .pragma("query_only", "on")
            .pragma("cache_size", READER_CACHE)
            .statement_cache_capacity(QUERIES_KEPT);
        Ok(Self { writer, readers: Some(readers(options).await?), path: Some(path) })
    }

    /// A file that is there, which nothing can be written to.
    pub(crate) async fn file_to_read(path: &Path) -> Result<Self, StoreError> {
        let options = options(SqliteConnectOptions::new().filename(path).create_if_missing(false).read_only(true))
            .pragma("query_only", "on")
            .statement_cache_capacity(QUERIES_KEPT);
        let path: Arc<Path> = path.into();
        let writer = Writer::start(Opening::ToRead(Arc::clone(&path))).await?;
        Ok(Self { writer, readers: Some(readers(options).await?), path: Some(path) })
    }

    /// The version of this build's tables.
    pub(crate) fn schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    pub(crate) async fn memory() -> Result<Self, StoreError> {
        Ok(Self { writer: Writer::start(Opening::Memory).await?, readers: None, path: None })
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
            None => self.writer.acquire().await?.query(sql, params).await,
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

/// Brings the schema up to date.
async fn migrate(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let mut connection = options.connect().await.map_err(StoreError::Open)?;
    MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
    connection.close().await.map_err(StoreError::Open)
}

/// How the connection that writes is opened.
#[derive(Clone, Debug)]
pub(super) enum Opening {
    /// A file that has been migrated.
    File { path: Arc<Path>, synchronous: Synchronous },
    /// A file that is there, which nothing is written to.
    ToRead(Arc<Path>),
    /// A new database in memory, migrated when it is opened.
    Memory,
}

impl Opening {
    /// Whether to open it again would make another database.
    pub(super) fn is_memory(&self) -> bool {
        matches!(self, Self::Memory)
    }

    /// Opens it. This blocks.
    pub(super) fn open(&self) -> rusqlite::Result<Connection> {
        // One thread has the connection, so that SQLite need not guard it.
        let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let (create, write) = (OpenFlags::SQLITE_OPEN_CREATE, OpenFlags::SQLITE_OPEN_READ_WRITE);
        let connection = match self {
            Self::File { path, .. } => Connection::open_with_flags(path, flags | create | write)?,
            Self::ToRead(path) => Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_READ_ONLY)?,
            Self::Memory => Connection::open_in_memory_with_flags(flags | create | write)?,
        };
        connection.busy_timeout(ACQUIRE_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(TEXTS_KEPT);
        connection.create_collation(decimal::DECIMAL, decimal::compare)?;
        // What a mark keeps of pages, so that it can return, stays in memory: in a file it is written again and again.
        connection.execute_batch(&format!(
            "PRAGMA foreign_keys = ON; PRAGMA cache_size = {WRITER_CACHE}; PRAGMA wal_autocheckpoint = {LOG_PAGES};
             PRAGMA temp_store = memory"
        ))?;
        match self {
            Self::File { synchronous: Synchronous::Full, .. } => {
                connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full")?;
            }
            Self::File { synchronous: Synchronous::Off, .. } => {
                connection.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = off")?;
            }
            Self::ToRead(_) => connection.execute_batch("PRAGMA query_only = on")?,
            Self::Memory => {
                for migration in MIGRATIONS.iter() {
                    connection.execute_batch(migration.sql.as_str())?;
                }
            }
        }
        Ok(connection)
    }
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
