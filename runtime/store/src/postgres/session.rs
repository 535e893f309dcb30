//! A writer's connection while one transaction has it.

use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use tokio::runtime::Handle;

use super::run;
use crate::{Sql, Statement, StoreError, statement::Done};

/// Rows are locked as they are met; whoever waited for a lock sees what its holder committed.
pub(crate) const BEGIN: Sql = Sql::fixed("BEGIN ISOLATION LEVEL READ COMMITTED");

/// Ends whatever transaction there is; where there is none the server only warns.
const UNDO: &str = "ROLLBACK";

/// A connection of the pool. Dropped in the middle of a transaction, it goes back to the pool when that is undone; if
/// it cannot be undone the connection is closed, which undoes it too.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Option<PoolConnection<Postgres>>,
    /// The connection may be inside a transaction.
    open: bool,
}

impl Session {
    pub(super) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self { connection: Some(connection), open: false }
    }

    pub(crate) async fn perform(
        &mut self,
        statements: &[(usize, Statement)],
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        self.open = true;
        let connection = self.connection.as_mut().ok_or(StoreError::Unavailable(sqlx::Error::WorkerCrashed))?;
        for (_, statement) in statements {
            answers.push(run::perform(connection, &statement.sql, &statement.params).await?);
        }
        Ok(())
    }

    /// The transaction has been committed.
    pub(crate) fn settled(&mut self) {
        self.open = false;
    }

    pub(crate) async fn rollback(&mut self) {
        if self.open
            && let Some(connection) = &mut self.connection
        {
            // Otherwise it is tried again, or the connection closed, when this is dropped.
            self.open = !undo(connection).await;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match Handle::try_current() {
            Ok(_) if !self.open => drop(connection),
            Ok(runtime) => {
                runtime.spawn(async move {
                    if !undo(&mut connection).await {
                        drop(connection.detach());
                    }
                });
            }
            // A pool can take nothing back outside a runtime.
            Err(_) => drop(connection.detach()),
        }
    }
}

/// Ends the transaction of a connection; says whether that is certain.
async fn undo(connection: &mut PgConnection) -> bool {
    sqlx::raw_sql(UNDO).execute(connection).await.is_ok()
}
