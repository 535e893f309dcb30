//! The two databases.

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// SQLite: the embedded database.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}
