//! Opening a database of PostgreSQL.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Session, read, run, writers::Writers};
use crate::{READERS_MAX, Rows, Sql, SqlValue, StoreError, StoreOptions, Synchronous};

/// The engine's own queries at the same time.
const ENGINE_READERS_MAX: u32 = 16;

/// How long a statement waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection that nobody used for so long is asked whether it is still there, before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// Statements that the driver keeps prepared for each connection. Those of readers come from apps, and there are many
/// readers; a writer needs it only to send values.
const QUERIES_KEPT: usize = 64;
/// Connections of a pool that keeps none: whoever takes one has it for good.
const TAKEN: u32 = 1;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/postgres");

/// One database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writers: Writers,
    /// For the engine itself, which may look at all tenants.
    readers: PgPool,
    /// For queries of apps: whoever takes a connection says first whose data it is about, so that the wall between
    /// tenants stands here too. Nothing else uses them.
    walled: PgPool,
}

/// Writers find every row by a key or an index; `tests/tables/indexes.rs` shows that they can. A server that has not
/// yet counted the rows of a table that grows would look through all of it, and keep to that.
/// And what the rows of a batch are makes no plan for it any better.
const BY_INDEX: [(&str, &str); 4] = [
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// Says it for all that follows on a connection.
const TENANT: Sql = Sql::fixed("SELECT set_config('alcove.tenant', ?1, false)");

impl Database {
    pub(crate) async fn open(url: &str, chosen: &StoreOptions) -> Result<Self, StoreError> {
        let options = options(url, chosen)?;
        let mut connection = options.connect().await.map_err(StoreError::Open)?;
        MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
        connection.close().await.map_err(StoreError::Open)?;
        let readers = reading(&options);
        Ok(Self {
            writers: Writers::new(pool(TAKEN, options.options(BY_INDEX))),
            readers: pool(ENGINE_READERS_MAX, readers.clone()),
            walled: pool(READERS_MAX, readers),
        })
    }

    /// A database that is there, which nothing is written to.
    pub(crate) async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let options = reading(&options(url, &StoreOptions::DURABLE)?);
        let connection = options.connect().await.map_err(StoreError::Open)?;
        connection.close().await.map_err(StoreError::Open)?;
        let readers = pool(ENGINE_READERS_MAX, options.clone());
        let writers = Writers::new(pool(TAKEN, options.clone()));
        Ok(Self { writers, readers, walled: pool(READERS_MAX, options) })
    }

    /// The version of this build's tables.
    pub(crate) fn schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    /// The rows of a query, read while they are asked for.
    pub(crate) async fn rows(&self, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        Ok(stream(acquire(&self.readers).await?, sql, params))
    }

    /// The rows of a query that sees one tenant's data and no other's.
    pub(crate) async fn rows_of(&self, tenant: &str, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        let mut connection = acquire(&self.walled).await?;
        run::perform(&mut connection, &TENANT, &[SqlValue::text(tenant)]).await?;
        Ok(stream(connection, sql, params))
    }

    pub(crate) async fn query(&self, sql: &Sql, params: &[SqlValue]) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        let mut connection = acquire(&self.readers).await?;
        run::perform(&mut connection, sql, params).await.map(|done| done.rows)
    }

    pub(crate) async fn session(&self) -> Result<Session, StoreError> {
        self.writers.acquire().await
    }

    pub(crate) async fn close(&self) {
        self.walled.close().await;
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// The options of connections that only read.
fn reading(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().options([("default_transaction_read_only", "on")])
}

fn stream(connection: PoolConnection<Postgres>, sql: Sql, params: Vec<SqlValue>) -> Rows {
    Rows::streamed(|sender| async move { read::stream(connection, &sql, &params, &sender).await })
}

async fn acquire(pool: &PgPool) -> Result<PoolConnection<Postgres>, StoreError> {
    pool.acquire().await.map_err(StoreError::statement)
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

/// A pool that opens its connections when they are needed.
fn pool(connections: u32, options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for >= TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}
