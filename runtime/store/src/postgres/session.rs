//! A writer's connection while one transaction has it.

use std::sync::Arc;

use sqlx::PgConnection;
use tokio::{runtime::Handle, sync::OwnedSemaphorePermit};

use super::{
    joined::Joined,
    prepared::Way,
    run,
    writers::{Idle, Writer},
};
use crate::{Sql, Statement, StoreError, statement::Done};

/// Rows are locked as they are met; whoever waited for a lock sees what its holder committed.
pub(crate) const BEGIN: Sql = Sql::fixed("BEGIN ISOLATION LEVEL READ COMMITTED");

/// Ends whatever transaction there is; where there is none the server only warns.
const UNDO: &str = "ROLLBACK";

/// A writer's connection. Dropped in the middle of a transaction, it is given back when that is undone; if it cannot be
/// undone the connection is closed, which undoes it too.
#[derive(Debug)]
pub(crate) struct Session {
    writer: Option<Writer>,
    home: Arc<Idle>,
    /// Given back after the connection.
    turn: Option<OwnedSemaphorePermit>,
    /// The connection may be inside a transaction.
    open: bool,
}

impl Session {
    pub(super) fn new(writer: Writer, turn: OwnedSemaphorePermit, home: Arc<Idle>) -> Self {
        Self { writer: Some(writer), home, turn: Some(turn), open: false }
    }

    /// Performs statements in as few round trips as can be: two, one that sends their values and one that performs all
    /// of them, once this connection has prepared each.
    pub(crate) async fn perform(
        &mut self,
        mut statements: &[(usize, Statement)],
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        self.open = true;
        let writer = self.writer.as_mut().ok_or(StoreError::Unavailable(sqlx::Error::WorkerCrashed))?;
        while !statements.is_empty() {
            let (joined, count, refused) = join(writer, statements);
            joined.send(&mut writer.connection, answers).await?;
            refused?;
            statements = statements.get(count..).unwrap_or_default();
            let Some(((_, next), rest)) = statements.split_first() else { break };
            match writer.prepared.way_of(next) {
                Way::Together => {}
                Way::Prepare => writer.prepared.prepare(&mut writer.connection, &next.sql).await?,
                Way::Alone => {
                    answers.push(run::perform(&mut writer.connection, &next.sql, &next.params).await?);
                    statements = rest;
                }
            }
        }
        Ok(())
    }

    /// The transaction has been committed.
    pub(crate) fn settled(&mut self) {
        self.open = false;
    }

    pub(crate) async fn rollback(&mut self) {
        if self.open
            && let Some(writer) = &mut self.writer
        {
            // Otherwise it is tried again, or the connection closed, when this is dropped.
            self.open = !undo(&mut writer.connection).await;
        }
    }
}

/// Joins the first of these statements, up to one that cannot travel with them yet. Says how many they are, and whether
/// the parameters of the one after them do not fit it.
fn join(writer: &mut Writer, statements: &[(usize, Statement)]) -> (Joined, usize, Result<(), StoreError>) {
    let mut joined = Joined::default();
    for (count, (_, statement)) in statements.iter().enumerate() {
        if joined.is_full() || writer.prepared.way_of(statement) != Way::Together {
            return (joined, count, Ok(()));
        }
        if let Err(error) = joined.push(statement, writer.prepared.find(&statement.sql)) {
            return (joined, count, Err(error));
        }
    }
    (joined, statements.len(), Ok(()))
}

impl Drop for Session {
    fn drop(&mut self) {
        let (Some(mut writer), turn) = (self.writer.take(), self.turn.take()) else { return };
        if !self.open {
            self.home.put(writer);
        } else if let Ok(runtime) = Handle::try_current() {
            let home = Arc::clone(&self.home);
            runtime.spawn(async move {
                if undo(&mut writer.connection).await {
                    home.put(writer);
                }
                drop(turn);
            });
        }
    }
}

/// Ends the transaction of a connection; says whether that is certain.
async fn undo(connection: &mut PgConnection) -> bool {
    sqlx::raw_sql(UNDO).execute(connection).await.is_ok()
}
