//! Opening a database of PostgreSQL.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Session, connections::Connections, read, session::BEGIN_TO_READ};
use crate::{READERS_MAX, Rows, Sql, SqlValue, Statement, StoreError, StoreOptions, Synchronous, reach::Reach};

/// Transactions at the same time; one more waits for its turn.
const WRITERS_MAX: u32 = 16;
/// The engine's own queries at the same time.
const ENGINE_READERS_MAX: u32 = 16;

/// How long a statement waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Statements that the driver keeps prepared for each connection. Those of readers come from apps, and there are many
/// readers; a writer needs it only to send values.
const QUERIES_KEPT: usize = 64;
const COMMIT: Sql = Sql::fixed("COMMIT");
/// The place of a query among the statements of its transaction.
const ANSWER: usize = 2;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");

/// One database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writers: Connections,
    /// For what the engine itself asks.
    readers: Connections,
    /// For queries of apps, which may be read slowly.
    streams: Connections,
}

/// Writers find every row by a key or an index; `tests/tables/indexes.rs` shows that they can. A server that has not
/// yet counted the rows of a table that grows would look through all of it, and keep to that. Each statement is planned
/// once, whatever a batch holds.
const BY_INDEX: [(&str, &str); 4] = [
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];

impl Database {
    pub(crate) async fn open(url: &str, chosen: &StoreOptions) -> Result<Self, StoreError> {
        let options = options(url, chosen)?;
        let mut connection = options.connect().await.map_err(StoreError::Open)?;
        MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
        connection.close().await.map_err(StoreError::Open)?;
        let writers = Connections::new(connector(options.clone().options(BY_INDEX)), WRITERS_MAX);
        Ok(Self::reading(writers, &options))
    }

    /// A database that is there, which nothing is written to.
    pub(crate) async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let options = reading(&options(url, &StoreOptions::DURABLE)?);
        let connection = options.connect().await.map_err(StoreError::Open)?;
        connection.close().await.map_err(StoreError::Open)?;
        Ok(Self::reading(Connections::new(connector(options.clone()), WRITERS_MAX), &options))
    }

    fn reading(writers: Connections, options: &PgConnectOptions) -> Self {
        let options = reading(options);
        let readers = Connections::new(connector(options.clone()), ENGINE_READERS_MAX);
        Self { writers, readers, streams: Connections::new(connector(options), READERS_MAX) }
    }

    /// The version of this build's tables.
    pub(crate) fn schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    /// The rows of a query, read while they are asked for.
    pub(crate) async fn rows(&self, of: Reach<'_>, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        let mut session = self.streams.acquire().await?;
        session.perform(&numbered([begin_to_read(), of.statement()]), &mut Vec::new()).await?;
        Ok(Rows::streamed(|sender| async move { read::stream(session, &sql, &params, &sender).await }))
    }

    /// All rows of a query that gives few of them.
    pub(crate) async fn query(&self, of: Reach<'_>, query: &Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        let mut session = self.readers.acquire().await?;
        let commit = Statement::new(COMMIT, Vec::new());
        let mut answers = Vec::new();
        let statements = numbered([begin_to_read(), of.statement(), query.clone(), commit]);
        session.perform(&statements, &mut answers).await?;
        session.settled();
        Ok(answers.into_iter().nth(ANSWER).map(|done| done.rows).unwrap_or_default())
    }

    pub(crate) async fn session(&self) -> Result<Session, StoreError> {
        self.writers.acquire().await
    }

    pub(crate) async fn close(&self) {
        self.streams.close().await;
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// The options of connections that only read.
fn reading(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().options([("default_transaction_read_only", "on")])
}

fn begin_to_read() -> Statement {
    Statement::new(BEGIN_TO_READ, Vec::new())
}

fn numbered<const N: usize>(statements: [Statement; N]) -> Vec<(usize, Statement)> {
    statements.into_iter().enumerate().collect()
}

fn options(url: &str, chosen: &StoreOptions) -> Result<PgConnectOptions, StoreError> {
    let synchronous = match chosen.synchronous {
        Synchronous::Full => "on",
        Synchronous::Off => "off",
    };
    let options = PgConnectOptions::from_str(url).map_err(StoreError::Open)?;
    Ok(options
        .application_name("alcove")
        .options([
            ("synchronous_commit", synchronous),
            // Nobody waits for ever: neither for a row that a stuck node has locked, nor for that node.
            ("lock_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "20s"),
            // A query whose reader went away, or whose node died, ends soon.
            ("client_connection_check_interval", "1s"),
            // Statements are short, and all are prepared: compiling them to machine code never pays.
            ("jit", "off"),
            ("bytea_output", "hex"),
        ])
        .statement_cache_capacity(QUERIES_KEPT)
        // Statements carry tenants' data; logs must not.
        .disable_statement_logging())
}

/// What opens connections.
fn connector(options: PgConnectOptions) -> PgPool {
    // Whoever takes a connection has it for good.
    PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_lazy_with(options)
}
