//! Writing.

use std::mem;

use crate::{
    Dialect, Sql, SqlValue, Statement, StoreError, Ticket, reach::Reach, session::Session, sqlite, statement::Done,
};

const MARK: Sql = Sql::fixed("SAVEPOINT mark");
const TO_MARK: Sql = Sql::fixed("ROLLBACK TO SAVEPOINT mark");
const FORGET_MARK: Sql = Sql::fixed("RELEASE SAVEPOINT mark");
const TURN: Sql = Sql::fixed("SELECT pg_advisory_xact_lock(hashtextextended(?1, 0))");
const COMMIT: Sql = Sql::fixed("COMMIT");

/// One transaction. Dropped without [`commit`](Self::commit), it leaves no trace.
///
/// Statements wait until they are flushed, so that many travel in one round trip; the database learns of the
/// transaction with the first of them. Once a statement has failed, and those that travelled with it and came after it
/// were left out, the transaction can only go back: to its mark, or altogether.
#[derive(Debug)]
pub struct Transaction {
    session: Session,
    /// What was not sent yet, with the place of each in `done`.
    queue: Vec<(usize, Statement)>,
    /// What became of each statement, by its ticket; `None` until it was performed, and for good if it was left out.
    done: Vec<Option<Done>>,
    /// The tickets of the marks that are set, the innermost last.
    marks: Vec<usize>,
    /// A statement failed, or its end was not awaited.
    failed: bool,
}

impl Transaction {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, queue: Vec::new(), done: Vec::new(), marks: Vec::new(), failed: false }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    /// Says whose data the rest of the transaction is about, to a database that guards tenants from each other itself:
    /// PostgreSQL's row security lets no other tenant's rows be seen or written. It travels with the next flush.
    pub fn for_tenant(&mut self, tenant: &str) {
        self.reach(Reach::Tenant(tenant));
    }

    /// Says that the rest of the transaction serves all tenants: timers that are due, the outbox, what is pruned. Where
    /// neither this nor a tenant was said, PostgreSQL lets no tenant's rows be seen or written.
    pub fn for_all_tenants(&mut self) {
        self.reach(Reach::All);
    }

    fn reach(&mut self, reach: Reach<'_>) {
        if self.dialect() == Dialect::Postgres {
            self.enqueue(reach.statement());
        }
    }

    /// Lets what follows wait until no other transaction has the turn of this name; this one has it until it ends. In
    /// SQLite, which has one writer, it has it anyway.
    pub fn enqueue_turn(&mut self, name: &str) {
        if self.dialect() == Dialect::Postgres {
            self.enqueue(Statement::new(TURN, vec![SqlValue::text(name)]));
        }
    }

    /// Lets a statement travel with the next flush; statements are performed in the order in which they were enqueued.
    /// The text is one statement.
    pub fn enqueue(&mut self, statement: Statement) -> Ticket {
        if self.done.is_empty() {
            let begin = Statement::new(self.session.begin_sql(), Vec::new());
            self.wait(begin);
        }
        Ticket(self.wait(statement))
    }

    fn wait(&mut self, statement: Statement) -> usize {
        let at = self.done.len();
        self.queue.push((at, statement));
        self.done.push(None);
        at
    }

    /// Performs what waits: in SQLite in one round trip to the database's thread, in PostgreSQL one after another.
    pub async fn flush(&mut self) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        if self.queue.is_empty() {
            return Ok(());
        }
        let queue = mem::take(&mut self.queue);
        // Until the answer is here, and for good if nobody waits for it, nothing can follow.
        self.failed = true;
        let places: Vec<usize> = queue.iter().map(|(at, _)| *at).collect();
        let mut answers = Vec::with_capacity(queue.len());
        let performed = self.session.perform(queue, &mut answers).await;
        for (at, answer) in places.into_iter().zip(answers) {
            if let Some(place) = self.done.get_mut(at) {
                *place = Some(answer);
            }
        }
        self.failed = performed.is_err();
        performed
    }

    /// The rows that a flushed statement gave (a query, or a statement with `RETURNING`); the second time, none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`] if it was not performed: not flushed, undone before it was, or left out after a failure.
    pub fn take(&mut self, ticket: Ticket) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match self.done.get_mut(ticket.0) {
            Some(Some(done)) => Ok(mem::take(&mut done.rows)),
            _ => Err(StoreError::Failed),
        }
    }

    /// How many rows a flushed statement inserted, changed or deleted; 0 if it was not performed. Of a query it says
    /// nothing.
    pub fn changed(&self, ticket: Ticket) -> u64 {
        self.done.get(ticket.0).and_then(Option::as_ref).map_or(0, |done| done.changed)
    }

    /// Performs what waits and then a statement; gives the number of rows that it inserted, changed or deleted.
    pub async fn execute(&mut self, sql: &Sql, params: &[SqlValue]) -> Result<u64, StoreError> {
        let ticket = self.enqueue(Statement::new(sql.clone(), params.to_vec()));
        self.flush().await?;
        Ok(self.changed(ticket))
    }

    /// Performs what waits and then a query, or a statement with `RETURNING`; gives all its rows.
    pub async fn query(&mut self, sql: &Sql, params: &[SqlValue]) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        let ticket = self.enqueue(Statement::new(sql.clone(), params.to_vec()));
        self.flush().await?;
        self.take(ticket)
    }

    /// Lets a mark travel with the next flush: a point to which [`rollback_to_mark`](Self::rollback_to_mark) can
    /// return. Marks nest.
    pub fn enqueue_mark(&mut self) {
        let Ticket(at) = self.enqueue(Statement::new(MARK, Vec::new()));
        self.marks.push(at);
    }

    /// Lets the end of the last mark travel with the next flush: what came after it is kept.
    pub fn enqueue_release(&mut self) {
        if self.marks.pop().is_some() {
            self.enqueue(Statement::new(FORGET_MARK, Vec::new()));
        }
    }

    /// [Sets a mark](Self::enqueue_mark) and flushes.
    pub async fn mark(&mut self) -> Result<(), StoreError> {
        self.enqueue_mark();
        self.flush().await
    }

    /// Undoes everything since the last mark, and forgets the mark; what waits since then is not performed at all.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`] if a statement before the mark failed, or if there is no mark: there is nothing to which
    /// it could return.
    pub async fn rollback_to_mark(&mut self) -> Result<(), StoreError> {
        let mark = self.marks.pop().ok_or(StoreError::Failed)?;
        let waits = self.queue.iter().position(|(at, _)| *at == mark);
        self.queue.truncate(waits.unwrap_or_default());
        if waits.is_some() {
            return self.flush().await;
        }
        if !matches!(self.done.get(mark), Some(Some(_))) {
            self.failed = true;
            return Err(StoreError::Failed);
        }
        self.failed = false;
        self.enqueue(Statement::new(TO_MARK, Vec::new()));
        self.enqueue(Statement::new(FORGET_MARK, Vec::new()));
        self.flush().await
    }

    /// [Keeps everything](Self::enqueue_release) since the last mark, and flushes.
    pub async fn release_mark(&mut self) -> Result<(), StoreError> {
        self.enqueue_release();
        self.flush().await
    }

    /// Performs what waits, and makes all of it durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.send_commit().done().await
    }

    /// Begins to [commit](Self::commit). In SQLite the next transaction may begin at once: it is performed after this
    /// one, but what it is asked for can be prepared while this one reaches the disk.
    pub fn send_commit(mut self) -> Committing {
        if self.failed {
            return Committing(Sent::Not(StoreError::Failed));
        }
        if self.done.is_empty() {
            return Committing(Sent::Nothing);
        }
        self.enqueue(Statement::new(COMMIT, Vec::new()));
        match self.session {
            Session::Sqlite(session) => match session.finish(self.queue) {
                Ok(answer) => Committing(Sent::Last(answer)),
                Err(error) => Committing(Sent::Not(error)),
            },
            Session::Postgres(_) => Committing(Sent::Waits(Box::new(self))),
        }
    }

    /// Undoes everything, and waits until that is done.
    pub async fn rollback(mut self) {
        self.session.rollback().await;
    }
}

/// A transaction that is being committed. Whoever drops it does not learn whether it was.
#[derive(Debug)]
#[must_use = "nothing is durable before `done` has said so"]
pub struct Committing(Sent);

#[derive(Debug)]
enum Sent {
    /// There was nothing to commit.
    Nothing,
    Not(StoreError),
    /// The last statements are on their way.
    Last(sqlite::Answer),
    /// They go when somebody waits for them.
    Waits(Box<Transaction>),
}

impl Committing {
    /// Waits until everything is durable.
    pub async fn done(self) -> Result<(), StoreError> {
        match self.0 {
            Sent::Nothing => Ok(()),
            Sent::Not(error) => Err(error),
            Sent::Last(answer) => answer.done().await,
            Sent::Waits(mut transaction) => {
                transaction.flush().await?;
                transaction.session.settled();
                Ok(())
            }
        }
    }
}
