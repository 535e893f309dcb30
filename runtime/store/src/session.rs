//! The connection under a transaction.

use crate::{Dialect, Sql, Statement, StoreError, postgres, sqlite, statement::Done};

/// A connection that one transaction has for itself. Whatever happens to it, the connection that others get
/// afterwards is in no transaction.
#[derive(Debug)]
pub(crate) enum Session {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

impl Session {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The statement with which a transaction begins.
    pub(crate) fn begin_sql(&self) -> Sql {
        match self {
            Self::Sqlite(_) => sqlite::BEGIN,
            Self::Postgres(_) => postgres::BEGIN,
        }
    }

    /// Performs statements in order, up to the first that fails; adds what each that was performed has done.
    pub(crate) async fn perform(
        &mut self,
        statements: Vec<(usize, Statement)>,
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(session) => session.perform(statements, answers).await,
            Self::Postgres(session) => session.perform(&statements, answers).await,
        }
    }

    /// The connection is in no transaction now.
    pub(crate) fn settled(&mut self) {
        match self {
            Self::Sqlite(session) => session.settled(),
            Self::Postgres(session) => session.settled(),
        }
    }

    /// Undoes what was performed.
    pub(crate) async fn rollback(&mut self) {
        match self {
            Self::Sqlite(session) => session.rollback().await,
            Self::Postgres(session) => session.rollback().await,
        }
    }
}
