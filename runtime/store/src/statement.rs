//! What a transaction is asked to do.

use crate::{ParamRows, Sql, SqlValue};

/// One statement and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its text.
    pub sql: Sql,
    /// The values of `?1` and up.
    pub params: Vec<SqlValue>,
    /// Values for each time that the statement is performed, instead of `params`. Only of SQLite, where to perform a
    /// statement again costs less than to unpack its rows; on PostgreSQL rows travel in one parameter.
    pub rows: Option<ParamRows>,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: Sql, params: Vec<SqlValue>) -> Self {
        Self { sql, params, rows: None }
    }

    /// A statement for SQLite that is performed once for each of these rows, in their order; it gives and changes what
    /// all of them do.
    pub fn for_each(sql: Sql, rows: ParamRows) -> Self {
        Self { sql, params: Vec::new(), rows: Some(rows) }
    }
}

/// A statement that waits in a transaction, or was performed in it. It means nothing to another transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub(crate) usize);

/// What a statement did.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// What it gave, in order.
    pub(crate) rows: Vec<Vec<SqlValue>>,
    /// How many rows it inserted, changed or deleted.
    pub(crate) changed: u64,
}
