//! An empty database of each kind.

use alcove_store::{Store, StoreOptions};

/// A database, and what keeps it.
pub(crate) struct Database {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    _server: Option<alcove_test_postgres::Database<'static>>,
}

impl Database {
    /// The same database, for another node. The first of them keeps it.
    pub(crate) fn beside(other: &Self) -> Self {
        Self { name: other.name, store: other.store.clone(), _server: None }
    }
}

/// One of each kind.
pub(crate) async fn databases() -> Vec<Database> {
    vec![memory().await, postgres().await]
}

/// SQLite in memory.
pub(crate) async fn memory() -> Database {
    Database { name: "memory", store: Store::open_memory().await.unwrap(), _server: None }
}

/// PostgreSQL.
async fn postgres() -> Database {
    let server = alcove_test_postgres::fresh_database().unwrap();
    let store = Store::open(server.url(), &StoreOptions::DURABLE).await.unwrap();
    Database { name: "postgres", store, _server: Some(server) }
}
