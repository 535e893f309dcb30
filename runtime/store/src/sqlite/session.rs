//! The writer's connection while one transaction has it.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, SqliteConnection};
use tokio::{runtime::Handle, sync::OwnedMutexGuard};

use super::{cells, join, writer::Place};
use crate::{Sql, Statement, StoreError, statement::Done};

/// A writer from the start, so that it never has to wait, or fail, when it turns from reading to writing.
pub(crate) const BEGIN: Sql = Sql::fixed("BEGIN IMMEDIATE");

/// Ends whatever transaction there is, and never fails where there is none.
const UNDO: &str = "SAVEPOINT ending; ROLLBACK";

/// The longest text that stays prepared. Longer ones are rare, and hardly one of them comes twice.
const KEPT_TEXT_BYTES: usize = 32 * 1024;

/// The writer's connection, taken from its place. Dropped in the middle of a transaction, it is given back when that
/// is undone; if it cannot be undone the connection is closed, which undoes it too.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Option<SqliteConnection>,
    place: Option<OwnedMutexGuard<Place>>,
    /// The connection may be inside a transaction.
    open: bool,
}

impl Session {
    pub(super) fn new(connection: SqliteConnection, place: OwnedMutexGuard<Place>) -> Self {
        Self { connection: Some(connection), place: Some(place), open: false }
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Unavailable(sqlx::Error::WorkerCrashed))
    }

    pub(crate) async fn perform(
        &mut self,
        mut statements: &[(usize, Statement)],
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        self.open = true;
        let connection = self.connection()?;
        while !statements.is_empty() {
            let joined = join::join(statements)?;
            statements = statements.get(joined.count..).unwrap_or_default();
            send(connection, joined, answers).await?;
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
        let (Some(mut connection), Some(mut place)) = (self.connection.take(), self.place.take()) else { return };
        if !self.open {
            *place = Place::Here(connection);
        } else if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if undo(&mut connection).await {
                    *place = Place::Here(connection);
                }
            });
        }
    }
}

/// Ends the transaction of a connection; says whether that is certain.
async fn undo(connection: &mut SqliteConnection) -> bool {
    sqlx::query(UNDO).execute(connection).await.is_ok()
}

/// Performs statements in one round trip to the connection's thread.
async fn send(
    connection: &mut SqliteConnection,
    joined: join::Joined,
    answers: &mut Vec<Done>,
) -> Result<(), StoreError> {
    let kept = joined.text.len() <= KEPT_TEXT_BYTES;
    let query = sqlx::query_with(AssertSqlSafe(joined.text), joined.arguments).persistent(kept);
    let mut items = connection.fetch_many(query);
    let mut done = Done::default();
    while let Some(item) = items.try_next().await.map_err(StoreError::statement)? {
        match item {
            Either::Right(row) => done.rows.push(cells::read_row(&row)?),
            Either::Left(end) => {
                done.changed = end.rows_affected();
                answers.push(std::mem::take(&mut done));
            }
        }
    }
    Ok(())
}
