//! A connection while one transaction has it.

use std::sync::Arc;

use sqlx::PgConnection;
use tokio::{runtime::Handle, sync::OwnedSemaphorePermit};

use super::{
    connections::{Client, Idle},
    joined::Joined,
    prepared::Way,
    run,
};
use crate::{Sql, Statement, StoreError, statement::Done};

/// Rows are locked as they are met; whoever waited for a lock sees what its holder committed.
pub(crate) const BEGIN: Sql = Sql::fixed("BEGIN ISOLATION LEVEL READ COMMITTED");

/// The same, for what only reads.
pub(super) const BEGIN_TO_READ: Sql = Sql::fixed("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");

const GONE: StoreError = StoreError::Unavailable(sqlx::Error::WorkerCrashed);

/// Ends whatever transaction there is; where there is none the server only warns.
const UNDO: &str = "ROLLBACK";

/// A connection. Dropped in the middle of a transaction, it is given back when that is undone; if it cannot be
/// undone the connection is closed, which undoes it too.
#[derive(Debug)]
pub(crate) struct Session {
    client: Option<Client>,
    home: Arc<Idle>,
    /// Given back after the connection.
    turn: Option<OwnedSemaphorePermit>,
    /// The connection may be inside a transaction.
    open: bool,
}

impl Session {
    pub(super) fn new(client: Client, turn: OwnedSemaphorePermit, home: Arc<Idle>) -> Self {
        Self { client: Some(client), home, turn: Some(turn), open: false }
    }

    /// Performs statements in as few round trips as can be: two, one that sends their values and one that performs all
    /// of them, once this connection has prepared each.
    pub(crate) async fn perform(
        &mut self,
        mut statements: &[(usize, Statement)],
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        self.open = true;
        let client = self.client.as_mut().ok_or(GONE)?;
        while !statements.is_empty() {
            let (joined, count, refused) = join(client, statements);
            joined.send(&mut client.connection, answers).await?;
            refused?;
            statements = statements.get(count..).unwrap_or_default();
            let Some(((_, next), rest)) = statements.split_first() else { break };
            match client.prepared.way_of(next) {
                Way::Together => {}
                Way::Prepare => client.prepared.prepare(&mut client.connection, &next.sql).await?,
                Way::Alone => {
                    answers.push(run::perform(&mut client.connection, &next.sql, &next.params).await?);
                    statements = rest;
                }
            }
        }
        Ok(())
    }

    /// The connection; nothing can be done without.
    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.client.as_mut().map(|client| &mut client.connection).ok_or(GONE)
    }

    /// Closes the connection, whatever it is at.
    pub(super) fn discard(&mut self) {
        self.client = None;
    }

    /// The transaction has been committed.
    pub(crate) fn settled(&mut self) {
        self.open = false;
    }

    pub(crate) async fn rollback(&mut self) {
        if self.open
            && let Some(client) = &mut self.client
        {
            // Otherwise it is tried again, or the connection closed, when this is dropped.
            self.open = !undo(&mut client.connection).await;
        }
    }
}

/// Joins the first of these statements, up to one that cannot travel with them yet. Says how many they are, and whether
/// the parameters of the one after them do not fit it.
fn join(client: &mut Client, statements: &[(usize, Statement)]) -> (Joined, usize, Result<(), StoreError>) {
    let mut joined = Joined::default();
    for (count, (_, statement)) in statements.iter().enumerate() {
        if joined.is_full() || client.prepared.way_of(statement) != Way::Together {
            return (joined, count, Ok(()));
        }
        if let Err(error) = joined.push(statement, client.prepared.find(&statement.sql)) {
            return (joined, count, Err(error));
        }
    }
    (joined, statements.len(), Ok(()))
}

impl Drop for Session {
    fn drop(&mut self) {
        let (Some(mut client), turn) = (self.client.take(), self.turn.take()) else { return };
        if !self.open {
            self.home.put(client);
        } else if let Ok(runtime) = Handle::try_current() {
            let home = Arc::clone(&self.home);
            runtime.spawn(async move {
                if undo(&mut client.connection).await {
                    home.put(client);
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
