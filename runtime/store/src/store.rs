//! Opening, and where reading and writing begin.

use std::path::Path;

use crate::{
    Dialect, ExclusiveLock, Rows, Sql, SqlValue, Statement, StoreError, StoreOptions, Transaction, postgres,
    reach::Reach, session::Session, sqlite,
};

/// Queries that read at the same time; one more waits up to 30 seconds for its turn. Connections are opened when
/// they are needed. As many as a node has runs at a time, each of which reads one query: so no run can keep another
/// from reading by leaving its own queries unread.
pub const READERS_MAX: u32 = 64;

/// The migration that a database is at.
const SCHEMA: Sql = Sql::fixed("SELECT max(version) FROM _sqlx_migrations");

const PASSES: Sql = Sql::fixed("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");

/// One database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(Clone, Debug)]
enum Database {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
}

impl Store {
    /// Opens a database, and brings its schema up to date. `sqlite:PATH` is a file of SQLite, made if there is none,
    /// and `sqlite::memory:` an empty database in memory; `postgres://USER:PASSWORD@HOST:PORT/NAME` is a database of
    /// a PostgreSQL server, where what is left out comes from the usual variables of the environment (`PGHOST`, ...).
    pub async fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let database = match url.split_once(':') {
            Some(("sqlite", ":memory:")) => return Self::open_memory().await,
            Some(("sqlite", path)) => Database::Sqlite(sqlite::Database::file(Path::new(path), options).await?),
            Some(("postgres" | "postgresql", _)) => Database::Postgres(postgres::Database::open(url, options).await?),
            // Not the whole of it: an address may hold a password.
            Some((scheme, _)) => return Err(StoreError::Url { scheme: scheme.to_owned() }),
            None => return Err(StoreError::Url { scheme: url.to_owned() }),
        };
        Ok(Self { database })
    }

    /// Opens a database that is there, to read it: nothing is made, migrated or written, and whoever runs on it goes
    /// on. The addresses are those of [`open`](Self::open), but for a database in memory.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherSchema`] if another build of Alcove has made its tables.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let database = match url.split_once(':') {
            Some(("sqlite", path)) => Database::Sqlite(sqlite::Database::file_to_read(Path::new(path)).await?),
            Some(("postgres" | "postgresql", _)) => Database::Postgres(postgres::Database::open_to_read(url).await?),
            Some((scheme, _)) => return Err(StoreError::Url { scheme: scheme.to_owned() }),
            None => return Err(StoreError::Url { scheme: url.to_owned() }),
        };
        let store = Self { database };
        store.check_schema().await?;
        Ok(store)
    }

    /// Whether the tables are those that this build makes.
    async fn check_schema(&self) -> Result<(), StoreError> {
        let wanted = match &self.database {
            Database::Sqlite(_) => sqlite::Database::schema(),
            Database::Postgres(_) => postgres::Database::schema(),
        };
        // A database without the table that counts migrations is none of Alcove's.
        let rows = self.query(&Statement::new(SCHEMA, Vec::new())).await;
        let found = match rows.ok().and_then(|rows| rows.into_iter().flatten().next()) {
            Some(SqlValue::Int(found)) => found,
            _ => 0,
        };
        if found == wanted { Ok(()) } else { Err(StoreError::OtherSchema { found, wanted }) }
    }

    /// Opens the database of SQLite in this file, or makes it. Writes reach the disk before they are acknowledged.
    pub async fn open_file(path: &Path) -> Result<Self, StoreError> {
        let database = sqlite::Database::file(path, &StoreOptions::DURABLE).await?;
        Ok(Self { database: Database::Sqlite(database) })
    }

    /// Makes an empty database of SQLite in memory, which ends with the last clone of this.
    pub async fn open_memory() -> Result<Self, StoreError> {
        Ok(Self { database: Database::Sqlite(sqlite::Database::memory().await?) })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &self.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The rows of a query of the engine, which may look at all tenants, on a snapshot of the moment, read while they
    /// are asked for (in memory, all at once).
    pub async fn rows(&self, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.rows(sql, params).await,
            Database::Postgres(database) => database.rows(Reach::All, sql, params).await,
        }
    }

    /// [The rows](Self::rows) of a query about one tenant's data: on PostgreSQL it sees no other's, whatever it says.
    pub async fn rows_of(&self, tenant: &str, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.rows(sql, params).await,
            Database::Postgres(database) => database.rows(Reach::Tenant(tenant), sql, params).await,
        }
    }

    /// All rows of a query of the engine, which may look at all tenants, and gives few of them.
    pub async fn query(&self, statement: &Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.query(&statement.sql, &statement.params).await,
            Database::Postgres(database) => database.query(Reach::All, statement).await,
        }
    }

    /// [All rows of a query](Self::query) about one tenant's data: on PostgreSQL it sees no other's, whatever it says.
    pub async fn query_of(&self, tenant: &str, statement: &Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.query(&statement.sql, &statement.params).await,
            Database::Postgres(database) => database.query(Reach::Tenant(tenant), statement).await,
        }
    }

    /// Whether this role passes the wall that PostgreSQL has between tenants, as a superuser does. Never in SQLite,
    /// which has none.
    pub async fn passes_the_wall(&self) -> Result<bool, StoreError> {
        match &self.database {
            Database::Sqlite(_) => Ok(false),
            Database::Postgres(_) => {
                let rows = self.query(&Statement::new(PASSES, Vec::new())).await?;
                Ok(rows.iter().flatten().any(|passes| passes.as_int() == Some(1)))
            }
        }
    }

    /// Begins to write. In SQLite others wait until this is committed or dropped; dropped, it leaves no trace.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let session = match &self.database {
            Database::Sqlite(database) => Session::Sqlite(database.session().await?),
            Database::Postgres(database) => Session::Postgres(database.session().await?),
        };
        Ok(Transaction::new(session))
    }

    /// Keeps other processes from running an engine on the same file of SQLite, for as long as what this gives is kept.
    /// In memory nobody else is there; on PostgreSQL the nodes' leases keep them apart.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while another process holds the lock.
    pub fn lock_exclusively(&self) -> Result<ExclusiveLock, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.lock(),
            Database::Postgres(_) => Ok(ExclusiveLock::NOT_NEEDED),
        }
    }

    /// Waits for what is running, then closes the database.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite(database) => database.close().await,
            Database::Postgres(database) => database.close().await,
        }
    }
}
