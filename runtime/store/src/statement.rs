//! What a transaction is asked to do.

use crate::{Sql, SqlValue};

/// One statement and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its text.
    pub sql: Sql,
    /// The values of `?1` and up.
    pub params: Vec<SqlValue>,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: Sql, params: Vec<SqlValue>) -> Self {
        Self { sql, params }
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
