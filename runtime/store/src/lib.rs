//! The embedded database: SQLite in one file or in memory, migrated when it is opened.
//!
//! Internal to the runtime: only `runtime/platform` and `runtime/execution` may use it. They speak in [`Sql`] and
//! [`SqlValue`]; no type of the database driver leaves this crate.
//!
//! Architecture invariants: this is the only crate that names sqlx. There is one writer at a time, and each write is
//! inside a [`Transaction`] that is durable once `commit` has returned. A [`Rows`] sees one snapshot, however long it
//! is read. Numbers of the language's type `n` are TEXT under the collation [`DECIMAL`], so that the database compares
//! them exactly; nothing else is added to SQLite.

pub mod decimal;
mod dialect;
mod error;
mod options;
mod sql;
mod statement;
mod value;

mod lock;
mod postgres;
mod rows;
mod session;
mod sqlite;
mod store;
mod transaction;

pub mod tables;

pub use decimal::DECIMAL;
pub use dialect::Dialect;
pub use error::StoreError;
pub use lock::ExclusiveLock;
pub use options::{StoreOptions, Synchronous};
pub use rows::{CHUNK_BYTES, CHUNK_ROWS, Rows};
pub use sql::Sql;
pub use statement::{Statement, Ticket};
pub use store::{READERS_MAX, Store};
pub use transaction::Transaction;
pub use value::SqlValue;
