//! The database: SQLite in one file or in memory, or PostgreSQL; migrated when it is opened.
//!
//! Internal to the runtime: `runtime/platform`, `runtime/execution` and `runtime/control` may use it. They speak in
//! [`Sql`], [`SqlValue`] and [`Statement`], with parameters written `?1`; no type of the database driver leaves this
//! crate. Where the two databases need different text, it is chosen by the [`Dialect`].
//!
//! Architecture invariants: this is the only crate that names sqlx and rusqlite. Each write is inside a
//! [`Transaction`] that is durable once `commit` has returned and has left no trace otherwise: what comes after it on
//! the same connection never begins inside it. What a transaction was asked for travels as late and as much together
//! as it can: round trips are what costs. A
//! [`Rows`] sees one snapshot, however long it is read. In SQLite there is one writer at a time, and numbers of the
//! language's type `n` are TEXT under the collation [`DECIMAL`], so that it compares them exactly; in PostgreSQL they
//! are NUMERIC, and a cell's text is the same.

pub mod decimal;
mod dialect;
mod error;
mod options;
mod param_rows;
mod sql;
mod statement;
mod value;

mod reach;

mod postgres;
mod sqlite;

mod lock;
mod recent;
mod rows;
mod session;
mod store;
mod transaction;

pub mod tables;

pub mod audit;

pub use decimal::DECIMAL;
pub use dialect::Dialect;
pub use error::StoreError;
pub use lock::ExclusiveLock;
pub use options::{StoreOptions, Synchronous};
pub use param_rows::ParamRows;
pub use recent::Recent;
pub use rows::{CHUNK_BYTES, CHUNK_ROWS, Rows};
pub use sql::Sql;
pub use statement::{Statement, Ticket};
pub use store::{READERS_MAX, Store};
pub use transaction::{Committing, Transaction};
pub use value::SqlValue;
