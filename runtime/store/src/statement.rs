//! A statement with its parameters.

use crate::{Sql, SqlValue};

/// A statement and the values of its parameters, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its text, with `?1` and up for the parameters.
    pub sql: Sql,
    /// The first is `?1`.
    pub params: Vec<SqlValue>,
}

impl Statement {
    /// Puts both together.
    pub fn new(sql: Sql, params: Vec<SqlValue>) -> Self {
        Self { sql, params }
    }
}
