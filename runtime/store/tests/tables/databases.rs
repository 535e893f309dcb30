//! An empty database of each kind.

use std::fmt::Debug;

use alcove_store::{Dialect, Sql, SqlValue, Statement, Store, StoreError, StoreOptions, Transaction, tables::RowError};

/// What a statement gives.
pub(crate) type Rows = Vec<Vec<SqlValue>>;

/// A database, and what keeps it.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    _file: Option<tempfile::TempDir>,
    _server: Option<alcove_test_postgres::Database<'static>>,
}

/// One of each kind.
pub(crate) async fn databases() -> Vec<Database> {
    vec![memory().await, file().await, postgres().await]
}

/// SQLite in memory.
pub(crate) async fn memory() -> Database {
    Database { name: "memory", store: Store::open_memory().await.unwrap(), _file: None, _server: None }
}

async fn file() -> Database {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_file(&folder.path().join("alcove.db")).await.unwrap();
    Database { name: "file", store, _file: Some(folder), _server: None }
}

/// PostgreSQL.
pub(crate) async fn postgres() -> Database {
    let server = alcove_test_postgres::fresh_database().unwrap();
    let store = Store::open(server.url(), &StoreOptions::DURABLE).await.unwrap();
    Database { name: "postgres", store, _file: None, _server: Some(server) }
}

impl Database {
    /// A transaction that serves all tenants.
    pub(crate) async fn begin(&self) -> Transaction {
        let mut tx = self.store.begin().await.unwrap();
        tx.for_all_tenants();
        tx
    }

    /// What a statement gives, in a transaction of its own.
    pub(crate) async fn attempt(&self, make: impl Fn(Dialect) -> Statement) -> Result<Rows, StoreError> {
        let mut tx = self.begin().await;
        let statement = make(self.store.dialect());
        let rows = perform(&mut tx, statement).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// The same, of a statement that does not fail.
    pub(crate) async fn run(&self, make: impl Fn(Dialect) -> Statement) -> Rows {
        self.attempt(make).await.unwrap_or_else(|error| panic!("{}: {error:?}", self.name))
    }

    /// The rows of a statement, decoded.
    pub(crate) async fn read<T: Debug>(
        &self,
        make: impl Fn(Dialect) -> Statement,
        decode: fn(&[SqlValue]) -> Result<T, RowError>,
    ) -> Vec<T> {
        self.run(make).await.iter().map(|row| decode(row).unwrap()).collect()
    }
}

/// Performs a statement inside a transaction, with all rows that it has.
pub(crate) async fn perform(tx: &mut Transaction, statement: Statement) -> Result<Rows, StoreError> {
    let ticket = tx.enqueue(statement);
    tx.flush().await?;
    tx.take(ticket)
}

/// The same, of a statement in this database's dialect.
pub(crate) async fn query(tx: &mut Transaction, make: &dyn Fn(Dialect) -> Statement) -> Result<Rows, StoreError> {
    let statement = make(tx.dialect());
    perform(tx, statement).await
}

/// The tables of the engine and the outbox, with their columns in the order of their names.
pub(crate) async fn columns() -> Vec<(String, Vec<String>)> {
    let store = Store::open_memory().await.unwrap();
    let sql = "SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c
               WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE '%sql%' ORDER BY 1, 2";
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for row in store.query(&Statement::new(Sql::fixed(sql), Vec::new())).await.unwrap() {
        let (table, column) = (row[0].as_str().unwrap(), row[1].as_str().unwrap().to_owned());
        match tables.last_mut() {
            Some((last, columns)) if last == table => columns.push(column),
            _ => tables.push((table.to_owned(), vec![column])),
        }
    }
    tables
}

/// Everything that is stored under a condition, table by table, in an order that does not depend on the database.
pub(crate) async fn dump(
    tx: &mut Transaction,
    tables: &[(String, Vec<String>)],
    condition: &str,
) -> Vec<(String, Rows)> {
    let mut found = Vec::new();
    for (table, columns) in tables {
        let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let sql = format!("SELECT {} FROM {table} WHERE {condition}", columns.join(", "));
        let mut rows = tx.query(&Sql::built(sql), &[]).await.unwrap();
        rows.sort();
        found.push((table.clone(), rows));
    }
    found
}
