//! Each database, with one table for the tests.

use alcove_store::{Dialect, Rows, Sql, SqlValue, Statement, Store, StoreOptions};
use alcove_test_postgres::Database;
use tempfile::TempDir;

/// A database.
pub(crate) struct Scene {
    pub(crate) store: Store,
    ground: Ground,
}

/// What the database stands on, which ends with it.
enum Ground {
    Memory,
    Folder(TempDir),
    Server(Database<'static>),
}

impl Scene {
    pub(crate) async fn sqlite_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("alcove.db").display());
        Self::open(&url, Ground::Folder(folder)).await
    }

    pub(crate) async fn sqlite_memory() -> Self {
        Self::open("sqlite::memory:", Ground::Memory).await
    }

    pub(crate) async fn postgres() -> Self {
        let database = alcove_test_postgres::fresh_database().unwrap();
        let url = database.url().to_owned();
        Self::open(&url, Ground::Server(database)).await
    }

    async fn open(url: &str, ground: Ground) -> Self {
        let store = Store::open(url, &StoreOptions::DURABLE).await.unwrap();
        let table = match store.dialect() {
            Dialect::Sqlite => {
                "CREATE TABLE cells (id TEXT NOT NULL PRIMARY KEY, i INTEGER, s TEXT, b BLOB,
                                     n TEXT COLLATE ALCOVE_DECIMAL) STRICT"
            }
            Dialect::Postgres => {
                "CREATE TABLE cells (id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, i BIGINT,
                                     s TEXT COLLATE \"C\", b BYTEA, n NUMERIC)"
            }
        };
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&Sql::fixed(table), &[]).await.unwrap();
        transaction.commit().await.unwrap();
        Self { store, ground }
    }

    /// The address of the database, where it has one that another store can open.
    pub(crate) fn url(&self) -> String {
        match &self.ground {
            Ground::Memory => "sqlite::memory:".to_owned(),
            Ground::Folder(folder) => format!("sqlite:{}", folder.path().join("alcove.db").display()),
            Ground::Server(database) => database.url().to_owned(),
        }
    }

    /// All rows of a query.
    pub(crate) async fn query(&self, sql: &'static str, params: Vec<SqlValue>) -> Vec<Vec<SqlValue>> {
        self.store.query(&Statement::new(Sql::fixed(sql), params)).await.unwrap()
    }

    /// The names of the rows that are there.
    pub(crate) async fn ids(&self) -> Vec<String> {
        let rows = self.query("SELECT id FROM cells ORDER BY id", Vec::new()).await;
        rows.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
    }
}

/// Puts a row with this name.
pub(crate) fn insert(id: &str) -> Statement {
    Statement::new(Sql::fixed("INSERT INTO cells (id) VALUES (?1)"), vec![SqlValue::text(id)])
}

/// Everything that a reader gives.
pub(crate) async fn all(mut rows: Rows) -> Vec<Vec<SqlValue>> {
    let mut found = Vec::new();
    while let Some(chunk) = rows.next().await.unwrap() {
        assert!((1..=alcove_store::CHUNK_ROWS).contains(&chunk.len()));
        found.extend(chunk);
    }
    found
}
