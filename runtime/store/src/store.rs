//! Opening, and where reading and writing begin.

use std::path::Path;

use crate::{Dialect, Rows, Sql, SqlValue, Statement, StoreError, StoreOptions, Transaction, session::Session, sqlite};

/// Queries that read at the same time; one more waits up to 30 seconds for its turn. Connections are opened when
/// they are needed. As many as a node has runs at a time, each of which reads one query: so no run can keep another
/// from reading by leaving its own queries unread.
pub const READERS_MAX: u32 = 64;

/// One database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(Clone, Debug)]
enum Database {
    Sqlite(sqlite::Database),
}

impl Store {
    /// Opens the database at a URL, or makes it, and brings its schema up to date: `sqlite:PATH` is a file of SQLite.
    pub async fn open(url: &str, options: &StoreOptions) -> Result<Self, StoreError> {
        let Some(path) = url.strip_prefix("sqlite:") else {
            return Err(StoreError::Url { url: url.to_owned() });
        };
        let database = sqlite::Database::file(Path::new(path), options).await?;
        Ok(Self { database: Database::Sqlite(database) })
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
        }
    }

    /// The rows of a query, on a snapshot of the moment, read while they are asked for (in memory, all at once).
    pub async fn rows(&self, sql: Sql, params: Vec<SqlValue>) -> Result<Rows, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.rows(sql, params).await,
        }
    }

    /// All rows of a query that gives few of them.
    pub async fn query(&self, statement: &Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match &self.database {
            Database::Sqlite(database) => database.query(&statement.sql, &statement.params).await,
        }
    }

    /// Begins to write. In SQLite others wait until this is committed or dropped; dropped, it leaves no trace.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let session = match &self.database {
            Database::Sqlite(database) => Session::Sqlite(database.session().await?),
        };
        Ok(Transaction::new(session))
    }

    /// Waits for what is running, then closes the database.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite(database) => database.close().await,
        }
    }
}
