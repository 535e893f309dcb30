//! Which database it is.

/// The SQL that a [`Store`](crate::Store) speaks. A statement's text is chosen by it where one text cannot serve both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL, a server.
    Postgres,
}
