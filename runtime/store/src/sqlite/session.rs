//! The writer while one transaction has it.

use tokio::sync::oneshot;

use super::{
    thread::{Answered, Thread, gone},
    writer::Turn,
};
use crate::{Sql, SqlValue, Statement, StoreError, statement::Done};

/// A writer from the start, so that it never has to wait, or fail, when it turns from reading to writing.
pub(crate) const BEGIN: Sql = Sql::fixed("BEGIN IMMEDIATE");

/// The turn of one transaction. Dropped in the middle of it, it is given back after the thread was told to undo it.
#[derive(Debug)]
pub(crate) struct Session {
    turn: Turn,
    /// The connection may be inside a transaction.
    open: bool,
}

/// What the thread will have done.
#[derive(Debug)]
pub(crate) struct Answer(oneshot::Receiver<Answered>);

impl Session {
    pub(super) fn new(turn: Turn) -> Self {
        Self { turn, open: false }
    }

    fn thread(&self) -> Result<&Thread, StoreError> {
        self.turn.as_ref().ok_or_else(gone)
    }

    pub(crate) async fn perform(
        &mut self,
        statements: Vec<(usize, Statement)>,
        answers: &mut Vec<Done>,
    ) -> Result<(), StoreError> {
        self.open = true;
        let answered = self.thread()?.perform(statements, false);
        let (done, performed) = answered.await.map_err(|_| gone())?;
        *answers = done;
        performed
    }

    /// Sends the last statements of the transaction, and gives the turn back: what comes next waits behind them.
    pub(crate) fn finish(mut self, statements: Vec<(usize, Statement)>) -> Result<Answer, StoreError> {
        let answered = self.thread()?.perform(statements, true);
        self.open = false;
        Ok(Answer(answered))
    }

    /// All rows of a query outside transactions.
    pub(super) async fn query(&mut self, sql: &Sql, params: &[SqlValue]) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        let query = Statement::new(sql.clone(), params.to_vec());
        let (done, performed) = self.thread()?.perform(vec![(0, query)], true).await.map_err(|_| gone())?;
        performed?;
        Ok(done.into_iter().flat_map(|done| done.rows).collect())
    }

    /// The transaction has been committed.
    pub(crate) fn settled(&mut self) {
        self.open = false;
    }

    pub(crate) async fn rollback(&mut self) {
        if self.open
            && let Ok(thread) = self.thread()
        {
            thread.undone().await;
            self.open = false;
        }
    }
}

impl Answer {
    /// Waits until it is done.
    pub(crate) async fn done(self) -> Result<(), StoreError> {
        let (_, performed) = self.0.await.map_err(|_| gone())?;
        performed
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.open
            && let Ok(thread) = self.thread()
        {
            thread.undo();
        }
    }
}
